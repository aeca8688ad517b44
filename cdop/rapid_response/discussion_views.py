"""Pages of the meetings of agencies about one death."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from cdop import editions
from cdop.cases.models import Case
from cdop.cases.views import SEES_CASES, visible_case
from cdop.core import documents
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.comparing import VERSION, differences, renew
from cdop.core.dates import london_date
from cdop.core.refusals import Stale
from cdop.rapid_response import agreed, discussions
from cdop.rapid_response.discussion_forms import (
    ActionForm,
    CoronerForm,
    DiscussionForm,
    MinutesForm,
    SettleActionForm,
)
from cdop.rapid_response.discussion_models import AgreedAction, Decided, Discussion
from cdop.rapid_response.states import AgreedState, DiscussionState


@page(*SEES_CASES)
def meetings(request: PersonRequest, reference: str) -> HttpResponse:
    """The meetings of the agencies about one death."""
    case = visible_case(request, reference)
    context = {
        "case": case,
        "meetings": discussions.of_case(case),
        "blocked": discussions.why_not(case, request.user),
    }
    return render(request, "rapid_response/meetings.jinja", context)


@page(*SEES_CASES)
def add_meeting(request: PersonRequest, reference: str) -> HttpResponse:
    """Plan a meeting, or record one that was held."""
    return _edit(request, visible_case(request, reference), None, Decided())


@page(*SEES_CASES)
def change_meeting(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """Record that a meeting was held or cancelled, or put right what was recorded."""
    row = _meeting(request, reference, number)
    return _edit(request, row.case, row, discussions.read(row, by=request.user))


@page(*SEES_CASES)
def meeting(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """One meeting: who was there, what was decided, who does what; each opening is recorded."""
    row = _meeting(request, reference, number)
    decided = discussions.read(row, by=request.user)
    agencies = {term.code: term.label for term in editions.get(row.case.edition).attending}
    context = {
        "case": row.case,
        "meeting": row,
        "kind": discussions.kind_of(row),
        "agencies": [agencies[code] for code in row.agencies],
        "decided": decided.decisions,
        "actions": agreed.lines(row, localdate()),
        "minutes": discussions.minutes_of(row),
        "held": row.state == DiscussionState.HELD,
        "history": row.history.select_related("history_user"),
        "states": DiscussionState,
    }
    return render(request, "rapid_response/meeting.jinja", context)


@page(*SEES_CASES)
def minutes(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """Attach the file of the minutes."""
    row = _meeting(request, reference, number)
    chosen = request.FILES if request.method == "POST" else None
    form = MinutesForm(posted(request), chosen, by=request.user)
    if form.is_valid():
        discussions.attach_minutes(row, form.cleaned_data["file"], by=request.user)
        messages.info(request, "The minutes are attached.")
        return redirect("rapid_response:meeting", reference, number)
    context = {"form": form, "uploads": True, "verb": "Attach"}
    return _small(request, row, "Attach the minutes", context)


@page(*SEES_CASES)
def minutes_file(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """The file of the minutes, to save. Its reading is recorded."""
    document = discussions.minutes_of(_meeting(request, reference, number))
    if document is None:
        raise Http404
    return documents.download(document, by=request.user, purpose=discussions.PURPOSE)


@page(*SEES_CASES)
def coroner(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """Say on which day the minutes went to the coroner."""
    row = _meeting(request, reference, number)
    if row.held_at is None or discussions.kind_of(row).coroner is None:
        raise Http404
    initial = {"sent_on": row.to_coroner_on, VERSION: row.version}
    form = CoronerForm(posted(request), initial=initial, not_before=london_date(row.held_at))
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        said = form.cleaned_data
        try:
            discussions.send_to_coroner(
                row, said["sent_on"], by=request.user, version=said[VERSION]
            )
        except Stale as stale:
            now = {"sent_on": stale.current.to_coroner_on}
            renew(form, stale, stale.current.version)
            context["stale"] = differences(form, {"sent_on": said["sent_on"]}, now)
            return _small(request, row, SENT_TO_CORONER, context, stale.status)
        messages.info(request, "Recorded. The task of the checklist follows.")
        return redirect("rapid_response:meeting", reference, number)
    return _small(request, row, SENT_TO_CORONER, context)


SENT_TO_CORONER = "When the minutes went to the coroner"


@page(*SEES_CASES)
def add_action(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """Record what the meeting agreed that an agency does by a day."""
    row = _meeting(request, reference, number)
    edition = editions.get(row.case.edition)
    not_before = london_date(row.held_at) if row.held_at else row.case.clocks.died_on
    form = ActionForm(posted(request), edition=edition, not_before=not_before)
    if form.is_valid():
        agreed.add(row, by=request.user, **form.cleaned_data)
        messages.info(request, "The action is recorded.")
        return redirect("rapid_response:meeting", reference, number)
    return _small(request, row, "An action that was agreed", {"form": form})


@page(*SEES_CASES)
def settle_action(request: PersonRequest, reference: str, number: int, action: int) -> HttpResponse:
    """Say what came of an action."""
    row = _meeting(request, reference, number)
    found = _action(row, action)
    form = SettleActionForm(posted(request), initial={VERSION: found.version})
    if form.is_valid():
        said = form.cleaned_data
        agreed.settle(
            found,
            AgreedState(said["state"]),
            by=request.user,
            version=said[VERSION],
            on=said["settled_on"],
            note=said["note"],
        )
        messages.info(request, "Recorded.")
        return redirect("rapid_response:meeting", reference, number)
    return _small(request, row, "What came of an action", {"form": form})


@page(*SEES_CASES)
@require_POST
def open_action(request: PersonRequest, reference: str, number: int, action: int) -> HttpResponse:
    """An action was settled by mistake."""
    found = _action(_meeting(request, reference, number), action)
    version = posted_version(request)
    agreed.settle(found, AgreedState.OPEN, by=request.user, version=version)
    messages.info(request, "The action is open again.")
    return redirect("rapid_response:meeting", reference, number)


def _meeting(request: PersonRequest, reference: str, number: int) -> Discussion:
    case = visible_case(request, reference)
    row: Discussion = get_object_or_404(
        case.discussions.select_related("recorded_by", "case__data_key"), number=number
    )
    return row


def _action(meeting: Discussion, key: int) -> AgreedAction:
    found: AgreedAction = get_object_or_404(meeting.actions, pk=key)
    return found


def _edit(
    request: PersonRequest, case: Case, row: Discussion | None, decided: Decided
) -> HttpResponse:
    form = DiscussionForm(
        posted(request),
        initial=DiscussionForm.initial_of(row, decided),
        edition=editions.get(case.edition),
        died_on=case.clocks.died_on,
    )
    context: dict[str, Any] = {
        "case": case,
        "meeting": row,
        "form": form,
        "blocked": discussions.why_not(case, request.user, row.kind if row else ""),
    }
    if form.is_valid():
        number = row.number if row else 0
        try:
            saved = discussions.save(case, number, by=request.user, **form.said(row))
        except Stale as stale:
            context["stale"] = _stale(request, form, stale)
            template = "rapid_response/meeting_form.jinja"
            return render(request, template, context, status=stale.status)
        messages.info(request, "Recorded. The tasks of the checklist follow.")
        return redirect("rapid_response:meeting", case.reference, saved.number)
    return render(request, "rapid_response/meeting_form.jinja", context)


def _stale(request: PersonRequest, form: DiscussionForm, stale: Stale) -> list[dict[str, str]]:
    there: Discussion = stale.current
    renew(form, stale, there.version)
    now = DiscussionForm.initial_of(there, discussions.read(there, by=request.user))
    yours = {name: form.cleaned_data[name] for name in now if name != VERSION}
    return differences(form, yours, now)


def _small(
    request: PersonRequest,
    row: Discussion,
    title: str,
    context: dict[str, Any],
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """A page with one short form about a meeting."""
    context = {
        "case": row.case,
        "meeting": row,
        "kind": discussions.kind_of(row),
        "title": title,
        "verb": "Record",
        "blocked": discussions.why_not(row.case, request.user, row.kind),
    } | context
    return render(request, "rapid_response/meeting_small.jinja", context, status=status)
