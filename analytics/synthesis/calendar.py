"""The span of an invented population, and the days on which its panel meets."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cdop.core.clocks import add_working_days
from cdop.core.dates import at_london, end_of

DAYS_IN_A_YEAR = 365.25
LEAST_MEETINGS, MOST_MEETINGS = 4, 52
CASES_AT_A_MEETING = 14
BEFORE_THE_END_OF_A_SPAN = 10  # a quarterly meeting falls into the quarter that it closes
MEETINGS_AHEAD = 2
DAYS_TO_PREPARE = 60


@dataclass(frozen=True)
class Calendar:
    """From when to when deaths are notified and reviewed.

    meetings  days of the panel's meetings, in order; those after ``last`` are still planned
    finished  every death of the span is notified, reviewed and closed within it
    """

    first: date
    last: date
    meetings: tuple[date, ...]
    finished: bool

    @property
    def end(self) -> datetime:
        """The last moment of the span: nothing has happened after it."""
        return end_of(self.last)

    @property
    def last_death(self) -> date:
        """The last day on which a child of this population can have died."""
        if self.finished:
            return self.meetings[-1] - timedelta(days=DAYS_TO_PREPARE)
        return self.last

    def held(self, day: date) -> bool:
        return day <= self.last

    def meeting_from(self, day: date) -> date | None:
        """The first meeting on or after a day; in a finished span at the latest its last."""
        later = next((held_on for held_on in self.meetings if held_on >= day), None)
        return self.meetings[-1] if later is None and self.finished else later


def plan(cases: int, first: date, last: date, *, finished: bool) -> Calendar:
    """The calendar of a panel that reviews so many cases from ``first`` to ``last``.

    It meets at least quarterly, and as often as its cases need, up to every week. Raises
    ValueError where the span is too short for a death to be reviewed in it.
    """
    years = ((last - first).days + 1) / DAYS_IN_A_YEAR
    a_year = cases / years / CASES_AT_A_MEETING if years > 0 else 0
    gap = DAYS_IN_A_YEAR / min(max(round(a_year), LEAST_MEETINGS), MOST_MEETINGS)
    held = _days(first, gap, last)
    if not held or held[-1] - timedelta(days=DAYS_TO_PREPARE) < first:
        raise ValueError("The span is too short: nobody's death could be reviewed in it.")
    ahead = () if finished else _days(first, gap, last + timedelta(days=gap * MEETINGS_AHEAD))
    return Calendar(first, last, held + ahead[len(held) :], finished)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day in London."""
    return at_london(day, time(hour, minute))


def _days(first: date, gap: float, last: date) -> tuple[date, ...]:
    spans = int((last - first).days / gap) + 1
    days = (
        add_working_days(
            first + timedelta(days=round(gap * span) - min(BEFORE_THE_END_OF_A_SPAN, gap / 2)), 0
        )
        for span in range(1, spans + 1)
    )
    return tuple(day for day in days if day <= last)
