"""What was done on the checklist of an invented death by the end of its calendar."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from analytics.synthesis.calendar import Calendar
from analytics.synthesis.deaths import Death
from analytics.synthesis.marginals import happens
from cdop.cases.models import Case, CaseFacts
from cdop.core.clocks import clock_start, due_at
from cdop.core.dates import start_of
from cdop.core.users import User
from cdop.editions.schema import Task
from cdop.rapid_response import rules
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.states import ItemState

RECENT = timedelta(days=730)
NOTES = {
    ItemState.DONE: "",
    ItemState.NOT_DONE: "Synthetic: nobody was free to do it.",
    ItemState.NOT_APPLICABLE: "Synthetic: it does not fit this death.",
}


def kept(death: Death, calendar: Calendar) -> bool:
    """Whether the checklist is made: of every open case, and of those of the last two years."""
    return death.closed_at is None or death.closed_at > calendar.end - RECENT


def draw(
    random: Random, death: Death, case: Case, facts: CaseFacts, calendar: Calendar, by: User
) -> Iterator[ChecklistItem]:
    """The tasks that stand on the checklist, in its order; ``by`` recorded what happened."""
    edition = death.edition
    clocks = _clocks(death)
    order = {task.code: position for position, task in enumerate(edition.checklist)}
    for task in rules.tasks_for(edition, facts):
        due = due_at(task.due, clocks)
        yield ChecklistItem(
            case=case,
            position=order[task.code],
            task=task.code,
            required=task.required,
            due_at=due,
            **_settled(random, task, due, death, calendar, by),
        )


def _clocks(death: Death) -> dict[str, datetime | None]:
    return {
        "death": clock_start(death.died_on, death.died_at, death.confirmed_at).at,
        "notification": death.notified_at,
        "panel": start_of(death.meeting) if death.meeting else None,
    }


def _settled(
    random: Random,
    task: Task,
    due: datetime | None,
    death: Death,
    calendar: Calendar,
    by: User,
) -> dict[str, Any]:
    """The state of one task, with who settled it and when; nothing where it is open."""
    done_at = _done_at(random, due, death)
    settled_at = done_at + timedelta(minutes=random.randrange(5, 1440))
    settled_at = min(settled_at, death.closed_at or settled_at)
    forgotten = happens(random, 4) and not death.reviewed
    if forgotten or settled_at > calendar.end:
        return {"state": ItemState.OPEN}
    state = _outcome(random, task)
    return {
        "state": state,
        "done_at": done_at if state == ItemState.DONE else None,
        "settled_at": settled_at,
        "settled_by": by,
        "note": NOTES[state],
    }


def _done_at(random: Random, due: datetime | None, death: Death) -> datetime:
    """Mostly in time and sometimes late, but before the case was closed."""
    start = _clocks(death)["death"] or death.notified_at
    done_at = start + ((due or death.notified_at + timedelta(days=60)) - start) * random.random()
    if happens(random, 15):
        done_at += timedelta(hours=random.randrange(1, 240))
    return min(max(done_at, start), death.closed_at or max(done_at, start))


def _outcome(random: Random, task: Task) -> ItemState:
    if happens(random, 3):
        return ItemState.NOT_DONE
    if not task.required and happens(random, 40):
        return ItemState.NOT_APPLICABLE
    return ItemState.DONE
