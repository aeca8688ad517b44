"""The page on which the cases of a neonatal meeting are reviewed together."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from cdop.core.access import PersonRequest, page, posted_number
from cdop.core.audit import record
from cdop.core.refusals import Refused, Stale, refuse_if
from cdop.core.roles import Permission
from cdop.panel import reading
from cdop.panel.models import Meeting
from cdop.reviews import actions, together, unfinished
from cdop.reviews.desk import KEEP
from cdop.reviews.forms import compared, typed_of
from cdop.reviews.together import Place


@page(Permission.FINDINGS_RECORD)
def together_page(request: PersonRequest, number: int) -> HttpResponse:
    """A short form for each case: all are kept together, each is recorded by itself."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=number)
    if not together.is_neonatal(meeting):
        raise Http404
    refuse_if(reading.why_not_read_any(meeting, request.user), HTTPStatus.FORBIDDEN)
    found = together.places(meeting, request.user)
    if request.method == "POST":
        return _posted(request, meeting, found)
    record("findings.read", meeting, by=request.user, purpose="panel meeting")
    return _page(request, meeting, together.with_forms(found))


def _posted(request: PersonRequest, meeting: Meeting, found: Sequence[Place]) -> HttpResponse:
    """Keep every form as it was typed, then record the one case that was asked for."""
    wants = request.POST.get("do", KEEP)
    open_places = [place for place in found if not place.closed]
    for place in open_places:
        _keep(request, place)
    if any(place.stale for place in found):
        return _page(request, meeting, together.with_forms(found), HTTPStatus.CONFLICT)
    wanted = next((each for each in open_places if each.item.serial == wants), None)
    if wanted is None:
        out = next((each for each in open_places if f"out-{each.item.serial}" == wants), None)
        if out is not None:
            return redirect("reviews:record", meeting.pk, out.item.serial)
        messages.info(request, "What you wrote is kept. Nothing more was recorded.")
        return redirect(request.path)
    return _record(request, meeting, found, wanted)


def _keep(request: PersonRequest, place: Place) -> None:
    typed = together.posted(place, request.POST)
    version = posted_number(request, f"{place.item.serial}-draft")
    try:
        together.keep(place, typed, request.user, version)
        place.there = typed
    except Stale as stale:
        [shown] = together.with_forms([place])
        if shown.form is not None:
            now = unfinished.typed(stale.current)
            place.differences = compared(shown.form, typed, now)
        place.stale, place.draft, place.there = stale.reason, stale.current, typed


def _record(
    request: PersonRequest, meeting: Meeting, found: Sequence[Place], place: Place
) -> HttpResponse:
    """Record the finding on one case; what is wrong is said beside its boxes."""
    together.with_forms(found)
    together.with_forms([place], request.POST)
    form = place.form
    if form is None or not form.is_valid():
        return _page(request, meeting, found)
    version = posted_number(request, f"{place.item.serial}-version")
    try:
        actions.record_finding(
            place.item, form.content, version=version, outcome=form.outcome, by=request.user
        )
    except Stale as stale:
        now = typed_of(together.content_of(stale.current))
        place.stale, place.finding = stale.reason, stale.current
        place.differences = compared(form, place.there, now)
        return _page(request, meeting, found, HTTPStatus.CONFLICT)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _page(request, meeting, found, refused.status)
    messages.info(request, f"The finding on {place.item} is recorded.")
    return redirect(f"{request.path}#{place.item.serial}")


def _page(
    request: PersonRequest,
    meeting: Meeting,
    found: Sequence[Place],
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    wrong = next((place.form for place in found if place.form and place.form.errors), None)
    context = {"meeting": meeting, "places": found, "form": wrong, "lines": together.SHORT_LINES}
    return render(request, "reviews/together.jinja", context, status=status)
