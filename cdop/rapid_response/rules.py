"""Why a task cannot be settled now, and which tasks stand on a checklist."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.functions import Coalesce

from cdop.cases.models import CaseFacts
from cdop.core.clocks import was_in_time
from cdop.core.steps import why_not
from cdop.editions.schema import Edition, Task
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.states import ItemState

if TYPE_CHECKING:
    from cdop.core.users import User


def tasks_for(edition: Edition, facts: CaseFacts) -> list[Task]:
    """The tasks of the edition that stand on the checklist of a death like this one."""
    known = said_of(facts)
    return [task for task in edition.checklist if task.when is None or task.when.holds(known)]


def said_of(facts: CaseFacts) -> dict[str, str]:
    """What the conditions of an edition may ask about a case, as far as it is known."""
    said = {
        "expectedness": facts.expectedness,
        "age_band": facts.age_band,
        "completed_years": "" if facts.age_years is None else str(facts.age_years),
    }
    return {name: value for name, value in said.items() if value}


def why_not_settle(item: ChecklistItem, user: User) -> str:
    """Why ``user`` may not settle the task now; "" means they may."""
    return why_not(item, ItemState.DONE, by=user)


def had_passed(item: ChecklistItem) -> bool:
    """Whether the task was due before this system was told: then nobody here was late with it."""
    return item.due_at is not None and item.due_at < item.told_from


def is_overdue(item: ChecklistItem, at: datetime) -> bool:
    """Whether the task is open past a due time that somebody here could have kept."""
    past = item.due_at is not None and item.due_at < at
    return item.state == ItemState.OPEN and past and not had_passed(item)


def was_late(item: ChecklistItem) -> bool:
    """Whether the task was done after it was due, whenever it was recorded.

    This is so of a task whose time had passed before anybody here was told, too: it says how things
    went for the child. Whether somebody here is behind is for ``is_overdue``.
    """
    if item.due_at is None or item.done_at is None:
        return False
    return not was_in_time(item.due_at, item.done_at)


def open_and_overdue(at: datetime) -> Q:
    """``is_overdue`` for the database."""
    return Q(state=ItemState.OPEN, due_at__lt=at, due_at__gte=_TOLD_FROM)


def open_and_passed() -> Q:
    """``had_passed`` for the database, of tasks that are still open."""
    return Q(state=ItemState.OPEN, due_at__lt=_TOLD_FROM)


_TOLD_FROM = Coalesce("told_at", "case__clocks__notified_at")
