"""What was done in the first hours: asked on one short form, counted, corrected with a version."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse

from cdop.cases import actions as cases
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from cdop.rapid_response import actions, facts, visits
from cdop.rapid_response.response_models import ResponseFacts
from cdop.rapid_response.states import VisitOutcome
from tests.cast import TESTS
from tests.makers import opened_case
from tests.pages import sign_in, text_of

DIED_AT = datetime(2014, 5, 6, 21, 0, tzinfo=UTC)
ALL_DONE = {
    "ambulance_protocol": "yes",
    "ambulance_why": "",
    "history_taken": "yes",
    "examination": "yes",
    "samples": "not_known",
    "skeletal_survey": "yes",
    "care_why": "",
}
WHY = "Invented reason."


@pytest.fixture
def case(db):
    made = opened_case(died_at=DIED_AT)
    actions.start(made, by=TESTS)
    return made


def recorded(case, by, version=0, **said) -> ResponseFacts:
    return facts.record_care(case, by=by, version=version, **ALL_DONE | said)


def page_of(case) -> str:
    return reverse("rapid_response:care", args=[case.reference])


def test_what_was_said_stands_on_the_flat_row_beside_the_visit(coordinator, case):
    visits.record(
        case,
        by=coordinator,
        version=0,
        outcome=VisitOutcome.JOINTLY,
        visited_at=DIED_AT + timedelta(hours=9),
    )
    recorded(case, coordinator, ambulance_protocol="no", ambulance_why=WHY)
    row = ResponseFacts.objects.get()

    assert facts.care_of(row) == ALL_DONE | {"ambulance_protocol": "no", "ambulance_why": WHY}
    assert (row.visit, row.visit_hours) == ("jointly", 9.0)


def test_a_visit_recorded_meanwhile_stops_nobody_but_other_answers_do(coordinator, case):
    first = recorded(case, coordinator)
    visits.record(
        case,
        by=coordinator,
        version=0,
        outcome=VisitOutcome.NONE,
        decided_by="The officer",
        why=WHY,
    )
    second = recorded(case, coordinator, first.version, samples="yes")
    with pytest.raises(Stale) as stale:
        recorded(case, coordinator, first.version, samples="no", care_why=WHY)

    assert second.samples == stale.value.current.samples == "yes"
    assert ResponseFacts.objects.get().visit == "none"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"ambulance_protocol": "no"}, "Say why the protocol was not followed"),
        ({"ambulance_protocol": "not_applicable"}, "Say why the protocol was not followed"),
        ({"samples": "no"}, "Say why, of each"),
        ({"skeletal_survey": "not_applicable", "ambulance_why": WHY}, "Say why, of each"),
    ],
)
def test_what_was_not_done_or_does_not_apply_needs_its_reason(
    client, coordinator, case, said, reason
):
    with pytest.raises(Refused, match=reason):
        recorded(case, coordinator, **said)

    page = sign_in(client, coordinator).post(page_of(case), ALL_DONE | said | {"version": 0})
    assert reason in text_of(page)
    assert not ResponseFacts.objects.exists()


def test_blank_is_no_answer(client, coordinator, case):
    answer = sign_in(client, coordinator).post(
        page_of(case), {"version": 0, "care_why": "As I typed"}
    )

    assert text_of(answer).count("Choose an answer") == 10, "beside each box and at the top"
    assert "As I typed" in answer.content.decode()


def test_what_the_checklist_knows_stands_on_the_form_already(coordinator, case):
    actions.complete(case.checklist.get(task="take_history"), by=coordinator, done_at=DIED_AT)
    item = case.checklist.get(task="skeletal_survey")
    actions.set_aside(item, by=coordinator, reason=WHY)

    assert facts.from_checklist(case) == {
        "history_taken": "yes",
        "examination": "",
        "samples": "",
        "skeletal_survey": "not_applicable",
    }


def test_a_page_that_is_stale_shows_both_in_words_and_loses_nothing(client, coordinator, case):
    recorded(case, coordinator, samples="not_known")
    sign_in(client, coordinator)
    mine = ALL_DONE | {"samples": "no", "care_why": "Mine, as typed.", "version": 0}
    answer = client.post(page_of(case), mine)
    page = text_of(answer)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Mine, as typed." in page and "Not known" in page
    client.post(page_of(case), mine | {"version": 1})
    assert ResponseFacts.objects.get().care_why == "Mine, as typed."


def test_a_professional_says_it_of_their_own_case_and_of_no_other(client, doctor, case):
    other = opened_case(died_at=DIED_AT)
    cases.give_access(case, doctor, by=TESTS, ends_on=None)
    sign_in(client, doctor)

    assert client.post(page_of(other), ALL_DONE | {"version": 0}).status_code == 404
    assert client.post(page_of(case), ALL_DONE | {"version": 0}).status_code == 302
    assert ResponseFacts.objects.get().case == case


@pytest.mark.parametrize("who", ["doctor", "chair", "member", "reader", "stranger"])
def test_for_those_not_on_the_case_the_page_is_not_there(client, request, case, who):
    assert sign_in(client, request.getfixturevalue(who)).get(page_of(case)).status_code == 404


@pytest.mark.parametrize("who", ["chair", "member", "reader", "stranger"])
def test_nobody_else_says_it_behind_the_page_either(request, case, who):
    by, before = request.getfixturevalue(who), AuditEntry.objects.count()

    with pytest.raises(Refused) as refused:
        recorded(case, by)

    assert refused.value.status == HTTPStatus.FORBIDDEN
    assert AuditEntry.objects.count() == before
