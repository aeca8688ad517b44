"""The notices that registrars and coroners have to give by law: their forms, and their clocks.

A notice is a notification by another form of the edition. It is matched, accepted, attached or
declined like any other; only when it had to come is its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localdate

from cdop import editions
from cdop.core.clocks import due_at, was_in_time
from cdop.core.dates import start_of
from cdop.core.identifiers import normalise_reference
from cdop.core.organisations import closed_days
from cdop.core.questions import SectionForm, answers_of
from cdop.editions.schema import Edition, Questionnaire, Section, Standard, one
from notifications import likeness, rules
from notifications.intake import Route
from notifications.models import Notification
from notifications.rules import Remark

Answers = Mapping[str, Any]
Typed = Mapping[str, list[str]]

DATE_OF_DEATH = "date_of_death"
WHAT, WHEN, CORRECTS = "notifier_notice", "notifier_acted_on", likeness.CORRECTS
WITHOUT_A_CLOCK = "other"
"""The answer to "what" for which no law sets a time."""


IN_THE_REGISTER = "corrected"
"""The answer to "what" of a registrar who corrected an entry."""


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    code      of its questionnaire, and of its address
    standard  of the edition, by which it has to come
    implied   what follows from who gives it, and is not asked
    """

    code: str
    title: str
    route: Route
    standard: str
    implied: Mapping[str, str]

    @property
    def draft_kind(self) -> str:
        return f"notice:{self.code}"


REGISTRAR = Kind(
    "registrar",
    "Registrar's notice",
    Route.REGISTRAR,
    "registrar_notice",
    {"notifier_role": "registrar"},
)
CORONER = Kind(
    "coroner",
    "Coroner's notice",
    Route.CORONER,
    "coroner_notice",
    {"notifier_role": "coroner", "coroner": "yes"},
)
KINDS: Mapping[str, Kind] = {kind.code: kind for kind in (REGISTRAR, CORONER)}


@dataclass(frozen=True)
class Given:
    """A notice as somebody typed it, right or wrong, at ``now``.

    edition  the guidance in force at the date of death; today's while that is not known
    form     all its questions on one page
    answers  as they would be sent; empty while something is wrong
    remarks  what to look at again; nothing there stops it
    """

    kind: Kind
    edition: Edition
    form: SectionForm
    answers: dict[str, Any]
    remarks: list[Remark]

    @property
    def sections(self) -> tuple[Section, ...]:
        return _questionnaire(self.kind, self.edition).sections


def read(kind: Kind, typed: Typed | None, now: datetime) -> Given:
    """The form of a notice with what was typed into it; None where nobody has typed yet."""
    edition = editions.in_force(localdate(now))
    form = _form(kind, edition, typed)
    if died := _died_on(form):
        edition = editions.in_force(died)
        form = _form(kind, edition, typed)
    if not form.is_bound or not form.is_valid():
        return Given(kind, edition, form, {}, [])
    answers = {**kind.implied, **answers_of(form)}
    _refuse_what_cannot_be(form, answers, now)
    remarks = list(rules.remarks(answers, edition, now))
    return Given(kind, edition, form, {} if form.errors else answers, remarks)


def kind_of(notification: Notification) -> Kind | None:
    """Which kind of notice a notification is; None for any other."""
    return KINDS.get(notification.questionnaire)


@dataclass(frozen=True)
class Arrival:
    """Whether a notice came within the time of the law.

    what      what was done, in the words of the form
    acted_on  the day from which the time counts
    due_at    the last moment that was in time; None where no law sets one
    in_time   True, False, or None where there is no such moment
    corrects  the earlier notification that it says it corrects, if there is one
    named     the reference that it gave for that one, whether or not there is one
    """

    what: str
    acted_on: date
    due_at: datetime | None
    in_time: bool | None
    corrects: Notification | None
    named: str


def arrival(notification: Notification, answers: Answers) -> Arrival | None:
    """How a notice stands to its clock; None for what is no notice."""
    kind = kind_of(notification)
    if kind is None or not answers.get(WHEN):
        return None
    edition = editions.get(notification.edition)
    acted_on = date.fromisoformat(answers[WHEN])
    due = _due(kind, edition, answers, acted_on)
    typed = str(answers.get(CORRECTS) or "")
    return Arrival(
        what=edition.vocabularies[f"{kind.code}_notices"].label(answers[WHAT]),
        acted_on=acted_on,
        due_at=due,
        in_time=None if due is None else was_in_time(due, notification.received_at),
        corrects=likeness.corrected_by(answers),
        named=normalise_reference(typed) or typed,
    )


def correction(answers: Answers) -> str:
    """What a notice says it corrects, in words; "" for what corrects nothing."""
    if typed := str(answers.get(CORRECTS) or ""):
        return f"corrects {normalise_reference(typed) or typed}"
    return "corrects the register" if answers.get(WHAT) == IN_THE_REGISTER else ""


def standard(kind: Kind, edition: Edition) -> Standard:
    """By when a notice has to come."""
    return one(edition.standards, kind.standard)


def _due(kind: Kind, edition: Edition, answers: Answers, acted_on: date) -> datetime | None:
    if answers.get(WHAT) == WITHOUT_A_CLOCK:
        return None
    rule = standard(kind, edition).due
    closures = closed_days()
    return due_at(rule, {rule.clock: start_of(acted_on)}, closures)


def _form(kind: Kind, edition: Edition, typed: Typed | None) -> SectionForm:
    """All questions of the notice as one form: it has one page."""
    sections = _questionnaire(kind, edition).sections
    whole = replace(
        sections[0],
        questions=tuple(question for section in sections for question in section.questions),
    )
    data = None if typed is None else MultiValueDict(dict(typed))
    return SectionForm(whole, edition, data)


def _questionnaire(kind: Kind, edition: Edition) -> Questionnaire:
    return edition.questionnaires[kind.code]


def _died_on(form: SectionForm) -> date | None:
    """The date of death, wherever else the form is wrong; None while nobody has typed."""
    if not form.is_bound:
        return None
    form.full_clean()
    died: date | None = form.cleaned_data.get(DATE_OF_DEATH)
    return died


def _refuse_what_cannot_be(form: SectionForm, answers: Answers, now: datetime) -> None:
    for remark in (*rules.impossible(answers, now), *_impossible(answers, now)):
        for name in remark.fields:
            if name in form.fields:
                form.add_error(name, remark.sentence)


def _impossible(answers: Answers, now: datetime) -> Iterator[Remark]:
    """What no notice can say of itself."""
    acted_on = date.fromisoformat(answers[WHEN])
    if acted_on > localdate(now):
        yield Remark((WHEN,), "The day on which you did this must be today or in the past")
    died = answers.get(DATE_OF_DEATH)
    if died and acted_on < date.fromisoformat(died):
        yield Remark((WHEN,), "This day is before the date of death. Correct whichever is wrong.")
    typed = answers.get(CORRECTS)
    if typed and normalise_reference(typed) is None:
        sentence = "Enter the reference as it was given to you, such as N-4K7M-2QX9"
        yield Remark((CORRECTS,), sentence)
