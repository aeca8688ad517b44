"""Trends and comparisons, beside worked values of R's manual and another way to compute them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.change import Comparison, compare_rates, poisson_trend, proportion_trend
from analytics.rates import Estimate

YEARS = [2010, 2011, 2012, 2013, 2014]
DEATHS = [38, 41, 30, 27, 31]
CHILDREN = [208_000, 208_500, 209_100, 208_800, 209_300]


def near(value, rel=1e-9):
    return pytest.approx(value, rel=rel)


def by_newton(years, deaths, populations):
    """Intercept and slope, and the slope's standard error, by Fisher scoring of both at once."""
    design = np.column_stack([np.ones(len(years)), np.array(years) - np.mean(years)])
    guess = np.array([math.log(sum(deaths) / sum(populations)), 0.0])
    for _ in range(60):
        means = np.array(populations) * np.exp(design @ guess)
        information = design.T @ (design * means[:, None])
        guess = guess + np.linalg.solve(information, design.T @ (np.array(deaths) - means))
    return guess[1], math.sqrt(np.linalg.inv(information)[1, 1]), means


def test_the_trend_is_that_of_a_poisson_regression():
    slope, error, means = by_newton(YEARS, DEATHS, CHILDREN)
    trend = poisson_trend(YEARS, DEATHS, CHILDREN)

    assert trend.ratio == Estimate(
        near(math.exp(slope)),
        near(math.exp(slope - 1.959963984540054 * error)),
        near(math.exp(slope + 1.959963984540054 * error)),
        "wald",
    )
    assert trend.dispersion == near(sum((np.array(DEATHS) - means) ** 2 / means) / 3)


def test_the_likelihood_of_the_trend_is_compared_with_that_of_none():
    _, _, means = by_newton(YEARS, DEATHS, CHILDREN)
    flat = [sum(DEATHS) * n / sum(CHILDREN) for n in CHILDREN]
    gained = 2 * sum(x * math.log(m / f) for x, m, f in zip(DEATHS, means, flat, strict=True))
    # A chi-square of one degree of freedom is the square of a standard normal.
    expected = math.erfc(math.sqrt(gained / 2))

    assert poisson_trend(YEARS, DEATHS, CHILDREN).p_value == near(expected, rel=1e-7)


def test_counts_that_halve_each_year_have_a_ratio_of_a_half():
    trend = poisson_trend([1, 2, 3, 4], [80, 40, 20, 10], [1_000] * 4)

    assert trend.ratio.value == near(0.5)
    assert trend.dispersion == pytest.approx(0, abs=1e-12)
    assert trend.p_value < 1e-12


def test_equal_rates_have_no_trend_whatever_the_populations():
    trend = poisson_trend([1, 2, 3], [10, 20, 30], [1_000, 2_000, 3_000])

    assert (trend.ratio.value, trend.p_value) == (near(1.0), near(1.0, rel=1e-6))
    assert not trend.overdispersed


def test_counts_that_jump_about_are_said_to_vary_too_much_for_the_interval():
    assert poisson_trend([1, 2, 3, 4], [2, 40, 3, 45], [1_000] * 4).overdispersed


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(500, 90_000)), min_size=3, max_size=9
    ).filter(lambda rows: rows[0][0] and rows[-1][0])
)
def test_backwards_in_time_the_ratio_is_turned_over(rows):
    deaths, children = zip(*rows, strict=True)
    years = list(range(len(rows)))
    forwards = poisson_trend(years, deaths, children)
    backwards = poisson_trend([-year for year in years], deaths, children)

    assert backwards.ratio.value == near(1 / forwards.ratio.value, rel=1e-7)
    assert backwards.ratio.lower == near(1 / forwards.ratio.upper, rel=1e-7)
    assert backwards.p_value == pytest.approx(forwards.p_value, abs=1e-9)


@pytest.mark.parametrize(
    ("years", "deaths", "populations", "reason"),
    [
        ([1, 2], [3, 4], [10, 10], "at least 3 periods, not 2"),
        ([], [], [], "no years and no deaths and no populations"),
        ([1, 2, 3], [3, 4], [10, 10, 10], "3 years, 2 deaths, 3 populations"),
        ([1, 2, 2], [3, 4, 5], [10, 10, 10], "a year comes twice"),
        ([1, 2, 3], [3, -4, 5], [10, 10, 10], "number of deaths must be 0 or more"),
        ([1, 2, 3], [3, 4, 5], [10, 0, 10], "population must be above 0"),
        ([1, 2, 3], [0, 0, 0], [10, 10, 10], "deaths in more than the first or the last year"),
        ([1, 2, 3], [0, 0, 7], [10, 10, 10], "deaths in more than the first or the last year"),
        ([1, 2, 3], [7, 0, 0], [10, 10, 10], "deaths in more than the first or the last year"),
    ],
)
def test_a_trend_that_cannot_be_had_is_refused(years, deaths, populations, reason):
    with pytest.raises(ValueError, match=reason):
        poisson_trend(years, deaths, populations)


def test_two_rates_are_compared_as_in_the_manual_of_r():
    """poisson.test(c(11, 6 + 8 + 7), c(800, 1083 + 1050 + 878))"""
    assert compare_rates((11, 21), (800, 3_011)) == Comparison(
        Estimate(
            near(1.971488, rel=1e-6),
            near(0.8584264, rel=1e-6),
            near(4.2772659, rel=1e-6),
            "clopper-pearson",
        ),
        near(0.07967, rel=1e-4),
    )


def test_where_nobody_died_in_the_second_the_ratio_has_no_upper_end():
    ratio = compare_rates((3, 0), (1_000, 1_000)).ratio

    assert (ratio.value, ratio.upper) == (math.inf, math.inf)
    # 3 of 3: the lower limit of the share is the cube root of 0.025.
    assert ratio.lower == near(0.025 ** (1 / 3) / (1 - 0.025 ** (1 / 3)))


def test_where_nobody_died_in_the_first_the_ratio_begins_at_nought():
    ratio = compare_rates((0, 3), (1_000, 1_000)).ratio

    assert (ratio.value, ratio.lower) == (0, 0)
    assert ratio.upper == near((1 - 0.025 ** (1 / 3)) / 0.025 ** (1 / 3))


@given(
    st.tuples(st.integers(1, 90), st.integers(1, 90)),
    st.tuples(st.integers(500, 90_000), st.integers(500, 90_000)),
)
def test_the_other_way_round_the_ratio_is_turned_over(deaths, populations):
    there = compare_rates(deaths, populations)
    back = compare_rates(deaths[::-1], populations[::-1])

    assert back.ratio == Estimate(
        near(1 / there.ratio.value),
        near(1 / there.ratio.upper),
        near(1 / there.ratio.lower),
        "clopper-pearson",
    )
    assert back.p_value == near(there.p_value, rel=1e-6)


@pytest.mark.parametrize(
    ("deaths", "populations", "reason"),
    [
        ((0, 0), (10, 10), "nothing to compare"),
        ((-1, 3), (10, 10), "number of deaths must be 0 or more"),
        ((1, 3), (0, 10), "population must be above 0"),
    ],
)
def test_two_rates_of_impossible_numbers_are_refused(deaths, populations, reason):
    with pytest.raises(ValueError, match=reason):
        compare_rates(deaths, populations)


def test_the_trend_of_a_share_is_as_in_the_manual_of_r():
    """prop.trend.test(c(83, 90, 129, 70), c(86, 93, 136, 82)): chi-square 8.2249"""
    p_value = proportion_trend([1, 2, 3, 4], [83, 90, 129, 70], [86, 93, 136, 82])

    assert p_value == near(0.004132, rel=1e-4)
    assert p_value == near(math.erfc(math.sqrt(8.2249 / 2)), rel=1e-4)


@pytest.mark.parametrize(
    ("numerators", "denominators", "reason"),
    [
        ([1, 2, 9], [5, 5, 5], "numerator 9 is above the denominator 5"),
        ([1, -2, 3], [5, 5, 5], "numerator must be 0 or more"),
        ([1, 0, 3], [5, 0, 5], "denominator must be above 0"),
        ([0, 0, 0], [5, 5, 5], "always none or all"),
        ([5, 5, 5], [5, 5, 5], "always none or all"),
        ([1, 2], [5, 5], "3 years, 2 numerators"),
    ],
)
def test_the_trend_of_an_impossible_share_is_refused(numerators, denominators, reason):
    with pytest.raises(ValueError, match=reason):
        proportion_trend([1, 2, 3], numerators, denominators)
