"""Pages of what a meeting leaves to be done, for the team."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from cdop.cases.record_pages import answer
from cdop.core.access import PersonRequest, page, posted
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission
from cdop.learning import actions, after_meeting
from cdop.learning.forms import TakeUpForm
from cdop.panel.minutes import Minutes
from cdop.panel.models import Meeting

TEAM = page(Permission.RECOMMENDATIONS_MANAGE)


@TEAM
def after(request: PersonRequest, meeting: int) -> HttpResponse:
    """What a meeting leaves: minutes, findings to sign off, recommendations, letters, its lines."""
    row = get_object_or_404(Meeting.objects.visible_to(request.user), pk=meeting)
    context = {
        "meeting": row,
        "minutes": Minutes.objects.filter(meeting=row).first(),
        "came": row.attendance.filter(present=True).count(),
        "invited": row.attendance.count(),
        "found": after_meeting.of(row, request.user),
        "letters": after_meeting.letters(row),
    }
    return render(request, "learning/after_meeting.jinja", context)


@TEAM
def take_up(request: PersonRequest, meeting: int, line: int) -> HttpResponse:
    """Make a recommendation out of a line of a finding, in words that name nobody."""
    row = get_object_or_404(Meeting.objects.visible_to(request.user), pk=meeting)
    found = after_meeting.line_of(row, line, request.user)
    if found is None:
        raise Http404
    said = found.line
    start = {"words": said.words, "to_whom": said.to_whom, "level": said.level, VERSION: 0}
    form = TakeUpForm(posted(request), by=request.user, finding=found.finding, initial=start)

    def make(version: int, **said: Any) -> None:
        actions.take_up(found.line, found.finding, by=request.user, **said)

    taken = "Somebody has taken this recommendation up already." if found.taken_up else ""
    return answer(
        request,
        None,
        form,
        make,
        title="Take up a recommendation",
        submit="Keep this recommendation",
        done="The recommendation is kept. Agree actions for it under Learning.",
        back=reverse("learning:after_meeting", args=[meeting]),
        blocked=taken or found.why_not,
        caption=f"{found.finding.item}, {row}",
    )
