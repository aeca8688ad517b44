"""The year's table: what was recommended, and what became of it, by area and by level.

Counted by the days on which things happened, up to the last day of the year, or to today where the
year is not over. Every table says what it counts, and raises where it does not add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Q
from django.utils.timezone import localdate

from cdop import editions
from cdop.core.jinja import day
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.learning.models import LEVELS, ActionPoint, Recommendation
from cdop.learning.states import PointState, RecommendationState
from cdop.learning.year_counts import AGREED, RECOMMENDED, Agreed, Recommended
from cdop.rapid_response.compliance_tables import Table

if TYPE_CHECKING:
    from cdop.core.users import User

S = RecommendationState
EVERYWHERE, SEVERAL, TOTAL = "All four areas", "Two or three areas", "Total"
C = TypeVar("C", Recommended, Agreed)
Label = Callable[[Recommendation], str]


@dataclass(frozen=True)
class Year:
    """A year, and the day up to which it is counted: its last, or today."""

    period: Period
    until: date
    today: date

    @classmethod
    def of(cls, period: Period, today: date | None = None) -> Year:
        today = today or localdate()
        return cls(period, min(period.last_day, today), today)

    def has(self, on: date | None) -> bool:
        """Whether something happened in the year, as far as it is counted."""
        return on is not None and self.period.first_month <= on <= self.until

    def is_past(self, due_on: date | None) -> bool:
        """Whether a day by which something was due was over when the year, or yesterday, ended."""
        return due_on is not None and due_on <= self.until and due_on < self.today

    @property
    def basis(self) -> str:
        return (
            f"{self.period}, {day(self.period.first_month)} to {day(self.until)}. Counted now, by "
            "the days on which things happened, from the records as they are."
        )


def on_the_list(period: Period, user: User, today: date | None = None) -> list[Recommendation]:
    """The recommendations that stood on the list in a year: made in it, or carried into it."""
    until = Year.of(period, today).until
    open_then = Q(ended_on=None) | Q(ended_on__gte=period.first_month)
    rows = Recommendation.objects.visible_to(user).filter(open_then, made_on__lte=until)
    return list(rows.with_due().order_by("made_on", "pk"))


def tables(period: Period, user: User, today: date | None = None) -> list[Table]:
    """Recommendations and actions, each by area and by level. Raises DoesNotAddUp."""
    year = Year.of(period, today)
    names, levels = area_names(), level_names()
    area, level = area_of(names), lambda row: levels[row.level]
    areas = [*names.values(), SEVERAL, EVERYWHERE]
    became = [(row, _recommended(row, year)) for row in on_the_list(period, user, today)]
    agreed = [(each.recommendation, _agreed(each, year)) for each in _points(year, user)]
    recommended, actions = [], []
    for by, labels, label in (("area", areas, area), ("level", levels.values(), level)):
        notes = AREA_NOTES if by == "area" else ()
        counted = _counted([(label(row), each) for row, each in became], labels, Recommended())
        said = (*RECOMMENDED_NOTES, *notes)
        recommended.append(_table("Recommendations", by, RECOMMENDED, counted, said, year))
        done = _counted([(label(row), each) for row, each in agreed], labels, Agreed())
        actions.append(_table("Actions", by, AGREED, done, (*AGREED_NOTES, *notes), year))
    return [*recommended, *actions]


def _table(
    what: str,
    by: str,
    columns: tuple[str, ...],
    counted: Iterable[tuple[str, Recommended] | tuple[str, Agreed]],
    notes: tuple[str, ...],
    year: Year,
) -> Table:
    return Table(
        name=f"{what} by {by}",
        caption=f"{what} by {by}, {year.period}",
        head=(by.capitalize(), *columns),
        rows=[(label, *astuple(each)) for label, each in counted],
        notes=(year.basis, *notes),
        total=True,
    )


RECOMMENDED_NOTES = (
    "From earlier years and made together are declined, superseded, done and still open together.",
    "Accepted: in this year, whatever came later. Done is the sum of the three columns after it: "
    "in time is by the last day of its actions.",
)
AGREED_NOTES = (
    "From earlier years and agreed together are not to be done, done and still open together.",
    "An action is judged by the day on which it was done. It has the area and the level of its "
    "recommendation.",
)
AREA_NOTES = ("Each stands in one row alone: one about several areas is not of one of them.",)


def _points(year: Year, user: User) -> list[ActionPoint]:
    open_then = Q(settled_on=None) | Q(settled_on__gte=year.period.first_month)
    seen = Recommendation.objects.visible_to(user)
    rows = ActionPoint.objects.filter(open_then, agreed_on__lte=year.until)
    return list(rows.filter(recommendation__in=seen).select_related("recommendation"))


def _recommended(row: Recommendation, year: Year) -> Recommended:
    due_on: date | None = row.due_on  # type: ignore[attr-defined]
    ended = row.state if year.has(row.ended_on) else ""
    done = ended == S.DONE
    in_time = done and due_on is not None and row.ended_on is not None and row.ended_on <= due_on
    new = year.has(row.made_on)
    return Recommended(
        carried=not new,
        made=new,
        accepted=year.has(row.accepted_on),
        declined=ended == S.DECLINED,
        superseded=ended == S.SUPERSEDED,
        done=done,
        in_time=in_time,
        late=done and due_on is not None and not in_time,
        no_day=done and due_on is None,
        open=not ended,
        overdue=not ended and year.is_past(due_on),
    )


def _agreed(point: ActionPoint, year: Year) -> Agreed:
    settled = point.state if year.has(point.settled_on) else ""
    done, new = settled == PointState.DONE, year.has(point.agreed_on)
    in_time = done and point.settled_on is not None and point.settled_on <= point.due_on
    return Agreed(
        carried=not new,
        agreed=new,
        dropped=settled == PointState.DROPPED,
        done=done,
        in_time=in_time,
        late=done and not in_time,
        open=not settled,
        overdue=not settled and year.is_past(point.due_on),
    )


def _counted(found: Iterable[tuple[str, C]], labels: Iterable[str], zero: C) -> list[tuple[str, C]]:
    """A row for each label in its order, also where nothing is in it, and the total last."""
    rows: dict[str, C] = dict.fromkeys(labels, zero)
    for label, each in found:
        rows[label] += each
    rows[TOTAL] = sum(rows.values(), zero)
    return [(label, each.checked()) for label, each in rows.items()]


def area_of(names: Mapping[str, str]) -> Label:
    """Gives the row of a recommendation: the one area that it is about, or that it is of more."""

    def label(row: Recommendation) -> str:
        codes = row.area_codes
        if len(codes) == 1:
            return names[codes[0]]
        return EVERYWHERE if set(codes) == set(names) else SEVERAL

    return label


def area_names() -> dict[str, str]:
    """The areas by their codes, in the order of lists."""
    return dict(Area.objects.values_list("code", "name"))


def level_names() -> dict[str, str]:
    """The levels of all editions by their codes, in their order; the latest edition names them."""
    found: dict[str, str] = {}
    for code in reversed(editions.codes()):
        for term in editions.get(code).vocabularies[LEVELS].choices:
            found.setdefault(term.code, term.label)
    return found
