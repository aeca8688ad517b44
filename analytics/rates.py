"""Rates and proportions with their confidence intervals. Pure functions, nothing rounded.

Sources: APHO Technical Briefing 3 (2008), "Commonly used public health statistics and
their confidence intervals"; Breslow and Day (1987) for Byar's method; Armitage and Berry
(2002) for the exact limits; Wilson (1927); Dobson and others (1991) for directly
standardised rates. The functions agree with OHID's PHEindicatormethods to 1e-9 relative,
funnel lines of rates to 1e-4: there it searches for what is solved here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Generic, Literal, TypeVar

from scipy.optimize import brentq
from scipy.special import gammainc, gammaincc
from scipy.stats import chi2

from analytics.arguments import (
    must_be_above_nought,
    must_be_alike,
    must_be_count,
    must_be_counts,
    normal_quantile,
)

# From this count on Byar's approximation replaces the exact limits; it looks at the count
# alone, never at the rate.
BYAR_FROM = 10
# Below this count a directly standardised rate says more about its weights than about deaths.
STANDARDISED_FROM = 10

Number = TypeVar("Number", float, None)


@dataclass(frozen=True)
class Estimate(Generic[Number]):
    """A statistic with its interval; ``method`` names how the interval was made.

    Value and limits are None together, where the statistic is not given on so few deaths.
    """

    value: Number
    lower: Number
    upper: Number
    method: str


def proportion(numerator: int, denominator: int, *, confidence: float = 0.95) -> Estimate[float]:
    """The share ``numerator / denominator`` as a fraction of 1, with Wilson's interval.

    Raises ValueError if either is negative or no finite number, the denominator is 0,
    the numerator is the larger, or ``confidence`` is not between 0 and 1.
    """
    z = normal_quantile(confidence)
    must_be_count("numerator", numerator)
    must_be_count("denominator", denominator)
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
) -> Estimate[float]:
    """Deaths per ``per`` residents, with a Poisson confidence interval.

    deaths      count in the period, 0 or more
    population  mid-year residents of the same ages and area, summed over the
                same years as ``deaths``
    returns     unrounded, per ``per``; method is "exact" below 10 deaths, else "byar"

    Raises ValueError if deaths is negative, population or ``per`` is not above 0, any of
    them is no finite number, or ``confidence`` is not between 0 and 1.
    """
    must_be_count("number of deaths", deaths)
    must_be_above_nought("population", population)
    must_be_above_nought("multiplier", per)
    lower, upper, method = count_limits(deaths, confidence=confidence)
    scale = per / population
    return Estimate(deaths * scale, lower * scale, upper * scale, method)


def directly_standardised_rate(
    deaths: Sequence[int],
    populations: Sequence[float],
    weights: Sequence[float],
    *,
    per: int = 100_000,
    confidence: float = 0.95,
) -> Estimate[float] | Estimate[None]:
    """The rate that a standard population would have under the rates of each age group.

    deaths       count of each group, in the period
    populations  residents of each group, over the same years
    weights      the standard population of each group, in any unit
    returns      per ``per``, with limits by Dobson's method around Byar's; value and limits are
                 None on fewer than 10 deaths

    Raises ValueError if there is no group, the three differ in length, a count or weight is
    negative, a population is not above 0, or all weights are 0.
    """
    z = normal_quantile(confidence)
    must_be_above_nought("multiplier", per)
    must_be_alike(deaths=deaths, populations=populations, weights=weights)
    must_be_counts("number of deaths", deaths)
    must_be_counts("weight", weights)
    for population in populations:
        must_be_above_nought("population", population)
    standard = sum(weights)
    must_be_above_nought("sum of the weights", standard)
    total = sum(deaths)
    if total < STANDARDISED_FROM:
        return Estimate(None, None, None, "dobson")
    shares = [w / n / standard for w, n in zip(weights, populations, strict=True)]
    value = sum(share * x for share, x in zip(shares, deaths, strict=True))
    variance = sum(share * share * x for share, x in zip(shares, deaths, strict=True))
    widened = sqrt(variance / total)
    lower = value + widened * (_byar(total, -z) - total)
    upper = value + widened * (_byar(total + 1, z) - total)
    return Estimate(value * per, lower * per, upper * per, "dobson")


def indirectly_standardised_ratio(
    deaths: Sequence[int],
    populations: Sequence[float],
    reference_deaths: Sequence[int],
    reference_populations: Sequence[float],
    *,
    confidence: float = 0.95,
) -> Estimate[float]:
    """Deaths that happened to those expected under the reference's rates: 1 is as expected.

    deaths, populations  of each age group, over the same years; the reference's alike
    returns              a ratio; method is "exact" below 10 deaths, else "byar"

    Raises ValueError if there is no group, the four differ in length, a count is negative, a
    population is not above 0, or no death is expected.
    """
    must_be_alike(
        deaths=deaths,
        populations=populations,
        reference_deaths=reference_deaths,
        reference_populations=reference_populations,
    )
    must_be_counts("number of deaths", [*deaths, *reference_deaths])
    for population in (*populations, *reference_populations):
        must_be_above_nought("population", population)
    expected = sum(
        n * x / m
        for n, x, m in zip(populations, reference_deaths, reference_populations, strict=True)
    )
    must_be_above_nought("number of deaths expected", expected)
    lower, upper, method = count_limits(sum(deaths), confidence=confidence)
    return Estimate(sum(deaths) / expected, lower / expected, upper / expected, method)


def funnel_limits(
    average: float,
    populations: Sequence[float],
    *,
    kind: Literal["rate", "proportion"] = "rate",
    per: int = 100_000,
    confidence: float = 0.95,
) -> list[tuple[float, float]]:
    """Where the points of a funnel plot stay by chance alone, were all areas like the average.

    average      of all areas together, as the limits are: a rate per ``per``, or a fraction of 1
    populations  one for each point: residents over the years, or the proportion's denominator
    kind         "rate": limits of a Poisson count; "proportion": the score limits of a share
    confidence   0.95 and 0.998 are those usually drawn
    returns      (lower, upper) for each population, in the unit of ``average``

    Raises ValueError if ``kind`` is another, the average is negative or a proportion above 1,
    or a population is not above 0.
    """
    z = normal_quantile(confidence)
    must_be_count("average", average)
    for population in populations:
        must_be_above_nought("population", population)
    if kind == "proportion":
        if average > 1:
            raise ValueError(f"A proportion is at most 1, and the average is {average}.")
        return [_proportion_line(average, population, z) for population in populations]
    if kind != "rate":
        raise ValueError(f"A funnel is of a rate or a proportion, not of a {kind}.")
    must_be_above_nought("multiplier", per)
    return [_rate_line(average, population / per, confidence) for population in populations]


def _proportion_line(average: float, population: float, z: float) -> tuple[float, float]:
    spread = z * sqrt(average * (1 - average) / population)
    return max(0.0, average - spread), min(1.0, average + spread)


def _rate_line(average: float, size: float, confidence: float) -> tuple[float, float]:
    """Of a population of ``size`` times the multiplier.

    A line runs through the numbers of deaths of which so many or fewer, or so many or more, are
    as rare as the confidence leaves on one side; between two whole numbers it is continuous.
    """
    expected, tail = average * size, (1 - confidence) / 2
    if expected == 0:
        return 0.0, 0.0

    def fewer(deaths: float) -> float:
        return float(gammaincc(deaths + 1, expected)) - tail

    def more(deaths: float) -> float:
        return float(gammainc(deaths, expected)) - tail

    lower = 0.0 if fewer(0) >= 0 else _crossing(fewer, 0.0, expected)
    return lower / size, _crossing(more, expected, 2 * expected + 1) / size


def _crossing(side: Callable[[float], float], start: float, end: float) -> float:
    """Where ``side`` changes its sign: from ``start``, looked for further and further up."""
    while side(start) * side(end) > 0:
        start, end = end, 2 * end
    return float(brentq(side, start, end, xtol=1e-13, rtol=1e-14))


def count_limits(events: int, *, confidence: float = 0.95) -> tuple[float, float, str]:
    """The interval of a Poisson count: (lower, upper, "exact" or "byar")."""
    z = normal_quantile(confidence)
    must_be_count("number of events", events)
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
