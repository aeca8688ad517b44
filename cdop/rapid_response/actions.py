"""The checklist: started with the case, carried by its clocks, settled task by task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop import editions
from cdop.cases.models import Case, CaseFacts, Clocks
from cdop.cases.states import CaseState
from cdop.core import casework, steps
from cdop.core.audit import Job, act
from cdop.core.clocks import clock_start, due_at
from cdop.core.organisations import closed_days
from cdop.core.refusals import Refused
from cdop.editions.schema import Due, Task
from cdop.rapid_response import rules
from cdop.rapid_response.discussion_models import Discussion
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.states import DiscussionState, ItemState

if TYPE_CHECKING:
    from cdop.core.users import User

Clock = dict[str, datetime | None]
NOT_DONE = (ItemState.NOT_DONE, ItemState.NOT_APPLICABLE)
REVIEWED = (CaseState.REVIEWED, CaseState.CLOSED)
JUDGED_ANEW = ("death", "meeting")
"""The clocks by which what was done is judged anew where they turn out to have been wrong."""


def start(
    case: Case, *, by: User | Job, told_at: datetime | None = None, told_by: str = ""
) -> list[ChecklistItem]:
    """Put every task that fits the death on the case's checklist, with the times that are known.

    told_at  when this system was told of the case, where that was not by its first notification
    told_by  the reference of the import that told it
    """
    return _add(case, by, told_at, told_by)


def follow(case: Case, *, by: User | Job) -> None:
    """Let the checklist follow what was corrected: which tasks fit, and when they are due.

    What was settled keeps the time at which it was due by the notification of the day; by a time of
    death that was wrong nobody is judged.
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
    with act():
        edition = editions.get(case.edition)
        there = set(case.checklist.values_list("task", flat=True))
        fitting = rules.tasks_for(edition, CaseFacts.objects.get(case=case))
        order = [task.code for task in edition.checklist]
        due = partial(_due_at, clocks=_started(case), closures=closed_days())
        new = [
            ChecklistItem(
                case=case,
                task=task.code,
                required=task.required,
                position=order.index(task.code),
                due_at=due(task),
                told_at=told_at,
                told_by=told_by,
            )
            for task in fitting
            if task.code not in there
        ]
        return steps.create_all(new, by=by)


def start_clock(case_id: int, clock: str, at: datetime, *, by: User | Job) -> None:
    """Give the tasks that wait for this clock their due times, anew if it started before."""
    with act():
        case = Case.objects.get(pk=case_id)
        _set_due(case, {clock: at}, by)


def follow_meetings(case: Case, *, by: User | Job) -> None:
    """Let what is due by a meeting of the agencies follow those that are recorded as held by now.

    Without one its tasks wait for their clock again.
    """
    with act():
        kinds = editions.get(case.edition).discussions
        waiting: Clock = {kind.starts: None for kind in kinds if kind.starts}
        _set_due(case, waiting | _started_by_meetings(case), by)


def complete(
    item: ChecklistItem, *, by: User, done_at: datetime, note: str = "", present: str = ""
) -> ChecklistItem:
    """The task was done at ``done_at``: that is what it is judged by, not this record."""
    refuse_unless_theirs(item, by)
    return _settle(item, ItemState.DONE, by, note, done_at=done_at, present=present)


def leave_undone(item: ChecklistItem, *, by: User, reason: str) -> ChecklistItem:
    """The task was not done, for a reason."""
    refuse_unless_theirs(item, by)
    return _settle(item, ItemState.NOT_DONE, by, reason)


def set_aside(item: ChecklistItem, *, by: User, reason: str) -> ChecklistItem:
    """The task does not apply to this death, for a reason."""
    refuse_unless_theirs(item, by)
    return _settle(item, ItemState.NOT_APPLICABLE, by, reason)


def leave_to_response(item: ChecklistItem, *, by: User, reason: str) -> ChecklistItem:
    """The task does not apply because no response was started; it comes back with one."""
    return _settle(item, ItemState.NOT_APPLICABLE, by, reason, by_response=True)


def settle_anew(
    item: ChecklistItem, to: ItemState, *, by: User, note: str, done_at: datetime | None = None
) -> None:
    """Settle a task as another record says, such as that of a visit; again where that changed.

    Whoever may make that record need not be the one whose task this is.
    """
    done_at = done_at if to == ItemState.DONE else None
    if (item.state, item.done_at, item.note) == (to, done_at, note):
        return
    if item.state != ItemState.OPEN:
        item = come_back(item, by=by)
    _settle(item, to, by, note, done_at=done_at)


def settle_several(
    case: Case, seen: Mapping[str, int], to: ItemState, *, by: User, reason: str
) -> list[ChecklistItem]:
    """Say of several tasks for one reason that they were not done, or do not apply: all, or none.

    seen  by code of the task the version that the person saw
    None is marked as done so: each task that was done has a time of its own. Raises Stale where one
    of them has moved on, Refused where the person may not or one is not theirs, having changed
    nothing.
    """
    if to not in NOT_DONE:
        raise ValueError("Of a task that was done, say when.")
    with act():
        row = Case.objects.held(case.pk)
        items = list(row.checklist.filter(task__in=seen).order_by("position"))
        for item in items:
            refuse_unless_theirs(item, by)
        return [_settle(item, to, by, reason, version=seen[item.task]) for item in items]


def stop(case: Case, *, by: User, reason: str) -> None:
    """Set aside every open task of a case that goes no further; what was done stays as it was."""
    with act():
        for item in case.checklist.filter(state=ItemState.OPEN):
            set_aside(item, by=by, reason=reason)


def open_again(item: ChecklistItem, *, by: User) -> ChecklistItem:
    """The task was settled by mistake; what was recorded stays in its history."""
    refuse_unless_theirs(item, by)
    return come_back(item, by=by)


def come_back(item: ChecklistItem, *, by: User) -> ChecklistItem:
    """The task is open again. When it is due follows the clocks as they stand by now."""
    nothing: dict[str, Any] = {"done_at": None, "settled_at": None, "settled_by": None, "note": ""}
    nothing |= {"present": "", "by_response": False}
    rule = _rules_of(item.case)[item.task]
    clocks = _started(item.case) | casework.clocks_of(item.case)
    if rule and clocks.get(rule.clock):
        nothing["due_at"] = due_at(rule, clocks, closed_days())
    return steps.step(item, ItemState.OPEN, by=by, **nothing)


def refuse_unless_theirs(item: ChecklistItem, by: User) -> None:
    """Raise Refused (403) where the task is another's to record on this case."""
    if forbidden := rules.why_not_theirs(item.case, by, [item.task]):
        raise Refused(forbidden, HTTPStatus.FORBIDDEN)


def _settle(
    item: ChecklistItem,
    to: ItemState,
    by: User,
    note: str,
    *,
    done_at: datetime | None = None,
    version: int | None = None,
    present: str = "",
    by_response: bool = False,
) -> ChecklistItem:
    stamps: dict[str, Any] = {
        "settled_at": timezone.now(),
        "settled_by": by,
        "note": note,
        "done_at": done_at,
        "present": present,
        "by_response": by_response,
    }
    return steps.step(item, to, by=by, version=version, **stamps)


def _started(case: Case) -> Clock:
    clocks = Clocks.objects.get(case=case)
    death = clock_start(clocks.died_on, clocks.died_at, clocks.confirmed_at).at
    return {"death": death, "notification": clocks.notified_at} | _started_by_meetings(case)


def _started_by_meetings(case: Case) -> Clock:
    """The clocks that meetings of the agencies started; of two of one kind the last one counts."""
    kinds = {kind.code: kind.starts for kind in editions.get(case.edition).discussions}
    held = Discussion.objects.filter(case=case, state=DiscussionState.HELD).order_by("held_at")
    rows = held.values_list("kind", "held_at")
    return {clock: at for kind, at in rows if (clock := kinds.get(kind))}


def _due_at(task: Task, clocks: Clock, closures: frozenset[date]) -> datetime | None:
    return due_at(task.due, clocks, closures)


def _rules_of(case: Case) -> dict[str, Due | None]:
    """By code of each task of the case's edition, when it is due."""
    return {task.code: task.due for task in editions.get(case.edition).checklist}


def _set_due(case: Case, clocks: Clock, by: User | Job) -> None:
    due_by, closures = _rules_of(case), closed_days()
    for item in case.checklist.all():
        rule = due_by[item.task]
        if not rule or rule.clock not in clocks:
            continue
        if item.state != ItemState.OPEN and rule.clock not in JUDGED_ANEW:
            continue
        if (due := due_at(rule, clocks, closures)) != item.due_at:
            steps.edit(item, by=by, due_at=due)
