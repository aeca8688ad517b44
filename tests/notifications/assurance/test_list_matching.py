"""Matching a line of a list with the case or notification that is about the same death."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from cdop.cases import actions as cases
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused
from notifications import decisions
from notifications.assurance import lists, settling
from notifications.assurance.models import ListedDeath
from notifications.assurance.settling import Counts
from tests.cast import person
from tests.notifications.assurance.makers import NHS, a_case, a_line, address, notified, taken_in
from tests.pages import text_of


def test_the_same_number_and_day_are_sure_and_matched_only_when_confirmed(desk, coordinator):
    case = a_case()
    made = taken_in(a_line(), a_line(nhs_number="", family_name="Qqqq"), by=coordinator)
    page = desk.get(address("death_list", made.pk))

    assert f"Proposed: {case.reference}" in text_of(page)
    assert "Look at 1 sure match" in text_of(page)
    assert Counts.of(lists.lines(made)).matched == 0

    first = made.lines.first()
    desk.post(address("confirm_list", made.pk), {"pair": f"{first.pk}:{case.reference}"})

    first.refresh_from_db()
    assert (first.state, first.case, first.settled_by) == ("matched", case, coordinator)
    assert Counts.of(lists.lines(made)) == Counts(
        total=2, matched=1, notified=0, explained=0, open=1, taken_back=0
    )


@pytest.mark.parametrize(
    "line",
    [
        a_line(date_of_death="2026-01-11"),
        a_line(nhs_number=NHS[1]),
        a_line(nhs_number=""),
        a_line(nhs_number="not known"),
    ],
)
def test_anything_less_is_not_sure(coordinator, line):
    a_case()
    made = taken_in(line, by=coordinator)

    assert settling.sure(lists.lines(made), coordinator) == {}


def test_two_lines_or_two_cases_with_one_number_are_not_sure(coordinator):
    a_case()
    twice = taken_in(a_line(), a_line(), by=coordinator)
    assert settling.sure(lists.lines(twice), coordinator) == {}

    a_case()
    once = taken_in(a_line(), by=coordinator)
    assert settling.sure(lists.lines(once), coordinator) == {}


def test_what_is_sure_no_more_is_not_confirmed_nor_anything_with_it(coordinator):
    first, second = a_case(), a_case(NHS[1])
    made = taken_in(a_line(), a_line(nhs_number=NHS[1]), by=coordinator)
    one, two = made.lines.all()
    settling.match(two, by=coordinator, version=1, case=second)

    with pytest.raises(Refused, match="nothing was confirmed"):
        settling.match_all({one: first, two: second}, made, by=coordinator)

    one.refresh_from_db()
    assert one.state == "open"


def test_pairs_that_no_page_lists_are_no_request(desk):
    made, other = taken_in(a_line()), taken_in(a_line())
    case = a_case()

    for pair in ("", f"{other.lines.get().pk}:{case.reference}", "1:C-0000-0000", "x"):
        answer = desk.post(address("confirm_list", made.pk), {"pair": pair} if pair else {})
        assert answer.status_code == 400
    assert not ListedDeath.objects.exclude(state="open").exists()


def test_a_line_shows_cases_and_waiting_notifications_with_the_reasons(desk):
    case, sent = a_case(date_of_birth="2025-01-12"), notified(nhs_number="")
    line = taken_in(a_line()).lines.get()

    page = text_of(desk.get(address("listed_death", line.pk)))

    assert f"Case {case.reference} : the same NHS number, the same date of death" in page
    assert "the same date of birth with day and month exchanged" in page
    assert f"Notification {sent.reference} , waiting for triage: the same date of birth" in page
    assert AuditEntry.objects.filter(action="listeddeath.compared").count() == 1
    entry = AuditEntry.objects.get(action="listeddeath.read")
    assert (entry.subject, entry.purpose) == (f"listeddeath:{line.pk}", "reconciliation")


def test_a_child_whom_nobody_knows_has_no_proposals(desk):
    line = taken_in(a_line(nhs_number=NHS[3], family_name="Qqqq", given_names="")).lines.get()

    assert "No case and no waiting notification has enough in common" in text_of(
        desk.get(address("listed_death", line.pk))
    )


def test_a_waiting_notification_can_be_matched_and_counts_when_it_becomes_a_case(desk, coordinator):
    sent, made = notified(), taken_in(a_line())
    line = made.lines.get()
    desk.post(address("match_line", line.pk), {"version": 1, "which": sent.reference})
    assert lists.absent(made, coordinator) == []

    decisions.accept(sent, by=coordinator, version=1, area=None, in_scope=True)

    line.refresh_from_db()
    assert (line.state, line.notification) == ("matched", sent)
    assert lists.absent(made, coordinator) == []


def test_any_case_can_be_matched_by_its_reference(desk):
    case, line = a_case(NHS[5], family_name="Qqqq", given_names="Zzzz"), taken_in(a_line())
    said = {"version": 1, "which": "other", "reference": case.reference.lower().replace("-", " ")}

    desk.post(address("match_line", line.lines.get().pk), said)

    assert line.lines.get().case == case


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Choose the case or notification that is about the same child"),
        ({"which": "other", "reference": ""}, "Enter the reference of a case or a notification"),
        ({"which": "other", "reference": "C-0000-0000"}, "Enter the reference of a case"),
        ({"which": "C-4K7M-2QX9"}, "Choose one of the answers on the page"),
    ],
)
def test_a_match_with_nothing_is_no_match(desk, said, sentence):
    line = taken_in(a_line()).lines.get()

    page = desk.post(address("match_line", line.pk), {"version": 1, **said})

    assert sentence in text_of(page)
    assert ListedDeath.objects.get().state == "open"


def test_a_withdrawn_case_is_about_no_death(desk, coordinator):
    case, made = a_case(), taken_in(a_line())
    line = made.lines.get()
    cases.withdraw(case, by=coordinator, reason="It was a mistake")

    page = desk.post(
        address("match_line", line.pk),
        {"version": 1, "which": "other", "reference": case.reference},
    )

    assert f"Case {case} is withdrawn, so it is about no death." in text_of(page)
    assert settling.sure(lists.lines(made), coordinator) == {}
    assert lists.absent(made, coordinator) == []


def test_a_case_that_is_withdrawn_after_the_match_is_pointed_out(desk, coordinator):
    case, made = a_case(), taken_in(a_line())
    settling.match(made.lines.get(), by=coordinator, version=1, case=case)

    cases.withdraw(case, by=coordinator, reason="It was a mistake")

    page = text_of(desk.get(address("death_list", made.pk)))
    assert f"Matched {case.reference} That case was withdrawn since" in page


def test_one_case_is_about_one_line(desk, coordinator):
    case = a_case()
    made = taken_in(a_line(), a_line())
    one, two = made.lines.all()
    settling.match(one, by=coordinator, version=1, case=case)

    page = desk.post(address("match_line", two.pk), {"version": 1, "which": case.reference})

    assert page.status_code == 409
    assert f"Line 1 is about {case.reference} already." in text_of(page)
    two.refresh_from_db()
    assert two.state == "open"


def test_of_two_who_decide_the_second_is_told(desk, coordinator):
    line = taken_in(a_line()).lines.get()
    settling.explain(line, by=coordinator, version=1, reason="error")

    page = desk.post(
        address("explain_line", line.pk), {"version": 1, "reason": "other", "note": "Mine"}
    )

    assert page.status_code == 409
    assert "cannot become settled otherwise" in text_of(page)
    assert "Mine" in page.content.decode()
    assert ListedDeath.objects.get().reason_code == "error"


def test_two_who_match_two_lines_with_one_case_at_once(committed_database):
    by, case = person("coordinator"), a_case()
    made = taken_in(a_line(), a_line(), by=by)

    def match(line):
        try:
            return settling.match(line, by=by, version=1, case=case).state
        except Refused as refusal:
            return refusal.reason[:6]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        found = sorted(both.map(match, made.lines.all()))

    assert found[1] == "matched"
    assert found[0].startswith("Line ")
