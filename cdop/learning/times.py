"""When an action that is not done is chased: our choice, as no guidance says it. In one place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.timezone import localdate

if TYPE_CHECKING:
    from cdop.learning.models import ActionPoint

BEFORE, AFTER, ESCALATION = 1, 2, 3
"""A reminder before the day, one after it, and the coordinator is told."""
STEPS = {
    BEFORE: timedelta(days=-14),
    AFTER: timedelta(days=7),
    ESCALATION: timedelta(days=21),
}
"""From the day on which it is due to the day from which on the step is taken."""
APART = STEPS[ESCALATION] - STEPS[AFTER]
"""Nobody is reported to the coordinator sooner than so long after a reminder."""


def next_step(point: ActionPoint, today: date) -> int | None:
    """The step of chasing that is to be taken today; None for none.

    A worker that was off takes the step of today and none of those that it missed: whoever is late
    is not told that the day will come.
    """
    taken = point.reminders
    if taken < BEFORE and point.due_on + STEPS[BEFORE] <= today <= point.due_on:
        return BEFORE
    if taken < AFTER and point.due_on + STEPS[AFTER] <= today:
        return AFTER
    return ESCALATION if taken == AFTER and escalates_on(point) <= today else None


def escalates_on(point: ActionPoint) -> date:
    """From when on the coordinator is told, after the reminder that followed the day."""
    by_due = point.due_on + STEPS[ESCALATION]
    reminded_on = localdate(point.reminded_at) if point.reminded_at else by_due - APART
    return max(by_due, reminded_on + APART)
