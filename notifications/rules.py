"""What the answers of a notification say about each other, each rule with its sentence.

``impossible`` is all that stops a notification. ``remarks`` are for the notifier, who may send it
as it is; ``why_out_of_scope`` is for triage, which alone decides whether the panel reviews a death.
Answers are as the form keeps them: text, lists, ISO dates, times as HH:MM.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, NamedTuple

from cdop.core.ages import birthday, completed_years
from cdop.core.clocks import due_at
from cdop.core.dates import at_london, end_of, london_date
from cdop.core.identifiers import nhs_number_problem
from cdop.core.postcodes import normalise_postcode, proposed_areas
from cdop.editions.schema import Edition, ScopeRule, Task, one

Answers = Mapping[str, Any]

SEND_IT = "You may send it as it is."
WE_DECIDE = "You may send it as it is: the coordinator looks at each one and decides."
LONG_AGO_DAYS = 365
EARLY_BIRTH_WEEKS = 22
"""Births before this are the ones on which the editions differ, so they are explained in each."""
LATEST_BIRTH_WEEKS = 44
# The NHS's own postcode for no fixed abode, abroad and not known says nothing about the area.
NO_PLACE = "ZZ99"
TOLD_FIRST = ("tell_coroner", "tell_police", "tell_paediatrician")
"""The tasks of a checklist that a notifier may be the first to have to do."""


@dataclass(frozen=True)
class Remark:
    """A sentence about answers. ``fields`` are those it is about, the likelier mistake first.

    ``then`` is what the notifier is told to do about it; triage does not need it.
    """

    fields: tuple[str, ...]
    sentence: str
    then: str = ""

    @property
    def for_notifier(self) -> str:
        return f"{self.sentence} {self.then}".strip()


class Times(NamedTuple):
    """When the child died, as the clocks of a case are told it."""

    died_on: date
    died_at: datetime | None
    confirmed_at: datetime | None


def times_of(answers: Answers) -> Times:
    """The day of death, its moment if known, and if not, the moment at which it was confirmed."""
    died_on = date.fromisoformat(answers["date_of_death"])
    died, confirmed = (_moment(answers, name) for name in ("time_of_death", "time_death_confirmed"))
    return Times(died_on, died, None if died else confirmed)


def confirmed_at(answers: Answers) -> datetime | None:
    """When the death was confirmed, also where it is known when the child died."""
    return _moment(answers, "time_death_confirmed")


def impossible(answers: Answers, now: datetime) -> list[Remark]:
    """What cannot be true of any death and has to be corrected before the answers are sent."""
    died, born = day_of(answers, "date_of_death"), day_of(answers, "date_of_birth")
    found = []
    if died and died > london_date(now):
        found.append(Remark(("date_of_death",), "The date of death must be today or in the past"))
    if born and died and born > died:
        sentence = (
            f"The date of birth, {_said(born)}, is after the date of death, {_said(died)}. "
            "Correct whichever of the two is wrong."
        )
        found.append(Remark(("date_of_birth", "date_of_death"), sentence))
    return found + _times_to_come(answers, now)


def _times_to_come(answers: Answers, now: datetime) -> list[Remark]:
    """The times today that no clock has reached. A day to come is told once, about the day."""
    if day_of(answers, "date_of_death") != london_date(now):
        return []
    sentence = "This time today has not come yet. Check the time and the date of death."
    return [
        Remark((field,), sentence)
        for field in ("time_of_death", "time_death_confirmed")
        if (moment := _moment(answers, field)) and moment > now
    ]


def remarks(answers: Answers, edition: Edition, now: datetime) -> list[Remark]:
    """What the notifier may want to look at again, or to know before sending; nothing stops it."""
    return [*slips(answers, now), *_kind_words(answers, edition)]


def slips(answers: Answers, now: datetime) -> Iterator[Remark]:
    """What is probably mistyped."""
    died = day_of(answers, "date_of_death")
    number = answers.get("nhs_number") or ""
    if died and (london_date(now) - died).days > LONG_AGO_DAYS:
        yield Remark(("date_of_death",), "This is more than a year ago. Is it right?", SEND_IT)
    if number and (problem := nhs_number_problem(number)):
        yield Remark(("nhs_number",), f"{problem} It is kept as it was typed.", SEND_IT)
    if (typed := answers.get("postcode") or "") and not normalise_postcode(typed):
        sentence = "This is not a whole postcode. It is kept as it was typed."
        yield Remark(("postcode",), sentence, SEND_IT)
    if _weeks(answers) > LATEST_BIRTH_WEEKS:
        sentence = "A pregnancy seldom lasts so long. Is the number in weeks?"
        yield Remark(("gestation_weeks",), sentence, SEND_IT)
    known = was_under_one(answers)
    if known and answers.get("under_one") not in (None, "", "not_known", known):
        sentence = "The dates of birth and death say otherwise. One of the three needs a check."
        yield Remark(("under_one",), sentence, SEND_IT)


def _kind_words(answers: Answers, edition: Edition) -> Iterator[Remark]:
    """What the panel does with a death that it may not review, in the words of the edition."""
    for rule in edition.scope:
        early = rule.code == "gestation" and 0 < _weeks(answers) < EARLY_BIRTH_WEEKS
        if early or _OUTSIDE[rule.code].check(answers, rule):
            yield Remark((_OUTSIDE[rule.code].field,), rule.explanation.strip(), WE_DECIDE)


def outside(answers: Answers, edition: Edition) -> dict[str, str]:
    """By the code of its rule: why the panel would not review this death, for triage.

    A proposal from what one notifier said; empty where nothing speaks against a review.
    """
    found = {rule.code: _OUTSIDE[rule.code].check(answers, rule) for rule in edition.scope}
    return {code: sentence for code, sentence in found.items() if sentence}


def why_out_of_scope(answers: Answers, edition: Edition) -> list[str]:
    """The sentences of ``outside``."""
    return list(outside(answers, edition).values())


def was_under_one(answers: Answers) -> str:
    """ "yes" or "no" where both dates are known; else ""."""
    born, died = day_of(answers, "date_of_birth"), day_of(answers, "date_of_death")
    if not (born and died) or born > died:
        return ""
    return "no" if completed_years(born, died) else "yes"


def asked_of(answers: Answers) -> dict[str, Any]:
    """The answers by which it is decided what else to ask: dates say more than a choice does."""
    known = was_under_one(answers)
    return {**answers, "under_one": known} if known else dict(answers)


def told_next(answers: Answers, edition: Edition, now: datetime) -> list[Task]:
    """Whom the notifier may have to tell at once: unless the death was said to be expected.

    A task keeps its ``due`` only while that is to come: hours long past would only reproach.
    """
    said = {"expectedness": str(answers.get("expectedness") or "")}
    tasks = [one(edition.checklist, code) for code in TOLD_FIRST]
    clocks = {"death": _latest_moment(answers)}
    return [
        task if (by := due_at(task.due, clocks)) and now < by else replace(task, due=None)
        for task in tasks
        if task.when is None or task.when.holds(said)
    ]


def _latest_moment(answers: Answers) -> datetime:
    """The moment of death, or the last one at which it can have been."""
    died_on, died_at, confirmed_at = times_of(answers)
    return died_at or confirmed_at or end_of(died_on)


def _stillborn(answers: Answers, rule: ScopeRule) -> str:
    """Said to be stillborn, and somebody was there who could say so."""
    if answers.get("born_alive") != "no" or answers.get("stillbirth_at_home") == "yes":
        return ""
    return "The notifier says that the baby showed no signs of life after birth."


def _grown_up(answers: Answers, rule: ScopeRule) -> str:
    born, died = day_of(answers, "date_of_birth"), day_of(answers, "date_of_death")
    if not (born and died) or rule.limit is None or died < birthday(born, rule.limit):
        return ""
    return f"By the dates given, the death was on or after the {rule.limit}th birthday."


def _terminated(answers: Answers, rule: ScopeRule) -> str:
    if answers.get("termination") != "yes":
        return ""
    return "The notifier says that the pregnancy was ended for medical or other lawful reasons."


def _too_early(answers: Answers, rule: ScopeRule) -> str:
    weeks = _weeks(answers)
    if rule.limit is None or not 0 < weeks < rule.limit:
        return ""
    return (
        f"The baby was born at {weeks} completed weeks of pregnancy. In the guidance of the time "
        f"the panel reviews deaths from {rule.limit} weeks."
    )


def _elsewhere(answers: Answers, rule: ScopeRule) -> str:
    postcode = normalise_postcode(answers.get("postcode") or "")
    if not postcode or postcode.startswith(NO_PLACE) or proposed_areas(postcode):
        return ""
    return "The postcode of the home is in none of the four areas, as far as districts tell."


class _Check(NamedTuple):
    field: str
    check: Callable[[Answers, ScopeRule], str]


_OUTSIDE: Mapping[str, _Check] = {
    "live_birth": _Check("born_alive", _stillborn),
    "age": _Check("date_of_birth", _grown_up),
    "termination": _Check("termination", _terminated),
    "gestation": _Check("gestation_weeks", _too_early),
    "resident": _Check("postcode", _elsewhere),
}
"""By code of a scope rule: the field it turns on, and what says why a death falls outside it."""


def day_of(answers: Answers, field: str) -> date | None:
    """The answer to a question for a date; None where it was not given."""
    text = answers.get(field)
    return date.fromisoformat(text) if text else None


def _moment(answers: Answers, field: str) -> datetime | None:
    died, text = day_of(answers, "date_of_death"), answers.get(field)
    return at_london(died, time.fromisoformat(text)) if died and text else None


def _weeks(answers: Answers) -> int:
    """Weeks of pregnancy; 0 where nobody has said."""
    return int(answers.get("gestation_weeks") or 0)


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
