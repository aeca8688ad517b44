"""Worked values, each from a public source or computed here another way."""

import math

import pytest
from scipy.optimize import brentq
from scipy.stats import binomtest, poisson

from analytics.rates import Estimate, crude_rate, proportion

Z95 = 1.959963984540054


def near(value):
    return pytest.approx(value, rel=1e-9)


def test_no_deaths_have_a_rate_of_nought_that_may_be_as_high_as_3_6889_deaths():
    estimate = crude_rate(0, 100_000)
    assert (estimate.value, estimate.lower, estimate.method) == (0, 0, "exact")
    assert estimate.upper == pytest.approx(3.6889, abs=5e-5)


@pytest.mark.parametrize("deaths", range(1, 10))
def test_below_ten_the_limits_are_the_exact_poisson_ones(deaths):
    """The lower limit is the mean under which so many or more are seen 2.5% of the time."""
    lower = brentq(lambda mean: poisson.sf(deaths - 1, mean) - 0.025, 1e-9, deaths, xtol=1e-14)
    upper = brentq(lambda mean: poisson.cdf(deaths, mean) - 0.025, deaths, 40, xtol=1e-14)

    assert crude_rate(deaths, 1_000, per=1_000) == Estimate(
        deaths, near(lower), near(upper), "exact"
    )


@pytest.mark.parametrize("deaths", [10, 11, 44, 1_000])
def test_from_ten_deaths_on_the_limits_are_byars(deaths):
    lower = deaths * (1 - 1 / (9 * deaths) - Z95 / (3 * math.sqrt(deaths))) ** 3
    more = deaths + 1
    upper = more * (1 - 1 / (9 * more) + Z95 / (3 * math.sqrt(more))) ** 3

    assert crude_rate(deaths, 50_000, per=50_000) == Estimate(
        deaths, near(lower), near(upper), "byar"
    )


def test_byars_limits_lie_within_a_fifth_of_a_per_cent_of_the_exact_ones_from_ten():
    estimate = crude_rate(10, 1, per=1)
    lower = brentq(lambda mean: poisson.sf(9, mean) - 0.025, 1e-9, 10)
    assert estimate.lower == pytest.approx(lower, rel=0.002)


def test_a_rate_scales_with_its_multiplier_and_population():
    small, large = crude_rate(6, 30_000, per=10_000), crude_rate(6, 30_000)
    assert small.value == near(2.0)
    assert (large.value, large.lower, large.upper) == (
        near(10 * small.value),
        near(10 * small.lower),
        near(10 * small.upper),
    )


def test_a_wider_confidence_gives_a_wider_interval():
    usual, wide = crude_rate(12, 1_000), crude_rate(12, 1_000, confidence=0.998)
    assert wide.lower < usual.lower < usual.value < usual.upper < wide.upper


def test_6_of_44_is_13_6_per_cent_with_wilsons_limits():
    interval = binomtest(6, 44).proportion_ci(0.95, method="wilson")
    assert proportion(6, 44) == Estimate(
        near(6 / 44), near(interval.low), near(interval.high), "wilson"
    )


@pytest.mark.parametrize("denominator", [1, 2, 7, 44, 3_595])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.998])
def test_wilsons_limits_agree_with_an_independent_implementation(denominator, confidence):
    for numerator in {0, 1, denominator // 2, denominator - 1, denominator}:
        interval = binomtest(numerator, denominator).proportion_ci(confidence, method="wilson")
        estimate = proportion(numerator, denominator, confidence=confidence)
        assert estimate.lower == pytest.approx(interval.low, rel=1e-9, abs=1e-15)
        assert estimate.upper == pytest.approx(interval.high, rel=1e-9)


@pytest.mark.parametrize("denominator", range(1, 60))
def test_none_and_all_have_limits_that_end_exactly_at_0_and_1(denominator):
    assert proportion(0, denominator).lower == 0
    assert proportion(denominator, denominator).upper == 1


def test_lower_limits_are_never_below_nought_at_any_confidence():
    estimates = [crude_rate(n, 1_000, confidence=0.9999999) for n in range(20)]
    assert min(estimate.lower for estimate in estimates) == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((-1, 1_000), "number of deaths must be 0 or more"),
        ((math.nan, 1_000), "number of deaths must be 0 or more"),
        ((1, 0), "population must be above 0"),
        ((1, -5), "population must be above 0"),
        ((1, math.inf), "population must be above 0"),
    ],
)
def test_a_rate_of_impossible_numbers_is_refused(arguments, reason):
    with pytest.raises(ValueError, match=reason):
        crude_rate(*arguments)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((-1, 5), "numerator must be 0 or more"),
        ((1, -5), "denominator must be 0 or more"),
        ((0, 0), "the denominator is 0"),
        ((6, 5), "numerator 6 is above the denominator 5"),
    ],
)
def test_a_proportion_of_impossible_numbers_is_refused(arguments, reason):
    with pytest.raises(ValueError, match=reason):
        proportion(*arguments)


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95, math.nan])
def test_a_confidence_that_is_none_is_refused(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        proportion(1, 2, confidence=confidence)
    with pytest.raises(ValueError, match="between 0 and 1"):
        crude_rate(1, 2, confidence=confidence)
