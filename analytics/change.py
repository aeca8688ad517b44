"""Whether counts change over the years, or differ between two areas or periods. Nothing rounded.

A panel counts few deaths. So the trend is that of a Poisson regression, two rates are compared
exactly, and each result says how far chance alone may have made it.

Sources: Breslow and Day (1987) for Poisson regression and the comparison of two rates given
their sum; Clopper and Pearson (1934); Armitage (1955) and Cochran (1954) for the trend of shares.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt

from scipy.optimize import brentq
from scipy.special import softmax
from scipy.stats import beta, binomtest, chi2

from analytics.arguments import (
    must_be_above_nought,
    must_be_alike,
    must_be_counts,
    normal_quantile,
    tail,
)
from analytics.rates import Estimate

FEWEST_PERIODS = 3
# Pearson's statistic for each degree of freedom: above it, counts vary more than Poisson's do.
OVERDISPERSED_ABOVE = 2.0


@dataclass(frozen=True)
class Trend:
    """How a rate changes from one year to the next.

    ratio       of a year's rate to that of the year before, with Wald's interval; 1 is no change
    p_value     of the likelihood-ratio test that there is none
    dispersion  Pearson's statistic for each degree of freedom, about 1 where the counts are
                Poisson's around the trend
    """

    ratio: Estimate[float]
    p_value: float
    dispersion: float

    @property
    def overdispersed(self) -> bool:
        """The counts vary more than the interval allows for, so that it is too narrow."""
        return self.dispersion > OVERDISPERSED_ABOVE


@dataclass(frozen=True)
class Comparison:
    """The first of two against the second, and the exact two-sided p-value that they are equal."""

    ratio: Estimate[float]
    p_value: float


def poisson_trend(
    years: Sequence[float],
    deaths: Sequence[int],
    populations: Sequence[float],
    *,
    confidence: float = 0.95,
) -> Trend:
    """The yearly change of a rate, by Poisson regression with a logarithmic link.

    years        of each count, in any order; periods of more years by their middle. Periods must
                 not overlap: a rolling series shares its deaths and shows trends that are not there
    deaths       count of each
    populations  residents of each, summed over its years

    Raises ValueError on fewer than three periods, where the three differ in length or two years
    are equal, a count is negative, a population is not above 0, there is no death, or all deaths
    fall in the first or in the last year, so that the ratio has no value.
    """
    z = normal_quantile(confidence)
    _must_be_series(years, deaths=deaths, populations=populations)
    must_be_counts("number of deaths", deaths)
    for population in populations:
        must_be_above_nought("population", population)
    fitted, slope = _fitted(years, deaths, populations)
    flat = _shared_out(sum(deaths), [log(population) for population in populations])
    centre = _mean(years, fitted)
    error = 1 / sqrt(
        sum(mean * (year - centre) ** 2 for year, mean in zip(years, fitted, strict=True))
    )
    gained = 2 * sum(
        count * log(mean / level)
        for count, mean, level in zip(deaths, fitted, flat, strict=True)
        if count
    )
    pearson = sum((count - mean) ** 2 / mean for count, mean in zip(deaths, fitted, strict=True))
    ratio = Estimate(exp(slope), exp(slope - z * error), exp(slope + z * error), "wald")
    return Trend(ratio, float(chi2.sf(max(0.0, gained), 1)), pearson / (len(deaths) - 2))


def _fitted(
    years: Sequence[float], deaths: Sequence[int], populations: Sequence[float]
) -> tuple[list[float], float]:
    """The deaths expected in each year, and the slope of the logarithm of the rate."""
    total = sum(deaths)
    seen = {year for year, count in zip(years, deaths, strict=True) if count}
    if not seen - {min(years)} or not seen - {max(years)}:
        raise ValueError("A trend needs deaths in more than the first or the last year.")
    middle, wanted = sum(years) / len(years), _mean(years, deaths)

    # Given their sum the counts are multinomial, so that the slope alone is unknown.
    def expected(slope: float) -> list[float]:
        grown = zip(years, populations, strict=True)
        return _shared_out(total, [log(n) + slope * (year - middle) for year, n in grown])

    slope = _zero(lambda slope: _mean(years, expected(slope)) - wanted)
    return expected(slope), slope


def _shared_out(total: int, sizes: Sequence[float]) -> list[float]:
    """The deaths of all years, each year having its share by the logarithm of its size."""
    return [total * float(share) for share in softmax(sizes)]


def _mean(years: Sequence[float], deaths: Sequence[float]) -> float:
    """The year of the average death."""
    return sum(year * count for year, count in zip(years, deaths, strict=True)) / sum(deaths)


def _zero(rising: Callable[[float], float]) -> float:
    reach = 1.0
    while rising(-reach) > 0 or rising(reach) < 0:
        reach *= 2
    return float(brentq(rising, -reach, reach, xtol=1e-14))


def compare_rates(
    deaths: tuple[int, int], populations: tuple[float, float], *, confidence: float = 0.95
) -> Comparison:
    """The ratio of two rates, exactly: of all deaths of both, how many are the first's.

    The two are areas or periods whose deaths are different children. Where none died in the
    second, ratio and upper limit are infinite.

    Raises ValueError where nobody died in either, a count is negative or a population not above 0.
    """
    rest = tail(confidence)
    must_be_counts("number of deaths", deaths)
    for population in populations:
        must_be_above_nought("population", population)
    first, second = deaths
    total = first + second
    if total == 0:
        raise ValueError("Where nobody died in either, there is nothing to compare.")
    size = populations[1] / populations[0]
    lower = float(beta.ppf(rest, first, second + 1)) if first else 0.0
    upper = float(beta.isf(rest, first + 1, second)) if second else 1.0
    ratio = Estimate(
        _odds(first / total) * size, _odds(lower) * size, _odds(upper) * size, "clopper-pearson"
    )
    if_equal = populations[0] / sum(populations)
    return Comparison(ratio, float(binomtest(first, total, if_equal).pvalue))


def proportion_trend(
    years: Sequence[float], numerators: Sequence[int], denominators: Sequence[int]
) -> float:
    """The p-value that a share does not rise or fall with the years (Cochran and Armitage).

    Raises ValueError on fewer than three periods, where the three differ in length or two years
    are equal, a numerator is negative or above its denominator, a denominator is not above 0, or
    all are alike, none or every one.
    """
    _must_be_series(years, numerators=numerators, denominators=denominators)
    must_be_counts("numerator", numerators)
    for denominator in denominators:
        must_be_above_nought("denominator", denominator)
    for numerator, denominator in zip(numerators, denominators, strict=True):
        if numerator > denominator:
            raise ValueError(f"The numerator {numerator} is above the denominator {denominator}.")
    total = sum(denominators)
    share = sum(numerators) / total
    if share in (0, 1):
        raise ValueError("A share that is always none or all has no trend.")
    middle = sum(year * n for year, n in zip(years, denominators, strict=True)) / total
    slope = sum(
        (year - middle) * (x - n * share)
        for year, x, n in zip(years, numerators, denominators, strict=True)
    )
    spread = sum(n * (year - middle) ** 2 for year, n in zip(years, denominators, strict=True))
    return float(chi2.sf(slope**2 / (spread * share * (1 - share)), 1))


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def _must_be_series(years: Sequence[float], **columns: Sequence[float]) -> None:
    length = must_be_alike(years=years, **columns)
    if length < FEWEST_PERIODS:
        raise ValueError(f"A trend needs at least {FEWEST_PERIODS} periods, not {length}.")
    if len(set(years)) != length:
        raise ValueError("Each period is given once, and a year comes twice.")
