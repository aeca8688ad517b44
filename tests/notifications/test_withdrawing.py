"""Withdrawing a case: it is kept and counted nowhere, and nothing is sent about it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics import cube
from cdop.cases import actions, confirmation
from cdop.cases.models import Case, CaseFacts, ReportedValue
from cdop.cases.states import ConfirmationState
from cdop.core import outbox
from cdop.core.messages import Message
from cdop.core.periods import Period
from cdop.core.refusals import Refused
from cdop.panel import actions as panel
from cdop.rapid_response.models import ChecklistItem
from notifications import letters, undoing
from notifications.models import Notification
from tests.cast import TESTS
from tests.cdop.panel.makers import on_agenda, planned_meeting
from tests.notifications.filling import text_of
from tests.notifications.triage import (
    accepted,
    attached,
    decide,
    declined,
    everything,
    page_of,
    received,
    undone,
)

HOAX = ConfirmationState.HOAX


def queued(case):
    """A message to the family that has not gone."""
    said = {"reference": case.reference, "link": "https://example.org/"}
    told = {"about": case.reference, "by": TESTS, "context": said}
    return outbox.queue("waiting", {"family": "family@example.org"}, to_family=True, **told)[0]


# By undoing what was accepted


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
