"""How many deaths belong to a theme, year by year and area by area: for the team and the panel.

Exact and often small numbers, marked and never published. Nothing here says that a year differs
from another: with so few deaths, years differ by chance alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.timezone import localdate

from cdop.cases.models import CaseFacts
from cdop.core.counts import DoesNotAddUp
from cdop.core.organisations import Area
from cdop.core.periods import Period

NO_AREA = "No area known"
BASES: Mapping[str, str] = {
    "died_in": "by the year in which the child died",
    "reviewed_in": "by the year in which the chair first signed off",
}
CHANCE = (
    "With numbers as small as these, one year differs from another by chance alone. No test was "
    "made, and nothing here shows that anything rose or fell."
)


@dataclass(frozen=True)
class YearRow:
    """One year: the deaths of the theme by area, together, and all that were counted that year."""

    year: str
    areas: tuple[int, ...]
    together: int
    all_deaths: int


@dataclass(frozen=True)
class Table:
    """Deaths of a theme by year and area on one basis, years without any among them.

    areas    heads of the columns
    rows     oldest year first; the total stands last
    without  deaths of the theme that the basis does not count yet
    """

    basis: str
    areas: tuple[str, ...]
    rows: list[YearRow]
    without: int

    @property
    def head(self) -> list[str]:
        return ["Year", *self.areas, "Together", "All deaths of the year"]

    @property
    def lines(self) -> list[list[str | int]]:
        return [[row.year, *row.areas, row.together, row.all_deaths] for row in self.rows]


def tables(belonging: QuerySet[CaseFacts]) -> list[Table]:
    """A table on each basis, from the first year of which the panel has a death to this one."""
    names = dict(Area.objects.values_list("code", "name"))
    return [_table(belonging, basis, names) for basis in BASES]


def _table(belonging: QuerySet[CaseFacts], basis: str, names: Mapping[str, str]) -> Table:
    counted = _counts(belonging, basis)
    everything = _counts(CaseFacts.objects.filter(in_scope=True), basis)
    without = sum(number for (month, _), number in counted.items() if month is None)
    columns: dict[str | None, str] = {code: name for code, name in names.items()}
    columns[None] = NO_AREA
    if not any(area is None for _, area in counted):
        del columns[None]
    rows = []
    for period in _years(everything):
        areas = tuple(sum(counted[month, area] for month in period.months()) for area in columns)
        everybody = sum(
            number
            for (month, _), number in everything.items()
            if month is not None and period.contains(month)
        )
        rows.append(YearRow(str(period), areas, sum(areas), everybody))
    rows.append(_total(rows, len(columns)))
    if rows[-1].together + without != belonging.count():
        raise DoesNotAddUp(f"The years do not make up the deaths of the theme, {BASES[basis]}.")
    return Table(BASES[basis], tuple(columns.values()), rows, without)


def _counts(facts: QuerySet[CaseFacts], basis: str) -> Counter[tuple[date | None, str | None]]:
    """Deaths by the month of the basis and the code of the area."""
    rows = facts.order_by().values_list(basis, "area").annotate(number=Count("pk"))
    return Counter({(month, area): number for month, area, number in rows})


def _years(counted: Counter[tuple[date | None, str | None]]) -> tuple[Period, ...]:
    months = [month for month, _ in counted if month is not None]
    first, last = min(months, default=localdate()), max([*months, localdate()])
    return Period(Period.of(first).first_month, Period.of(last).last_month).years()


def _total(rows: list[YearRow], columns: int) -> YearRow:
    areas = tuple(sum(row.areas[place] for row in rows) for place in range(columns))
    return YearRow("Total", areas, sum(areas), sum(row.all_deaths for row in rows))
