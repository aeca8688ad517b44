"""Rates and proportions with their confidence intervals. Pure functions, nothing rounded.

Sources: APHO Technical Briefing 3 (2008), "Commonly used public health statistics and
their confidence intervals"; Breslow and Day (1987) for Byar's method; Armitage and Berry
(2002) for the exact limits; Wilson (1927). The functions agree with OHID's
PHEindicatormethods to 1e-9 relative.
"""

from dataclasses import dataclass
from math import isfinite, sqrt

from scipy.special import ndtri
from scipy.stats import chi2

# From this count on Byar's approximation replaces the exact limits; it looks at the count
# alone, never at the rate.
BYAR_FROM = 10


@dataclass(frozen=True)
class Estimate:
    """A statistic with its interval; ``method`` names how the interval was made."""

    value: float
    lower: float
    upper: float
    method: str


def proportion(numerator: int, denominator: int, *, confidence: float = 0.95) -> Estimate:
    """The share ``numerator / denominator`` as a fraction of 1, with Wilson's interval.

    Raises ValueError if either is negative or no finite number, the denominator is 0,
    the numerator is the larger, or ``confidence`` is not between 0 and 1.
    """
    z = _z(confidence)
    _refuse_unless_count("numerator", numerator)
    _refuse_unless_count("denominator", denominator)
    if denominator == 0:
        raise ValueError("A proportion of nothing has no value: the denominator is 0.")
    if numerator > denominator:
        raise ValueError(f"The numerator {numerator} is above the denominator {denominator}.")
    value = numerator / denominator
    middle = 2 * numerator + z * z
    spread = z * sqrt(z * z + 4 * numerator * (1 - value))
    scale = 2 * (denominator + z * z)
    # Rounding leaves limits like -1e-18 at the ends, where Wilson's are exactly 0 and 1.
    lower = 0.0 if numerator == 0 else max(0.0, (middle - spread) / scale)
    upper = 1.0 if numerator == denominator else min(1.0, (middle + spread) / scale)
    return Estimate(value, lower, upper, "wilson")


def crude_rate(
    deaths: int, population: float, *, per: int = 100_000, confidence: float = 0.95
) -> Estimate:
    """Deaths per ``per`` residents, with a Poisson confidence interval.

    deaths      count in the period, 0 or more
    population  mid-year residents of the same ages and area, summed over the
                same years as ``deaths``
    returns     unrounded, per ``per``; method is "exact" below 10 deaths, else "byar"

    Raises ValueError if deaths is negative, population or ``per`` is not above 0, any of
    them is no finite number, or ``confidence`` is not between 0 and 1.
    """
    _refuse_unless_count("number of deaths", deaths)
    for name, number in (("population", population), ("multiplier", per)):
        if not isfinite(number) or number <= 0:
            raise ValueError(f"The {name} must be above 0, not {number}.")
    lower, upper, method = count_limits(deaths, confidence=confidence)
    scale = per / population
    return Estimate(deaths * scale, lower * scale, upper * scale, method)


def count_limits(events: int, *, confidence: float = 0.95) -> tuple[float, float, str]:
    """The interval of a Poisson count: (lower, upper, "exact" or "byar")."""
    z = _z(confidence)
    _refuse_unless_count("number of events", events)
    if events < BYAR_FROM:
        return (*_exact(events, confidence), "exact")
    return (max(0.0, _byar(events, -z)), _byar(events + 1, z), "byar")


def _exact(events: int, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    # The quantile of a chi-square with no degrees of freedom is undefined; the limit is 0.
    lower = float(chi2.ppf(tail, 2 * events)) / 2 if events else 0.0
    return lower, float(chi2.isf(tail, 2 * events + 2)) / 2


def _byar(events: float, z: float) -> float:
    return float(events * (1 - 1 / (9 * events) + z / (3 * sqrt(events))) ** 3)


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"The confidence must lie between 0 and 1, not {confidence}.")
    return float(-ndtri((1 - confidence) / 2))


def _refuse_unless_count(name: str, number: float) -> None:
    if not isfinite(number) or number < 0:
        raise ValueError(f"The {name} must be 0 or more, not {number}.")
