"""Figures published earlier beside the figures counted from the records.

Compare on counts. A percentage agrees if rounding or truncation gives it, because the
source does both. A published set that contradicts itself is named, with the sum.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet

from cdop.cases.models import CaseFacts
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.panel.models import Meeting

FIGURES = Path(__file__).parent / "figures"
EVERYWHERE = "Pan-Cheshire"

Deaths = QuerySet[CaseFacts]


@dataclass(frozen=True)
class Published:
    """One line of a published report. ``count`` or ``percent`` may not have been printed."""

    scope: str
    measure: str
    count: int | None
    percent: float | None
    denominator: int | None
    note: str = ""

    def counts(self) -> list[int]:
        """The counts that the line allows: the one printed, or all that give its percentage."""
        if self.count is not None:
            return [self.count]
        if self.percent is None or self.denominator is None:
            return []
        return [
            count
            for count in range(self.denominator + 1)
            if percentage_agrees(self.percent, count, self.denominator)
        ]


@dataclass(frozen=True)
class Compared:
    """A published line, the count from the records, and the whole from which its share is taken."""

    published: Published
    counted: int
    whole: int | None

    @property
    def agrees(self) -> bool:
        """Whether every number that was printed can be found again."""
        line = self.published
        if line.count is not None and line.count != self.counted:
            return False
        if line.percent is None:
            return True
        return bool(self.whole) and percentage_agrees(line.percent, self.counted, self.whole or 0)


def read(path: Path) -> list[Published]:
    """The published lines of a file with the columns of ``figures/pan_cheshire_2014_15.csv``."""
    with path.open(newline="") as file:
        return [_line(row) for row in csv.DictReader(file)]


def compare(lines: Iterable[Published], period: Period) -> list[Compared]:
    """Every line beside what the records say. Raises KeyError for a measure nobody has defined."""
    return [_compare(line, period) for line in lines]


def percentage_agrees(printed: float, count: int, whole: int) -> bool:
    """Whether ``count`` of ``whole``, rounded or cut off to the printed places, is ``printed``."""
    decimals = len(f"{printed:g}".partition(".")[2])
    scale = 10**decimals
    exact = 100 * count * scale / whole
    return round(printed * scale) in (int(exact), int(exact + 0.5))


def contradiction(lines: Iterable[Published], scope: str, whole: str, parts: Iterable[str]) -> str:
    """Why the published parts cannot be parts of the published whole; "" where they can."""
    said = {line.measure: line for line in lines if line.scope == scope}
    total = said[whole].counts()[0]
    least = [min(said[part].counts()) for part in parts]
    if sum(least) <= total:
        return ""
    return f"{' + '.join(map(str, least))} = {sum(least)} of {total}"


def _line(row: dict[str, str]) -> Published:
    return Published(
        row["scope"],
        row["measure"],
        int(row["published_count"]) if row["published_count"] else None,
        float(row["published_percent"]) if row["published_percent"] else None,
        int(row["denominator"]) if row["denominator"] else None,
        row["note"],
    )


def _compare(line: Published, period: Period) -> Compared:
    if line.measure == "panel meetings":
        held = Meeting.objects.filter(held_on__range=(period.first_month, period.last_day))
        return Compared(line, held.count(), None)
    deaths = _deaths(line, period)
    counted = MEASURES[line.measure](deaths).count()
    whole = _whole(line.measure, deaths)
    return Compared(line, counted, whole.count() if whole is not None else None)


def _deaths(line: Published, period: Period) -> Deaths:
    """The deaths that the line speaks of: those notified, or those reviewed, in the period."""
    basis = "notified_in" if line.measure == "deaths notified" else "reviewed_in"
    months = {f"{basis}__range": (period.first_month, period.last_month)}
    deaths = CaseFacts.objects.filter(in_scope=True, **months)
    if line.scope == EVERYWHERE:
        return deaths
    return deaths.filter(area=Area.objects.get(name=line.scope))


def _whole(measure: str, deaths: Deaths) -> Deaths | None:
    """The deaths of which a measure is a share; None for a number that is no share."""
    if measure.startswith("modifiable: "):
        return deaths.filter(modifiable="modifiable")
    return deaths if measure.startswith("reviewed: ") else None


def _filtered(**conditions: object) -> Callable[[Deaths], Deaths]:
    return lambda deaths: deaths.filter(**conditions)


MEASURES: dict[str, Callable[[Deaths], Deaths]] = {
    "deaths notified": _filtered(),
    "deaths reviewed": _filtered(),
    "reviewed: under 1 year": _filtered(age_years=0),
    "reviewed: 1 to 4 years": _filtered(age_band="1-4"),
    "reviewed: 15 to 17 years": _filtered(age_band="15-17"),
    "reviewed: male": _filtered(sex="male"),
    "reviewed: female": _filtered(sex="female"),
    "reviewed: perinatal/neonatal event": _filtered(category="perinatal"),
    "reviewed: unexpected": _filtered(expectedness="unexpected"),
    "reviewed: modifiable factors": _filtered(modifiable="modifiable"),
    "modifiable: under 4 years": _filtered(modifiable="modifiable", age_years__lt=4),
}
