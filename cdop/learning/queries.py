"""What the pages of recommendations read; their number does not change how many queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet

from cdop import editions
from cdop.cases.models import Case
from cdop.core.periods import Period
from cdop.learning import year
from cdop.learning.models import ActionPoint, Recommendation
from cdop.learning.states import PointState
from cdop.reviews.models import Finding
from cdop.reviews.states import FindingState

if TYPE_CHECKING:
    from cdop.core.users import User

MOODS = {
    "made": "waiting",
    "accepted": "working",
    "declined": "refused",
    "done": "done",
    "superseded": "done",
    "open": "working",
    "dropped": "refused",
    "written": "waiting",
    "approved": "waiting",
    "sent": "done",
    "discarded": "refused",
}
"""The colour of each state; the words beside it say the same."""
OPEN, OVERDUE, ALL = "open", "overdue", "all"
LISTS = {OPEN: "Still open", OVERDUE: "With an action overdue", ALL: "All"}


@dataclass(frozen=True)
class Point:
    """One action as a list shows it."""

    row: ActionPoint
    overdue: bool

    @property
    def standing(self) -> str:
        return "overdue" if self.overdue else self.row.state_label

    @property
    def mood(self) -> str:
        return "late" if self.overdue else MOODS[self.row.state]


@dataclass(frozen=True)
class Line:
    """One recommendation as a list shows it; ``areas`` in words."""

    row: Recommendation
    areas: str
    points: list[Point]

    @property
    def mood(self) -> str:
        return MOODS[self.row.state]


def listed(user: User, chosen: dict[str, Any], today: date) -> QuerySet[Recommendation]:
    """The recommendations that a person sees and asks for, those made last first."""
    rows = Recommendation.objects.visible_to(user)
    show = chosen.get("show") or OPEN
    if show == OPEN:
        rows = rows.going_on()
    elif show == OVERDUE:
        late = ActionPoint.objects.overdue(today)
        rows = rows.filter(pk__in=late.values("recommendation"))
    if area := chosen.get("area"):
        rows = rows.about(area.pk)
    if owner := chosen.get("owner"):
        rows = rows.filter(pk__in=ActionPoint.objects.filter(owner=owner).values("recommendation"))
    if level := chosen.get("level"):
        rows = rows.filter(level=level)
    if period := chosen.get("year"):
        rows = rows.filter(made_on__range=(period.first_month, period.last_day))
    return with_points(rows)


def with_points(rows: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    """With all that a list shows of each."""
    points = ActionPoint.objects.select_related("owner")
    return rows.select_related("superseded_by").prefetch_related(Prefetch("action_points", points))


def lines(rows: Iterable[Recommendation], today: date) -> list[Line]:
    """Recommendations, read with their actions, as a list shows them."""
    names = year.area_names()
    return [
        Line(row, areas_in_words(row, names), [_point(each, row, today) for each in points])
        for row in rows
        for points in [list(row.action_points.all())]
    ]


def _point(point: ActionPoint, row: Recommendation, today: date) -> Point:
    late = point.state == PointState.OPEN and row.is_going_on and point.due_on < today
    return Point(point, late)


def areas_in_words(row: Recommendation, names: dict[str, str]) -> str:
    """The areas that it is about; all of them by one name."""
    codes = row.area_codes
    if set(codes) == set(names):
        return year.EVERYWHERE
    return ", ".join(names[code] for code in codes)


def of_the_year(period: Period, user: User) -> QuerySet[Recommendation]:
    """What stood on the list in a year, as the printed list has it."""
    keys = [row.pk for row in year.on_the_list(period, user)]
    return with_points(Recommendation.objects.filter(pk__in=keys)).order_by("made_on", "pk")


def years(user: User, today: date) -> list[Period]:
    """The years in which something that the person sees was recommended, and this one."""
    days = Recommendation.objects.visible_to(user).order_by().values_list("made_on", flat=True)
    found = {Period.of(on) for on in days.distinct()} | {Period.of(today)}
    return sorted(found, reverse=True)


def finding_on(case: Case) -> Finding | None:
    """The last signed-off finding on a case."""
    found = Finding.objects.filter(case=case, state=FindingState.SIGNED_OFF)
    return found.select_related("item__meeting").order_by("number").last()


def from_case(case: Case) -> QuerySet[Recommendation]:
    """The recommendations that came out of a case."""
    return Recommendation.objects.filter(finding__case=case).order_by("made_on", "pk")


def factors() -> list[tuple[str, str]]:
    """The factors of every edition by ``edition:code``, for a select; the latest edition first."""
    return [
        (f"{code}:{factor.code}", f"{factor.label} ({editions.get(code).title})")
        for code in reversed(editions.codes())
        for domain in editions.get(code).domains
        for factor in domain.factors
    ]
