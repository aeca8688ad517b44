"""Pages of what a family asks the review to answer."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from cdop.cases import families, family_questions
from cdop.cases.family_questions import Asked, FamilyQuestion
from cdop.cases.models import Case
from cdop.cases.question_forms import AnswerForm, QuestionForm, ToldForm
from cdop.cases.record_pages import answer
from cdop.cases.states import QuestionState
from cdop.cases.views import visible_case
from cdop.core.access import PersonRequest, page, posted, posted_number
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission

TEAM = page(Permission.CASES_MANAGE)
PURPOSE = "what the family asks"


@TEAM
def question_list(request: PersonRequest, reference: str) -> HttpResponse:
    """Every question of the family, about each of its children, and what became of it."""
    case = visible_case(request, reference)
    family = families.of(case)
    if family is None:
        return render(request, "cases/no_family.jinja", {"case": case})
    found = family_questions.of(family, case, by=request.user, purpose=PURPOSE)
    return render(request, "cases/questions.jinja", {"case": case, "questions": found})


@TEAM
def new_question(request: PersonRequest, reference: str) -> HttpResponse:
    """Put down one question more."""
    case = visible_case(request, reference)
    if families.of(case) is None:
        return render(request, "cases/no_family.jinja", {"case": case})

    def ask(version: int, **said: Any) -> None:
        family_questions.ask(case, by=request.user, **said)

    start = {"asked_on": localdate(), VERSION: 0}
    return answer(
        request,
        case,
        QuestionForm(posted(request), initial=start, case=case, by=request.user),
        ask,
        title="What the family asks",
        submit="Keep this question",
        done="The question is kept.",
        back=_all(case),
    )


@TEAM
def edit_question(request: PersonRequest, reference: str, question: int) -> HttpResponse:
    """Put right what was asked, or how the panel reads it."""
    case, asked = _found(request, reference, question)
    start = QuestionForm.initial_of(asked)
    return answer(
        request,
        case,
        QuestionForm(posted(request), initial=start, case=asked.row.case, by=request.user),
        partial(family_questions.correct, asked.row, by=request.user),
        title="Put right what the family asks",
        submit="Save",
        done="The question is changed.",
        back=_all(case),
        now=lambda row: QuestionForm.initial_of(_again(row)),
        blocked=_dropped(asked.row),
    )


@TEAM
def answer_question(request: PersonRequest, reference: str, question: int) -> HttpResponse:
    """Write down what the review can answer."""
    case, asked = _found(request, reference, question)
    return answer(
        request,
        case,
        AnswerForm(posted(request), initial=AnswerForm.initial_of(asked), row=asked.row),
        partial(family_questions.answer, asked.row, by=request.user),
        title="The answer to what the family asks",
        submit="Keep this answer",
        done="The answer is kept. It is told once it is approved.",
        back=_all(case),
        now=lambda row: AnswerForm.initial_of(_again(row)),
        blocked=_dropped(asked.row),
        before=asked.said.question,
    )


@TEAM
def told_question(request: PersonRequest, reference: str, question: int) -> HttpResponse:
    """The family has heard the answer."""
    case, asked = _found(request, reference, question)
    return answer(
        request,
        case,
        ToldForm(posted(request), initial=ToldForm.initial_of(asked.row), row=asked.row),
        partial(family_questions.told, asked.row, by=request.user),
        title="The family was told the answer",
        submit="Record",
        done="Recorded.",
        back=_all(case),
        now=ToldForm.initial_of,
        blocked="" if asked.may_be_told_now else "This answer may not be told yet.",
        before=asked.said.question,
    )


@TEAM
@require_POST
def approve_question(request: PersonRequest, reference: str, question: int) -> HttpResponse:
    """Somebody stands for the answer."""
    return _stepped(request, reference, question, family_questions.approve, "approved")


@TEAM
@require_POST
def drop_question(request: PersonRequest, reference: str, question: int) -> HttpResponse:
    """The family asks it no more."""
    return _stepped(request, reference, question, family_questions.drop, "no longer asked")


@TEAM
@require_POST
def take_up_question(request: PersonRequest, reference: str, question: int) -> HttpResponse:
    """It is asked after all."""
    return _stepped(request, reference, question, family_questions.take_up, "asked again")


def _stepped(
    request: PersonRequest, reference: str, number: int, step: Any, became: str
) -> HttpResponse:
    case = visible_case(request, reference)
    step(_row(case, number), by=request.user, version=posted_number(request, "version"))
    messages.info(request, f"The question is {became}.")
    return redirect(_all(case))


def _found(request: PersonRequest, reference: str, number: int) -> tuple[Case, Asked]:
    case = visible_case(request, reference)
    row = _row(case, number)
    return case, family_questions.read(row, by=request.user, purpose=PURPOSE)


def _row(case: Case, number: int) -> FamilyQuestion:
    family = families.of(case)
    return get_object_or_404(family_questions.rows_of(family), pk=number)


def _again(row: FamilyQuestion) -> Asked:
    return family_questions.opened(family_questions.rows().get(pk=row.pk))


def _dropped(row: FamilyQuestion) -> str:
    return "This question is no longer asked." if row.state == QuestionState.DROPPED else ""


def _all(case: Case) -> str:
    return reverse("cases:questions", args=[case.reference])
