"""Limits of funnel plots, beside those that OHID's PHEindicatormethods is tested with.

The figures are from its tests/testthat: testdata_funnel_rate_outputs.csv, where a line lies
for a number of deaths in three years, and testdata_funnel_prop_outputs.csv.
"""

import math

import pytest
from scipy.stats import poisson

from analytics.rates import funnel_limits

AVERAGE, YEARS = 116.1720835, 3
# (population of one year, limit), for 1, 10, 100-odd and 1,360 deaths
LOWER_95 = [
    (1598.675694, 20.85059119),
    (5276.757672, 63.17010446),
    (36157.10817, 95.87787415),
    (411529.9259, 110.158048),
]
UPPER_95 = [
    (7.264481402, 4588.535848),
    (1375.943768, 242.2579623),
    (24382.08903, 142.1808715),
    (369759.5622, 122.6021934),
]
LOWER_99_8 = [
    (2649.348525, 12.58170943),
    (6924.776769, 48.13632908),
    (40036.31685, 86.58805154),
    (424043.2424, 106.9073359),
]
UPPER_99_8 = [
    (0.287087625, 116108.569),
    (849.4639547, 392.4043292),
    (21608.75072, 160.4288333),
    (358342.3275, 126.5084525),
]
SHARE = 0.80642448
# (denominator, lower and upper 95%, lower and upper 99.8%), in per cent
SHARES = [
    (1, 3.204264, 100, 0, 100),
    (3, 35.933491, 100, 10.150815, 100),
    (18, 62.390093, 98.894803, 51.864359, 100),
    (41, 68.548635, 92.73626, 61.574398, 99.710497),
    (1_008, 78.203374, 83.081521, 76.796814, 84.488082),
    (110_000, 80.408963, 80.875933, 80.274317, 81.010578),
]


@pytest.mark.parametrize(
    ("side", "confidence", "points"),
    [
        (0, 0.95, LOWER_95),
        (1, 0.95, UPPER_95),
        (0, 0.998, LOWER_99_8),
        (1, 0.998, UPPER_99_8),
    ],
)
def test_the_lines_of_a_rate_are_those_of_pheindicatormethods(side, confidence, points):
    populations = [YEARS * population for population, _ in points]
    limits = funnel_limits(AVERAGE, populations, confidence=confidence)

    assert [limit[side] for limit in limits] == [
        pytest.approx(line, rel=1e-5) for _, line in points
    ]


@pytest.mark.parametrize(("confidence", "columns"), [(0.95, (1, 2)), (0.998, (3, 4))])
def test_the_lines_of_a_proportion_are_those_of_pheindicatormethods(confidence, columns):
    limits = funnel_limits(
        SHARE, [row[0] for row in SHARES], kind="proportion", confidence=confidence
    )

    assert [tuple(100 * each for each in limit) for limit in limits] == [
        tuple(pytest.approx(row[column], abs=2e-6) for column in columns) for row in SHARES
    ]


@pytest.mark.parametrize("deaths", [1, 2, 9, 10, 57])
@pytest.mark.parametrize("tail", [0.025, 0.001])
def test_a_line_runs_through_the_counts_that_are_as_rare_as_it_says(deaths, tail):
    """With an average of 1 per person the population is the number of deaths expected."""
    expected = [0.5, 3.0, 12.0, 80.0]
    for mean, (lower, upper) in zip(
        expected,
        funnel_limits(1, expected, per=1, confidence=1 - 2 * tail),
        strict=True,
    ):
        if deaths > upper * mean:
            assert poisson.sf(deaths - 1, mean) < tail
        if deaths < lower * mean:
            assert poisson.cdf(deaths, mean) < tail
        if lower * mean < deaths < upper * mean:
            assert poisson.sf(deaths - 1, mean) > tail
            assert poisson.cdf(deaths, mean) > tail


def test_the_multiplier_only_scales():
    (small,) = funnel_limits(2.0, [30_000], per=10_000)
    (large,) = funnel_limits(20.0, [30_000])

    assert [10 * each for each in small] == pytest.approx(list(large), rel=1e-9)


def test_a_funnel_narrows_as_populations_grow_and_holds_its_average():
    limits = funnel_limits(40.0, [1_000, 10_000, 100_000, 1_000_000])
    widths = [upper - lower for lower, upper in limits]

    assert widths == sorted(widths, reverse=True)
    assert all(lower < 40 < upper for lower, upper in limits)


def test_where_nobody_died_the_lines_lie_on_nought():
    assert funnel_limits(0, [1_000, 5_000]) == [(0, 0), (0, 0)]


def test_there_may_be_no_point():
    assert funnel_limits(3.0, []) == []


@pytest.mark.parametrize(
    ("average", "populations", "kind", "reason"),
    [
        (-1, [10], "rate", "average must be 0 or more"),
        (math.nan, [10], "rate", "average must be 0 or more"),
        (3, [10, 0], "rate", "population must be above 0"),
        (3, [-4], "proportion", "population must be above 0"),
        (1.2, [10], "proportion", "at most 1"),
        (0.5, [10], "ratio", "not of a ratio"),
    ],
)
def test_a_funnel_of_impossible_numbers_is_refused(average, populations, kind, reason):
    with pytest.raises(ValueError, match=reason):
        funnel_limits(average, populations, kind=kind)
