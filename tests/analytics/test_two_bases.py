"""Deaths notified in a year and deaths that occurred in it may be the same children."""

import json

import pytest

from analytics import auditor, checks, disclosure, release_json
from analytics.disclosure import Policy
from tests.analytics.invented import BASES, children, heading, tabulate

BOTH = ("notified", "died")


def same_children(seed, number=48):
    """Children each of whom was notified in the year in which they died."""
    return [child | dict(zip(BASES, (1, 0, 1), strict=True)) for child in children(seed, number)]


def counted(rows, bases=BOTH):
    return tabulate(rows, only=lambda table: table.basis in bases)


def published(protected):
    made = release_json.build(heading(), protected, checks.verify(protected.tables))
    return json.loads(release_json.dumps(made))


def hidden_by_basis(protected):
    found = {basis: set() for basis in BOTH}
    for basis, _, where in protected.hidden:
        found[basis].add(where)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_what_is_hidden_of_one_is_hidden_of_the_other_and_safe_from_both_together(seed):
    protected = disclosure.protect(counted(same_children(seed)), Policy())

    hidden = hidden_by_basis(protected)
    shared = {c[2] for c in protected.counts if c[0] == "died"}
    assert hidden["died"]
    assert hidden["died"] == hidden["notified"] & shared
    assert auditor.audit(published(protected)) == []


def test_the_auditor_stops_two_bases_that_were_protected_each_for_itself():
    rows = same_children(4)
    alone = [published(disclosure.protect(counted(rows, (basis,)), Policy())) for basis in BOTH]
    together = alone[0] | {"tables": [t for each in alone for t in each["tables"]]}
    together["dimensions"] = alone[0]["dimensions"] | alone[1]["dimensions"]

    assert [auditor.audit(each) for each in alone] == [[], []]
    assert any("what may be the same children" in str(b) for b in auditor.audit(together))


def test_bases_that_are_seen_to_differ_are_no_reason_to_hide_more():
    rows = same_children(1)
    more = {**rows[0], **dict(zip(BASES, (0, 0, 1), strict=True))}

    separate = disclosure.protect(counted([*rows, more]), Policy())
    alone = [disclosure.protect(counted([*rows, more], (basis,)), Policy()) for basis in BOTH]

    assert separate.hidden.keys() == alone[0].hidden.keys() | alone[1].hidden.keys()
    assert auditor.audit(published(separate)) == []


def test_tables_that_agree_and_cannot_be_of_the_same_children_are_protected_apart():
    """Where tables of two bases meet they agree, and yet no list of children has both."""
    rows = [child | {"sex": "male", "age_band": "1-4"} for child in same_children(3, 40)]
    notified = tabulate(rows, only=lambda t: t.id in ("notified-area", "notified-age-sex"))
    others = [child | {"sex": "female"} for child in rows]
    died = tabulate(others, only=lambda t: t.id in ("died-area", "died-sex-area"))

    protected = disclosure.protect([*notified, *died], Policy())

    assert auditor.audit(published(protected)) == []
