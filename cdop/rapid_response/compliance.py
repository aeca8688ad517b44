"""What was done in the first weeks after the deaths of a period: the visits, and each task.

Counts of exact, often small numbers: for the team alone. Every table counts the same deaths, those
of the months that this panel reviews; every row adds up, and every share stands with both numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from cdop import editions
from cdop.cases.models import CaseFacts
from cdop.core.clocks import clock_start, was_in_time
from cdop.core.dates import elapsed_hours
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.rules import open_and_overdue, open_and_passed
from cdop.rapid_response.states import ItemState
from cdop.rapid_response.visits import RECORDED

A_DAY = timedelta(hours=24)
NO_AREA = "No area known"


class DoesNotAddUp(Exception):
    """The parts of a row do not make up its whole."""


@dataclass(frozen=True)
class Visits:
    """How the homes or places were visited after the deaths of one row.

    asked          deaths after which the checklist asks for a visit
    within_a_day   of those made, how many by 24 hours after the death
    """

    asked: int = 0
    jointly: int = 0
    police: int = 0
    health: int = 0
    none: int = 0
    not_indicated: int = 0
    not_recorded: int = 0
    within_a_day: int = 0

    @property
    def made(self) -> int:
        return self.jointly + self.police + self.health

    @property
    def indicated(self) -> int:
        """Deaths of which it is recorded that a visit was indicated."""
        return self.made + self.none

    def __add__(self, other: Visits) -> Visits:
        names = [field.name for field in fields(Visits)]
        return Visits(*(getattr(self, name) + getattr(other, name) for name in names))

    def checked(self) -> Visits:
        """The same; raises DoesNotAddUp where a death was visited twice or not at all."""
        if self.indicated + self.not_indicated + self.not_recorded != self.asked:
            raise DoesNotAddUp(f"The visits do not make up the deaths: {self}")
        if self.within_a_day > self.made:
            raise DoesNotAddUp(f"More visits in time than visits: {self}")
        return self


@dataclass(frozen=True)
class Done:
    """What became of one task after the deaths of a period. ``of`` deaths have it on their list.

    A task without a time is in time when it is done.
    due_before    open, and due before this system was told, so that nobody here is behind
    median_hours  from the death to the task, where it was done; None where nobody did it
    """

    task: str
    label: str
    lead: str
    of: int
    in_time: int
    late: int
    not_done: int
    not_applicable: int
    overdue: int
    due_before: int
    to_come: int
    median_hours: float | None

    @property
    def applicable(self) -> int:
        return self.of - self.not_applicable

    def checked(self) -> Done:
        """The same; raises DoesNotAddUp where the outcomes do not make up the deaths."""
        parts = (self.in_time, self.late, self.not_done)
        still_open = (self.overdue, self.due_before, self.to_come)
        if sum(parts + still_open) != self.applicable:
            raise DoesNotAddUp(f"The outcomes of {self.task} do not make up its deaths: {self}")
        return self


def deaths(period: Period, area: Area | None) -> QuerySet[CaseFacts]:
    """The facts of the deaths of a period that the panel reviews, in one area or in all."""
    months = CaseFacts.objects.filter(
        died_in__range=(period.first_month, period.last_month), in_scope=True
    )
    return months.filter(area=area) if area else months


def without_checklist(counted: QuerySet[CaseFacts]) -> int:
    """How many of the deaths have no checklist: their cases came in as reviewed elsewhere."""
    return counted.exclude(case__in=ChecklistItem.objects.values("case")).count()


def visits(counted: QuerySet[CaseFacts]) -> list[tuple[str, Visits]]:
    """A row for each area that has deaths, and the total last."""
    asked = ChecklistItem.objects.filter(task=RECORDED, case__in=counted.values("case"))
    columns = (
        "case__facts__area__name",
        "case__visit__outcome",
        "case__visit__visited_at",
        "case__clocks__died_on",
        "case__clocks__died_at",
        "case__clocks__confirmed_at",
    )
    by_area: dict[str, Visits] = defaultdict(Visits)
    for area, outcome, visited_at, *death in asked.values_list(*columns):
        by_area[area or NO_AREA] += _one(outcome, visited_at, clock_start(*death).at)
    rows = sorted(by_area.items(), key=lambda row: (row[0] == NO_AREA, row[0]))
    return [(area, each.checked()) for area, each in [*rows, ("Total", sum_of(by_area.values()))]]


def sum_of(rows: Iterable[Visits]) -> Visits:
    return sum(rows, Visits())


def tasks(counted: QuerySet[CaseFacts], now: datetime) -> list[Done]:
    """A row for each task that stands on any of the checklists, in the order of the guidance."""
    items = ChecklistItem.objects.filter(case__in=counted.values("case"))
    known, hours = _tasks_of(items), _hours(items)
    counts = {row.pop("task"): row for row in _counts(items, now)}
    return [
        Done(
            task=code,
            label=task.label,
            lead=task.lead,
            median_hours=median(hours[code]) if hours[code] else None,
            **counts[code],
        ).checked()
        for code, task in known.items()
        if code in counts
    ]


@dataclass(frozen=True)
class _Known:
    label: str
    lead: str


def _counts(items: QuerySet[ChecklistItem], now: datetime) -> list[dict[str, Any]]:
    done, late = Q(state=ItemState.DONE), Q(done_at__gt=F("due_at"))
    still_open, overdue, passed = Q(state=ItemState.OPEN), open_and_overdue(now), open_and_passed()
    said = {
        "of": Count("pk"),
        "in_time": Count("pk", filter=done) - Count("pk", filter=done & late),
        "late": Count("pk", filter=done & late),
        "not_done": Count("pk", filter=Q(state=ItemState.NOT_DONE)),
        "not_applicable": Count("pk", filter=Q(state=ItemState.NOT_APPLICABLE)),
        "overdue": Count("pk", filter=overdue),
        "due_before": Count("pk", filter=passed),
        "to_come": Count("pk", filter=still_open)
        - Count("pk", filter=overdue)
        - Count("pk", filter=passed),
    }
    return [dict(row) for row in items.order_by().values("task").annotate(**said)]


def _hours(items: QuerySet[ChecklistItem]) -> dict[str, list[float]]:
    """Hours from each death to each task that was done, by the code of the task."""
    columns = (
        "task",
        "done_at",
        "case__clocks__died_on",
        "case__clocks__died_at",
        "case__clocks__confirmed_at",
    )
    found: dict[str, list[float]] = defaultdict(list)
    for task, done_at, *death in items.filter(state=ItemState.DONE).values_list(*columns):
        found[task].append(elapsed_hours(clock_start(*death).at, done_at))
    return found


def _tasks_of(items: QuerySet[ChecklistItem]) -> dict[str, _Known]:
    """What the editions of these cases call each task, the latest edition first to speak."""
    codes = items.order_by().values_list("case__edition", flat=True).distinct()
    used = sorted(
        (editions.get(code) for code in codes), key=lambda each: each.from_date, reverse=True
    )
    known: dict[str, _Known] = {}
    for edition in used:
        leads = edition.vocabularies["leads"]
        for task in edition.checklist:
            known.setdefault(task.code, _Known(task.label, leads.label(task.lead)))
    return known


def _one(outcome: str | None, visited_at: datetime | None, died_at: datetime) -> Visits:
    """What one death adds to its row."""
    soon = visited_at is not None and was_in_time(died_at + A_DAY, visited_at)
    return Visits(asked=1, within_a_day=int(soon), **{outcome or "not_recorded": 1})
