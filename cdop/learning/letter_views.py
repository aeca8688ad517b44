"""Pages of the letters about a recommendation, and of what was answered."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cdop.cases.watching_forms import version_of
from cdop.core import steps
from cdop.core.access import PersonRequest, posted, posted_version
from cdop.core.audit import record
from cdop.core.comparing import VERSION
from cdop.core.jinja import day
from cdop.learning import letters, queries, responses
from cdop.learning.letter_forms import USUAL, DiscardForm, LetterForm, PostedForm, ResponseForm
from cdop.learning.letter_models import LearningLetter
from cdop.learning.letter_pdf import letter_pdf
from cdop.learning.models import Recommendation
from cdop.learning.states import LetterState
from cdop.learning.views import TEAM, answer_about, found

PURPOSE = "to check or send the letter"


@TEAM
def new_letter(request: PersonRequest, recommendation: str) -> HttpResponse:
    """Write to the organisation or board that is to act."""
    row = found(request, recommendation)
    start = {"words": USUAL, VERSION: 0}
    form = LetterForm(posted(request), by=request.user, finding=row.finding, initial=start)

    def write(version: int, **said: Any) -> None:
        letters.write(row, by=request.user, **said)

    return answer_about(request, row, form, write, title="Write a letter")


@TEAM
def letter_page(request: PersonRequest, recommendation: str, letter: str) -> HttpResponse:
    """One letter, its words, and what can be done with it."""
    row, there = _letter(request, recommendation, letter)
    context = {
        "row": row,
        "letter": there,
        "mood": queries.MOODS[there.state],
        "responses": there.responses.select_related("organisation", "document__data_key"),
        "why_not_approve": letters.why_not_approve(there, request.user),
    }
    return render(request, "learning/letter.jinja", context)


@TEAM
def change_letter(request: PersonRequest, recommendation: str, letter: str) -> HttpResponse:
    """Change a letter that nobody has approved."""
    row, there = _letter(request, recommendation, letter)
    form = LetterForm(
        posted(request),
        by=request.user,
        finding=row.finding,
        kept=there.organisation_id,
        initial=LetterForm.initial_of(there),
    )
    waits = there.state == LetterState.WRITTEN
    return answer_about(
        request,
        row,
        form,
        partial(letters.rewrite, there, by=request.user),
        title="Change a letter",
        now=lambda now: LetterForm.initial_of(now),
        blocked="" if waits else f"This letter is {there.state_label}.",
    )


@TEAM
@require_POST
def approve_letter(request: PersonRequest, recommendation: str, letter: str) -> HttpResponse:
    """A second person has read it; by e-mail it goes with that."""
    row, there = _letter(request, recommendation, letter)
    there = letters.approve(there, by=request.user, version=posted_version(request))
    went = there.state == LetterState.SENT
    messages.info(
        request,
        "The letter is approved and on its way." if went else "The letter is approved. Post it.",
    )
    return redirect("learning:letter", row.reference, there.reference)


@TEAM
def posted_letter(request: PersonRequest, recommendation: str, letter: str) -> HttpResponse:
    """An approved letter went by post."""
    row, there = _letter(request, recommendation, letter)
    return answer_about(
        request,
        row,
        PostedForm(posted(request), initial=version_of(there)),
        partial(letters.posted, there, by=request.user),
        title="The letter went",
        before=f"Letter {there.reference} to {there.organisation}",
        blocked=_why_not_posted(there),
    )


@TEAM
def discard_letter(request: PersonRequest, recommendation: str, letter: str) -> HttpResponse:
    """It is not sent, and why."""
    row, there = _letter(request, recommendation, letter)
    return answer_about(
        request,
        row,
        DiscardForm(posted(request), initial=version_of(there)),
        partial(letters.discard, there, by=request.user),
        title="The letter is not sent",
        before=f"Letter {there.reference} to {there.organisation}",
        blocked=steps.state_forbids(there, LetterState.DISCARDED),
    )


@TEAM
def letter_file(request: PersonRequest, recommendation: str, letter: str) -> HttpResponse:
    """The letter as a PDF, to save. The download is recorded."""
    _, there = _letter(request, recommendation, letter)
    record("learningletter.downloaded", there, by=request.user, purpose=PURPOSE)
    given = HttpResponse(letter_pdf(there), content_type="application/pdf")
    name = f"letter-{there.reference}.pdf".lower()
    given["Content-Disposition"] = f'attachment; filename="{name}"'
    return given


@TEAM
def new_response(request: PersonRequest, recommendation: str) -> HttpResponse:
    """Keep an answer, with its scan."""
    row = found(request, recommendation)
    chosen = request.FILES if request.method == "POST" else None
    form = ResponseForm(
        posted(request),
        chosen,
        by=request.user,
        finding=row.finding,
        row=row,
        initial={VERSION: 0},
    )

    def keep(version: int, **said: Any) -> None:
        responses.keep(row, by=request.user, **said)

    return answer_about(request, row, form, keep, title="An answer came")


def _why_not_posted(letter: LearningLetter) -> str:
    if letter.state == LetterState.APPROVED:
        return ""
    if letter.state == LetterState.SENT:
        return f"This letter went on {day(letter.settled_on)}."
    return f"This letter is {letter.state_label}."


def _letter(
    request: PersonRequest, recommendation: str, letter: str
) -> tuple[Recommendation, LearningLetter]:
    row = found(request, recommendation)
    related = ("organisation", "approved_by", "written_by")
    there: LearningLetter = get_object_or_404(
        row.letters.select_related(*related), reference=letter
    )
    there.recommendation = row
    return row, there
