"""Pages of the minutes: read, edit, put to the chair, give back, approve, save as a PDF."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cdop.cases.record_pages import answer
from cdop.cases.watching_forms import version_of
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.audit import record
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from cdop.panel import minutes
from cdop.panel.minutes import Minutes
from cdop.panel.minutes_forms import GiveBackForm, MinutesForm, why_not_put
from cdop.panel.minutes_pdf import minutes_pdf
from cdop.panel.states import MinutesState

P = Permission
PURPOSE = "panel meeting"


@page(P.MEETINGS_ARRANGE, P.PACKS_READ)
def read(request: PersonRequest, number: int) -> HttpResponse:
    """The minutes as this person reads them; that they were read is recorded."""
    row = _minutes(request, number)
    record("minutes.read", row, by=request.user, purpose=PURPOSE)
    context = {
        "meeting": row.meeting,
        "minutes": row,
        "parts": minutes.shown_to(row, request.user),
        "arranges": request.user.can(P.MEETINGS_ARRANGE),
        "runs": request.user.can(P.MEETINGS_RUN),
        "not_edited": minutes.why_not_edit(row),
        "not_approved": minutes.why_not_approve(row, request.user),
        "with_chair": row.state == MinutesState.WITH_CHAIR,
    }
    return render(request, "panel/minutes.jinja", context)


@page(P.MEETINGS_ARRANGE)
def edit(request: PersonRequest, number: int) -> HttpResponse:
    """Edit the texts; they are searched for what identity knows when they are saved."""
    row = _minutes(request, number)
    form = MinutesForm(
        posted(request), of=row, by=request.user, initial=MinutesForm.initial_of(row)
    )
    return answer(
        request,
        None,
        form,
        partial(minutes.save, row, by=request.user),
        title="Edit the minutes",
        submit="Save the minutes",
        done="The minutes are saved.",
        back=reverse("panel:minutes", args=[number]),
        now=MinutesForm.initial_of,
        blocked=minutes.why_not_edit(row),
        caption=str(row.meeting),
    )


@page(P.MEETINGS_ARRANGE)
@require_POST
def draft_anew(request: PersonRequest, number: int) -> HttpResponse:
    """Write the draft again out of what is recorded now."""
    row = _minutes(request, number)
    minutes.draft_anew(row, version=posted_version(request), by=request.user)
    messages.info(request, "The draft was written again out of what is recorded.")
    return redirect("panel:minutes", number)


@page(P.MEETINGS_ARRANGE)
@require_POST
def put_to_chair(request: PersonRequest, number: int) -> HttpResponse:
    """The coordinator is done with the minutes; the chair reads them."""
    row = _minutes(request, number)
    if why := why_not_put(row, request.user):
        raise Refused(f"The minutes must not say who a child was. {why}")
    minutes.put_to_chair(row, version=posted_version(request), by=request.user)
    messages.info(request, "The minutes are with the chair.")
    return redirect("panel:minutes", number)


@page(P.MEETINGS_RUN)
def give_back(request: PersonRequest, number: int) -> HttpResponse:
    """The chair wants something changed."""
    row = _minutes(request, number)
    blocked = "" if row.state == MinutesState.WITH_CHAIR else f"They are {row.state_label}."
    return answer(
        request,
        None,
        GiveBackForm(posted(request), initial=version_of(row)),
        partial(minutes.give_back, row, by=request.user),
        title="Give the minutes back",
        submit="Give them back",
        done="The minutes are with the coordinator again.",
        back=reverse("panel:minutes", args=[number]),
        now=lambda now: {"remark": now.remark},
        blocked=blocked,
        caption=str(row.meeting),
    )


@page(P.MEETINGS_RUN)
@require_POST
def approve(request: PersonRequest, number: int) -> HttpResponse:
    """Approve the minutes that were on the page; they stay as they are from then on."""
    row = _minutes(request, number)
    minutes.approve(row, version=posted_version(request), by=request.user)
    messages.info(request, "The minutes are approved.")
    return redirect("panel:minutes", number)


@page(P.MEETINGS_ARRANGE, P.PACKS_READ)
def file(request: PersonRequest, number: int) -> HttpResponse:
    """The minutes as a PDF, as this person reads them. The download is recorded."""
    row = _minutes(request, number)
    record("minutes.downloaded", row, by=request.user, purpose=PURPOSE)
    content = minutes_pdf(row, minutes.shown_to(row, request.user))
    given = HttpResponse(content, content_type="application/pdf")
    name = f"minutes-{row.meeting.held_on:%Y-%m-%d}-official-sensitive.pdf"
    given["Content-Disposition"] = f'attachment; filename="{name}"'
    return given


def _minutes(request: PersonRequest, number: int) -> Minutes:
    rows = Minutes.objects.visible_to(request.user).select_related("meeting", "approved_by")
    found: Minutes = get_object_or_404(rows, meeting=number)
    return found
