"""Standardised rates and ratios: what must hold of them, and one computed here by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rates import (
    Estimate,
    count_limits,
    crude_rate,
    directly_standardised_rate,
    indirectly_standardised_ratio,
)

NOT_GIVEN = Estimate(None, None, None, "dobson")
groups = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1_000, 90_000), st.integers(1, 90_000)),
    min_size=1,
    max_size=8,
)


def near(value):
    return pytest.approx(value, rel=1e-9)


def same(one, other):
    return one == Estimate(near(other.value), near(other.lower), near(other.upper), one.method)


def test_two_age_groups_of_which_the_standard_has_as_many_in_each():
    """6 in 1,000 and 8 in 4,000 weigh the same: (6 + 2) / 2 = 4 per 1,000.

    The variance is (6 / 1,000² + 8 / 4,000²) / 4; Byar's limits of 14 deaths are taken from there.
    """
    byar = count_limits(14)
    widened = math.sqrt((6 / 1_000**2 + 8 / 4_000**2) / 4 / 14)

    assert directly_standardised_rate([6, 8], [1_000, 4_000], [50, 50], per=1_000) == Estimate(
        near(4.0),
        near(4 + 1_000 * widened * (byar[0] - 14)),
        near(4 + 1_000 * widened * (byar[1] - 14)),
        "dobson",
    )


@given(groups)
def test_standardised_to_its_own_population_a_rate_is_the_crude_one(rows):
    deaths, populations, _ = zip(*rows, strict=True)
    estimate = directly_standardised_rate(deaths, populations, populations)

    if sum(deaths) < 10:
        assert estimate == NOT_GIVEN
    else:
        assert same(estimate, crude_rate(sum(deaths), sum(populations)))


@given(groups, st.integers(2, 1_000))
def test_the_unit_of_the_weights_does_not_matter(rows, times):
    deaths, populations, weights = zip(*rows, strict=True)
    estimate = directly_standardised_rate(deaths, populations, weights)
    larger = directly_standardised_rate(deaths, populations, [times * each for each in weights])

    assert larger == estimate == NOT_GIVEN or same(larger, estimate)


@pytest.mark.parametrize("deaths", [[9, 0], [4, 5], [0, 0]])
def test_on_fewer_than_ten_deaths_no_directly_standardised_rate_is_given(deaths):
    assert directly_standardised_rate(deaths, [1_000, 4_000], [50, 50]) == NOT_GIVEN


def test_ten_deaths_are_enough():
    assert directly_standardised_rate([4, 6], [1_000, 4_000], [50, 50]).value == near(275.0)


@given(groups)
def test_against_itself_an_area_has_as_many_deaths_as_expected(rows):
    deaths, populations, _ = zip(*rows, strict=True)
    if not sum(deaths):
        return
    estimate = indirectly_standardised_ratio(deaths, populations, deaths, populations)
    lower, upper, method = count_limits(sum(deaths))

    assert estimate == Estimate(
        near(1.0), near(lower / sum(deaths)), near(upper / sum(deaths)), method
    )


def test_eight_deaths_where_ten_were_expected_have_exact_limits():
    """8 deaths lie between 3.4538 and 15.7632, the limits printed in every table of them."""
    estimate = indirectly_standardised_ratio([5, 3], [2_000, 4_000], [300, 200], [100_000, 200_000])

    assert (estimate.value, estimate.method) == (near(0.8), "exact")
    assert estimate.lower == pytest.approx(0.34538, abs=5e-6)
    assert estimate.upper == pytest.approx(1.57632, abs=5e-6)


def test_it_makes_no_difference_in_which_age_group_the_deaths_were():
    one = indirectly_standardised_ratio([8, 0], [2_000, 4_000], [30, 20], [10_000, 20_000])
    other = indirectly_standardised_ratio([0, 8], [2_000, 4_000], [30, 20], [10_000, 20_000])

    assert one == other


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (([], [], []), "There are no deaths and no populations"),
        (([1], [10, 20], [1]), "1 deaths, 2 populations, 1 weights"),
        (([-1, 12], [10, 20], [1, 1]), "number of deaths must be 0 or more"),
        (([math.nan, 12], [10, 20], [1, 1]), "number of deaths must be 0 or more"),
        (([1, 12], [0, 20], [1, 1]), "population must be above 0"),
        (([1, 12], [10, 20], [1, -1]), "weight must be 0 or more"),
        (([1, 12], [10, 20], [0, 0]), "sum of the weights must be above 0"),
    ],
)
def test_a_standardised_rate_of_impossible_numbers_is_refused(arguments, reason):
    with pytest.raises(ValueError, match=reason):
        directly_standardised_rate(*arguments)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (([], [], [], []), "There are no deaths and no populations"),
        (([1], [10], [1, 2], [10]), "1 deaths, 1 populations, 2 reference_deaths"),
        (([-1], [10], [1], [10]), "number of deaths must be 0 or more"),
        (([1], [10], [-1], [10]), "number of deaths must be 0 or more"),
        (([1], [0], [1], [10]), "population must be above 0"),
        (([1], [10], [1], [0]), "population must be above 0"),
        (([1], [10], [0], [10]), "number of deaths expected must be above 0"),
    ],
)
def test_a_ratio_of_impossible_numbers_is_refused(arguments, reason):
    with pytest.raises(ValueError, match=reason):
        indirectly_standardised_ratio(*arguments)
