"""Funnel plots of a release: from shown rates alone, in words and in a drawing."""

import json

import pytest

from analytics import charts, funnels
from analytics.dimensions import TOTAL
from analytics.release_json import MARK
from tests.analytics.test_rate_tables import counted, rates, release

__all__ = ["counted", "release"]

HALTON, WARRINGTON = "E06000006", "E06000007"


@pytest.fixture
def table(release):
    return rates(release)[0]


def cell_of(table, area):
    return next(cell for cell in table["cells"] if cell["area"] == area)


def test_areas_whose_deaths_are_hidden_have_no_point_and_are_named_as_not_shown(release, table):
    drawn = funnels.funnel(release, table)

    assert [point.label for point in drawn.points] == ["Cheshire East", "Warrington"]
    assert drawn.hidden == ("Cheshire West and Chester", "Halton")
    assert drawn.text == (
        "Funnel plot. Deaths per 100,000 children, by area: how far chance alone could move them. "
        "Pan-Cheshire 17.3 per 100,000 children; Cheshire East 17.3, within the limits of chance; "
        "Warrington 20.2, within the limits of chance. Not shown: Cheshire West and Chester, "
        "Halton."
    )
    assert charts.png(drawn).startswith(b"\x89PNG")
    assert charts.png(drawn) == charts.png(drawn)


@pytest.mark.parametrize(
    ("deaths", "words"),
    [
        (1, "below the 99.8% limits"),
        (5, "below the 95% limits"),
        (9, "within the limits of chance"),
        (22, "above the 95% limits"),
        (40, "above the 99.8% limits"),
    ],
)
def test_a_point_is_said_to_differ_only_beyond_its_own_limits(release, table, deaths, words):
    people = 70_000
    cell_of(table, WARRINGTON).update(numerator=deaths, denominator=people)

    drawn = funnels.funnel(release, table)

    [point] = [point for point in drawn.points if point.label == "Warrington"]
    assert drawn.standing(point) == words


@pytest.mark.parametrize("mark", ["[x]", "[z]", MARK])
def test_a_rate_that_is_not_given_has_no_point(release, table, mark):
    cell_of(table, WARRINGTON).update(mark=mark, value=None)

    assert funnels.funnel(release, table) is None, "one point alone is no plot"


def test_without_the_rate_of_all_areas_there_is_nothing_to_compare_with(release, table):
    cell_of(table, TOTAL).update(mark=MARK, value=None, numerator=None, denominator=None)

    assert funnels.funnel(release, table) is None


def test_nothing_but_rates_by_area_has_a_funnel_plot(release):
    drawn = [table["id"] for table in release["tables"] if funnels.funnel(release, table)]

    assert drawn == ["died-rate-area", "died-rate-infant"]


def test_a_table_is_drawn_as_bars_and_where_it_can_be_as_a_funnel(release, table):
    assert [type(each).__name__ for each in funnels.drawings(release, table, HALTON)] == [
        "Chart",
        "Funnel",
    ]


def test_a_bar_of_a_rate_says_its_figure_without_a_sign(release, table):
    drawn = charts.chart(release, table)

    assert drawn.unit == "Per 100,000 children, with 95% range"
    assert "Cheshire East 17.3; " in drawn.text
    assert "Halton not shown" in drawn.text
    assert json.dumps(release)
