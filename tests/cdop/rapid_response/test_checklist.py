"""The checklist: which tasks, due when, settled how."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdop import editions
from cdop.cases import actions as cases
from cdop.cases import corrections
from cdop.cases.models import Case, CaseFacts, Clocks
from cdop.core import steps
from cdop.core.audit import AuditEntry
from cdop.core.dates import at_london
from cdop.core.refusals import Refused
from cdop.rapid_response import actions, queries, rules
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.states import ItemState
from tests.cast import TESTS
from tests.makers import opened_case
from tests.pages import date_parts, sign_in, text_of

DIED_AT = datetime(2014, 5, 6, 21, 0, tzinfo=UTC)  # 10pm in London, a Tuesday
NOTIFIED_AT = datetime(2014, 5, 7, 9, 30, tzinfo=UTC)


def next_year() -> dict[str, str]:
    """A day in the future, as the boxes post it."""
    return date_parts("done_on", 1, 1, localdate().year + 1)


@pytest.fixture
def case(db):
    made = opened_case(died_at=DIED_AT, notified_at=NOTIFIED_AT)
    actions.start(made, by=TESTS)
    return made


def url(name, *args):
    return reverse(f"rapid_response:{name}", args=args)


def item(case, task="decide_visit"):
    return case.checklist.get(task=task)


def test_every_task_of_the_edition_for_an_unexpected_infant_death_is_there_in_order(case):
    facts = {"expectedness": "unexpected", "age_band": "28-364d", "completed_years": "0"}
    expected = [
        task.code
        for task in editions.get("lscb-2015").checklist
        if task.when is None or task.when.holds(facts)
    ]

    assert list(case.checklist.values_list("task", flat=True)) == expected
    assert len(expected) > 25


def test_due_times_follow_the_clock_of_each_task(case):
    tasks = {task.code: task for task in editions.get("lscb-2015").checklist}
    due = dict(case.checklist.values_list("task", "due_at"))

    for code, at in due.items():
        rule = tasks[code].due
        if rule is None or rule.clock not in ("death", "notification"):
            assert at is None, code
        elif rule.unit == "hours" and rule.clock == "death":
            assert at == DIED_AT + timedelta(hours=rule.offset), code
        else:
            assert at is not None and at > DIED_AT, code


def test_a_clock_that_starts_later_gives_its_tasks_their_due_times(case):
    tasks = {task.code: task for task in editions.get("lscb-2015").checklist}
    waiting = [
        code
        for code in case.checklist.values_list("task", flat=True)
        if tasks[code].due and tasks[code].due.clock == "panel"
    ]
    assert waiting

    actions.start_clock(
        case.pk, "panel", at_london(date(2014, 9, 3), datetime.min.time()), by=TESTS
    )

    assert None not in case.checklist.filter(task__in=waiting).values_list("due_at", flat=True)


def test_a_death_that_turns_out_unexpected_gets_the_tasks_it_lacked_and_loses_none(db):
    case = opened_case({"expectedness": "expected"})
    actions.start(case, by=TESTS)
    before = set(case.checklist.values_list("task", flat=True))
    steps.edit(CaseFacts.objects.get(case=case), by=TESTS, expectedness="unexpected")

    added = {made.task for made in actions.refresh(case, by=TESTS)}

    assert added and not added & before
    assert set(case.checklist.values_list("task", flat=True)) == before | added


def test_starting_twice_adds_nothing(case):
    assert actions.start(case, by=TESTS) == []


def test_a_corrected_time_of_death_moves_facts_and_due_times(coordinator, case):
    before = item(case).due_at

    corrections.correct_clocks(
        case,
        by=coordinator,
        version=1,
        died_on=date(2014, 5, 5),
        died_at=DIED_AT - timedelta(days=1),
        confirmed_at=None,
    )

    assert item(case).due_at == before - timedelta(days=1)
    facts = CaseFacts.objects.get(case=case)
    assert (facts.age_days, facts.hours_to_notification) == (93, 36)


FROM_THE_NOTIFICATION = [
    task.code
    for task in editions.get("lscb-2015").checklist
    if task.due and task.due.clock == "notification"
]


def due_from_the_notification(case):
    found = case.checklist.filter(task__in=FROM_THE_NOTIFICATION)
    return dict(found.values_list("task", "due_at"))


def reported(case, at, source="N-TWO"):
    cases.add_report(case, answers={}, notified_at=at, source=source, by=TESTS)


def test_an_earlier_notification_moves_what_is_due_by_it_and_its_removal_moves_it_back(
    coordinator, case
):
    before = due_from_the_notification(case)
    others = dict(case.checklist.exclude(task__in=before).values_list("task", "due_at"))
    a_working_day = timedelta(days=1)

    reported(case, NOTIFIED_AT - a_working_day)
    moved = due_from_the_notification(case)
    cases.take_report_off(case, "N-TWO", by=coordinator)

    assert len(before) == 4
    assert all(moved[code] < before[code] for code in before)
    assert due_from_the_notification(case) == before
    assert dict(case.checklist.exclude(task__in=before).values_list("task", "due_at")) == others
    history = item(case, FROM_THE_NOTIFICATION[0]).history.order_by("version")
    assert len(history.values_list("due_at", flat=True)) == 3


def test_what_was_settled_keeps_the_time_by_which_it_was_due(coordinator, case):
    first, *_ = FROM_THE_NOTIFICATION
    before = item(case, first).due_at
    actions.set_aside(item(case, first), by=coordinator, reason="Not for this death.")

    reported(case, NOTIFIED_AT - timedelta(days=1))

    assert item(case, first).due_at == before


def test_a_later_notification_moves_nothing(case):
    before = [each.version for each in case.checklist.all()]

    reported(case, NOTIFIED_AT + timedelta(days=1))

    assert [each.version for each in case.checklist.all()] == before


def test_what_was_due_between_two_arrivals_is_overdue_here_once_the_first_is_known(db):
    made = opened_case(died_at=DIED_AT, notified_at=DIED_AT + timedelta(days=60))
    actions.start(made, by=TESTS)
    visit = item(made)
    assert rules.had_passed(visit)

    reported(made, DIED_AT + timedelta(minutes=5))

    visit = item(Case.objects.get(pk=made.pk))
    assert not rules.had_passed(visit) and rules.is_overdue(visit, timezone.now())


def test_tasks_that_an_import_told_stay_told_by_it(db):
    told_at = DIED_AT + timedelta(days=60)
    made = opened_case(died_at=DIED_AT, notified_at=NOTIFIED_AT)
    actions.start(made, by=TESTS, told_at=told_at, told_by="B-ONE")

    reported(made, NOTIFIED_AT - timedelta(days=1))

    told = set(made.checklist.values_list("told_at", "told_by"))
    assert told == {(told_at, "B-ONE")}
    moved = made.checklist.filter(task__in=FROM_THE_NOTIFICATION)
    assert all(rules.had_passed(each) for each in moved)


def test_a_reviewed_death_gets_no_tasks_for_a_notification_that_turns_up(db):
    made = opened_case(died_at=DIED_AT, notified_at=NOTIFIED_AT)
    type(made).objects.filter(pk=made.pk).update(state="reviewed")

    reported(made, NOTIFIED_AT - timedelta(days=1))

    assert Clocks.objects.get(case=made).notified_at == NOTIFIED_AT - timedelta(days=1)
    assert not made.checklist.exists()


def test_a_friday_night_task_typed_on_monday_is_not_late(coordinator, case):
    due = item(case).due_at

    actions.complete(item(case), by=coordinator, done_at=due - timedelta(minutes=1))

    line = next(each for each in queries.lines(case) if each.task.code == "decide_visit")
    assert (line.standing, line.late, line.overdue) == ("done", False, False)
    assert line.item.settled_at > due


def test_a_task_done_after_its_time_is_late_however_soon_it_was_typed(coordinator, case):
    actions.complete(item(case), by=coordinator, done_at=item(case).due_at + timedelta(minutes=1))

    line = next(each for each in queries.lines(case) if each.task.code == "decide_visit")
    assert line.standing == "done late"


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_sequence_of_events_loses_a_required_task(db, coordinator, data):
    case = opened_case(died_at=DIED_AT)
    actions.start(case, by=TESTS)
    required = set(case.checklist.filter(required=True).values_list("task", flat=True))
    moves = {
        "complete": lambda each: actions.complete(each, by=coordinator, done_at=DIED_AT),
        "leave": lambda each: actions.leave_undone(each, by=coordinator, reason="No reason given"),
        "set aside": lambda each: actions.set_aside(each, by=coordinator, reason="Not this death"),
        "open": lambda each: actions.open_again(each, by=coordinator),
    }
    for _ in range(data.draw(st.integers(1, 6))):
        chosen = data.draw(st.sampled_from(sorted(required)))
        move = data.draw(st.sampled_from(sorted(moves)))
        try:
            moves[move](item(case, chosen))
        except Refused as refused:
            assert "cannot become" in refused.reason
    expectedness = data.draw(st.sampled_from(["expected", "unexpected", ""]))
    steps.edit(CaseFacts.objects.get(case=case), by=TESTS, expectedness=expectedness)
    actions.refresh(case, by=TESTS)

    assert required <= set(case.checklist.values_list("task", flat=True))


def test_the_doctor_of_the_case_records_a_task_on_the_page(client, coordinator, doctor, case):
    cases.give_access(case, doctor, by=coordinator, ends_on=None)
    posted = {"outcome": "done", "done_time": "9.15am", "note": "With the police."}

    page = sign_in(client, doctor).post(
        url("settle", case.reference, "decide_visit"),
        posted | date_parts("done_on", 7, 5, 2014),
    )

    done = item(case)
    assert page.status_code == 302
    assert (done.state, done.note, done.settled_by) == ("done", "With the police.", doctor)
    assert done.done_at == datetime(2014, 5, 7, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "posted, sentence",
    [
        ({}, "Select what happened"),
        ({"outcome": "done"}, "Enter the day on which it was done"),
        ({"outcome": "done"} | date_parts("done_on", 7, 5, 2014), "Enter the time"),
        (
            {"outcome": "done", "done_time": "9am"} | date_parts("done_on", 5, 5, 2014),
            "This is before the day on which the child died",
        ),
        (
            {"outcome": "done", "done_time": "9am"} | next_year(),
            "This is in the future",
        ),
        ({"outcome": "done", "note": "kept"} | date_parts("done_on", 31, 6, 2014), "31 June"),
        ({"outcome": "not_done"}, "Say why"),
        ({"outcome": "not_applicable"}, "Say why"),
    ],
)
def test_a_mistake_gets_a_sentence_and_changes_nothing(client, coordinator, case, posted, sentence):
    before = AuditEntry.objects.count()

    page = sign_in(client, coordinator).post(url("settle", case.reference, "decide_visit"), posted)

    assert sentence in text_of(page)
    assert posted.get("note", "") in text_of(page)
    assert item(case).state == ItemState.OPEN
    assert AuditEntry.objects.count() == before


def test_a_task_recorded_twice_at_once_is_recorded_once(client, coordinator, case):
    address = url("settle", case.reference, "decide_visit")
    posted = {"outcome": "done", "done_time": "9am"} | date_parts("done_on", 7, 5, 2014)
    sign_in(client, coordinator).post(address, posted)

    page = client.post(address, posted)

    assert page.status_code == 409
    assert "This task is done, so it cannot become done." in text_of(page)
    assert AuditEntry.objects.filter(action="checklistitem.done").count() == 1


def test_a_task_recorded_by_mistake_is_opened_again_and_its_history_stays(
    client, coordinator, case
):
    actions.leave_undone(item(case), by=coordinator, reason="Typed on the wrong case")

    client_page = sign_in(client, coordinator).post(
        url("open_again", case.reference, "decide_visit"), follow=True
    )

    assert item(case).state == ItemState.OPEN
    assert "Typed on the wrong case" in text_of(client_page)


@pytest.mark.parametrize(
    "who", ["chair", "member", "reader", "governance_lead", "stranger", "doctor"]
)
@pytest.mark.parametrize("name", ["checklist", "settle", "clocks"])
def test_for_those_not_on_the_case_its_checklist_is_not_there(client, request, case, who, name):
    args = [case.reference] + (["decide_visit"] if name == "settle" else [])

    assert sign_in(client, request.getfixturevalue(who)).get(url(name, *args)).status_code == 404


def test_the_checklist_says_from_when_it_counts(client, coordinator, case):
    page = text_of(sign_in(client, coordinator).get(url("checklist", case.reference)))

    assert "The child died on 6 May 2014. Counted from the time of death." in page
    assert "Due: 7 May 2014, 10:00pm" in page


def test_a_stale_page_of_clocks_keeps_what_was_typed(client, coordinator, case):
    first = {"died_time": "20:00", "version": "1"} | date_parts("died_on", 6, 5, 2014)
    sign_in(client, coordinator).post(url("clocks", case.reference), first)

    page = client.post(url("clocks", case.reference), first | {"died_time": "19:00"})

    assert page.status_code == 409
    assert 'value="19:00"' in page.content.decode()
    assert Clocks.objects.get(case=case).died_at == datetime(2014, 5, 6, 19, 0, tzinfo=UTC)


def test_the_home_page_names_the_overdue_tasks_of_ones_own_cases(doctor, coordinator, case):
    other = opened_case()
    actions.start(other, by=TESTS)
    cases.give_access(case, doctor, by=coordinator, ends_on=None)

    now = datetime(2014, 5, 20, tzinfo=UTC)
    overdue = case.checklist.filter(due_at__range=(NOTIFIED_AT, now)).order_by("due_at")
    expected = queries.Behind(case.reference, overdue.count(), overdue.first().due_at)
    assert expected.tasks > 5
    assert queries.behind(doctor, now) == [expected]
    assert {each.reference for each in queries.behind(coordinator, now)} == {
        case.reference,
        other.reference,
    }


def test_the_checklist_costs_the_same_with_one_case_and_with_three(
    client, coordinator, case, django_assert_max_num_queries
):
    address = url("checklist", case.reference)
    sign_in(client, coordinator).get(address)
    with django_assert_max_num_queries(30) as one:
        client.get(address)
    for _ in range(2):
        actions.start(opened_case(), by=TESTS)

    with django_assert_max_num_queries(len(one)):
        client.get(address)
    assert ChecklistItem.objects.count() > 60
