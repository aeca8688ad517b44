"""Rates in a release: of shown counts alone, flagged where they are few, checked by the auditor."""

import json

import pytest

from analytics import auditor, checks, disclosure, release_json
from analytics.disclosure import Policy
from analytics.rates import crude_rate
from analytics.renderers import layout
from analytics.tables import TABLES
from tests.analytics.invented import children, heading, tabulate

OTHERS = "it is not the figure of the two numbers beside it."
ESTIMATES = ("value", "lower", "upper", "numerator", "denominator")


@pytest.fixture(scope="module")
def counted():
    return tabulate(children(5, 70), only=lambda table: table.basis == "died")


@pytest.fixture
def release(counted):
    protected = disclosure.protect(counted, Policy())
    made = release_json.build(heading(), protected, checks.verify(counted))
    return json.loads(release_json.dumps(made))


def rates(release):
    return [table for table in release["tables"] if table["statistic"] == "rate"]


def test_every_rate_is_of_a_count_that_a_table_of_counts_shows_too(counted):
    shown = {cell for each in counted if each.table.statistic == "count" for cell in each.cells()}

    assert all(each.cells().keys() <= shown for each in counted if each.table.population)
    assert len([table for table in TABLES if table.population]) == 5


def test_a_rate_is_that_of_the_two_numbers_beside_it_with_its_range(release):
    [by_area] = [table for table in rates(release) if table["id"] == "died-rate-area"]
    east = by_area["cells"][0]
    estimate = crude_rate(east["numerator"], 75_067)

    assert (by_area["per"], by_area["population"]) == (100_000, "Children")
    assert [east["value"], east["lower"], east["upper"]] == [
        round(estimate.value, 1),
        round(estimate.lower, 1),
        round(estimate.upper, 1),
    ]
    assert (east["denominator"], east["mark"], east["flag"]) == (75_067, None, "[u]")


def test_of_a_hidden_count_there_is_no_rate_no_range_and_no_population(release):
    hidden = [cell for table in rates(release) for cell in table["cells"] if cell["mark"] == "[c]"]

    assert hidden
    assert {cell[name] for cell in hidden for name in (*ESTIMATES, "flag")} == {None}


def test_where_nobody_is_counted_the_deaths_stand_without_a_rate(release):
    [by_age] = [table for table in rates(release) if table["id"] == "died-rate-age"]
    newborn = next(cell for cell in by_age["cells"] if cell["age_band"] == "0-27d")

    assert [newborn[name] for name in (*ESTIMATES, "mark")] == [None, None, None, 15, None, "[z]"]


def test_no_rate_is_given_on_fewer_than_three_deaths_and_few_are_flagged(counted):
    [by_sex] = [each for each in counted if each.table.id == "died-rate-sex"]
    shown = {"male": 2, "female": 19, "not_known": 0, "total": 21}
    found = {
        sex: release_json._rate(by_sex, (sex,), lambda cell, n=n: n) for sex, n in shown.items()
    }

    assert [(found[sex]["mark"], found[sex]["flag"]) for sex in shown] == [
        ("[x]", None),
        (None, "[u]"),
        ("[z]", None),
        (None, None),
    ]
    assert (found["male"]["numerator"], found["male"]["value"]) == (2, None)


def test_the_auditor_passes_the_rates_of_a_release(release):
    assert auditor.audit(release) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda cell: cell.update(value=cell["value"] + 0.2), OTHERS),
        (lambda cell: cell.update(denominator=cell["denominator"] * 2), OTHERS),
        (lambda cell: cell.update(lower=None), "a hidden figure leaves others standing."),
    ],
)
def test_the_auditor_stops_a_rate_that_is_not_of_its_two_numbers(release, change, reason):
    change(rates(release)[0]["cells"][0])

    assert [breach.reason for breach in auditor.audit(release)] == [reason]


def test_the_auditor_stops_the_population_beside_a_hidden_rate(release):
    cells = [cell for table in rates(release) for cell in table["cells"]]
    next(cell for cell in cells if cell["mark"] == "[c]")["denominator"] = 1

    assert len(auditor.audit(release)) == 1


def test_the_auditor_stops_deaths_told_beside_a_rate_and_hidden_in_the_counts(release):
    [infants] = [table for table in rates(release) if table["id"] == "died-rate-infant"]
    next(cell for cell in infants["cells"] if cell["mark"] == "[c]").update(mark="[x]", numerator=4)

    assert auditor.audit(release)


def test_the_page_of_a_rate_names_its_population_and_explains_its_marks(release):
    grid = next(grid for grid in layout.grids(release) if grid.id == "died-rate-infant")

    assert grid.columns == ("Per 1,000", "95% range", "Deaths", "Live births")
    assert [mark.split()[0] for mark in layout.legend(release)] == ["[c]", "[z]", "[u]"]
