"""What later stages may learn from the clocks: whole numbers and words, never a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor

from cdop.cases.holds import Hold, days_held
from cdop.cases.models import Clocks
from cdop.core.clocks import clock_start
from cdop.core.dates import days_between, elapsed_hours, london_date


def days_since_death(case_id: int, at: datetime) -> int:
    """Whole days in London from the date of death to ``at``."""
    return days_between(_died_on(case_id), london_date(at))


def days_not_held(case_id: int, days: int) -> int:
    """Those of the first so many days after the death on which nothing held up the case."""
    died_on = _died_on(case_id)
    spans = Hold.objects.filter(case_id=case_id).values_list("began_on", "ended_on")
    return days - days_held(spans, died_on, died_on + timedelta(days=days))


def _died_on(case_id: int) -> date:
    return Clocks.objects.values_list("died_on", flat=True).get(case_id=case_id)


@dataclass(frozen=True)
class Happened:
    """Something that happened so many days after the death; before it, where negative."""

    day: int
    text: str

    @property
    def when(self) -> str:
        return words_for(self.day)


def in_days(case_id: int, events: Iterable[tuple[datetime, str]]) -> list[Happened]:
    """Events by the whole days between the date of death and London's day of each."""
    died_on = _died_on(case_id)
    return [Happened(days_between(died_on, london_date(at)), text) for at, text in events]


def on_days(case_id: int, events: Iterable[tuple[date, str]]) -> list[Happened]:
    """The same for what has a day and no time."""
    died_on = _died_on(case_id)
    return [Happened(days_between(died_on, day), text) for day, text in events]


def from_death(case_id: int, day: date) -> str:
    """A day in words, counted from the date of death."""
    return words_for(days_between(_died_on(case_id), day))


def words_for(days: int) -> str:
    """Days from the death in words: "on the day of the death", "12 days after the death"."""
    if days == 0:
        return "on the day of the death"
    side = "after" if days > 0 else "before"
    return f"{abs(days)} {'day' if abs(days) == 1 else 'days'} {side} the death"


MOST_HOURS = 72
"""So long after a death hours are counted; then days."""


def moments_in_words(case_id: int, moments: Iterable[datetime]) -> list[str]:
    """Each moment in words, counted from the death: in hours for the first three days."""
    clocks = Clocks.objects.get(case=case_id)
    start = clock_start(clocks.died_on, clocks.died_at, clocks.confirmed_at).at
    return [_moment(clocks.died_on, start, at) for at in moments]


def _moment(died_on: date, start: datetime, at: datetime) -> str:
    hours = floor(elapsed_hours(start, at))
    if 0 <= hours < MOST_HOURS:
        return f"{hours} {'hour' if hours == 1 else 'hours'} after the death"
    return words_for(days_between(died_on, london_date(at)))
