"""Why a task cannot be settled now, and which tasks stand on a checklist."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.functions import Coalesce

from cdop import editions
from cdop.cases.models import Case, CaseAccess, CaseFacts
from cdop.core.audit import Job
from cdop.core.clocks import was_in_time
from cdop.core.roles import Permission
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
    return why_not(item, ItemState.DONE, by=user) or why_not_theirs(item.case, user, [item.task])


def why_not_work_on(case: Case, user: User, tasks: Collection[str] = ()) -> str:
    """Why ``user`` may not record what was done on the case; "" means they may.

    tasks  codes of the tasks that would be settled: one of them has to be theirs
    """
    if not user.can(Permission.CHECKLIST_COMPLETE):
        return "Your role does not record what was done in the first weeks."
    return why_not_theirs(case, user, tasks)


def why_not_theirs(case: Case, user: User | Job, tasks: Collection[str] = ()) -> str:
    """Why no task among these is this person's on the case; "" means that one is, or none is named.

    Every task is the team's, and of those who were given the case as leading the response.
    """
    if isinstance(user, Job) or user.can(Permission.CASES_MANAGE):
        return ""
    access = CaseAccess.objects.in_force(user).filter(case=case).first()
    if access is None:
        return "You are not on this case."
    edition = editions.get(case.edition)
    asked = [task for task in edition.checklist if task.code in tasks]
    if not asked or any(is_theirs(task, access) for task in asked):
        return ""
    leads = edition.vocabularies["leads"]
    named = " or ".join(dict.fromkeys(leads.label(task.lead).lower() for task in asked))
    return f"This is for the {named} to record. On this case you were given other tasks."


def is_theirs(task: Task, access: CaseAccess) -> bool:
    """Whether a task is one of those that a professional was given with the case."""
    return not access.leads or not {task.lead, *task.partners}.isdisjoint(access.leads)


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
