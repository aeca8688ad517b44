"""The checklist as the pages show it: rows joined with what the edition says of each task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import floor
from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.utils import timezone

from cdop import editions
from cdop.cases.models import Case, Clocks
from cdop.core.clocks import clock_start
from cdop.core.dates import elapsed_hours
from cdop.core.jinja import count
from cdop.editions.schema import Edition, Phase, Task
from cdop.rapid_response.models import ChecklistItem, Visit
from cdop.rapid_response.rules import is_overdue, was_late
from cdop.rapid_response.states import ItemState, VisitOutcome

if TYPE_CHECKING:
    from cdop.core.users import User


@dataclass(frozen=True)
class Line:
    """One task as it is shown: what is stored, what the edition says, and how it stands."""

    item: ChecklistItem
    task: Task
    lead: str
    overdue: bool
    late: bool

    @property
    def standing(self) -> str:
        """Where the task stands, in words."""
        if self.overdue:
            return "overdue"
        return "done late" if self.late else ItemState(self.item.state).label


def lines(case: Case, at: datetime | None = None) -> list[Line]:
    """The case's checklist in order."""
    edition, at = editions.get(case.edition), at or timezone.now()
    items = case.checklist.select_related("settled_by").order_by("position")
    return [line(item, edition, at) for item in items]


def line(item: ChecklistItem, edition: Edition, at: datetime) -> Line:
    """One task as it is shown at a time."""
    task = editions.one(edition.checklist, item.task)
    lead = edition.vocabularies["leads"].label(task.lead)
    return Line(item, task, lead, is_overdue(item, at), was_late(item))


def by_phase(found: Iterable[Line], edition: Edition) -> list[tuple[Phase, list[Line]]]:
    """The lines under the phases of the edition, in order; empty phases are left out."""
    phases = {phase.code: phase for phase in edition.phases}
    grouped = groupby(found, key=lambda each: each.task.phase)
    return [(phases[code], list(group)) for code, group in grouped]


@dataclass(frozen=True)
class Behind:
    """A case with overdue tasks: how many, and since when the first of them is due."""

    reference: str
    tasks: int
    since: datetime


def behind(user: User, at: datetime) -> list[Behind]:
    """The open cases that the person sees with overdue tasks, longest overdue first."""
    cases = Case.objects.visible_to(user).open()
    waiting = ChecklistItem.objects.filter(state=ItemState.OPEN, due_at__lt=at, case__in=cases)
    counted = waiting.order_by().values("case__reference").annotate(n=Count("pk"), at=Min("due_at"))
    rows = counted.order_by("at", "case__reference").values_list("case__reference", "n", "at")
    return [Behind(*row) for row in rows]


@dataclass(frozen=True)
class Standing:
    """How far a checklist is: tasks, how many are settled and overdue, and the next one due."""

    tasks: int
    settled: int
    overdue: int
    next: ChecklistItem | None


def standing_of(items: Sequence[ChecklistItem], at: datetime) -> Standing:
    """How far a checklist is at a time; ``items`` are its tasks."""
    waiting = [(item.due_at, item.position, item) for item in items if _waits(item)]
    return Standing(
        tasks=len(items),
        settled=sum(item.state != ItemState.OPEN for item in items),
        overdue=sum(is_overdue(item, at) for item in items),
        next=min(waiting, key=lambda each: each[:2])[2] if waiting else None,
    )


def _waits(item: ChecklistItem) -> bool:
    return item.state == ItemState.OPEN and item.due_at is not None


def visit_in_words(visit: Visit, clocks: Clocks) -> str:
    """Who visited, and how many whole hours after the death."""
    words = VisitOutcome(visit.outcome).label
    if visit.visited_at is None:
        return words
    start = clock_start(clocks.died_on, clocks.died_at, clocks.confirmed_at).at
    hours = floor(elapsed_hours(start, visit.visited_at))
    return f"{words}, {count(hours, 'hour')} after the death"
