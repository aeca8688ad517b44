"""Undoing what triage decided: by whom, once, with a reason, and all is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product

import pytest
from django.db import connections
from django.utils import timezone

from cdop.cases import reports
from cdop.cases.models import Case, Clocks, ReportedValue
from cdop.core.messages import Message
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import why_not
from notifications import decisions, undoing
from notifications.models import Notification
from notifications.states import STEPS, NotificationState
from tests.cast import person
from tests.makers import opened_case
from tests.notifications.filling import text_of
from tests.notifications.triage import (
    accepted,
    attached,
    decide,
    declined,
    everything,
    passed_on,
    received,
    taken_over,
    undone,
)

N = NotificationState


def at_state(notification, state, by) -> Notification:
    """The notification, brought to a state as people bring it there."""
    ways = {
        N.ACCEPTED: lambda: accepted(notification, by),
        N.ATTACHED: lambda: attached(notification, opened_case(), by),
        N.PASSED_ON: lambda: passed_on(notification, by),
        N.TAKEN_OVER: lambda: taken_over(notification, by),
        N.DECLINED: lambda: declined(notification, by),
    }
    if state in ways:
        ways[state]()
    return Notification.objects.get(pk=notification.pk)


# Every state, every person


def test_only_the_listed_steps_can_be_taken_and_by_those_who_triage(
    notification, coordinator, chair, member, doctor, reader, governance_lead, stranger
):
    cast = [coordinator, chair, member, doctor, reader, governance_lead, stranger]
    allowed = set()

    for here, there in product(N, N):
        notification.state = here
        allowed |= {(here, there, who) for who in cast if not why_not(notification, there, by=who)}

    assert allowed == {(here, there, coordinator) for here, there in STEPS}


@pytest.mark.parametrize("state", [state for state in N if state != N.RECEIVED])
def test_every_decision_can_be_undone_once_with_its_reason(coordinator, notification, state):
    before = at_state(notification, state, coordinator)

    row = undone(before, coordinator, "Another child")

    back = N.PASSED_ON if state == N.TAKEN_OVER else N.RECEIVED
    assert row.state == back
    assert row.history.latest().history_change_reason == "Another child"
    assert state in row.history.values_list("state", flat=True)
    assert row.answers == before.answers
    if back == N.RECEIVED:
        nothing = (row.case, row.decided_at, row.decided_by, row.decline_code, row.passed_to)
        assert nothing == (None, None, None, "", "")
        with pytest.raises(Refused, match="This notification is waiting for triage."):
            undone(row, coordinator)


@pytest.mark.parametrize("state", N)
def test_each_undoing_undoes_its_own_decision_and_no_other(coordinator, notification, state):
    row = at_state(notification, state, coordinator)
    before = everything()

    for other in undoing.UNDO.keys() - {state}:
        with pytest.raises(Refused):
            undoing.UNDO[other](row, by=coordinator, version=row.version, reason="x")

    assert everything() == before


@pytest.mark.parametrize("reason", ["", "  "])
def test_no_decision_is_undone_without_a_reason(coordinator, notification, reason):
    declined(notification, coordinator)

    with pytest.raises(Refused, match="Say why the decision is undone."):
        undone(notification, coordinator, reason)


@pytest.mark.parametrize("state", [state for state in N if state != N.RECEIVED])
def test_nobody_else_undoes_behind_the_pages(
    coordinator, chair, doctor, stranger, notification, state
):
    row = at_state(notification, state, coordinator)
    before = everything()

    for by in (chair, doctor, stranger):
        with pytest.raises(Refused, match="Your role does not triage notifications.") as refused:
            undone(row, by)
        assert (refused.value.status, everything()) == (403, before)


@pytest.mark.parametrize("state", [state for state in N if state != N.RECEIVED])
def test_an_undoing_from_a_page_opened_before_is_stale(coordinator, notification, state):
    row = at_state(notification, state, coordinator)
    before = everything()

    with pytest.raises(Stale):
        undoing.undo(row, by=coordinator, version=row.version - 1, reason="x")

    assert everything() == before


# Attach


def test_undoing_attach_takes_the_report_off_the_case(desk, coordinator, notification):
    case = opened_case(notified_at=timezone.now() + timedelta(hours=5))
    before = Clocks.objects.get(case=case).notified_at
    attached(notification, case, coordinator)
    assert Clocks.objects.get(case=case).notified_at == notification.received_at

    decide(desk, notification, "undo", reason="Another child")

    assert Notification.objects.get().state == "received"
    assert Clocks.objects.get(case=case).notified_at == before
    values = ReportedValue.objects.filter(source=notification.reference)
    assert values.exists() and not values.filter(withdrawn_at=None).exists()
    assert reports.differences(case) == 0
    assert case.state == Case.objects.get().state


def test_what_was_settled_from_it_holds_it_to_the_case(desk, coordinator, notification):
    case = opened_case()
    attached(notification, case, coordinator)
    value = case.reported_values.get(field="family_name", source=notification.reference)
    reports.settle(value, by=coordinator)
    before = everything()

    page = decide(desk, notification, "undo", reason="Another child")

    assert page.status_code == 409
    assert "was settled together with what others said: “Family name”" in text_of(page)
    assert "Another child" in page.content.decode()
    assert everything()[:-2] == before[:-2]
    assert Notification.objects.get().case == case


def test_it_can_be_attached_again_and_says_the_same_again(coordinator, notification):
    case = opened_case()
    attached(notification, case, coordinator)
    row = undone(notification, coordinator)

    attached(row, case, coordinator)

    said = ReportedValue.objects.filter(source=notification.reference, field="family_name")
    assert sorted(value.withdrawn_at is None for value in said) == [False, True]
    assert reports.differences(case) > 0


# Pass on


def test_a_letter_that_has_not_gone_is_stopped(coordinator, notification):
    passed_on(notification, coordinator)
    assert Message.objects.get(template="declined").state == "waiting"

    undone(notification, coordinator)

    assert Message.objects.get(template="declined").state == "stopped"


# Two at once


@pytest.mark.parametrize("state", [N.ACCEPTED, N.DECLINED])
def test_of_two_who_undo_in_the_same_moment_one_is_told(committed_database, state):
    people = [person("coordinator", f"Coordinator {number}") for number in range(3)]
    row = at_state(received(), state, people[0])

    def press(by):
        try:
            return undoing.undo(row, by=by, version=row.version, reason="x").state
        except Refused as refused:
            return refused.reason
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        said = sorted(pool.map(press, people))

    told = "This notification is waiting for triage."
    assert said == sorted(["received", told, told])


def test_a_case_is_withdrawn_or_attached_to_but_never_both(committed_database):
    people = [person("coordinator", f"Coordinator {number}") for number in range(2)]
    first, second = received(), received()
    case = accepted(first, people[0])

    def press(act):
        try:
            act()
        except Refused as refused:
            return refused.reason
        finally:
            connections.close_all()
        return ""

    acts = [
        lambda: undone(first, people[0]),
        lambda: decisions.attach(second, case, by=people[1], version=second.version),
    ]
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(press, acts))

    assert len([words for words in said if words]) == 1
    state = Case.objects.get().state
    behind = Notification.objects.filter(case=case).count()
    assert (state, behind) in {("withdrawn", 0), ("gathering", 2)}
