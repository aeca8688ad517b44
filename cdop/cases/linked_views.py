"""Pages of other reviews and proceedings about the same death."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from cdop.cases import linked, queries
from cdop.cases.linked import LinkedReview
from cdop.cases.linked_forms import BackForm, DeclinedForm, EndedForm, LinkedForm, StartedForm
from cdop.cases.models import Case
from cdop.cases.record_pages import answer
from cdop.cases.states import LINKED_STEPS, LinkedState
from cdop.cases.views import visible_case
from cdop.cases.watching_forms import version_of
from cdop.core.access import PersonRequest, page, posted
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission

TEAM = page(Permission.CASES_MANAGE)


@TEAM
def linked_list(request: PersonRequest, reference: str) -> HttpResponse:
    """The other reviews of a death, each with its dates and its effect."""
    case = visible_case(request, reference)
    context = {
        "case": case,
        "reviews": linked.of(case),
        "label": partial(linked.kind_label, case),
        "blocked": linked.why_not_add(case),
    }
    return render(request, "cases/linked.jinja", context)


@TEAM
def new_linked(request: PersonRequest, reference: str) -> HttpResponse:
    """Refer the death to another review, or record one of which we were told."""
    case = visible_case(request, reference)
    initial = {"owner": request.user, VERSION: 0}
    form = LinkedForm(posted(request), initial=initial, edition=queries.edition_of(case))

    def add(version: int, **said: Any) -> None:
        linked.add(case, by=request.user, **said)

    return answer(
        request,
        case,
        form,
        add,
        title="Another review of this death",
        submit="Record",
        done="Recorded.",
        back=_all(case),
        blocked=linked.why_not_add(case),
    )


@TEAM
def linked_review(request: PersonRequest, reference: str, review: int) -> HttpResponse:
    """Put right what is said of another review, or say when somebody asks again."""
    case, row = _found(request, reference, review)
    initial, edition = LinkedForm.initial_of(row), queries.edition_of(case)
    return answer(
        request,
        case,
        LinkedForm(posted(request), initial=initial, edition=edition, review=row),
        partial(linked.correct, row, by=request.user),
        title=f"{linked.kind_label(case, row.kind)}: what is known",
        submit="Save",
        done="What is known of the other review is changed.",
        back=_all(case),
        now=LinkedForm.initial_of,
        blocked=linked.why_not_add(case),
    )


@TEAM
def linked_started(request: PersonRequest, reference: str, review: int) -> HttpResponse:
    """The other review is held."""
    case, row = _found(request, reference, review)
    form = StartedForm(posted(request), initial=version_of(row))
    return _step(request, case, row, form, linked.start, LinkedState.UNDER_WAY, "it is held")


@TEAM
def linked_declined(request: PersonRequest, reference: str, review: int) -> HttpResponse:
    """The other review is not held."""
    case, row = _found(request, reference, review)
    form = DeclinedForm(posted(request), initial=version_of(row))
    return _step(request, case, row, form, linked.decline, LinkedState.DECLINED, "it is not held")


@TEAM
def linked_ended(request: PersonRequest, reference: str, review: int) -> HttpResponse:
    """The other review ended."""
    case, row = _found(request, reference, review)
    initial = version_of(row) | {"effect": row.effect}
    form = EndedForm(posted(request), initial=initial, review=row)
    return _step(request, case, row, form, linked.end, LinkedState.ENDED, "it ended")


@TEAM
def linked_back(request: PersonRequest, reference: str, review: int) -> HttpResponse:
    """The last step of the other review is taken back."""
    case, row = _found(request, reference, review)
    form = BackForm(posted(request), initial=version_of(row))
    to = linked.BACK.get(LinkedState(row.state), LinkedState.ASKED)
    return _step(request, case, row, form, linked.take_back, to, f"it is {to.label} again")


def _step(
    request: PersonRequest,
    case: Case,
    row: LinkedReview,
    form: Any,
    act: Any,
    to: LinkedState,
    words: str,
) -> HttpResponse:
    here, allowed = LinkedState(row.state), (LinkedState(row.state), to) in LINKED_STEPS
    return answer(
        request,
        case,
        form,
        partial(act, row, by=request.user),
        title=f"{linked.kind_label(case, row.kind)}: {words}",
        submit="Record",
        done=f"Recorded: {to.label}.",
        back=_all(case),
        now=lambda now: {name: getattr(now, name) for name in form.fields},
        blocked="" if allowed else f"This review is {here.label}.",
    )


def _found(request: PersonRequest, reference: str, number: int) -> tuple[Case, LinkedReview]:
    case = visible_case(request, reference)
    return case, get_object_or_404(case.linked_reviews.select_related("owner"), pk=number)


def _all(case: Case) -> str:
    return reverse("cases:linked", args=[case.reference])
