"""Working days in England, and when something is due.

Hours are hours that pass. Days and working days end with the last day in London, so that a task
due in two days is in time until midnight of the second day, whatever the time of day it began.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple

import holidays

from cdop.core.dates import end_of, london_date, start_of
from cdop.editions.schema import Due, Task

A_DAY = timedelta(days=1)
SATURDAY = 5
NO_CLOSURES: frozenset[date] = frozenset()


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England in ``year``, with those moved to a weekday where they fell."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date, closures: Collection[date] = NO_CLOSURES) -> bool:
    """Whether offices work on ``day``: Monday to Friday, no bank holiday, none of ``closures``."""
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year) and day not in closures


def add_working_days(day: date, count: int, closures: Iterable[date] = NO_CLOSURES) -> date:
    """The working day that is ``count`` working days after ``day``, before it if negative.

    ``day`` itself is never counted. With 0 it is ``day`` if that is a working day, else the next
    one: nobody can be asked to act at once on a day on which nobody works.
    """
    closed = frozenset(closures)
    step = -A_DAY if count < 0 else A_DAY
    if count == 0:
        day, count = day - A_DAY, 1
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, closed):
            day += step
    return day


def due(
    start: datetime, offset: int, unit: str, closures: Iterable[date] = NO_CLOSURES
) -> datetime:
    """The last moment, in UTC, that is in time: ``offset`` units after ``start``.

    start   an aware moment
    offset  a whole number; before ``start`` if negative
    unit    "hours" (elapsed), "days" or "working_days" (both to the end of the last day in London)

    Raises ValueError if ``start`` has no time zone or the unit is another.
    """
    day = london_date(start)
    if unit == "hours":
        return start.astimezone(UTC) + timedelta(hours=offset)
    if unit == "days":
        return end_of(day + timedelta(days=offset))
    if unit == "working_days":
        return end_of(add_working_days(day, offset, closures))
    raise ValueError(f"{unit!r} is not a unit of time: use hours, days or working_days.")


def due_at(
    rule: Due | None,
    clocks: Mapping[str, datetime | None],
    closures: Iterable[date] = NO_CLOSURES,
) -> datetime | None:
    """When ``rule`` of an edition falls due; None if there is no rule or its clock has not started.

    ``clocks`` gives the start of each clock by its name in the edition ("death", "panel" …).
    """
    start = clocks.get(rule.clock) if rule else None
    return due(start, rule.offset, rule.unit, closures) if rule and start else None


def due_times(
    tasks: Iterable[Task],
    clocks: Mapping[str, datetime | None],
    closures: Iterable[date] = NO_CLOSURES,
) -> dict[str, datetime | None]:
    """When each task of a checklist falls due, by the task's code; see ``due_at``."""
    closed = frozenset(closures)
    return {task.code: due_at(task.due, clocks, closed) for task in tasks}


def was_in_time(due: datetime, done: datetime) -> bool:
    """Whether what was done at ``done`` was done by ``due``; the last moment is still in time."""
    return done.astimezone(UTC) <= due.astimezone(UTC)


class ClockStart(NamedTuple):
    """When the clock of a death starts, in UTC, and the sentence that says what it starts from."""

    at: datetime
    words: str


FROM_DEATH = "Counted from the time of death."
FROM_CONFIRMATION = (
    "The time of death is not known, so this is counted from when the death was confirmed."
)
FROM_MIDNIGHT = (
    "Neither the time of death nor the time it was confirmed is known, so this is counted from "
    "00:00 on the date of death."
)


def clock_start(
    died_on: date, died_at: datetime | None, confirmed_at: datetime | None
) -> ClockStart:
    """From when the times after a death are counted.

    died_on       the date of death
    died_at       the moment of death; None if its time is not known
    confirmed_at  the moment at which the death was confirmed; None if that is not known

    Raises ValueError if the time of death lies on another day in London than ``died_on``, if the
    death was confirmed before that day, or if a moment has no time zone.
    """
    if died_at and london_date(died_at) != died_on:
        raise ValueError("The time of death is not on the date of death.")
    if confirmed_at and london_date(confirmed_at) < died_on:
        raise ValueError("The death cannot have been confirmed before the date of death.")
    if died_at:
        return ClockStart(died_at.astimezone(UTC), FROM_DEATH)
    if confirmed_at:
        return ClockStart(confirmed_at.astimezone(UTC), FROM_CONFIRMATION)
    return ClockStart(start_of(died_on), FROM_MIDNIGHT)
