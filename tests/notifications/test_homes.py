"""Where the child lived: proposed from the postcode, and the placement that it begins."""

import pytest

from cdop.cases.placement import Placement
from cdop.core import directory
from notifications import homes
from tests.cast import TESTS
from tests.makers import HALTON
from tests.notifications.triage import accepted, decide, page_of, received


@pytest.mark.parametrize(
    ("postcode", "where"),
    [
        ("ZZ99 3VZ", "no_fixed_abode"),
        ("zz993gz", "wales"),
        ("ZZ99 1WZ", "scotland"),
        ("ZZ99 2WZ", "northern_ireland"),
        ("ZZ99 3WZ", ""),
        ("CH7 1AA", "wales"),
        ("CH5 1AA", ""),
        ("LL11 1AA", "wales"),
        ("SY13 1AA", ""),
        ("EH1 1AA", "scotland"),
        ("BT1 1AA", "northern_ireland"),
        ("EC1A 1BB", "england"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_a_postcode_proposes_a_country_where_it_can(db, postcode, where):
    assert homes.proposed(postcode) == where


def test_what_the_directory_knows_counts_for_more_than_the_letters(db):
    directory.load({"CH5 1AA": "W06000005", "CH7 1AA": "E07000121"}, by=TESTS)

    assert (homes.proposed("CH5 1AA"), homes.proposed("ch71aa")) == ("wales", "england")


@pytest.mark.parametrize(
    ("postcode", "chosen"),
    [("CH7 1AA", "wales"), ("ZZ99 3VZ", "no_fixed_abode"), ("ZZ99 3WZ", "not_known")],
)
def test_the_form_proposes_where_the_child_lived(desk, db, postcode, chosen):
    sent = received(postcode=postcode, nhs_number="9990001514")

    page = desk.get(page_of(sent, "accept")).content.decode()

    assert f'value="{chosen}" checked' in page


def test_accepting_begins_the_placement(desk, notification):
    said = {"in_scope": "no", "rule": "resident", "reason": "Lives in Wales"}

    decide(desk, notification, "accept", area="wales", **said)

    row = Placement.objects.get()
    assert (row.state, row.residence, row.residence_of) == ("agreeing", "wales", "child")
    assert (row.scope_rule, row.scope_reason) == ("resident", "Lives in Wales")
    assert row.case.facts.area is None


def test_a_newborn_baby_belongs_where_the_mother_lives(coordinator, db):
    accepted(received(date_of_birth="2026-01-09"), coordinator)

    row = Placement.objects.get()
    assert (row.residence_of, row.residence, row.state) == ("mother", HALTON, "ours")


def test_the_rule_that_speaks_against_a_review_is_kept_where_nobody_names_one(coordinator, db):
    accepted(received(termination="yes"), coordinator, in_scope=False)

    assert Placement.objects.get().scope_rule == "termination"
