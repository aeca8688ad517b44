"""By when a report is due, and when it is chased: worked out from the standards of the edition."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from cdop import editions
from cdop.agency_reports.models import Request
from cdop.cases.models import Clocks
from cdop.core.clocks import clock_start, due
from cdop.core.clocks import due_at as by_clock
from cdop.editions.schema import Due, Edition

REQUESTED, RETURNED = "reports_requested", "reports_returned"
CHASE = ("first_reminder", "second_reminder", "escalation")
"""The steps of chasing, as the standards of every edition call them; the last goes to the board."""
ESCALATION = len(CHASE)


def due_at(
    edition: Edition, clocks: Clocks, asked_at: datetime, closures: Iterable[date]
) -> datetime:
    """By when an agency answers that is asked at ``asked_at``.

    By the edition's clock; but whoever is asked late has as long as the standards give to those
    who are asked in time.
    """
    closed = frozenset(closures)
    standard, start = standard_of(edition, RETURNED), _starts(clocks)
    between = standard.offset - standard_of(edition, REQUESTED).offset
    latest = due(asked_at, between, standard.unit, closed)
    return max(filter(None, (by_clock(standard, start, closed), latest)))


def next_step(request: Request, closures: Iterable[date]) -> tuple[int, datetime] | None:
    """The step of chasing that comes next, from 1, and from when on it is due.

    No step is taken sooner after the one before than the standards lie apart: whoever was not
    reminded in time is not reported to their board instead. None after the last.
    """
    taken = request.reminders
    if taken >= len(CHASE):
        return None
    edition, closed = editions.get(request.edition), frozenset(closures)
    standard = standard_of(edition, CHASE[taken])
    late = standard.offset - standard_of(edition, RETURNED).offset
    at = due(request.due_at, late, standard.unit, closed)
    if taken and request.reminded_at:
        apart = standard.offset - standard_of(edition, CHASE[taken - 1]).offset
        at = max(at, due(request.reminded_at, apart, standard.unit, closed))
    return taken + 1, at


def standard_of(edition: Edition, code: str) -> Due:
    return editions.one(edition.standards, code).due


def _starts(clocks: Clocks) -> dict[str, datetime | None]:
    death = clock_start(clocks.died_on, clocks.died_at, clocks.confirmed_at).at
    return {"notification": clocks.notified_at, "death": death}
