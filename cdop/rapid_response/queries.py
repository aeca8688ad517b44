"""The checklist as the pages show it: rows joined with what the edition says of each task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import floor
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Min, QuerySet
from django.utils import timezone

from cdop import editions
from cdop.cases.models import Case, CaseAccess, Clocks
from cdop.core.clocks import clock_start
from cdop.core.dates import elapsed_hours
from cdop.core.jinja import count, moment
from cdop.core.roles import Permission
from cdop.editions.schema import Edition, Phase, Task
from cdop.rapid_response.models import ChecklistItem, Visit
from cdop.rapid_response.response_models import Response
from cdop.rapid_response.rules import (
    had_passed,
    is_overdue,
    is_theirs,
    open_and_overdue,
    open_and_passed,
    was_late,
)
from cdop.rapid_response.states import ItemState, ResponseState, VisitOutcome

if TYPE_CHECKING:
    from cdop.core.users import User


@dataclass(frozen=True)
class Line:
    """One task as it is shown: what is stored, what the edition says, and how it stands.

    passed  whether it was due before this system was told of it
    """

    item: ChecklistItem
    task: Task
    lead: str
    overdue: bool
    late: bool
    passed: bool

    @property
    def standing(self) -> str:
        """Where the task stands, in words."""
        if self.overdue:
            return "overdue"
        if self.passed and self.item.state == ItemState.OPEN:
            return f"was due {self.before}"
        if self.late:
            return f"done, was due {self.before}" if self.passed else "done late"
        return ItemState(self.item.state).label

    @property
    def aside(self) -> str:
        """Why the task does not apply, where that is because no response was started."""
        return self.item.note if self.item.by_response else ""

    @property
    def is_open(self) -> bool:
        return self.item.state == ItemState.OPEN

    @property
    def before(self) -> str:
        """Before what it was due, where its time had passed."""
        return before_what(self.item.told_by)


def lines(case: Case, at: datetime | None = None) -> list[Line]:
    """The case's checklist in order."""
    edition, at = editions.get(case.edition), at or timezone.now()
    items = case.checklist.select_related("settled_by").order_by("position")
    return [line(item, edition, at) for item in items]


def theirs(case: Case, user: User) -> list[Line]:
    """The lines of the checklist that are this person's to record on the case."""
    found = lines(case)
    if user.can(Permission.CASES_MANAGE):
        return found
    access = CaseAccess.objects.in_force(user).filter(case=case).first()
    return [each for each in found if access and is_theirs(each.task, access)]


@dataclass(frozen=True)
class Mine:
    """A professional's own tasks on all their cases, each list with what is due first on top.

    passed   open, and due before this system was told
    later    open, and no clock has started by which they are due
    settled  the latest first
    """

    cases: int
    waiting: list[Line]
    passed: list[Line]
    later: list[Line]
    settled: list[Line]


def mine(user: User, at: datetime | None = None) -> Mine:
    """The tasks that are this person's on the open cases that they were given."""
    at = at or timezone.now()
    cases = Case.objects.visible_to(user).open()
    given = CaseAccess.objects.in_force(user).filter(case__in=cases)
    access = {each.case_id: each for each in given}
    items = ChecklistItem.objects.filter(case__in=access).select_related("case__clocks")
    found = [line(item, editions.get(item.case.edition), at) for item in items]
    own = [each for each in found if is_theirs(each.task, access[each.item.case_id])]
    own.sort(key=_due_first)
    settled = [each for each in own if not each.is_open]
    return Mine(
        cases=len(access),
        waiting=[each for each in own if each.is_open and each.item.due_at and not each.passed],
        passed=[each for each in own if each.is_open and each.passed],
        later=[each for each in own if each.is_open and each.item.due_at is None],
        settled=sorted(settled, key=_settled_at, reverse=True),
    )


def _due_first(line: Line) -> tuple[bool, datetime, str, int]:
    item = line.item
    never = item.due_at is None
    return never, item.due_at or item.case.opened_at, item.case.reference, item.position


def _settled_at(line: Line) -> datetime:
    return line.item.settled_at or line.item.case.opened_at


def line(item: ChecklistItem, edition: Edition, at: datetime) -> Line:
    """One task as it is shown at a time."""
    task = editions.one(edition.checklist, item.task)
    lead = edition.vocabularies["leads"].label(task.lead)
    return Line(item, task, lead, is_overdue(item, at), was_late(item), had_passed(item))


def before_what(told_by: str) -> str:
    """How the moment is called at which this system was told."""
    return "before the case was brought in" if told_by else "before we were told"


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
    waiting = ChecklistItem.objects.filter(open_and_overdue(at), case__in=cases)
    counted = waiting.order_by().values("case__reference").annotate(n=Count("pk"), at=Min("due_at"))
    rows = counted.order_by("at", "case__reference").values_list("case__reference", "n", "at")
    return [Behind(*row) for row in rows]


@dataclass(frozen=True)
class Passed:
    """Open tasks that were due before this system was told, by the import that told it, if any."""

    told_by: str
    tasks: int
    cases: int


def passed(user: User) -> list[Passed]:
    """How many such tasks the person's open cases have; those of each import apart."""
    counted = _passed(user).values("told_by")
    counted = counted.annotate(n=Count("pk"), cases=Count("case", distinct=True))
    rows = counted.order_by("told_by").values_list("told_by", "n", "cases")
    return [Passed(*row) for row in rows]


def passed_by_case(user: User, told_by: str) -> QuerySet[ChecklistItem, Any]:
    """The cases with such tasks, longest due first: ``reference``, ``tasks``, ``since``."""
    found = _passed(user).filter(told_by=told_by).values(reference=F("case__reference"))
    return found.annotate(tasks=Count("pk"), since=Min("due_at")).order_by("since", "reference")


def _passed(user: User) -> QuerySet[ChecklistItem]:
    cases = Case.objects.visible_to(user).open()
    return ChecklistItem.objects.filter(open_and_passed(), case__in=cases).order_by()


@dataclass(frozen=True)
class Standing:
    """How far a checklist is: tasks by where they stand, the overdue, and the next one due.

    passed  the open ones that were due before this system was told
    """

    by_state: Mapping[ItemState, int]
    overdue: int
    passed: int
    next: ChecklistItem | None

    @property
    def words(self) -> str:
        """How many tasks stand where, such as "3 done, 37 open"; what no task is, is left out."""
        found = [(state, self.by_state.get(state, 0)) for state in ItemState]
        return ", ".join(f"{number} {state.label}" for state, number in found if number)


def standing_of(items: Sequence[ChecklistItem], at: datetime) -> Standing:
    """How far a checklist is at a time; ``items`` are its tasks."""
    waiting = [(item.due_at, item.position, item) for item in items if _waits(item)]
    passed = [item for item in items if item.state == ItemState.OPEN and had_passed(item)]
    return Standing(
        by_state=Counter(ItemState(item.state) for item in items),
        overdue=sum(is_overdue(item, at) for item in items),
        passed=len(passed),
        next=min(waiting, key=lambda each: each[:2])[2] if waiting else None,
    )


def _waits(item: ChecklistItem) -> bool:
    return item.state == ItemState.OPEN and item.due_at is not None and not had_passed(item)


def response_words(response: Response | None) -> str:
    """Whether a response was started, when, and by whose decision."""
    if response is None:
        return "nobody has said yet whether it is started"
    label = ResponseState(response.state).label
    return f"{label}, decided by {response.decided_by} on {moment(response.decided_at)}"


def visit_words(visit: Visit | None, clocks: Clocks) -> str:
    """Who visited, and how many whole hours after the death."""
    if visit is None:
        return "not recorded yet"
    words = VisitOutcome(visit.outcome).label
    if visit.visited_at is None:
        return words
    start = clock_start(clocks.died_on, clocks.died_at, clocks.confirmed_at).at
    hours = floor(elapsed_hours(start, visit.visited_at))
    return f"{words}, {count(hours, 'hour')} after the death"
