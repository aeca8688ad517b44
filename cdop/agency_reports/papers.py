"""The forms of one request while they are answered: pages, what stands in them, what is missing.

The draft keeps what the browser sent, box by box, right or wrong; forms and answers are worked out
from it each time, so nothing that was typed depends on being valid. A page is ``form.section``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.utils.datastructures import MultiValueDict

from cdop import editions
from cdop.agency_reports import opening
from cdop.agency_reports.models import Request
from cdop.agency_reports.opening import Known
from cdop.core.drafts import Answers, Draft
from cdop.core.fields import GAPS, NOT_KNOWN
from cdop.core.questions import (
    CHOOSERS,
    COMPLETED,
    GAP,
    INCOMPLETE,
    NOT_STARTED,
    SectionForm,
    answers_of,
    is_answered,
    is_asked,
    left_to_ask,
)
from cdop.editions.schema import Question, ReportForm, Section

Typed = Mapping[str, list[str]]


@dataclass(frozen=True)
class Boxes:
    """What was typed, by page and box, and how often each page was saved."""

    typed: Mapping[str, Typed] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft | None) -> Boxes:
        return cls(**draft.answers) if draft else cls()

    def version(self, code: str) -> int:
        """How often the page was saved: what its form posts, to find out that it is stale."""
        return self.versions.get(code, 0)

    def with_page(self, code: str, typed: Typed) -> Boxes:
        """The same with one page saved once more."""
        versions = {**self.versions, code: self.version(code) + 1}
        return replace(self, typed={**self.typed, code: typed}, versions=versions)

    def payload(self) -> dict[str, Any]:
        """What the draft seals."""
        return dict(vars(self))


@dataclass(frozen=True)
class Page:
    """One page: its form, its questions as they are asked now, and how many have an answer."""

    paper: Paper
    code: str
    of: ReportForm
    section: Section
    form: SectionForm

    @property
    def asked(self) -> list[Question]:
        return [each for each in self.section.questions if is_asked(each, self.paper.said)]

    @property
    def considered(self) -> list[Question]:
        """The questions with an answer; "not known" and "not applicable" are answers."""
        answers = self.paper.answers
        return [each for each in self.asked if is_answered(each, answers)]

    @property
    def status(self) -> str:
        if not self.form.is_bound or (not self.considered and not self.form.errors):
            return NOT_STARTED
        whole = not self.form.errors and len(self.considered) == len(self.asked)
        return COMPLETED if whole else INCOMPLETE

    @property
    def state(self) -> str:
        """In words, with how far it is."""
        if self.form.errors:
            return "Something has to be put right"
        if self.status == COMPLETED:
            return "Completed"
        return f"{len(self.considered)} of {len(self.asked)} answered"


@dataclass(frozen=True)
class Counts:
    """Of how many questions: considered, and answered with something."""

    questions: int
    considered: int
    known: int

    @property
    def whole(self) -> bool:
        return self.considered == self.questions


class Paper:
    """The forms of one request with what stands in them.

    pages    by code, in reading order; pages on which nothing is left to ask are left out
    answers  of the pages that are in order, by the code of the question
    said     the same with what is known of the death, as conditions ask it
    """

    def __init__(self, request: Request, known: Known, typed: Mapping[str, Typed]) -> None:
        self.request, self.typed = request, typed
        self.edition = editions.get(request.edition)
        self.known: Answers = {**known, "agency": request.agency}
        self.answers: dict[str, Any] = {}
        self.pages: dict[str, Page] = {}
        for form in opening.in_order(self.edition, request.forms):
            for section in form.questionnaire.sections:
                self._read(form, section)

    def _read(self, of: ReportForm, section: Section) -> None:
        asked, code = left_to_ask(section, self.said), f"{of.code}.{section.code}"
        if not asked.questions:
            return
        typed = self.typed.get(code)
        data = MultiValueDict(typed) if typed is not None else None
        form = SectionForm(asked, self.edition, data, answers=self.said)
        if form.is_valid():
            self.answers |= answers_of(form)
        self.pages[code] = Page(self, code, of, asked, form)

    @property
    def said(self) -> Answers:
        return {**self.known, **self.answers}

    @cached_property
    def forms(self) -> list[tuple[ReportForm, list[Page]]]:
        """The pages under the form to which they belong."""
        found: dict[str, tuple[ReportForm, list[Page]]] = {}
        for page in self.pages.values():
            found.setdefault(page.of.code, (page.of, []))[1].append(page)
        return list(found.values())

    @property
    def wrong(self) -> list[Page]:
        """Pages on which something has to be put right before they can be sent."""
        return [page for page in self.pages.values() if page.form.errors]

    @property
    def unfinished(self) -> list[Page]:
        """Pages with a question that has no answer yet."""
        return [page for page in self.pages.values() if page.status != COMPLETED]

    @property
    def kept(self) -> dict[str, Any]:
        """The answers to what is asked now: what was typed under another answer is not sent."""
        asked = {question.code for page in self.pages.values() for question in page.asked}
        return {code: answer for code, answer in self.answers.items() if code in asked}

    @property
    def counts(self) -> Counts:
        asked = [question for page in self.pages.values() for question in page.asked]
        said = [self.answers[each.code] for each in asked if is_answered(each, self.answers)]
        return Counts(len(asked), len(said), sum(map(says_something, said)))

    def after(self, code: str) -> Page | None:
        """The next page that is not finished, beginning behind this one."""
        codes = list(self.pages)
        behind = codes.index(code) + 1
        for each in codes[behind:] + codes[:behind]:
            if self.pages[each].status != COMPLETED:
                return self.pages[each]
        return None

    def filled(self, code: str) -> dict[str, list[str]]:
        """The boxes of a page with "not known" for every question that has no answer."""
        page = self.pages[code]
        boxes = {name: list(values) for name, values in self.typed.get(code, {}).items()}
        for question in page.asked:
            if _is_blank(question, page.form):
                boxes[gap_box(question)] = [NOT_KNOWN]
        return boxes


def gap_box(question: Question) -> str:
    """The name of the box that says that a question has no answer."""
    return question.code if question.kind in CHOOSERS else f"{question.code}{GAP}"


def _is_blank(question: Question, form: SectionForm) -> bool:
    """Whether nothing stands in the boxes of a question, neither right nor wrong."""
    if not form.is_bound:
        return True
    wrong = {question.code, f"{question.code}{GAP}"} & set(form.errors)
    return not wrong and form.cleaned_data.get(question.code) in (None, "", [])


def says_something(answer: Any) -> bool:
    """Whether an answer is more than that it is not known, or does not apply."""
    gaps = dict(GAPS)
    codes = answer if isinstance(answer, list) else [answer]
    return not any(isinstance(code, str) and code in gaps for code in codes)
