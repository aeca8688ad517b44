"""Deaths known here beside the deaths that were registered: context, never a difference.

Registered deaths are of another window (the year of registration) and of other people (up to 19
years, every live birth), so nothing on the page is subtracted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from cdop.cases.models import CaseFacts
from cdop.core.organisations import Area
from cdop.core.reference import RegisteredDeaths, registered_deaths

NEONATAL_DAYS = 28
AGES: tuple[tuple[str, str, range], ...] = (
    ("0", "Under 1 year", range(1)),
    ("1-4", "1 to 4 years", range(1, 5)),
    ("5-9", "5 to 9 years", range(5, 10)),
    ("10-14", "10 to 14 years", range(10, 15)),
    ("15-19", "15 to 19 years registered, 15 to 17 here", range(15, 20)),
)
"""Registered ages: code, in words, and the completed years that this system counts there."""
WHOLE = "All four areas"
OTHER = "Elsewhere, or area not known"


@dataclass(frozen=True)
class Row:
    """One age: what was registered (None where nothing is published), and what is known here."""

    label: str
    registered: int | None
    here: int


@dataclass(frozen=True)
class Place:
    """One area with its ages. ``neonatal`` is part of the first age; ``total`` is of all ages."""

    name: str
    rows: tuple[Row, ...]
    neonatal: Row
    total: Row


@dataclass(frozen=True)
class Beside:
    """A calendar year, area by area; the last place is all four areas together."""

    published: RegisteredDeaths
    places: tuple[Place, ...]
    other: int
    """Deaths here that stand in no area of the four."""


def years() -> tuple[int, ...]:
    """The calendar years of which registered deaths are loaded, the latest first."""
    return tuple(sorted(registered_deaths(), reverse=True))


def beside(year: int) -> Beside:
    """The year in which children died, here, beside the year in which deaths were registered."""
    published = registered_deaths()[year]
    counted = _counted(year)
    areas = list(Area.objects.all())
    places = [_place(area.name, [area.code], published, counted) for area in areas]
    whole = _place(WHOLE, [area.code for area in areas], published, counted)
    return Beside(published, (*places, whole), sum(counted[None, age] for age in _AGES_HERE))


NEONATAL, NOT_KNOWN = "neonatal", "not_known"
_AGES_HERE = (*(code for code, _, _ in AGES), NOT_KNOWN)


def _counted(year: int) -> Counter[tuple[str | None, str]]:
    """Deaths here by area and age, and those under four weeks once more under their own key."""
    months = Q(died_in__range=(date(year, 1, 1), date(year, 12, 1)))
    facts = CaseFacts.objects.filter(months, in_scope=True)
    counted: Counter[tuple[str | None, str]] = Counter()
    for area, years_old, days in facts.values_list("area_id", "age_years", "age_days"):
        counted[area, _age(years_old)] += 1
        counted[area, NEONATAL] += days is not None and days < NEONATAL_DAYS
    return counted


def _age(years_old: int | None) -> str:
    found = (code for code, _, ages in AGES if years_old in ages)
    return NOT_KNOWN if years_old is None else next(found, NOT_KNOWN)


def _place(
    name: str,
    codes: list[str],
    published: RegisteredDeaths,
    counted: Mapping[tuple[str | None, str], int],
) -> Place:
    def here(age: str) -> int:
        return sum(counted.get((code, age), 0) for code in codes)

    def registered(age: str) -> int:
        return sum(published.deaths[code][age] for code in codes)

    rows = [Row(label, registered(age), here(age)) for age, label, _ in AGES]
    rows.append(Row("Age not known", None, here(NOT_KNOWN)))
    total = Row(
        "All ages",
        sum(row.registered or 0 for row in rows),
        sum(row.here for row in rows),
    )
    neonatal = sum(published.neonatal[code] for code in codes)
    return Place(name, tuple(rows), Row("of whom under 4 weeks", neonatal, here(NEONATAL)), total)
