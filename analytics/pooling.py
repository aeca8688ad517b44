"""How much more a release of several years together would show than one of a single year.

From exact counts, for those who may see them: how many counts are small enough to be hidden in any
release. The others that must be hidden with them grow and shrink alike.
"""

from dataclasses import dataclass
from datetime import date

from analytics import compose
from cdop.core.periods import Period
from cdop.core.refusals import Refused

YEARS = (1, 3, 5)


@dataclass(frozen=True)
class Pooled:
    """Of a period: so many different counts, and how many of them are small."""

    period: Period
    counts: int
    small: int

    @property
    def share(self) -> str:
        return f"{self.small} of {self.counts} ({100 * self.small / self.counts:.0f}%)"


def compare(year: Period, threshold: int) -> list[Pooled]:
    """The year, and the three and five years that end with it; nothing for another period.

    Years whose tables do not hold together are passed over: their own draft will say why.
    """
    if not year.is_year:
        return []
    periods = [_ending(year, years) for years in YEARS]
    return [pooled for period in periods if (pooled := _pooled(period, threshold))]


def _ending(year: Period, years: int) -> Period:
    first = year.first_month
    return Period(date(first.year - years + 1, first.month, 1), year.last_month)


def _pooled(period: Period, threshold: int) -> Pooled | None:
    try:
        counted = compose.count(period)
    except Refused:
        return None
    counts = {cell: n for table in counted.tables for cell, n in table.cells().items()}
    small = sum(0 < n < threshold for n in counts.values())
    return Pooled(period, len(counts), small)
