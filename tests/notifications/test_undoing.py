"""Undoing what triage decided, and withdrawing a case: all is kept, nothing is counted or sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from analytics import cube
from cdop.cases import actions, confirmation, links, reports
from cdop.cases.models import Case, CaseFacts, Clocks, ReportedValue
from cdop.cases.states import ConfirmationState
from cdop.core import outbox
from cdop.core.audit import AuditEntry
from cdop.core.messages import Message
from cdop.core.periods import Period
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import why_not
from cdop.panel import actions as panel
from cdop.rapid_response.models import ChecklistItem
from notifications import decisions, letters, undoing
from notifications.models import Notification
from notifications.states import STEPS, NotificationState
from tests.cast import TESTS, person
from tests.cdop.panel.makers import on_agenda, planned_meeting
from tests.databases import committed_database  # noqa: F401
from tests.makers import opened_case
from tests.notifications.filling import text_of
from tests.notifications.triage import (
    accepted,
    attached,
    decide,
    declined,
    page_of,
    passed_on,
    received,
    taken_over,
)

N = NotificationState
HOAX = ConfirmationState.HOAX


@pytest.fixture
def notification(db):
    return received()


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


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


def queued(case):
    """A message to the family that has not gone."""
    said = {"reference": case.reference, "link": "https://example.org/"}
    told = {"about": case.reference, "by": TESTS, "context": said}
    return outbox.queue("waiting", {"family": "family@example.org"}, to_family=True, **told)[0]


def undone(notification, by, reason="By mistake") -> Notification:
    row = Notification.objects.get(pk=notification.pk)
    return undoing.undo(row, by=by, version=row.version, reason=reason)


def everything() -> tuple:
    """How much of everything there is, and where it stands."""
    models = (ReportedValue, ChecklistItem, AuditEntry, Message)
    notifications = list(Notification.objects.order_by("pk").values_list("state", "version"))
    cases = list(Case.objects.order_by("pk").values_list("state", "version"))
    return *(model.objects.count() for model in models), notifications, cases


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


# Accept


def test_undoing_accept_withdraws_the_case_and_keeps_it(desk, coordinator, notification):
    accepted(notification, coordinator)

    answer = decide(desk, notification, "undo", reason="It belongs to a sister")

    case, row = Case.objects.get(), Notification.objects.get()
    assert answer.url == page_of(notification)
    assert (case.state, row.state, row.case) == ("withdrawn", "received", None)
    assert not CaseFacts.objects.get().in_scope
    assert set(ChecklistItem.objects.values_list("state", flat=True)) == {"not_applicable"}
    assert ReportedValue.objects.filter(case=case).exists()
    page = text_of(desk.get(reverse("cases:case", args=[case.reference])))
    assert "This case is withdrawn. It belongs to a sister" in page
    assert "Nothing. The case is kept and counted nowhere." in page


def test_a_withdrawn_case_is_in_no_count(coordinator, notification):
    accepted(notification, coordinator)
    month = timezone.localdate()
    year = Period.year(month.year if month.month > 3 else month.year - 1)
    assert cube.count(year).frame["n"].sum() == 1

    undone(notification, coordinator)

    assert cube.count(year).frame["n"].sum() == 0


def test_undoing_accept_stops_what_was_to_be_sent_about_the_case(coordinator, doctor, notification):
    case = accepted(notification, coordinator)
    queued(case)

    undone(notification, coordinator)

    about = Message.objects.filter(about=case.reference)
    assert set(about.values_list("state", flat=True)) == {"stopped"}
    assert Message.objects.get(template="acknowledgement").state == "waiting"


def test_what_was_undone_can_be_accepted_anew_into_another_case(coordinator, notification):
    first = accepted(notification, coordinator)
    row = undone(notification, coordinator)

    second = accepted(row, coordinator)

    assert first != second
    assert Case.objects.open().get() == second


def test_a_case_that_others_stand_behind_is_not_withdrawn_under_them(coordinator, notification):
    case = accepted(notification, coordinator)
    other = received()
    attached(other, case, coordinator)
    before = everything()

    with pytest.raises(Refused, match=f"{other} stands behind case {case} too. Undo that first."):
        undone(notification, coordinator)

    assert everything() == before


def test_a_case_that_the_panel_has_reviewed_stays(coordinator, notification):
    case = accepted(notification, coordinator)
    Case.objects.filter(pk=case.pk).update(state="reviewed")
    before = everything()

    with pytest.raises(Refused, match="The panel has reviewed this death, so its case cannot be"):
        undone(notification, coordinator)

    assert everything() == before


def test_a_case_on_an_agenda_stays_until_the_meeting_is_over(
    coordinator, chair, member, notification
):
    case = accepted(notification, coordinator)
    meeting = planned_meeting(member, chair=chair)
    on_agenda(meeting, actions.make_ready(case, by=coordinator))
    before = everything()

    with pytest.raises(Refused, match="This case is on the agenda of 18 September 2014."):
        undone(notification, coordinator)
    assert everything() == before

    type(meeting).objects.update(state="closed")
    undone(notification, coordinator)
    assert Case.objects.get().state == "withdrawn"


def test_a_withdrawn_case_cannot_go_to_the_panel(coordinator, member, notification):
    case = accepted(notification, coordinator)
    undone(notification, coordinator)

    with pytest.raises(Refused):
        actions.make_ready(Case.objects.get(pk=case.pk), by=coordinator)
    with pytest.raises(Refused):
        panel.put_on_agenda(planned_meeting(member), case, by=coordinator)


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
def test_of_two_who_undo_in_the_same_moment_one_is_told(committed_database, state):  # noqa: F811
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


def test_a_case_is_withdrawn_or_attached_to_but_never_both(committed_database):  # noqa: F811
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


# Hoax, mistake, malice


def withdrawn(case, by, what=HOAX, reason="The switchboard knows of no such child"):
    case = Case.objects.get(pk=case.pk)
    return undoing.withdraw(case, what, by=by, version=case.version, reason=reason)


@pytest.mark.parametrize("what", ["hoax", "mistaken", "malicious"])
def test_what_is_not_true_stops_every_message_and_keeps_everything(
    desk, coordinator, doctor, notification, what
):
    case = accepted(notification, coordinator)
    second = attached(received(), case, coordinator)
    letters.tell_declined(second, TESTS)
    queued(case)
    page = reverse("withdrawal:withdraw", args=[case.reference])
    version = Case.objects.get().version

    desk.post(page, {"version": version, "what": what, "reason": "The ward knows of none"})

    case = Case.objects.get()
    assert (case.state, CaseFacts.objects.get().in_scope) == ("withdrawn", False)
    about = [case.reference, notification.reference, second.reference]
    assert set(outbox.of(about).values_list("state", flat=True)) == {"stopped"}
    assert (confirmation.of(case).state, confirmation.of(case).why) == (
        what,
        "The ward knows of none",
    )
    assert set(Notification.objects.values_list("state", flat=True)) == {"accepted", "attached"}
    assert Notification.objects.get(pk=notification.pk).answers == notification.answers
    assert confirmation.why_not_write_to_family(case)
    label = ConfirmationState(what).label
    assert f"This case is withdrawn. It was {label}. The ward knows of none" in text_of(
        desk.get(reverse("cases:case", args=[case.reference]))
    )


@pytest.mark.parametrize("reason", ["mistake", "hoax", "malicious"])
def test_at_triage_it_stops_every_message_as_well(coordinator, notification, reason):
    declined(notification, coordinator, reason)

    assert set(Message.objects.values_list("state", flat=True)) == {"stopped"}
    assert Notification.objects.get().answers == notification.answers


def test_to_withdraw_a_case_one_says_what_it_was_and_how_one_knows(desk, coordinator, notification):
    case = accepted(notification, coordinator)
    page = reverse("withdrawal:withdraw", args=[case.reference])

    words = text_of(desk.post(page, {"version": case.version}))

    assert "Choose what the report was" in words and "Say how you know" in words
    with pytest.raises(Refused, match="Say how you know."):
        withdrawn(case, coordinator, reason=" ")
    with pytest.raises(Refused, match="Say what the report was."):
        withdrawn(case, coordinator, ConfirmationState.CONFIRMED)
    assert Case.objects.get().state == "gathering"


def test_a_stale_page_withdraws_nothing(desk, coordinator, notification):
    case = accepted(notification, coordinator)
    page = reverse("withdrawal:withdraw", args=[case.reference])
    actions.make_ready(case, by=coordinator)

    said = {"version": case.version, "what": "hoax", "reason": "Typed before"}
    answer = desk.post(page, said)

    assert answer.status_code == 409
    assert "Typed before" in answer.content.decode()
    assert Case.objects.get().state == "ready"


@pytest.mark.parametrize("who", ["chair", "doctor", "stranger"])
def test_for_all_others_the_pages_of_withdrawing_are_not_there(
    client, request, coordinator, notification, who
):
    case, by = accepted(notification, coordinator), request.getfixturevalue(who)
    actions.give_access(case, by, by=TESTS, ends_on=None)
    client.force_login(by)

    for name in ("withdraw", "take_up"):
        page = reverse(f"withdrawal:{name}", args=[case.reference])
        assert {client.get(page).status_code, client.post(page).status_code} == {404}
    with pytest.raises(Refused):
        withdrawn(case, by)
    assert Case.objects.get().state == "gathering"


def test_a_case_that_was_true_after_all_is_taken_up_again_and_decided_anew(
    desk, coordinator, notification
):
    case = withdrawn(accepted(notification, coordinator), coordinator)
    page = reverse("withdrawal:take_up", args=[case.reference])

    answer = desk.post(page, {"version": case.version, "reason": "The ward had a new name"})

    case = Case.objects.get()
    assert answer.url == reverse("cases:change_scope", args=[case.reference])
    assert (case.state, confirmation.of(case).state) == ("gathering", "unconfirmed")
    assert not CaseFacts.objects.get().in_scope
    actions.change_scope(case, in_scope=True, reason="True", by=coordinator)
    assert CaseFacts.objects.get().in_scope


def test_a_case_without_a_notification_is_not_taken_up_again(desk, coordinator, notification):
    case = accepted(notification, coordinator)
    undone(notification, coordinator)
    page = reverse("withdrawal:take_up", args=[case.reference])
    sentence = "The notification of this case waits for triage again. Accept it into a new case."

    assert sentence in text_of(desk.get(page))
    answer = desk.post(page, {"version": Case.objects.get().version, "reason": "x"})

    assert answer.status_code == 409
    assert sentence in text_of(answer)
    assert Case.objects.get().state == "withdrawn"


# Twins


def test_twins_who_were_reported_together_are_linked_and_stay_two_children(desk, coordinator):
    family = uuid4()
    first = received(together=family)
    second = received(together=family, given_names="Bbbb", nhs_number="9990001502")
    page = text_of(desk.get(page_of(first)))
    assert f"Sent together with: {second.reference} , a twin, brother or sister" in page

    one = accepted(first, coordinator)
    other = accepted(second, coordinator)

    assert [(linked.case, linked.kind) for linked in links.of(one)] == [
        (other, "twin, or one of several born together")
    ]
    assert links.of(other)[0].case == one
    shown = text_of(desk.get(reverse("cases:case", args=[one.reference])))
    assert f"Another case of this family: {other.reference} , a twin" in shown


def test_children_of_one_family_born_apart_are_brothers_or_sisters(coordinator):
    family = uuid4()
    one = accepted(received(together=family), coordinator)
    older = received(together=family, given_names="Bbbb", date_of_birth="2020-02-02")

    accepted(older, coordinator)

    assert [linked.kind for linked in links.of(one)] == ["brother or sister"]


def test_a_withdrawn_case_is_nobodys_twin(coordinator):
    family = uuid4()
    first, second = received(together=family), received(together=family, given_names="Bbbb")
    one = accepted(first, coordinator)
    accepted(second, coordinator)

    undone(second, coordinator)

    assert links.of(one) == []
