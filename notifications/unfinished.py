"""A notification that is being typed: its pages, what stands in them, and what is still missing.

The draft keeps what the browser sent, box by box, right or wrong; forms and answers are worked out
from it each time. So nothing that was typed depends on being valid, and a change of the date of
death, which may bring the questions of another edition, loses nothing either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localdate

from cdop import editions
from cdop.core import drafts
from cdop.core.audit import act
from cdop.core.drafts import Answers, Draft
from cdop.core.questions import (
    COMPLETED,
    INCOMPLETE,
    NOT_STARTED,
    SectionForm,
    answers_of,
    left_to_ask,
)
from cdop.core.refusals import Stale
from cdop.editions.schema import Edition, Section
from notifications import intake, rules

Typed = Mapping[str, list[str]]

WHEN = "when"
DATE_OF_DEATH = "date_of_death"
QUESTIONNAIRE = "notification"


@dataclass(frozen=True)
class Unfinished:
    """What was typed, by page and box, and how often each page was saved.

    together  the same for all that one person sends about brothers and sisters, "" for one alone
    hurried   begun while very much came from the same address of the net
    """

    typed: Mapping[str, Typed] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    together: str = ""
    hurried: bool = False

    @classmethod
    def of(cls, draft: Draft) -> Unfinished:
        return cls(**draft.answers)

    def version(self, code: str) -> int:
        """How often the page was saved: what its form posts, to find out that it is stale."""
        return self.versions.get(code, 0)

    def with_page(self, code: str, typed: Typed) -> Unfinished:
        """The same with one page saved once more."""
        return replace(
            self,
            typed={**self.typed, code: typed},
            versions={**self.versions, code: self.version(code) + 1},
        )

    def payload(self) -> dict[str, Any]:
        """What the draft seals."""
        return dict(vars(self))


def save(draft: Draft, code: str, typed: Typed, *, version: int) -> Draft | None:
    """Save one page; None where the draft was sent or removed meanwhile.

    Raises Stale where the page itself was saved otherwise since ``version``; another page that
    was saved in another window is no conflict.
    """
    with act():
        row = intake.lock(draft)
        if row is None:
            return None
        here = Unfinished.of(row)
        if here.typed.get(code) == typed:
            return row
        if here.version(code) != version:
            raise Stale(row)
        return drafts.save(row, here.with_page(code, typed).payload())


@dataclass(frozen=True)
class Page:
    """One page of the form: its questions, what stands in them, and where it stands."""

    report: Report
    section: Section
    status: str

    @property
    def code(self) -> str:
        return self.section.code

    @property
    def form(self) -> SectionForm:
        return self.report.forms[self.code]

    @property
    def required(self) -> bool:
        """Whether a notification cannot be sent without it."""
        return self.section.required


class Report:
    """The pages of one notification as they stand at ``now``, and the answers that they give.

    edition   the guidance in force at the date of death; today's while that is not known
    pages     by code, in reading order, the date of death first
    idle      codes of the pages on which nothing is left to ask
    answers   of the pages that are in order, as they would be sent
    remarks   what the notifier may want to look at again
    """

    def __init__(self, typed: Mapping[str, Typed], now: datetime) -> None:
        self.typed, self.now = typed, now
        self.answers: dict[str, Any] = {}
        self.idle: set[str] = set()
        self._asked: dict[str, tuple[Section, Answers]] = {}
        self._filled: dict[str, SectionForm] = {}
        self.edition = editions.in_force(localdate(now))
        self._read(first_section(self.edition))
        if died_on := self.answers.get(DATE_OF_DEATH):
            self.edition = editions.in_force(date.fromisoformat(died_on))
        for section in other_sections(self.edition):
            self._read(section)
        self.remarks = rules.remarks(self.answers, self.edition, now)
        self._mark_impossible()

    def _read(self, section: Section) -> None:
        """Read one page, unless the pages before it leave nothing to ask there."""
        known = rules.asked_of(self.answers)
        asked = left_to_ask(section, known)
        if not asked.questions:
            self.idle.add(section.code)
            return
        self._asked[section.code] = (asked, known)
        if section.code not in self.typed:
            return
        form = self._form(section.code, MultiValueDict(self.typed[section.code]))
        self._filled[section.code] = form
        if form.is_valid():
            self.answers |= answers_of(form)

    def _form(self, code: str, data: MultiValueDict | None) -> SectionForm:
        asked, known = self._asked[code]
        return SectionForm(asked, self.edition, data, answers=known)

    def _mark_impossible(self) -> None:
        """Put what cannot be beside the fields that it is about."""
        for remark in rules.impossible(self.answers, self.now):
            for form in self._filled.values():
                for name in set(remark.fields) & set(form.fields):
                    form.add_error(name, remark.sentence)

    @cached_property
    def forms(self) -> dict[str, SectionForm]:
        """The form of each page, with each remark beside the first field that it is about.

        Those in which nothing stands are made only when they are shown: to send needs none.
        """
        forms = {code: self._filled.get(code) or self._form(code, None) for code in self._asked}
        for remark in self.remarks:
            for form in forms.values():
                if field := form.fields.get(remark.fields[0]):
                    field.warning = remark.for_notifier  # type: ignore[attr-defined]
        return forms

    @cached_property
    def pages(self) -> dict[str, Page]:
        return {
            code: Page(self, section, self._status(code))
            for code, (section, _) in self._asked.items()
        }

    def _status(self, code: str) -> str:
        if code not in self._filled:
            return NOT_STARTED
        return INCOMPLETE if self._filled[code].errors else COMPLETED

    @property
    def dated(self) -> bool:
        """Whether the date of death is known, so that the right edition asks.

        A date that cannot be true is known all the same: it may be another page that is wrong.
        """
        return DATE_OF_DEATH in self.answers

    @property
    def missing(self) -> list[Page]:
        """The pages that have to be put in order before the notification can be sent."""
        return [
            page
            for page in self.pages.values()
            if page.status == INCOMPLETE or (page.required and page.status == NOT_STARTED)
        ]

    def after(self, code: str) -> Page | None:
        """The page to go to from a required one that is in order: the next that is missing."""
        return self.missing[0] if self.pages[code].required and self.missing else None


def read(draft: Draft | None, now: datetime) -> Report:
    """The notification that is being typed; an empty one without a draft."""
    return Report(Unfinished.of(draft).typed if draft else {}, now)


def form_of(code: str, typed: Typed, edition: Edition) -> SectionForm | None:
    """One page by itself, with what stands in its boxes; None if there is no such page."""
    for section in (first_section(edition), *other_sections(edition)):
        if section.code == code:
            return SectionForm(section, edition, MultiValueDict(typed))
    return None


def first_section(edition: Edition) -> Section:
    """The page that asks for the date of death alone, because it decides which edition asks."""
    for section in _sections(edition):
        for question in section.questions:
            if question.code == DATE_OF_DEATH:
                return replace(section, code=WHEN, title=question.label, questions=(question,))
    raise KeyError(DATE_OF_DEATH)


def other_sections(edition: Edition) -> list[Section]:
    """The sections of the edition's form, without the question that the first page has asked."""
    return [_without_date(section) for section in _sections(edition)]


def _without_date(section: Section) -> Section:
    left = tuple(q for q in section.questions if q.code != DATE_OF_DEATH)
    return section if left == section.questions else replace(section, questions=left)


def _sections(edition: Edition) -> tuple[Section, ...]:
    return edition.questionnaires[QUESTIONNAIRE].sections
