"""Days of the calendar in London, and moments in time.

A day is a ``date``; a moment is an aware ``datetime``. The functions that make a moment give it in
UTC, as the database does: Python compares and subtracts two datetimes of one zone by the wall
clock, which is an hour out over a change of clocks and takes the two 01:30s of an October night
for one. ``in_london`` is for showing.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SECONDS_IN_AN_HOUR = 3600


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no time zone, so it is not a moment.")
    return moment


def in_london(moment: datetime) -> datetime:
    """The moment as a clock on a wall in London shows it. ValueError if it has no time zone."""
    return _aware(moment).astimezone(LONDON)


def london_date(moment: datetime) -> date:
    """The day it was in London. ValueError if ``moment`` has no time zone."""
    return in_london(moment).date()


def at_london(day: date, at: time) -> datetime:
    """The moment, in UTC, at which clocks in London show ``at`` on ``day``.

    On the last Sunday of March the hour from 01:00 does not exist: 01:30 is taken as half an hour
    after the clocks went forward, which they show as 02:30. On the last Sunday of October that
    hour comes twice: the first is meant, unless ``at.fold`` is 1. The earlier of two readings
    never gives anybody more time than they had.

    Raises ValueError if ``at`` carries a time zone of its own.
    """
    if at.tzinfo is not None:
        raise ValueError("A time of day in London must not carry a time zone.")
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def start_of(day: date) -> datetime:
    """00:00 in London on ``day``, in UTC."""
    return at_london(day, time.min)


def end_of(day: date) -> datetime:
    """The last microsecond of ``day`` in London, in UTC: still within the day, and in time."""
    return at_london(day, time.max)


def month_of(day: date) -> date:
    """The first day of the month of ``day``, which is how a month is stored."""
    return day.replace(day=1)


def elapsed_hours(start: datetime, end: datetime) -> float:
    """Hours that really passed, whatever the clocks showed; negative if ``end`` came first.

    Raises ValueError if either has no time zone.
    """
    passed = _aware(end).astimezone(UTC) - _aware(start).astimezone(UTC)
    return passed.total_seconds() / SECONDS_IN_AN_HOUR


def days_between(start: date, end: date) -> int:
    """Midnights from one day to the other: 0 on the same day, negative if ``end`` came first.

    Raises TypeError for moments: it is the caller who knows whether London's day is meant.
    """
    if isinstance(start, datetime) or isinstance(end, datetime):
        raise TypeError("days_between counts between dates; take london_date of a moment first.")
    return (end - start).days
