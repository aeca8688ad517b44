"""The visit after a death: who made it and when, or why not, and what it settles."""

from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cdop.cases import actions as cases
from cdop.cases.models import Case
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from cdop.rapid_response import actions, queries, visits
from cdop.rapid_response.models import Visit
from cdop.rapid_response.states import MADE, VisitOutcome
from tests.at_once import at_once, names
from tests.cast import TESTS, person
from tests.makers import opened_case
from tests.pages import date_parts, sign_in, text_of

V = VisitOutcome
DIED_AT = datetime(2014, 5, 6, 21, 0, tzinfo=UTC)  # 10pm in London, a Tuesday
VISITED_AT = DIED_AT + timedelta(hours=16, minutes=59)
WHY = "No officer could be freed before the morning."
BY_WHOM = "Lead health professional with the senior investigating officer"


@pytest.fixture
def case(db) -> Case:
    made = opened_case(died_at=DIED_AT)
    actions.start(made, by=TESTS)
    return made


def recorded(case, by, outcome=V.JOINTLY, version=0, **said) -> Visit:
    told = {"visited_at": VISITED_AT} if outcome in MADE else {"decided_by": BY_WHOM}
    if outcome != V.JOINTLY:
        told["why"] = WHY
    return visits.record(case, by=by, version=version, outcome=outcome, **told | said)


def task(case, code):
    item = case.checklist.get(task=code)
    return item.state, item.done_at, item.note


def page_of(case) -> str:
    return reverse("rapid_response:visit", args=[case.reference])


def typed(outcome=V.JOINTLY, version=0, **said) -> dict:
    """What the page posts."""
    made = date_parts("visited_on", 7, 5, 2014) | {"visited_time": "14:59"}
    why = {} if outcome == V.JOINTLY else {"why": WHY, "decided_by": BY_WHOM}
    answers = {"outcome": outcome, "version": version} | (made if outcome in MADE else {})
    return answers | why | said


@pytest.mark.parametrize(
    ("outcome", "joint_visit"),
    [
        (V.JOINTLY, "done"),
        (V.POLICE, "not_done"),
        (V.HEALTH, "not_done"),
        (V.NONE, "not_done"),
        (V.NOT_INDICATED, "not_applicable"),
    ],
)
def test_a_visit_settles_the_tasks_that_ask_for_it(coordinator, case, outcome, joint_visit):
    visit = recorded(case, coordinator, outcome)
    state, done_at, note = task(case, visits.JOINT)

    assert (state, done_at) == (joint_visit, VISITED_AT if outcome == V.JOINTLY else None)
    assert note.startswith(f"Visited by {outcome.label}.")
    assert task(case, visits.RECORDED)[:2] == ("done", visit.recorded_at)
    assert case.checklist.get(task="decide_visit").state == "open", "when it was decided, it says"


def test_what_is_put_right_is_settled_anew_and_the_first_record_stays_in_time(coordinator, case):
    first = recorded(case, coordinator, V.POLICE)
    later = VISITED_AT + timedelta(hours=1)
    second = recorded(case, coordinator, version=first.version, visited_at=later)

    assert (second.outcome, second.why, second.version) == (V.JOINTLY, "", 2)
    assert task(case, visits.JOINT)[:2] == ("done", later)
    assert task(case, visits.RECORDED)[1] == first.recorded_at
    assert [row.outcome for row in second.history.all()] == [V.JOINTLY, V.POLICE]


def test_the_same_said_twice_writes_nothing(coordinator, case):
    visit = recorded(case, coordinator)
    before = AuditEntry.objects.count()

    assert recorded(case, coordinator, version=visit.version).version == 1
    assert AuditEntry.objects.count() == before


def test_two_who_put_it_right_at_once_are_not_written_over(coordinator, case):
    first = recorded(case, coordinator)
    recorded(case, coordinator, V.HEALTH, version=first.version)

    with pytest.raises(Stale) as stale:
        recorded(case, coordinator, V.POLICE, version=first.version)

    assert stale.value.current.outcome == V.HEALTH
    assert Visit.objects.get().outcome == V.HEALTH


def test_two_who_record_the_first_visit_at_once_leave_one(committed_database):
    made = opened_case(died_at=DIED_AT)
    actions.start(made, by=TESTS)
    by = person("coordinator")

    came = at_once(*[partial(recorded, made, by, outcome) for outcome in (V.POLICE, V.HEALTH)])

    (refused,) = [each for each in came if isinstance(each, Stale)]
    assert names(came) == ["Stale", "Visit"]
    assert Visit.objects.get().outcome == refused.current.outcome


@pytest.mark.parametrize("who", ["chair", "member", "reader", "stranger"])
def test_nobody_else_records_a_visit_behind_the_page_either(request, case, who):
    by, before = request.getfixturevalue(who), AuditEntry.objects.count()

    with pytest.raises(Refused) as refused:
        recorded(case, by)

    assert refused.value.status == HTTPStatus.FORBIDDEN
    assert not Visit.objects.exists() and AuditEntry.objects.count() == before
    assert task(case, visits.JOINT)[0] == "open"


def test_a_professional_of_another_agency_records_it_on_the_case_that_they_are_on(
    client, doctor, case
):
    other = opened_case(died_at=DIED_AT)
    actions.start(other, by=TESTS)
    cases.give_access(case, doctor, by=TESTS, ends_on=None)
    sign_in(client, doctor)

    assert client.post(page_of(other), typed()).status_code == HTTPStatus.NOT_FOUND
    assert client.post(page_of(case), typed()).url.endswith("/checklist/")
    assert Visit.objects.get().case == case


def test_the_page_and_the_checklist_say_who_visited_and_how_soon(client, coordinator, case):
    sign_in(client, coordinator)
    checklist = reverse("rapid_response:checklist", args=[case.reference])
    assert "place: not recorded yet. Record how it was made" in text_of(client.get(checklist))

    client.post(page_of(case), typed())

    said = "police and a health professional together, 16 hours after the death"
    assert f"The visit to the home or the place: {said}. Put it right" in text_of(
        client.get(checklist)
    ).replace("\N{NO-BREAK SPACE}", " ")
    assert Visit.objects.get().visited_at == VISITED_AT


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"outcome": ""}, "Choose who visited"),
        ({"outcome": "a bus"}, "Choose one of the answers on the page"),
        ({"visited_on-day": "", "visited_on-month": "", "visited_on-year": ""}, "Enter the day"),
        ({"visited_time": ""}, "Enter the time, as near as you know it"),
        ({"visited_on-day": "5"}, "This is before the day on which the child died"),
        ({"visited_on-year": str(timezone.now().year + 1)}, "This is in the future"),
        ({"outcome": V.NONE, "why": " "}, "Say why it was not made together"),
        ({"outcome": V.POLICE}, "Say why it was not made together"),
        (
            {"outcome": V.NOT_INDICATED, "why": WHY},
            "Enter who decided that no visit was indicated",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_the_box_and_nothing_is_kept(
    client, coordinator, case, said, sentence
):
    sign_in(client, coordinator)
    answer = client.post(page_of(case), typed(present="Invented officer") | said)

    assert answer.status_code == HTTPStatus.OK
    assert sentence in text_of(answer)
    assert "Invented officer" in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_page_that_is_stale_shows_both_and_loses_nothing(client, coordinator, case):
    recorded(case, coordinator, V.HEALTH)
    sign_in(client, coordinator)
    answer = client.post(page_of(case), typed(V.POLICE, why="Mine, as typed."))
    page = text_of(answer)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Mine, as typed." in page and WHY in page
    client.post(page_of(case), typed(V.POLICE, version=1, why="Mine, as typed."))
    assert Visit.objects.get().why == "Mine, as typed."


def test_a_death_that_was_expected_asks_for_no_visit(client, coordinator, db):
    expected = opened_case({"expectedness": "expected"})
    actions.start(expected, by=TESTS)
    sign_in(client, coordinator)
    page = client.get(reverse("rapid_response:checklist", args=[expected.reference]))

    assert "The visit to the home or the place" not in text_of(page)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"outcome": V.JOINTLY}, "visit_has_a_time_where_it_was_made"),
        ({"outcome": V.NONE, "visited_at": VISITED_AT, "why": WHY}, "visit_has_a_time"),
        ({"outcome": V.POLICE, "visited_at": VISITED_AT}, "visit_has_a_reason"),
        ({"outcome": V.NOT_INDICATED, "why": WHY}, "visit_not_indicated_was_decided"),
    ],
)
def test_the_database_keeps_no_half_of_a_visit(coordinator, case, told, name):
    half = Visit(case=case, recorded_at=DIED_AT, recorded_by=coordinator, **told)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Visit.objects.bulk_create([half])


def test_hours_are_counted_from_what_is_known_of_the_death(coordinator, case):
    visit = recorded(case, coordinator)

    assert queries.visit_words(visit, case.clocks).endswith(
        "16\N{NO-BREAK SPACE}hours after the death"
    )
