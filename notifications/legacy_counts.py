"""Counting earlier cases as the old system does: by year of notification, area and stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cdop.core.dates import london_date
from cdop.core.organisations import Area
from cdop.core.periods import Period
from notifications.legacy_cases import EarlierCase
from notifications.legacy_columns import ELSEWHERE, STAGES

Place = tuple[str, str, str]
"""Year ("2012-13"), area (GSS code or "elsewhere") and stage."""
Counts = Mapping[Place, int]


@dataclass(frozen=True)
class Beside:
    """One place in the table side by side. ``old`` is None until somebody has said."""

    year: str
    area: str
    stage: str
    here: int
    old: int | None

    @property
    def difference(self) -> int | None:
        return None if self.old is None else self.here - self.old


def count(cases: Iterable[EarlierCase]) -> Counter[Place]:
    """How many cases each place has."""
    return Counter((year_of(case), case.area_code, case.stage.value) for case in cases)


def year_of(case: EarlierCase) -> str:
    return str(Period.of(london_date(case.notified_at)))


def kept(counts: Counts) -> list[list[str | int]]:
    """Counts as JSON keeps them, in order."""
    return [[*place, number] for place, number in sorted(counts.items())]


def read(kept_counts: Iterable[list[str | int]]) -> dict[Place, int]:
    """Counts as ``kept`` kept them."""
    return {
        (str(year), str(area), str(stage)): int(number) for year, area, stage, number in kept_counts
    }


def side_by_side(here: Counts, old: Counts) -> list[Beside]:
    """Every place that either of the two has, in the order of years, areas and stages.

    Where the old system's totals of a year are known, a place that they leave out is none there,
    and a place where both have none is not shown.
    """
    told = {year for year, _, _ in old}
    order = {code: place for place, code in enumerate([*_areas(), ELSEWHERE])}
    stages = [stage.value for stage in STAGES]
    names, labels = area_names(), {stage.value: stage.label for stage in STAGES}
    filled = {at for counts in (here, old) for at, number in counts.items() if number}
    places = sorted(filled, key=lambda at: (at[0], order[at[1]], stages.index(at[2])))
    return [
        Beside(
            year,
            names[area],
            labels[stage],
            here.get((year, area, stage), 0),
            old.get((year, area, stage), 0) if year in told else None,
        )
        for year, area, stage in places
    ]


def area_names() -> dict[str, str]:
    """The name of each area by its code, with what stands for all others."""
    return {**_areas(), ELSEWHERE: "Elsewhere or not known"}


def _areas() -> dict[str, str]:
    return dict(Area.objects.values_list("code", "name"))
