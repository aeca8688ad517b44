"""Pages of the meeting screen: what is typed is kept as it goes, or by the buttons."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from cdop.core import delimited
from cdop.core.access import PersonRequest, page
from cdop.core.audit import record
from cdop.core.dates import in_london
from cdop.core.refusals import Stale
from cdop.core.roles import Permission
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.states import MeetingState
from cdop.reviews import national, screen
from cdop.reviews.desk import FindingDesk
from cdop.reviews.places import item_of

P = Permission
BEFORE, AFTER = "before", "after"
JSON = "application/json"


class ScreenDesk(FindingDesk):
    """The finding on the screen of the meeting: after each case comes the next."""

    template = "reviews/screen.jinja"

    def keep(self) -> HttpResponse:
        """Keep what was typed: for the script in the background, or on the way to another case."""
        if self.request.get_preferred_type(["text/html", JSON]) == JSON:
            return self._in_background()
        return super().keep()

    def kept(self) -> HttpResponse:
        return self._to(self._way.before if self.wants == BEFORE else self._way.after)

    def recorded(self) -> HttpResponse:
        return self._to(self._way.after)

    def beside(self) -> dict[str, Any]:
        return {"way": self._way, "said_before": screen.said_before(self.item)}

    @property
    def _way(self) -> screen.Way:
        return screen.way(self.item, self.request.user)

    def _in_background(self) -> JsonResponse:
        if self.blocked:
            return JsonResponse({"why": self.blocked}, status=409)
        try:
            kept = self._keep(self.lines)
        except Stale as stale:
            return JsonResponse({"why": stale.reason}, status=stale.status)
        at = in_london(timezone.now())
        return JsonResponse({"draft": kept.version, "at": f"{at:%H:%M:%S}"})

    def _to(self, item: AgendaItem | None) -> HttpResponse:
        if item is None:
            return redirect("panel:close", self.item.meeting_id)
        return redirect("reviews:screen_case", item.meeting_id, item.serial)


@page(P.FINDINGS_RECORD)
def meeting_screen(request: PersonRequest, number: int) -> HttpResponse:
    """To the case at which the panel is; after the last, to the closing of the meeting."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=number)
    if meeting.state != MeetingState.OPEN:
        return redirect("panel:meeting", number)
    item = screen.first_to_discuss(meeting, request.user)
    if item is None:
        return redirect("panel:close", number)
    return redirect("reviews:screen_case", number, item.serial)


@page(P.FINDINGS_RECORD)
def screen_case(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """One case on the screen of the meeting."""
    return ScreenDesk(request, item_of(request, number, serial)).answer()


@page(P.CASES_MANAGE)
def national_lines(request: PersonRequest, number: int) -> HttpResponse:
    """A line of each case of the meeting for the national collection, as a file for the team."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=number)
    record("national_lines.read", meeting, by=request.user, purpose="national collection")
    content = delimited.written(national.HEAD, national.lines(meeting, request.user))
    return delimited.download(f"national-lines-{meeting.held_on}.csv", content)
