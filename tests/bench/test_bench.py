"""The benchmarks themselves: that they compare before they time, and say what they found."""

from datetime import date

import pytest

from analytics import synthesis
from cdop.cases.models import CaseFacts
from cdop.core.audit import Job
from cdop.core.periods import Period
from tests.bench import duplicates, report, tables, timing

PERIOD = Period.parse("2018-19")


@pytest.fixture
def population(db):
    first, last, by = date(2017, 4, 1), date(2019, 3, 31), Job("tests")
    people = synthesis.invent(since=first, by=by)
    synthesis.populate(cases=80, seed=4, first=first, last=last, people=people, by=by)


def test_the_statements_count_what_the_system_counts(population):
    tables.compare(PERIOD, *tables.statements(PERIOD))


def test_deaths_without_an_area_are_counted_by_both(population):
    CaseFacts.objects.filter(notified_in=date(2019, 3, 1)).update(area=None)

    tables.compare(PERIOD, *tables.statements(PERIOD))


def test_a_statement_that_counts_differently_is_found(population):
    complete, bare = tables.statements(PERIOD)

    for table in [*tables.TABLES, tables.PERCENTAGE]:
        girls = complete[table].replace("in_scope AND", "in_scope AND sex = 'female' AND")
        with pytest.raises(tables.Differ, match=f"{table} is not what"):
            tables.compare(PERIOD, complete | {table: girls}, bare)


def test_every_call_has_its_turn_in_every_round():
    order = []
    calls = {name: lambda name=name: order.append(name) for name in "abc"}

    times = timing.milliseconds(calls)

    rounds = timing.WARM_UP + timing.ROUNDS
    assert set(times) == {"a", "b", "c"}
    assert order[:9] == ["a", "b", "c", "b", "c", "a", "c", "a", "b"]
    assert [order.count(name) for name in "abc"] == [rounds] * 3


def _found(list_ms: float, queries: int) -> dict:
    page = {"statements_ms": 1, "templates_ms": 2, "bytes": 1024}
    return {
        "tables": {"2018-19": {"system": 3.0, "complete": 2.0, "bare": 1.0}},
        "pages": {
            "empty view": {"ms": 2.0, "queries": 3, **page},
            "case list": {"ms": list_ms, "queries": queries, **page},
        },
        "intake": {"insert one row": 2.0, "send the form": 15.0},
        "duplicates": {"open as many identities": 4.0, "search": 8.0, "queries": 11, "opened": 200},
    }


def test_an_aim_just_met_is_met_and_one_beyond_it_is_said_aloud():
    databases = {"sqlite": {"sizes": {"10": _found(12.0, 5), "20": _found(12.1, 5)}}}

    figures = report.rows(databases)

    assert [row.ratio for row in figures if row.cases == 10] == [1.5, 3.0, 1.0, 6.0, 1.0, 7.5, 2.0]
    assert report.missed(figures) == [
        "case list on sqlite with 20 cases: 6.05 times its floor, the aim is 6."
    ]
    assert report.growing(databases) == []


def test_the_search_for_duplicates_is_measured_on_cases_that_are_there(population):
    figures = duplicates.measure()

    assert figures["opened"] > 1
    assert 0 < figures["queries"] < 30
    assert set(figures) == {"search", "queries", "opened", report.DUPLICATES_FLOOR}


def test_a_page_whose_queries_grow_is_named():
    databases = {"sqlite": {"sizes": {"10": _found(5.0, 5), "2000": _found(5.0, 55)}}}

    assert report.growing(databases) == [
        "The case list on sqlite needs other numbers of queries: 5 at 10 cases, 55 at 2,000 cases."
    ]


def test_the_page_says_what_is_missed_and_names_no_machine():
    figures = report.rows({"sqlite": {"sizes": {"10": _found(30.0, 5)}}})

    page = report.page(figures, {"Processors": "2 (x86_64)"}, [])

    assert "- case list on sqlite with 10 cases: 15.00 times its floor, the aim is 6." in page
    assert "- Processors: 2 (x86_64)" in page
    assert "{" not in page
