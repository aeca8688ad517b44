"""What is hidden, and that the release as published gives none of it back."""

import json
from dataclasses import replace
from functools import cache

import pytest

from analytics import auditor, disclosure, release_json
from analytics.disclosure import CannotProtect, Policy, Reason
from analytics.rollup import roll_up
from analytics.tables import Table
from tests.analytics.invented import PERIOD, by_code, children, cube, heading, tabulate

TWO_EDITIONS = ("lscb-2015", "cdr-2018")


def published(protected, **said):
    """The release as a reader gets it."""
    given = {"threshold": protected.policy.threshold, **said}
    return json.loads(release_json.dumps(release_json.build(heading(**given), protected)))


@cache
def notified(seed, number, threshold=5):
    tables = tabulate(children(seed, number), only=lambda t: t.basis == "notified")
    return disclosure.protect(tables, Policy(threshold))


@pytest.mark.parametrize("seed", range(40))
def test_no_hidden_count_of_a_random_year_can_be_worked_out(seed):
    protected = notified(seed, 40 + seed % 21, threshold=(3, 5, 5, 7)[seed % 4])

    assert auditor.audit(published(protected)) == []
    assert protected.optimal


def test_no_hidden_count_of_the_whole_annual_set_can_be_worked_out():
    protected = disclosure.protect(tabulate(children(2, 50)), Policy())

    assert protected.optimal
    assert auditor.audit(published(protected)) == []


def test_a_period_under_two_editions_is_protected_as_one():
    rows = children(1, 60, TWO_EDITIONS)
    tables = tabulate(
        rows, TWO_EDITIONS, lambda t: t.basis == "reviewed" and "area" in t.dimensions
    )

    protected = disclosure.protect(tables, Policy())

    assert auditor.audit(published(protected, editions=TWO_EDITIONS)) == []


@pytest.mark.parametrize("seed", range(3))
def test_every_small_count_is_hidden_and_nothing_without_need(seed):
    protected = disclosure.protect(
        tabulate(children(seed, 50), only=lambda t: t.id.startswith("notified-age")), Policy()
    )
    small = {cell for cell, n in protected.counts.items() if 1 <= n <= 4}

    assert {c for c, why in protected.hidden.items() if why is Reason.PRIMARY} == small
    others = [cell for cell, why in protected.hidden.items() if why is Reason.SECONDARY]
    for cell in others:
        fewer = {c: why for c, why in protected.hidden.items() if c != cell}
        assert auditor.audit(published(replace(protected, hidden=fewer)))


def test_a_count_hidden_in_one_table_is_hidden_in_every_other():
    release = published(notified(5, 48))
    stands = {}
    for table in release["tables"]:
        for cell in table["cells"]:
            at = frozenset((d, cell[d]) for d in table["dimensions"] if cell[d] != "total")
            stands.setdefault(at, set()).add(cell["value"])

    assert all(len(values) == 1 for values in stands.values())
    assert {None} in stands.values()


def test_tables_protected_one_by_one_and_put_together_give_counts_away():
    """Why all tables of a release are protected together."""
    breaches = 0
    for seed in range(3):
        tables = tabulate(children(seed, 45), only=lambda t: t.basis == "notified")
        alone = [disclosure.protect([table], Policy()) for table in tables]
        parts = [published(protected) for protected in alone]
        assert [auditor.audit(part) for part in parts] == [[]] * len(parts)
        together = {
            **parts[0],
            "known": [],
            "tables": [t for part in parts for t in part["tables"]],
        }
        together["dimensions"] = {c: v for part in parts for c, v in part["dimensions"].items()}
        breaches += bool(auditor.audit(together))
    assert breaches


def test_what_an_earlier_release_hid_stays_hidden():
    tables = tabulate(children(9, 60), only=lambda t: t.basis == "notified")
    everyone = ("notified", PERIOD, frozenset())

    protected = disclosure.protect(tables, Policy(), already_hidden={everyone})

    assert protected.hidden[everyone] is Reason.EARLIER
    assert auditor.audit(published(protected)) == []


def test_a_small_count_that_is_public_already_is_shown_and_the_rest_kept():
    tables = tabulate(children(2, 60), only=lambda t: t.basis == "notified")
    usual = disclosure.protect(tables, Policy())
    small = next(
        cell
        for cell, why in usual.hidden.items()
        if why is Reason.PRIMARY and {code for code, _ in cell[2]} == {"area", "sex"}
    )
    count = usual.counts[small]

    protected = disclosure.protect(tables, Policy(), known={small: count})

    assert protected.shown(small) == count
    assert auditor.audit(published(protected)) == []


def test_a_known_figure_that_contradicts_the_tables_is_refused():
    tables = tabulate(children(2, 60), only=lambda t: t.id == "notified-area")
    with pytest.raises(ValueError, match="1 counts known from elsewhere differ"):
        disclosure.protect(tables, Policy(), known={("notified", PERIOD, frozenset()): 9_999})


def test_figures_public_already_that_give_a_small_count_away_stop_the_release():
    rows = [{**child, "sex": "male", "basis_notified": 1} for child in children(1, 30)]
    rows[0]["sex"] = "female"
    tables = tabulate(rows, only=lambda t: t.id == "notified-sex-area")
    everyone = ("notified", PERIOD, frozenset())
    male = ("notified", PERIOD, frozenset({("sex", "male")}))
    unknown = ("notified", PERIOD, frozenset({("sex", "not_known")}))

    with pytest.raises(CannotProtect, match="sex female"):
        disclosure.protect(tables, Policy(), known={everyone: 30, male: 29, unknown: 0})


def test_part_of_a_population_is_linked_with_the_whole():
    """A table of infants alone, beside one of all ages: infants are at most everyone."""
    rows = children(4, 50)
    infants = Table("infants", "Infants", "notified", ("sex",), where={"age_band": "under-1"})
    everyone = Table("all", "All", "notified", ("age_band", "sex"))
    tables = [roll_up(cube(rows), t, by_code(), period=PERIOD) for t in (infants, everyone)]

    protected = disclosure.protect(tables, Policy())

    shared = {cell for cell in tables[0].cells() if cell in tables[1].cells()}
    assert shared == set(tables[0].cells())
    assert auditor.audit(published(protected)) == []


def test_no_deaths_at_all_hide_nothing():
    protected = disclosure.protect(tabulate([]), Policy())
    assert (dict(protected.hidden), protected.optimal) == ({}, True)


def test_two_deaths_hide_every_count_that_is_not_nought():
    rows = [{**child, "basis_notified": 1, "basis_reviewed": 0} for child in children(1, 2)]
    protected = disclosure.protect(tabulate(rows, only=lambda t: t.basis == "notified"), Policy())

    assert all(cell in protected.hidden for cell, n in protected.counts.items() if n)
    assert auditor.audit(published(protected)) == []


def test_the_same_figures_hide_the_same_counts():
    tables = tabulate(children(6, 50), only=lambda t: t.basis == "notified")
    first, second = (disclosure.protect(tables, Policy()) for _ in range(2))
    assert first.hidden == second.hidden


@pytest.mark.parametrize("threshold", [2, 11, 0, -1])
def test_a_threshold_outside_3_to_10_is_refused(threshold):
    with pytest.raises(ValueError, match="must be 3 to 10"):
        Policy(threshold)
