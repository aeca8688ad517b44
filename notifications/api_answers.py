"""The answers that a trust's system sends, read by the questions that the public form asks.

There is no second check: what was sent is laid into the boxes of the form, and the form says what
is wrong. Only what a form cannot meet is said here: a name that no question has, a value of
another type than the question takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from cdop import editions
from cdop.core.fields import PEOPLE_LINES
from cdop.core.questions import LINES
from cdop.core.typed import tidy
from cdop.editions.schema import Edition, Question
from notifications import rules
from notifications.api_problems import Problem
from notifications.unfinished import (
    DATE_OF_DEATH,
    QUESTIONNAIRE,
    Report,
    Typed,
    first_section,
    other_sections,
)

LONGEST_NAME = 60
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
NOT_ASKED = "This answer was not kept: with your other answers the question is not asked."
# What the form says to somebody who looks at it.
SAID_OTHERWISE = {
    "invalid_choice": "This is not one of the codes that the question takes.",
    "invalid_list": "This is not a list of codes that the question takes.",
}


class WrongType(Exception):
    """A value that the question cannot take; the argument says what it takes."""


@dataclass(frozen=True)
class Reading:
    """What was sent, as the form understands it.

    answers   to be kept, where there are no problems
    problems  what stops it; each names the code of a question
    warnings  what does not stop it
    asked     the codes of the edition's questions that the problems are about
    """

    edition: Edition
    answers: Mapping[str, Any]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    asked: tuple[str, ...] = field(default=())


def read(sent: Mapping[str, Any], now: datetime) -> Reading:
    """Read answers by code of question, as they were sent in JSON."""
    edition = edition_for(sent, now)
    questions = {each.code: each for each in edition.questionnaires[QUESTIONNAIRE].questions}
    boxes: dict[str, Typed] = {}
    wrong: list[Problem] = []
    for code, value in sent.items():
        try:
            boxes[code] = _boxes(code, value, questions)
        except WrongType as problem:
            wrong.append(_misfit(code, questions, str(problem)))
    report = Report(_pages(boxes, edition), now)
    troubled = {problem.field for problem in wrong}
    problems = [*wrong, *(each for each in _mistakes(report, now) if each.field not in troubled)]
    return Reading(
        edition=report.edition,
        answers=report.answers,
        problems=tuple(problems),
        warnings=(*_remarks(report), *_not_asked(boxes, report)),
        asked=tuple(sorted({each.field for each in problems} & questions.keys())),
    )


def edition_for(sent: Mapping[str, Any], now: datetime) -> Edition:
    """The guidance in force on the day of death; today's while that cannot be read."""
    return editions.in_force(day_of(sent.get(DATE_OF_DEATH)) or localdate(now))


def day_of(value: Any) -> date | None:
    """The day that is written as 2026-03-27; None for anything else."""
    found = DAY.fullmatch(value) if isinstance(value, str) else None
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _boxes(code: str, value: Any, questions: Mapping[str, Question]) -> Typed:
    if code not in questions:
        raise WrongType("There is no such question in the guidance in force on the day of death.")
    return {} if value is None else TYPES.get(questions[code].kind, _text)(code, value)


def _misfit(code: str, questions: Mapping[str, Question], sentence: str) -> Problem:
    known = code in questions
    return Problem(code[:LONGEST_NAME], "wrong_type" if known else "unknown_field", sentence)


def _pages(boxes: Mapping[str, Typed], edition: Edition) -> dict[str, Typed]:
    """The boxes by page of the form; a page without any was sent empty."""
    pages: dict[str, Typed] = {}
    for section in (first_section(edition), *other_sections(edition)):
        inside = [boxes.get(question.code, {}) for question in section.questions]
        pages[section.code] = {name: values for part in inside for name, values in part.items()}
    return pages


def _mistakes(report: Report, now: datetime) -> Iterator[Problem]:
    impossible = {remark.sentence for remark in rules.impossible(report.answers, now)}
    for form in report.forms.values():
        for name, mistakes in form.errors.as_data().items():
            for mistake in mistakes:
                yield _problem(name, mistake, impossible)


def _problem(name: str, mistake: ValidationError, impossible: set[str]) -> Problem:
    sentence = mistake.messages[0]
    code = "impossible" if sentence in impossible else mistake.code or "invalid"
    return Problem(name, code, SAID_OTHERWISE.get(code, sentence))


def _remarks(report: Report) -> Iterator[Problem]:
    for remark in report.remarks:
        code = "please_check" if remark.then == rules.SEND_IT else "may_be_out_of_scope"
        yield Problem(remark.fields[0], code, remark.sentence)


def _not_asked(boxes: Mapping[str, Typed], report: Report) -> Iterator[Problem]:
    """What was answered and is not kept, because another answer makes it idle to ask."""
    for code, typed in boxes.items():
        said = any(tidy(value) for values in typed.values() for value in values)
        if said and report.answers.get(code) in (None, "", []):
            yield Problem(code, "not_asked", NOT_ASKED)


def _text(code: str, value: Any) -> Typed:
    if not isinstance(value, str):
        raise WrongType("Send text, in quotation marks.")
    return {code: [value]}


def _number(code: str, value: Any) -> Typed:
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongType("Send a whole number, without quotation marks.")
    return {code: [str(value)]}


def _date(code: str, value: Any) -> Typed:
    if value == "":
        return {}
    found = DAY.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise WrongType("Send the date as text of the form 2026-03-27.")
    parts = zip(("year", "month", "day"), found.groups(), strict=True)
    return {f"{code}-{part}": [figures] for part, figures in parts}


def _several(code: str, value: Any) -> Typed:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise WrongType("Send a list of codes, each of them text.")
    return {code: value}


def _weeks(code: str, value: Any) -> Typed:
    """Weeks may be written with days, as they are spoken: 24+3."""
    return _text(code, value) if isinstance(value, str) else _number(code, value)


def _lines(kind: str) -> Callable[[str, Any], Typed]:
    """How several people of one kind are laid into lines of boxes."""
    parts = LINES[kind]._fields

    def laid(code: str, value: Any) -> Typed:
        if not isinstance(value, list) or not all(_is_person(each, parts) for each in value):
            raise WrongType(f"Send a list of people, each an object with {', '.join(parts)}.")
        if len(value) > PEOPLE_LINES:
            raise WrongType(f"Send at most {PEOPLE_LINES} people.")
        return {
            f"{code}-{row}-{part}": [said]
            for row, person in enumerate(value)
            for part, said in person.items()
        }

    return laid


def _is_person(value: Any, parts: Collection[str]) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() <= set(parts)
        and all(isinstance(said, str) for said in value.values())
    )


TYPES: Mapping[str, Callable[[str, Any], Typed]] = {
    "date": _date,
    "number": _number,
    "choices": _several,
    "weeks": _weeks,
    "people": _lines("people"),
    "professionals": _lines("professionals"),
}
"""By kind of question: how a value becomes what stands in the boxes. All other kinds are text."""
