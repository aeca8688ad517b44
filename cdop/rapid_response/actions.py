"""The checklist: started with the case, carried by its clocks, settled task by task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop import editions
from cdop.cases.models import Case, CaseFacts, Clocks
from cdop.cases.states import CaseState
from cdop.core import steps
from cdop.core.audit import Job, act
from cdop.core.clocks import clock_start, due_at
from cdop.core.organisations import closed_days
from cdop.editions.schema import Task
from cdop.rapid_response import rules
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.states import ItemState

if TYPE_CHECKING:
    from cdop.core.users import User

Clock = dict[str, datetime | None]
NOT_DONE = (ItemState.NOT_DONE, ItemState.NOT_APPLICABLE)
REVIEWED = (CaseState.REVIEWED, CaseState.CLOSED)


def start(
    case: Case, *, by: User | Job, told_at: datetime | None = None, told_by: str = ""
) -> list[ChecklistItem]:
    """Put every task that fits the death on the case's checklist, with the times that are known.

    told_at  when this system was told of the case, where that was not by its first notification
    told_by  the reference of the import that told it
    """
    return _add(case, by, told_at, told_by)


def follow(case: Case, *, by: User | Job) -> None:
    """Let the checklist follow what was corrected: which tasks fit, and when the open ones are due.

    A death that the panel has reviewed asks nothing new of anybody.
    """
    with act():
        if case.state not in REVIEWED:
            refresh(case, by=by)
        _set_due(case, _started(case), by)


def refresh(case: Case, *, by: User | Job) -> list[ChecklistItem]:
    """Add the tasks that fit by now and are not there yet; return them. No task is ever removed.

    That they fit is known from now on, so none of them was late before.
    """
    return _add(case, by, timezone.now(), "")


def _add(case: Case, by: User | Job, told_at: datetime | None, told_by: str) -> list[ChecklistItem]:
    told = {"told_at": told_at, "told_by": told_by}
    with act():
        edition = editions.get(case.edition)
        there = set(case.checklist.values_list("task", flat=True))
        fitting = rules.tasks_for(edition, CaseFacts.objects.get(case=case))
        order = [task.code for task in edition.checklist]
        due = partial(_due_at, clocks=_started(case), closures=closed_days())
        return [
            _put(case, task, by, position=order.index(task.code), due_at=due(task), **told)
            for task in fitting
            if task.code not in there
        ]


def start_clock(case_id: int, clock: str, at: datetime, *, by: User | Job) -> None:
    """Give the open tasks that wait for this clock their due times, anew if it started before."""
    with act():
        case = Case.objects.get(pk=case_id)
        _set_due(case, {clock: at}, by)


def complete(item: ChecklistItem, *, by: User, done_at: datetime, note: str = "") -> ChecklistItem:
    """The task was done at ``done_at``: that is what it is judged by, not this record."""
    return _settle(item, ItemState.DONE, by, note, done_at=done_at)


def leave_undone(item: ChecklistItem, *, by: User, reason: str) -> ChecklistItem:
    """The task was not done, for a reason."""
    return _settle(item, ItemState.NOT_DONE, by, reason)


def set_aside(item: ChecklistItem, *, by: User, reason: str) -> ChecklistItem:
    """The task does not apply to this death, for a reason."""
    return _settle(item, ItemState.NOT_APPLICABLE, by, reason)


def settle_several(
    case: Case, seen: Mapping[str, int], to: ItemState, *, by: User, reason: str
) -> list[ChecklistItem]:
    """Say of several tasks for one reason that they were not done, or do not apply: all, or none.

    seen  by code of the task the version that the person saw
    None is marked as done so: each task that was done has a time of its own. Raises Stale where one
    of them has moved on, Refused where the person may not, having changed nothing.
    """
    if to not in NOT_DONE:
        raise ValueError("Of a task that was done, say when.")
    with act():
        row = Case.objects.held(case.pk)
        items = row.checklist.filter(task__in=seen).order_by("position")
        return [_settle(item, to, by, reason, version=seen[item.task]) for item in items]


def stop(case: Case, *, by: User, reason: str) -> None:
    """Set aside every open task of a case that goes no further; what was done stays as it was."""
    with act():
        for item in case.checklist.filter(state=ItemState.OPEN):
            set_aside(item, by=by, reason=reason)


def open_again(item: ChecklistItem, *, by: User) -> ChecklistItem:
    """The task was settled by mistake; what was recorded stays in its history."""
    nothing: dict[str, Any] = {"done_at": None, "settled_at": None, "settled_by": None, "note": ""}
    return steps.step(item, ItemState.OPEN, by=by, **nothing)


def _settle(
    item: ChecklistItem,
    to: ItemState,
    by: User,
    note: str,
    done_at: datetime | None = None,
    version: int | None = None,
) -> ChecklistItem:
    stamps: dict[str, Any] = {
        "settled_at": timezone.now(),
        "settled_by": by,
        "note": note,
        "done_at": done_at,
    }
    return steps.step(item, to, by=by, version=version, **stamps)


def _started(case: Case) -> Clock:
    clocks = Clocks.objects.get(case=case)
    death = clock_start(clocks.died_on, clocks.died_at, clocks.confirmed_at).at
    return {"death": death, "notification": clocks.notified_at}


def _put(case: Case, task: Task, by: User | Job, **columns: Any) -> ChecklistItem:
    item = ChecklistItem(case=case, task=task.code, required=task.required, **columns)
    return steps.create(item, by=by)


def _due_at(task: Task, clocks: Clock, closures: frozenset[date]) -> datetime | None:
    return due_at(task.due, clocks, closures)


def _set_due(case: Case, clocks: Clock, by: User | Job) -> None:
    tasks = {task.code: task for task in editions.get(case.edition).checklist}
    closures = closed_days()
    for item in case.checklist.filter(state=ItemState.OPEN):
        rule = tasks[item.task].due
        if not rule or rule.clock not in clocks:
            continue
        if (due := due_at(rule, clocks, closures)) != item.due_at:
            steps.edit(item, by=by, due_at=due)
