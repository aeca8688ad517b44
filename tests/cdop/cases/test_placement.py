"""Where a death belongs: which steps there are, who may take them, and each place."""

from itertools import product

import pytest
from django.utils import timezone

from cdop.cases import actions, placement
from cdop.cases.confirmation import Confirmation
from cdop.cases.models import Case, CaseFacts
from cdop.cases.placement import PLACES, Placement
from cdop.cases.states import (
    CONFIRMATION_STEPS,
    PLACEMENT_STEPS,
    STEPS,
    CaseState,
    ConfirmationState,
    PlacementState,
)
from cdop.core.audit import AuditEntry
from cdop.core.organisations import Area
from cdop.core.refusals import Refused
from cdop.core.steps import why_not
from tests.cast import TESTS
from tests.cdop.cases.placing import agreed, placed, url
from tests.makers import HALTON
from tests.pages import sign_in, text_of

WARRINGTON = "E06000007"
PAGES = ["places", "agreement", "confirm"]
P = PlacementState


@pytest.fixture
def cast(coordinator, chair, member, doctor, reader, governance_lead, stranger):
    return [coordinator, chair, member, doctor, reader, governance_lead, stranger]


# The states, and who may


@pytest.mark.parametrize(
    ("states", "steps"),
    [(P, PLACEMENT_STEPS), (CaseState, STEPS), (ConfirmationState, CONFIRMATION_STEPS)],
)
def test_only_the_listed_steps_can_be_taken_and_by_whom_the_table_says(case, cast, states, steps):
    rows = {P: Placement(case=case), CaseState: case, ConfirmationState: Confirmation(case=case)}
    row, allowed = rows[states], set()

    for here, there in product(states, states):
        row.state = here
        allowed |= {(here, there, who) for who in cast if not why_not(row, there, by=who)}

    may = {(*pair, who) for pair, needed in steps.items() for who in cast if who.can(needed)}
    assert allowed == may


def test_a_confirmation_never_goes_from_one_untruth_to_another():
    untrue = {ConfirmationState.HOAX, ConfirmationState.MISTAKEN, ConfirmationState.MALICIOUS}

    assert not [pair for pair in CONFIRMATION_STEPS if set(pair) <= untrue]
    assert {here for here, there in CONFIRMATION_STEPS if there == ConfirmationState.CONFIRMED} == {
        ConfirmationState.UNCONFIRMED
    }


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "governance_lead"])
def test_for_all_others_these_pages_are_not_there(client, request, case, who):
    person = request.getfixturevalue(who)
    actions.give_access(case, person, by=TESTS, ends_on=None)
    sign_in(client, person)

    answers = {client.get(url(name, case)).status_code for name in PAGES}
    answers |= {client.post(url(name, case)).status_code for name in PAGES}

    assert answers == {404}
    assert not Placement.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_the_team_gets_these_pages_and_the_signed_out_are_asked_who_they_are(
    client, coordinator, case, name
):
    assert client.get(url(name, case)).status_code == 302
    assert sign_in(client, coordinator).get(url(name, case)).status_code == 200


@pytest.mark.parametrize("who", ["chair", "doctor", "stranger"])
def test_nobody_else_agrees_behind_the_pages_either(case, request, who):
    by = request.getfixturevalue(who)
    placed(case)
    before = AuditEntry.objects.count()

    with pytest.raises(Refused) as refused:
        agreed(case, P.AGREEING, by)

    assert refused.value.status == 403
    assert (Placement.objects.get().state, AuditEntry.objects.count()) == (P.OURS, before)


# The places


SAID = {
    "residence_of": "mother",
    "residence": "wales",
    "residence_name": "Invented-on-Dee",
    "looked_after": WARRINGTON,
    "event": "scotland",
    "death": "abroad",
    "death_name": "Invented Land",
    "coroner": "Invented Coast",
    "response": "elsewhere",
    "response_name": "The team of Invented-on-Dee",
}


def test_each_place_may_point_to_another_area(client, coordinator, case):
    sign_in(client, coordinator).post(
        url("places", case), SAID | {"area": WARRINGTON, "version": 0}
    )

    row = Placement.objects.get()
    assert {name: getattr(row, name) for name in PLACES} == dict.fromkeys(PLACES, "") | SAID
    assert CaseFacts.objects.get(case=case).area_id == WARRINGTON


def test_no_fixed_abode_can_be_said_and_counts_for_no_area(client, coordinator, case):
    said = {"residence": "no_fixed_abode", "area": "none", "version": 0}

    sign_in(client, coordinator).post(url("places", case), said)

    assert Placement.objects.get().residence == "no_fixed_abode"
    assert CaseFacts.objects.get(case=case).area is None


def test_the_team_of_another_area_has_to_be_named(client, coordinator, case):
    said = {"response": "elsewhere", "area": HALTON, "version": 0}

    page = sign_in(client, coordinator).post(url("places", case), said)

    assert "There is a problem Enter which team leads the response" in text_of(page)
    assert not Placement.objects.exists()


def test_of_two_who_record_the_places_the_second_sees_both(client, coordinator, case):
    placement.record(
        case, by=coordinator, version=0, area=Area.objects.get(code=HALTON), residence="wales"
    )
    said = {"residence": "scotland", "area": WARRINGTON, "version": 0}

    page = sign_in(client, coordinator).post(url("places", case), said)

    assert page.status_code == 409
    words = text_of(page)
    assert "Where was that home? Scotland" in words and "Where was that home? Wales" in words
    assert "Warrington" in words
    row = Placement.objects.get()
    assert (row.residence, CaseFacts.objects.get(case=case).area_id) == ("wales", HALTON)


def test_a_closed_case_keeps_what_it_says(coordinator, case):
    placed(case)
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=timezone.now())

    with pytest.raises(Refused, match="This case is closed. What it says stays as it was."):
        placement.record(case, by=coordinator, version=1, area=None, residence="wales")

    assert Placement.objects.get().residence == ""
