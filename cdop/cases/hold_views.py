"""Pages of what holds up a case."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from cdop.cases import holding, holds, queries
from cdop.cases.hold_forms import AgainForm, CheckForm, EndHoldForm, HoldForm
from cdop.cases.holds import Hold
from cdop.cases.models import Case
from cdop.cases.record_pages import answer
from cdop.cases.views import visible_case
from cdop.cases.watching_forms import version_of
from cdop.core.access import PersonRequest, page, posted
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission

TEAM = page(Permission.CASES_MANAGE)


@TEAM
def hold_list(request: PersonRequest, reference: str) -> HttpResponse:
    """What holds up a case, and what did."""
    case = visible_case(request, reference)
    context = {
        "case": case,
        "holds": holds.of(case),
        "label": partial(holds.kind_label, case),
        "blocked": holding.why_not_begin(case),
    }
    return render(request, "cases/holds.jinja", context)


@TEAM
def new_hold(request: PersonRequest, reference: str) -> HttpResponse:
    """Record that something outside the panel holds up a case."""
    case = visible_case(request, reference)
    form = _form(request, case, {"owner": request.user, VERSION: 0})

    def begin(version: int, **said: Any) -> None:
        holding.begin(case, by=request.user, **said)

    return answer(
        request,
        case,
        form,
        begin,
        title="What holds up this case?",
        submit="Record",
        done="Recorded. Time goes on being counted, with and without the days that were held.",
        back=_all(case),
        blocked=holding.why_not_begin(case),
    )


@TEAM
def one_hold(request: PersonRequest, reference: str, hold: int) -> HttpResponse:
    """Put right what is said of a hold."""
    case, row = _found(request, reference, hold)
    return answer(
        request,
        case,
        _form(request, case, HoldForm.initial_of(row)),
        partial(holding.correct, row, by=request.user),
        title="Put right what holds up this case",
        submit="Save",
        done="What holds up the case is changed.",
        back=_all(case),
        now=HoldForm.initial_of,
        blocked="" if row.is_running else "This hold has ended.",
    )


@TEAM
def check_hold(request: PersonRequest, reference: str, hold: int) -> HttpResponse:
    """Somebody looked at a hold again."""
    case, row = _found(request, reference, hold)
    return answer(
        request,
        case,
        CheckForm(posted(request), initial=CheckForm.initial_of(row)),
        partial(holding.check, row, by=request.user),
        title=f"Check: {_named(case, row)}",
        submit="Record what you found",
        done="Recorded.",
        back=_all(case),
        now=CheckForm.now,
        blocked="" if row.is_running else "This hold has ended.",
    )


@TEAM
def end_hold(request: PersonRequest, reference: str, hold: int) -> HttpResponse:
    """The case waits no longer."""
    case, row = _found(request, reference, hold)
    return answer(
        request,
        case,
        EndHoldForm(posted(request), hold=row, initial=version_of(row)),
        partial(holding.end, row, by=request.user),
        title=f"The case no longer waits for this: {_named(case, row)}",
        submit="End the hold",
        done="The hold has ended. See whether the facts, or the finding, have to change.",
        back=_all(case),
        now=lambda now: {"ended_on": now.ended_on, "how_ended": now.how_ended},
        blocked="" if row.is_running else "This hold has ended.",
    )


@TEAM
def run_hold_again(request: PersonRequest, reference: str, hold: int) -> HttpResponse:
    """A hold had not ended after all."""
    case, row = _found(request, reference, hold)
    return answer(
        request,
        case,
        AgainForm(posted(request), initial=version_of(row)),
        partial(holding.run_again, row, by=request.user),
        title=f"It goes on: {_named(case, row)}",
        submit="It still holds up the case",
        done="It holds up the case again. What was said of its end stays in the history.",
        back=_all(case),
        now=lambda now: {"next_check_on": now.next_check_on},
        blocked="This hold still runs." if row.is_running else holding.why_not_begin(case),
    )


def _form(request: PersonRequest, case: Case, initial: dict[str, Any]) -> HoldForm:
    return HoldForm(
        posted(request),
        initial=initial,
        edition=queries.edition_of(case),
        died_on=case.clocks.died_on,
    )


def _found(request: PersonRequest, reference: str, number: int) -> tuple[Case, Hold]:
    case = visible_case(request, reference, "clocks")
    return case, get_object_or_404(case.holds.select_related("owner"), pk=number)


def _named(case: Case, row: Hold) -> str:
    label = holds.kind_label(case, row.kind)
    return f"{label[0].lower()}{label[1:]}"


def _all(case: Case) -> str:
    return reverse("cases:holds", args=[case.reference])
