"""What was done in the first weeks after the deaths of a period: the visits, and each task.

Counts of exact, often small numbers: for the team alone. Every table counts the same deaths, those
of the months that this panel reviews; every row adds up, and every share stands with both numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from cdop import editions
from cdop.cases.models import CaseFacts
from cdop.core.clocks import clock_start
from cdop.core.counts import Counts, DoesNotAddUp
from cdop.core.dates import elapsed_hours
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.rules import open_and_overdue, open_and_passed
from cdop.rapid_response.states import ItemState
from cdop.rapid_response.visits import RECORDED

A_DAY = 24.0
"""Hours."""
NO_AREA = "No area known"


@dataclass(frozen=True)
class Visits(Counts):
    """How the homes or places were visited after the deaths of one row.

    asked          deaths after which the checklist asks for a visit; where no response was started,
                   it does not
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
    def with_police(self) -> int:
        return self.jointly + self.police

    @property
    def with_health(self) -> int:
        return self.jointly + self.health

    @property
    def indicated(self) -> int:
        """Deaths of which it is recorded that a visit was indicated."""
        return self.made + self.none

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

    @property
    def due(self) -> int:
        """Of how many deaths the task applies and its time has come, or it is settled."""
        return self.applicable - self.to_come

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
    lists = ChecklistItem.objects.filter(task=RECORDED, case__in=counted.values("case"))
    asked = lists.filter(by_response=False)
    columns = (
        "case__facts__area__name",
        "case__response_facts__visit",
        "case__response_facts__visit_hours",
    )
    rows: dict[str, Visits] = defaultdict(Visits)
    for area, outcome, hours in asked.values_list(*columns):
        rows[area or NO_AREA] += _one(outcome, hours)
    named = [*sorted(rows.items(), key=by_area), ("Total", sum_of(rows.values()))]
    return [(area, each.checked()) for area, each in named]


def by_area(row: tuple[str, Any]) -> tuple[bool, str]:
    """The deaths of no known area stand last."""
    return row[0] == NO_AREA, row[0]


def sum_of(rows: Iterable[Visits]) -> Visits:
    return sum(rows, Visits())


@dataclass(frozen=True)
class Tasks:
    """What became of the tasks after the deaths of a period: of each, and of each agency's."""

    each: list[Done]
    by_agency: list[Done]


def tasks(
    counted: QuerySet[CaseFacts], now: datetime, *, leads: Collection[str] = (), task: str = ""
) -> Tasks:
    """A row for each task that stands on any of the checklists, in the order of the guidance.

    leads  codes of the agencies whose tasks are counted; all where it is empty
    task   the code of the one task that is counted; all where it is empty
    The row of an agency counts its tasks, so a death stands in it once for each.
    """
    items = ChecklistItem.objects.filter(case__in=counted.values("case"))
    known = {
        code: each
        for code, each in _tasks_of(items).items()
        if task in ("", code) and (not leads or each.lead_code in leads)
    }
    hours, counts = _hours(items), {row.pop("task"): row for row in _counts(items, now)}
    found = [code for code in known if code in counts]
    each = [_done(code, known[code].label, known[code], [code], counts, hours) for code in found]
    agencies: dict[str, list[str]] = defaultdict(list)
    for code in found:
        agencies[known[code].lead].append(code)
    by_agency = [
        _done("", lead, known[codes[0]], codes, counts, hours) for lead, codes in agencies.items()
    ]
    return Tasks(each, sorted(by_agency, key=lambda row: row.label))


def _done(
    task: str,
    label: str,
    known: _Known,
    codes: list[str],
    counts: dict[str, dict[str, int]],
    hours: dict[str, list[float]],
) -> Done:
    """One row out of the counts of one task or of several."""
    names = counts[codes[0]]
    passed = [each for code in codes for each in hours[code]]
    return Done(
        task=task,
        label=label,
        lead=known.lead,
        median_hours=median(passed) if passed else None,
        **{name: sum(counts[code][name] for code in codes) for name in names},
    ).checked()


@dataclass(frozen=True)
class _Known:
    label: str
    lead: str
    lead_code: str


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
            named = _Known(task.label, leads.label(task.lead), task.lead)
            known.setdefault(task.code, named)
    return known


def _one(outcome: str | None, hours: float | None) -> Visits:
    """What one death adds to its row."""
    soon = hours is not None and hours <= A_DAY
    return Visits(asked=1, within_a_day=int(soon), **{outcome or "not_recorded": 1})
