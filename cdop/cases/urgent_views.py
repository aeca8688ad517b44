"""Pages of what cannot wait for the panel."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from cdop.cases import queries, urgent
from cdop.cases.models import Case
from cdop.cases.record_pages import answer
from cdop.cases.signal_forms import GivenForm, NotNeededForm, StillToGiveForm, UrgentForm
from cdop.cases.urgent import UrgentNotice
from cdop.cases.views import visible_case
from cdop.cases.watching_forms import version_of
from cdop.core.access import PersonRequest, page, posted
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission

TEAM = page(Permission.CASES_MANAGE)


@TEAM
def urgent_list(request: PersonRequest, reference: str) -> HttpResponse:
    """What could not wait on a case, by when it was due, and whether it was given in time."""
    case = visible_case(request, reference)
    context = {
        "case": case,
        "found": urgent.of(case),
        "label": partial(urgent.kind_label, case),
        "blocked": urgent.why_not_call_for(case),
        "now": timezone.now(),
    }
    return render(request, "cases/urgent.jinja", context)


@TEAM
def new_urgent(request: PersonRequest, reference: str) -> HttpResponse:
    """Say that something cannot wait."""
    case = visible_case(request, reference)
    initial = {"owner": request.user, VERSION: 0}

    def call_for(version: int, **said: Any) -> None:
        urgent.call_for(case, by=request.user, **said)

    return answer(
        request,
        case,
        UrgentForm(posted(request), initial=initial, edition=queries.edition_of(case)),
        call_for,
        title="Something cannot wait",
        submit="Record",
        done="Recorded, with the time by which it is due.",
        back=_all(case),
        blocked=urgent.why_not_call_for(case),
    )


@TEAM
def urgent_given(request: PersonRequest, reference: str, notice: int) -> HttpResponse:
    """A notice was given."""
    case, row = _found(request, reference, notice)
    initial = GivenForm.initial_now(version_of(row))
    form = GivenForm(posted(request), known_at=row.known_at, initial=initial)
    return _answer(request, case, row, form, urgent.give, "was given", row.is_to_send)


@TEAM
def urgent_not_needed(request: PersonRequest, reference: str, notice: int) -> HttpResponse:
    """A notice is not needed after all."""
    case, row = _found(request, reference, notice)
    form = NotNeededForm(posted(request), initial=version_of(row))
    return _answer(request, case, row, form, urgent.set_aside, "is not needed", row.is_to_send)


@TEAM
def urgent_back(request: PersonRequest, reference: str, notice: int) -> HttpResponse:
    """What was recorded of a notice was wrong."""
    case, row = _found(request, reference, notice)
    form, may = StillToGiveForm(posted(request), initial=version_of(row)), not row.is_to_send
    return _answer(request, case, row, form, urgent.take_back, "is still to be given", may)


def _answer(
    request: PersonRequest,
    case: Case,
    row: UrgentNotice,
    form: Any,
    act: Any,
    words: str,
    may: bool,
) -> HttpResponse:
    return answer(
        request,
        case,
        form,
        partial(act, row, by=request.user),
        title=f"{urgent.kind_label(case, row.kind)}: it {words}",
        submit="Record",
        done="Recorded.",
        back=_all(case),
        now=lambda now: {"sent_to": now.sent_to, "why_not": now.why_not},
        blocked="" if may else f"This notice is {row.state_label}.",
    )


def _found(request: PersonRequest, reference: str, number: int) -> tuple[Case, UrgentNotice]:
    case = visible_case(request, reference)
    return case, get_object_or_404(UrgentNotice, case=case, pk=number)


def _all(case: Case) -> str:
    return reverse("cases:urgent", args=[case.reference])
