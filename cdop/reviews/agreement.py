"""How far several people who judged the same cases alone agree: two published statistics, exact.

Both take *units*: for each case the values that were given, in any order; who gave which does not
matter to either. Fractions are kept until the end, so that no rounding builds up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product

Units = Iterable[Sequence[Hashable]]
Distance = Callable[[Hashable, Hashable], Fraction]


def krippendorff_alpha(units: Units, order: Sequence[Hashable] = ()) -> float | None:
    """Krippendorff's alpha; 1 is perfect agreement, 0 what chance would give.

    units    each with the values given to it; units with fewer than two are left out (missing data)
    order    all values from lowest to highest for ordinal data; none for nominal data
    returns  None where nothing can differ: no unit with two values, or one value throughout

    Source: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", University of
    Pennsylvania, 2011, sections C (nominal) and D (other metrics).
    """
    paired = [Counter(values) for values in units if len(values) > 1]
    totals: Counter[Hashable] = sum(paired, Counter())
    apart = _ordinal(totals, order) if order else _nominal
    observed = sum((_within(counts, apart) for counts in paired), Fraction(0))
    expected = sum(
        (totals[one] * totals[other] * apart(one, other) for one, other in product(totals, totals)),
        Fraction(0),
    )
    if not expected:
        return None
    return float(1 - (totals.total() - 1) * observed / expected)


def fleiss_kappa(units: Units) -> float | None:
    """Fleiss' kappa of a complete design: every unit was given the same number of values.

    returns  None where the design is not complete, with fewer than two values to a unit, or where
             one value was given throughout
    Source: J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychological
    Bulletin 76(5), 1971, pages 378 to 382.
    """
    counted = [Counter(values) for values in units]
    sizes = {counts.total() for counts in counted}
    if len(sizes) != 1 or min(sizes) < 2:
        return None
    raters, cases = sizes.pop(), len(counted)
    totals: Counter[Hashable] = sum(counted, Counter())
    pairs = raters * (raters - 1)
    agreed = sum(Fraction(n * (n - 1), pairs) for counts in counted for n in counts.values())
    observed = Fraction(agreed) / cases
    expected = sum(Fraction(n, cases * raters) ** 2 for n in totals.values())
    return None if expected == 1 else float((observed - expected) / (1 - expected))


def most_agreed(values: Sequence[Hashable]) -> tuple[int, int]:
    """How many of the values are the one given most often, and how many there are."""
    return max(Counter(values).values(), default=0), len(values)


def _within(counts: Mapping[Hashable, int], apart: Distance) -> Fraction:
    """The disagreement within one unit, each ordered pair weighted by 1 / (values - 1)."""
    pairs = product(counts, counts)
    found = sum((counts[a] * counts[b] * apart(a, b) for a, b in pairs), Fraction(0))
    return found / (sum(counts.values()) - 1)


def _nominal(one: Hashable, other: Hashable) -> Fraction:
    return Fraction(one != other)


def _ordinal(totals: Mapping[Hashable, int], order: Sequence[Hashable]) -> Distance:
    """The square of how many ranks lie between two values, by how often each was given."""
    place = {value: number for number, value in enumerate(order)}

    def apart(one: Hashable, other: Hashable) -> Fraction:
        low, high = sorted((place[one], place[other]))
        between = sum(totals[value] for value in order[low : high + 1])
        return (between - Fraction(totals[one] + totals[other], 2)) ** 2

    return apart
