"""Whether a response was started: what is asked, recorded, set aside, and brought back."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cdop import editions
from cdop.cases import actions as cases
from cdop.cases import corrections, placement
from cdop.cases.models import Case, CaseFacts, Clocks
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from cdop.rapid_response import actions, facts, queries, responses, visits, work
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.response_models import Response
from cdop.rapid_response.states import ItemState, ResponseState, VisitOutcome
from tests.cast import TESTS
from tests.cdop.editions.both import BOTH
from tests.makers import opened_case
from tests.pages import date_parts, sign_in, text_of

DIED_AT = datetime(2014, 5, 6, 21, 0, tzinfo=UTC)  # 10pm in London, a Tuesday
DECIDED_AT = DIED_AT + timedelta(hours=1, minutes=30)
WHY = "A doctor who knew the child certified the cause."
BY_WHOM = "Consultant paediatrician with the senior investigating officer"
R = ResponseState


@pytest.fixture
def case(db) -> Case:
    made = opened_case(died_at=DIED_AT)
    actions.start(made, by=TESTS)
    return made


def decided(case, by, to=R.STARTED, version=0, **said) -> Response:
    told = {"criteria": ["collapse"] if to == R.STARTED else [], "decided_at": DECIDED_AT}
    told |= {"decided_by": BY_WHOM, "why": "" if to == R.STARTED else WHY}
    return responses.record(case, to, by=by, version=version, **told | said)


def states(case) -> dict[str, str]:
    return dict(case.checklist.values_list("task", "state"))


def belonging(case) -> set[str]:
    """The tasks of the response on the checklist of this case."""
    return set(editions.get(case.edition).response_tasks) & set(states(case))


def page_of(case) -> str:
    return reverse("rapid_response:response", args=[case.reference])


def typed(to=R.STARTED, version=0, **said) -> dict:
    """What the page posts."""
    started = to == R.STARTED
    answers = {"state": to, "criteria": ["collapse"] if started else ["none"], "version": version}
    answers |= date_parts("decided_on", 6, 5, 2014) | {"decided_time": "23:30"}
    return answers | {"decided_by": BY_WHOM, "why": "" if started else WHY} | said


def test_a_decision_settles_its_task_at_the_time_when_it_was_taken(coordinator, case):
    response = decided(case, coordinator)
    item = case.checklist.get(task=responses.DECIDED)

    assert (response.state, response.criteria, response.version) == (R.STARTED, ["collapse"], 1)
    assert (item.state, item.done_at, item.note) == (
        ItemState.DONE,
        DECIDED_AT,
        "Rapid response started.",
    )
    assert not case.checklist.filter(by_response=True).exists()


def test_without_a_response_its_tasks_are_set_aside_with_the_reason_and_none_is_gone(
    coordinator, case
):
    before = states(case)
    decided(case, coordinator, R.NOT_NEEDED)
    after = states(case)
    aside = case.checklist.filter(by_response=True)

    assert after.keys() == before.keys()
    assert {item.task for item in aside} == belonging(case)
    assert set(aside.values_list("state", "note")) == {
        (ItemState.NOT_APPLICABLE, f"Rapid response not started. {WHY}")
    }
    others = after.keys() - belonging(case) - {responses.DECIDED}
    assert {after[task] for task in others} == {ItemState.OPEN}


def test_what_was_done_before_stays_done_and_is_not_set_aside(coordinator, case):
    item = case.checklist.get(task="take_history")
    actions.complete(item, by=coordinator, done_at=DIED_AT + timedelta(hours=2))
    decided(case, coordinator, R.NOT_NEEDED)

    assert states(case)["take_history"] == ItemState.DONE


def test_started_after_all_they_come_back_but_not_what_a_person_had_set_aside(coordinator, case):
    survey = case.checklist.get(task="skeletal_survey")
    actions.set_aside(survey, by=coordinator, reason="Done in life the day before.")
    first = decided(case, coordinator, R.NOT_NEEDED)
    second = decided(case, coordinator, version=first.version)
    after = states(case)

    assert (second.state, second.version, second.why) == (R.STARTED, 2, "")
    assert after["skeletal_survey"] == ItemState.NOT_APPLICABLE
    back = belonging(case) - {"skeletal_survey"}
    assert {after[task] for task in back} == {ItemState.OPEN}
    assert not case.checklist.filter(by_response=True).exists()
    assert [row.state for row in second.history.all()] == [R.STARTED, R.NOT_NEEDED]


def test_a_task_that_comes_back_is_due_by_the_clock_as_it_was_corrected_meanwhile(
    coordinator, case
):
    first = decided(case, coordinator, R.NOT_NEEDED)
    earlier = DIED_AT - timedelta(hours=5)
    told = {"died_on": earlier.date(), "died_at": earlier, "confirmed_at": None}
    corrections.correct_clocks(case, by=coordinator, version=1, **told)
    decided(case, coordinator, version=first.version)

    assert case.checklist.get(task="decide_visit").due_at == earlier + timedelta(hours=24)


def test_another_reason_stands_beside_each_task_too(coordinator, case):
    first = decided(case, coordinator, R.NOT_NEEDED)
    decided(case, coordinator, R.NOT_NEEDED, version=first.version, why="Another reason.")

    notes = case.checklist.filter(by_response=True).values_list("note", flat=True)
    assert set(notes) == {"Rapid response not started. Another reason."}


def test_a_visit_that_was_made_all_the_same_is_settled_as_done(coordinator, case):
    first = decided(case, coordinator, R.NOT_NEEDED)
    visited_at = DIED_AT + timedelta(hours=9)
    visits.record(
        case, by=coordinator, version=0, outcome=VisitOutcome.JOINTLY, visited_at=visited_at
    )
    decided(case, coordinator, R.NOT_NEEDED, version=first.version, why="Another reason.")
    joint = case.checklist.get(task=visits.JOINT)

    assert (joint.state, joint.done_at, joint.by_response) == (ItemState.DONE, visited_at, False)


def test_the_same_said_twice_writes_nothing(coordinator, case):
    response = decided(case, coordinator, R.NOT_NEEDED)
    before = AuditEntry.objects.count()

    assert decided(case, coordinator, R.NOT_NEEDED, version=response.version).version == 1
    assert AuditEntry.objects.count() == before


def test_two_who_decide_at_once_are_not_written_over(coordinator, case):
    first = decided(case, coordinator)
    decided(case, coordinator, R.NOT_NEEDED, version=first.version)

    with pytest.raises(Stale) as stale:
        decided(case, coordinator, version=first.version, why="Mine")

    assert stale.value.current.state == R.NOT_NEEDED


@pytest.mark.parametrize("who", ["chair", "member", "reader", "stranger"])
def test_nobody_else_decides_behind_the_page_either(request, case, who):
    by, before = request.getfixturevalue(who), AuditEntry.objects.count()

    with pytest.raises(Refused) as refused:
        decided(case, by)

    assert refused.value.status == HTTPStatus.FORBIDDEN
    assert not Response.objects.exists() and AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("to", "said", "reason"),
    [
        (R.NOT_NEEDED, {"why": " "}, "Say why it was not needed."),
        (R.STARTED, {"criteria": []}, "Say why it was started although none"),
    ],
)
def test_a_decision_that_the_criteria_do_not_explain_needs_a_reason(
    coordinator, case, to, said, reason
):
    with pytest.raises(Refused, match=reason):
        decided(case, coordinator, to, **said)

    assert not Response.objects.exists()


def test_it_is_counted_on_the_flat_row_with_the_visit_and_hours_follow_the_clock(coordinator, case):
    decided(case, coordinator)
    visits.record(
        case,
        by=coordinator,
        version=0,
        outcome=VisitOutcome.JOINTLY,
        visited_at=DIED_AT + timedelta(hours=9),
    )
    before = facts.of(case)
    told = {"died_on": DIED_AT.date(), "died_at": DIED_AT - timedelta(hours=2)}
    corrections.correct_clocks(case, by=coordinator, version=1, confirmed_at=None, **told)
    after = facts.of(case)

    assert (before.response, before.criteria_met) == ("started", True)
    assert (before.visit, before.visit_hours, after.visit_hours) == ("jointly", 9.0, 11.0)


@BOTH
def test_each_edition_asks_its_own_criteria_and_says_which_tasks_are_the_responses(code):
    edition = editions.get(code)
    asked = edition.vocabularies.get("response_criteria")
    required = {task.code for task in edition.checklist if task.required}

    assert len(edition.criteria) == {"lscb-2015": 3, "cdr-2018": 5}[code]
    if asked:
        offered = [term.code for term in asked.choices if not term.alone]
        assert [each.code for each in edition.criteria] == offered
    assert responses.DECIDED not in edition.response_tasks
    assert {"confirm_death", "tell_coroner", "check_other_children"} <= required
    assert not {"confirm_death", "tell_coroner", "check_other_children"} & set(
        edition.response_tasks
    )


# On the pages


def test_an_undecided_response_is_a_task_with_its_deadline_until_it_is_decided(coordinator, case):
    expected = opened_case({"expectedness": "expected"})
    actions.start(expected, by=TESTS)
    text = f"Case {case.reference}: say whether a rapid response was started"

    first = work.tasks_for(coordinator)[0]
    assert (first.text, first.due_at, first.href) == (
        text,
        DIED_AT + timedelta(hours=2),
        page_of(case),
    )
    assert [each for each in responses.undecided(coordinator)] == [
        case.checklist.get(task=responses.DECIDED)
    ]

    decided(case, coordinator)
    assert not responses.undecided(coordinator).exists()


def test_what_an_import_brought_and_what_was_reviewed_asks_for_no_decision(coordinator, case):
    brought = opened_case(died_at=DIED_AT)
    actions.start(brought, by=TESTS, told_at=timezone.now(), told_by="B-ONE")
    Case.objects.filter(pk=case.pk).update(state="reviewed")

    assert not responses.undecided(coordinator).exists()


def test_a_doctor_is_asked_about_the_cases_that_they_are_on_and_no_other(coordinator, doctor, case):
    other = opened_case(died_at=DIED_AT)
    actions.start(other, by=TESTS)
    cases.give_access(other, doctor, by=TESTS, ends_on=None)

    assert [item.case for item in responses.undecided(doctor)] == [other]


def test_the_page_records_it_and_the_checklist_says_so_in_the_words_of_the_edition(
    client, coordinator, case
):
    sign_in(client, coordinator)
    checklist = reverse("rapid_response:checklist", args=[case.reference])
    assert "Rapid response: nobody has said yet whether it is started." in text_of(
        client.get(checklist)
    )
    answer = client.post(page_of(case), typed(R.NOT_NEEDED))
    said = f"Rapid response: not needed, decided by {BY_WHOM} on 6 May 2014, 11:30pm."
    page = text_of(client.get(checklist))

    assert answer.url == checklist
    assert said in page
    assert page.count(f"Rapid response not started. {WHY}") == len(belonging(case))


def test_it_may_have_begun_before_the_death_was_notified_for_a_birth_that_nobody_attended(
    client, coordinator, db
):
    born = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)
    notified = born + timedelta(days=2)
    still = opened_case(died_on=born.date(), died_at=born, notified_at=notified)
    actions.start(still, by=TESTS)
    placement.open_for(still, by=TESTS, response=placement.Response.HERE)
    sign_in(client, coordinator)
    page = text_of(client.get(page_of(still)))
    posted = typed(criteria=["unattended_stillbirth"], decided_time="5:00")
    client.post(page_of(still), posted | date_parts("decided_on", 1, 3, 2024))

    assert "Whether a Joint Agency Response is started" in page
    assert "as it was said under “Where it belongs”: Our own team." in page
    assert Response.objects.get().decided_at == born + timedelta(hours=1)
    assert Clocks.objects.get(case=still).notified_at > Response.objects.get().decided_at


def test_a_response_stays_recorded_when_the_baby_turns_out_not_to_be_ours_to_review(
    coordinator, case
):
    decided(case, coordinator)
    cases.change_scope(
        case, in_scope=False, reason="Not born alive.", rule="live_birth", stop=True, by=coordinator
    )

    assert Response.objects.get().state == R.STARTED
    assert not CaseFacts.objects.get(case=case).in_scope
    assert ItemState.OPEN not in states(case).values()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"criteria": []}, "Choose what applies, or none of these"),
        ({"criteria": ["collapse", "none"]}, "not both"),
        ({"criteria": ["custody_detention"]}, "Choose one of the answers on the page"),
        ({"criteria": ["none"]}, "Say why it was started although none of the criteria applies"),
        ({"state": ""}, "Choose what was decided"),
        ({"state": R.NOT_NEEDED}, "Say why it was not needed"),
        ({"decided_by": " "}, "Enter who decided it"),
        ({"decided_time": ""}, "Enter the time, as near as you know it"),
        ({"decided_on-day": "5"}, "This is before the day on which the child died"),
        ({"decided_on-year": str(timezone.now().year + 1)}, "This is in the future"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_the_box_and_nothing_is_kept(
    client, coordinator, case, said, sentence
):
    sign_in(client, coordinator)
    answer = client.post(page_of(case), typed() | said)

    assert answer.status_code == HTTPStatus.OK
    assert sentence in text_of(answer)
    assert not Response.objects.exists()


def test_a_page_that_is_stale_shows_both_and_loses_nothing(client, coordinator, case):
    decided(case, coordinator, R.NOT_NEEDED)
    sign_in(client, coordinator)
    answer = client.post(page_of(case), typed(why="Mine, as typed."))
    page = text_of(answer)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Mine, as typed." in page and WHY in page
    client.post(page_of(case), typed(version=1, why="Mine, as typed."))
    assert Response.objects.get().why == "Mine, as typed."


@pytest.mark.parametrize(
    "who", ["doctor", "chair", "member", "reader", "governance_lead", "stranger"]
)
def test_for_those_not_on_the_case_the_page_is_not_there(client, request, case, who):
    sign_in(client, request.getfixturevalue(who))

    assert client.get(page_of(case)).status_code == HTTPStatus.NOT_FOUND
    assert client.post(page_of(case), typed()).status_code == HTTPStatus.NOT_FOUND
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"state": R.NOT_NEEDED, "decided_by": BY_WHOM}, "response_has_a_reason"),
        ({"state": R.STARTED, "decided_by": ""}, "response_was_decided_by_somebody"),
    ],
)
def test_the_database_keeps_no_half_of_a_decision(coordinator, case, told, name):
    half = Response(
        case=case, decided_at=DIED_AT, recorded_at=DIED_AT, recorded_by=coordinator, **told
    )

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Response.objects.bulk_create([half])


def test_the_home_page_costs_the_same_with_one_undecided_and_with_many(
    client, coordinator, case, django_assert_max_num_queries
):
    sign_in(client, coordinator).get(reverse("home"))
    with django_assert_max_num_queries(60) as one:
        client.get(reverse("home"))
    for _ in range(4):
        actions.start(opened_case(died_at=DIED_AT), by=TESTS)

    with django_assert_max_num_queries(len(one)):
        client.get(reverse("home"))
    assert ChecklistItem.objects.filter(task=responses.DECIDED).count() == 5
    assert queries.response_words(None) == "nobody has said yet whether it is started"
