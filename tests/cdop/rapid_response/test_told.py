"""Tasks that were due before this system was told: shown apart, and never overdue here."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cdop.cases import actions as cases
from cdop.cases.models import CaseFacts
from cdop.core import steps
from cdop.core.identifiers import new_reference
from cdop.rapid_response import actions, queries, rules, work
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.states import ItemState
from tests.cast import TESTS
from tests.makers import opened_case
from tests.pages import sign_in, text_of

DIED_AT = datetime(2014, 5, 6, 21, 0, tzinfo=UTC)
PASSED = "/cases/checklists/due-before/"
NOW = datetime(2014, 6, 30, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
IMPORT = new_reference("B")


def started(notified_at=DIED_AT + timedelta(days=14), **told):
    case = opened_case(died_at=DIED_AT, notified_at=notified_at)
    actions.start(case, by=TESTS, **told)
    return case


def one_line(case, at=NOW):
    return next(each for each in queries.lines(case, at) if each.task.code == "decide_visit")


def told_at(case, moment):
    """The case with one task alone, of which the system was told at that moment."""
    case.checklist.exclude(task="decide_visit").update(due_at=None)
    case.checklist.update(told_at=moment)
    return case


@pytest.mark.parametrize(
    ("told_after", "standing"),
    [
        (-A_MOMENT, "overdue"),
        (timedelta(), "overdue"),
        (A_MOMENT, "was due before we were told"),
    ],
)
def test_what_was_due_before_that_moment_was_never_late_here(coordinator, told_after, standing):
    case = started()
    due_at = case.checklist.get(task="decide_visit").due_at
    told_at(case, due_at + told_after)
    item, overdue = case.checklist.get(task="decide_visit"), standing == "overdue"

    assert one_line(case).standing == standing
    assert rules.is_overdue(item, NOW) is overdue and rules.had_passed(item) is not overdue
    assert [each.tasks for each in queries.behind(coordinator, NOW)] == [1] * overdue
    assert [each.tasks for each in queries.passed(coordinator)] == [1] * (not overdue)


@pytest.mark.parametrize(("after", "overdue"), [(-A_MOMENT, 0), (timedelta(), 0), (A_MOMENT, 1)])
def test_a_task_is_overdue_from_the_moment_after_its_time(coordinator, after, overdue):
    case = started(notified_at=DIED_AT)
    at = told_at(case, None).checklist.get(task="decide_visit").due_at + after

    assert one_line(case, at).overdue is bool(overdue)
    assert sum(each.tasks for each in queries.behind(coordinator, at)) == overdue


def test_page_and_database_draw_the_line_between_the_same_tasks(coordinator):
    """The rule stands twice, for one row and for all of them, and means the same."""
    for days in (0, 1, 2, 3, 14, 60):
        started(notified_at=DIED_AT + timedelta(days=days))
    for at in (NOW, DIED_AT + timedelta(days=2), DIED_AT + timedelta(days=90)):
        items = list(ChecklistItem.objects.select_related("case__clocks"))
        of_rows = sum(rules.is_overdue(item, at) for item in items)
        assert sum(each.tasks for each in queries.behind(coordinator, at)) == of_rows
    assert sum(each.tasks for each in queries.passed(coordinator)) == sum(
        rules.had_passed(item) for item in items
    )


def test_a_death_that_is_reported_two_weeks_late_opens_with_nothing_overdue(coordinator):
    case = started()

    stands = queries.standing_of(list(case.checklist.all()), DIED_AT + timedelta(days=14, hours=1))
    assert stands.overdue == 0 and stands.passed > 10
    assert stands.next is None or not rules.had_passed(stands.next)


def test_an_earlier_notification_that_turns_up_moves_the_moment(coordinator):
    case = started()
    before = queries.passed(coordinator)[0].tasks

    cases.add_report(case, answers={}, notified_at=DIED_AT, source="N-TWO", by=TESTS)

    assert queries.passed(coordinator) == []
    assert queries.behind(coordinator, NOW)[0].tasks >= before


def test_a_task_that_turns_out_to_fit_later_was_not_late_before(coordinator):
    case = opened_case({"expectedness": "expected"}, died_at=DIED_AT, notified_at=DIED_AT)
    actions.start(case, by=TESTS)
    steps.edit(CaseFacts.objects.get(case=case), by=TESTS, expectedness="unexpected")

    added = actions.refresh(case, by=TESTS)

    with_a_time = [item for item in added if item.due_at]
    assert with_a_time and all(rules.had_passed(item) for item in with_a_time)


def test_what_was_done_is_judged_by_its_time_all_the_same(coordinator):
    case = started()
    item = case.checklist.get(task="decide_visit")

    actions.complete(item, by=coordinator, done_at=item.due_at)
    in_time = one_line(case)
    actions.open_again(case.checklist.get(pk=item.pk), by=coordinator)
    late = case.checklist.get(pk=item.pk)
    actions.complete(late, by=coordinator, done_at=item.due_at + timedelta(hours=1))

    assert (in_time.standing, in_time.late) == ("done", False)
    assert one_line(case).standing == "done, was due before we were told"
    assert one_line(case).late and rules.was_late(case.checklist.get(pk=item.pk))


def test_an_imports_tasks_are_one_line_of_the_home_page_and_no_other(coordinator, client):
    for _ in range(4):
        started(told_at=timezone.now(), told_by=IMPORT)
    late = started()
    expected = {each.told_by: each for each in queries.passed(coordinator)}

    tasks = work.tasks_for(coordinator)

    assert [(task.text, task.overdue, task.count, task.href) for task in tasks if task.count] == [
        (f"Case {late.reference}: overdue tasks", True, late_tasks(late), tasks[1].href),
        (
            "Tasks that were due before we were told of them",
            False,
            expected[""].tasks,
            PASSED,
        ),
        (
            f"Import {IMPORT}: tasks that were due before its cases were brought in",
            False,
            expected[IMPORT].tasks,
            f"{PASSED}?import={IMPORT}",
        ),
    ]
    assert (expected[IMPORT].cases, expected[""].cases) == (4, 1)
    page = text_of(sign_in(client, coordinator).get(tasks[-1].href))
    assert page.count("Settle several of C-") == 4 and late.reference not in page
    assert late.reference in text_of(client.get(tasks[-2].href))


def late_tasks(case):
    items = list(case.checklist.all())
    return sum(rules.is_overdue(item, timezone.now()) for item in items)


def test_the_case_and_its_checklist_say_it_in_words(coordinator, client):
    case = started(told_at=timezone.now(), told_by=IMPORT)
    sign_in(client, coordinator)

    checklist = text_of(client.get(reverse("rapid_response:checklist", args=[case.reference])))
    on_case = text_of(client.get(reverse("cases:case", args=[case.reference])))
    one = client.get(reverse("rapid_response:settle", args=[case.reference, "decide_visit"]))

    count = queries.passed(coordinator)[0].tasks
    assert f"{count} tasks were due before the case was brought in." in checklist
    assert "Was due before the case was brought in" in checklist and "verdue" not in checklist
    assert f"{count} that were due before the case was brought in" in on_case
    assert "nothing overdue" in on_case
    assert "Say what is known: when it was done, or why not." in text_of(one)


def test_what_is_settled_or_withdrawn_is_counted_no_more(coordinator):
    case = started()
    for item in case.checklist.filter(rules.open_and_passed()):
        actions.leave_undone(item, by=coordinator, reason="Nobody knows.")
    gone = started()
    cases.withdraw(gone, by=coordinator, reason="Invented")

    assert queries.passed(coordinator) == []
    assert set(gone.checklist.values_list("state", flat=True)) == {ItemState.NOT_APPLICABLE}


def test_others_see_only_the_cases_they_were_given(coordinator, doctor, client):
    mine, other = started(), started()
    cases.give_access(mine, doctor, by=coordinator, ends_on=None)

    page = text_of(sign_in(client, doctor).get(reverse("rapid_response:passed")))

    assert mine.reference in page and other.reference not in page
    assert [each.cases for each in queries.passed(doctor)] == [1]


@pytest.mark.parametrize("reference", ["%00", "x", "B-TEST", "x" * 500, "C%27--"])
def test_an_import_that_cannot_be_is_not_there(coordinator, client, reference):
    page = sign_in(client, coordinator).get(f"{PASSED}?import={reference}")

    assert page.status_code == 404


def test_an_import_of_which_nothing_waits_has_an_empty_list(coordinator, client):
    page = sign_in(client, coordinator).get(f"{PASSED}?import={IMPORT}")

    assert "There is none." in text_of(page)
