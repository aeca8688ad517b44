"""How many children live in each area, and how many are born: what a rate is taken of.

A year of the panel, April to March, has the residents of the middle of its first calendar year, as
the Office for National Statistics estimates them, and the births of that calendar year. Years
together have the sum of theirs. A year of which nothing is known has no rates.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cdop.core.periods import APRIL, MONTHS_IN_A_YEAR, Period

SHIPPED = Path(__file__).parent / "figures"
SHIPPED_CHILDREN = {2014: "population_mid2014.csv"}
SHIPPED_SOURCE = (
    "Office for National Statistics, mid-2014 population estimates (MYE2), as shipped with the "
    "system"
)
CHILDREN, BIRTHS = "children", "births"
KINDS = {CHILDREN: "children", BIRTHS: "live births"}
EVERYBODY = "all"
SEXES = (EVERYBODY, "male", "female")
OLDEST = 17


@dataclass(frozen=True)
class Group:
    """So many people of one area, of one sex or of all, of the ages from one to another."""

    area: str
    sex: str
    age_from: int
    age_to: int
    number: int


@dataclass(frozen=True)
class Year:
    """The children, or the births, of one year. ``number`` is the version, 0 if shipped."""

    kind: str
    year: int
    number: int
    source: str
    groups: tuple[Group, ...]

    @property
    def sentence(self) -> str:
        """Whose numbers they are, to be printed with what is made of them."""
        what = KINDS[self.kind].capitalize()
        version = f" (version {self.number})" if self.number else ""
        return f"{what} of {self.year}{version}: {self.source.rstrip('.')}."

    def people(self, area: str, ages: tuple[int, int], sex: str = EVERYBODY) -> int | None:
        """How many there are; None where the groups do not tell."""
        found = self._people(area, ages, sex)
        if found is None and sex == EVERYBODY:
            halves = [self._people(area, ages, each) for each in SEXES[1:]]
            found = None if None in halves else sum(half or 0 for half in halves)
        return found

    def _people(self, area: str, ages: tuple[int, int], sex: str) -> int | None:
        groups = [g for g in self.groups if (g.area, g.sex) == (area, sex)]
        total, age = 0, ages[0]
        while age <= ages[1]:
            fitting = [g for g in groups if g.age_from == age and g.age_to <= ages[1]]
            if not fitting:
                return None
            widest = max(fitting, key=lambda group: group.age_to)
            total, age = total + widest.number, widest.age_to + 1
        return total


@dataclass(frozen=True)
class Populations:
    """Those of all years of a period: empty where one of its years is missing."""

    years: Mapping[str, tuple[Year, ...]]

    def people(
        self, kind: str, areas: Iterable[str], ages: tuple[int, int], sex: str = EVERYBODY
    ) -> int | None:
        """Over all years and areas together; None where that is not known."""
        known = [
            year.people(area, ages, sex) for year in self.years.get(kind, ()) for area in areas
        ]
        if not known or None in known:
            return None
        return sum(people or 0 for people in known)

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the numbers come from, a sentence for each year."""
        return tuple(year.sentence for years in self.years.values() for year in years)


def years_of(period: Period) -> list[int]:
    """The calendar years whose residents belong to a period; none unless it is whole years."""
    if period.first_month.month != APRIL or len(period) % MONTHS_IN_A_YEAR:
        return []
    return [period.first_month.year + n for n in range(len(period) // MONTHS_IN_A_YEAR)]


def choose(period: Period, known: Iterable[Year]) -> Populations:
    """For a period the newest version of each year, of each kind that has all its years."""
    newest: dict[tuple[str, int], Year] = {}
    for year in sorted(known, key=lambda each: each.number):
        newest[year.kind, year.year] = year
    wanted = years_of(period)
    return Populations(
        {
            kind: tuple(newest[kind, year] for year in wanted)
            for kind in KINDS
            if wanted and all((kind, year) in newest for year in wanted)
        }
    )


def shipped() -> list[Year]:
    """What the system knows without being told."""
    return [
        Year(CHILDREN, year, 0, SHIPPED_SOURCE, tuple(_groups(SHIPPED / name)))
        for year, name in SHIPPED_CHILDREN.items()
    ]


def _groups(path: Path) -> Iterable[Group]:
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            yield Group(
                row["gss_code"],
                row["sex"],
                int(row["age_from"]),
                int(row["age_to"]),
                int(row["population"]),
            )
