"""Whether a death is true: by whom it is confirmed, and that nothing goes to a family before."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cdop.cases import actions, confirmation, work
from cdop.cases.models import Case
from cdop.cases.states import ConfirmationState
from cdop.core import casework
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from tests.cast import TESTS
from tests.makers import NOTIFIED_AT, opened_case
from tests.pages import date_parts, sign_in, text_of

LATER = NOTIFIED_AT + timedelta(hours=3)
RUNG = datetime(2014, 5, 8, 10, 15, tzinfo=UTC)
CALL = {
    "organisation": "Invented Hospital",
    "number_from": "Its website",
    "spoke_to": "Invented Matron, on the ward",
    "rung_at": RUNG,
}
TYPED = {
    "way": "call_back",
    "organisation": "Invented Hospital",
    "number_from": "Its website",
    "spoke_to": "Invented Matron, on the ward",
    "rung_time": "11:15",
    "version": 0,
} | date_parts("rung_on", 8, 5, 2014)


def second(case, source="N-TWO", at=LATER, **answers):
    said = {"family_name": "Invented-Child"} | answers
    actions.add_report(case, answers=said, notified_at=at, source=source, by=TESTS)


def url(case):
    return reverse("cases:confirm", args=[case.reference])


def may_write(case) -> bool:
    return not confirmation.why_not_write_to_family(case)


def test_before_anybody_confirms_it_nothing_goes_to_the_family(case):
    why = confirmation.why_not_write_to_family(case)

    assert why.startswith("Nobody besides the first notifier has confirmed this death.")
    assert casework.why_not_write_to_family(case.reference) == why
    assert confirmation.of(case) is None


def test_what_is_no_case_of_ours_is_not_answered_for(db):
    assert work.why_not_write_to_family("C-0000-0000") is None


def test_the_case_says_at_its_top_that_the_death_is_not_confirmed(
    client, coordinator, doctor, case
):
    actions.give_access(case, doctor, by=TESTS, ends_on=None)
    page = reverse("cases:case", args=[case.reference])
    warning = (
        "This death is not confirmed Nothing goes to the family until somebody besides the first "
        "notifier has confirmed it."
    )

    for_doctor = text_of(sign_in(client, doctor).get(page))
    for_us = text_of(sign_in(client, coordinator).get(page))

    assert warning in for_doctor and f"{warning} Confirm the death" not in for_doctor
    assert f"{warning} Confirm the death" in for_us
    assert for_us.index(warning) < for_us.index("Where it stands")
    confirmation.confirm_by_call(case, **CALL, by=coordinator, version=0)
    assert "not confirmed" not in text_of(client.get(page))


def test_a_withdrawn_case_is_not_called_unconfirmed(client, coordinator, case):
    actions.withdraw(case, by=coordinator, reason="A mistake")

    page = sign_in(client, coordinator).get(reverse("cases:case", args=[case.reference]))

    assert "This death is not confirmed" not in text_of(page)


def test_a_call_to_the_switchboard_confirms_it(client, coordinator, case):
    sign_in(client, coordinator).post(url(case), TYPED)

    row = confirmation.of(case)
    assert (row.state, row.way, row.organisation, row.number_from, row.spoke_to) == (
        "confirmed",
        "call_back",
        *[CALL[name] for name in ("organisation", "number_from", "spoke_to")],
    )
    assert (row.rung_at, row.decided_by, may_write(case)) == (RUNG, coordinator, True)
    page = text_of(client.get(url(case)))
    assert "Confirmed there by Invented Matron, on the ward" in page
    assert "Rung 8 May 2014, 11:15am" in page


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("organisation", "Enter which organisation you rang"),
        ("number_from", "Enter where you looked its number up"),
        ("spoke_to", "Enter who confirmed it"),
        ("rung_on-day", "must include a day"),
        ("rung_time", "Enter the time of the call"),
        ("way", "Choose how the death was confirmed"),
    ],
)
def test_a_call_of_which_something_is_missing_confirms_nothing(
    client, coordinator, case, missing, sentence
):
    page = sign_in(client, coordinator).post(url(case), TYPED | {missing: ""})

    assert sentence in text_of(page)
    assert not may_write(case)


def test_a_call_to_come_confirms_nothing(client, coordinator, case):
    tomorrow = date_parts("rung_on", 1, 1, 2099)

    page = sign_in(client, coordinator).post(url(case), TYPED | tomorrow)

    assert "The call must be in the past" in text_of(page)
    with pytest.raises(Refused, match="The time of the call must be in the past."):
        said = CALL | {"rung_at": timezone.now() + timedelta(minutes=1)}
        confirmation.confirm_by_call(case, by=coordinator, version=0, **said)
    assert confirmation.of(case) is None


@pytest.mark.parametrize("name", ["organisation", "number_from", "spoke_to"])
def test_behind_the_page_a_call_needs_as_much(coordinator, case, name):
    with pytest.raises(Refused, match="Say which organisation was rung"):
        confirmation.confirm_by_call(case, by=coordinator, version=0, **(CALL | {name: " "}))

    assert confirmation.of(case) is None


def test_one_notification_cannot_confirm_itself(client, coordinator, case):
    page = text_of(sign_in(client, coordinator).get(url(case)))

    assert "A second notification" not in page
    assert "a call back is what can confirm it" in page
    for source in ("N-TEST", "N-OTHER", ""):
        with pytest.raises(Refused, match="Choose a second notification"):
            confirmation.confirm_by_source(case, source, by=coordinator, version=0)
    assert not may_write(case)


def test_a_second_notification_confirms_it(client, coordinator, case):
    second(case)
    said = {"way": "second_source", "source": "N-TWO", "version": 0}

    sign_in(client, coordinator).post(url(case), said)

    row = confirmation.of(case)
    assert (row.state, row.way, row.source) == ("confirmed", "second_source", "N-TWO")
    assert may_write(case)


def test_what_arrived_first_is_what_has_to_be_confirmed(coordinator, case):
    second(case, "N-EARLIER", NOTIFIED_AT - timedelta(hours=1))

    with pytest.raises(Refused, match="Choose a second notification"):
        confirmation.confirm_by_source(case, "N-EARLIER", by=coordinator, version=0)
    confirmation.confirm_by_source(case, "N-TEST", by=coordinator, version=0)

    assert may_write(case)


@pytest.mark.parametrize("gone", ["N-TEST", "N-TWO"])
def test_a_confirmation_falls_with_either_of_the_two_it_rests_on(coordinator, case, gone):
    second(case)
    confirmation.confirm_by_source(case, "N-TWO", by=coordinator, version=0)

    actions.take_report_off(case, gone, by=coordinator)

    row = confirmation.of(case)
    assert (row.state, row.source, may_write(case)) == ("unconfirmed", "", False)
    assert row.why == "A notification that confirmed it was taken off this case"
    assert "N-TWO" in row.history.values_list("source", flat=True)


def test_a_third_notification_may_go_and_the_confirmation_stays(coordinator, case):
    second(case)
    second(case, "N-THREE", LATER + timedelta(hours=1))
    confirmation.confirm_by_source(case, "N-TWO", by=coordinator, version=0)

    actions.take_report_off(case, "N-THREE", by=coordinator)

    assert may_write(case)


def test_a_call_stays_whatever_notifications_go(coordinator, case):
    second(case)
    confirmation.confirm_by_call(case, by=coordinator, version=0, **CALL)

    actions.take_report_off(case, "N-TWO", by=coordinator)

    assert may_write(case)


def test_a_confirmation_can_be_taken_back_for_a_reason(client, coordinator, case):
    sign_in(client, coordinator).post(url(case), TYPED)

    assert "Say what is still needed" in text_of(client.post(url(case), {}))
    client.post(url(case), {"reason": "Another child of that name"})

    row = confirmation.of(case)
    assert (row.state, row.why, may_write(case)) == (
        "unconfirmed",
        "Another child of that name",
        False,
    )
    assert "It no longer is: Another child of that name" in text_of(client.get(url(case)))


def test_a_withdrawn_case_is_written_about_to_nobody_whatever_was_confirmed(coordinator, case):
    confirmation.confirm_by_call(case, by=coordinator, version=0, **CALL)
    known_before = case
    actions.withdraw(case, by=coordinator, reason="It was a hoax.")

    why = confirmation.why_not_write_to_family(known_before)

    assert why == "This case is withdrawn. Nothing goes to a family about it."
    with pytest.raises(Refused, match="This case is withdrawn."):
        confirmation.confirm_by_call(case, by=coordinator, version=2, **CALL)


def test_only_an_untruth_can_be_recorded_as_one(coordinator, case):
    with pytest.raises(Refused, match="Say what the report was."):
        confirmation.untrue(case, ConfirmationState.CONFIRMED, by=coordinator, reason="x")


def test_of_two_who_confirm_the_second_is_told(client, coordinator, case):
    confirmation.confirm_by_call(case, by=coordinator, version=0, **CALL)
    confirmation.take_back(case, by=coordinator, version=2, reason="Not so")
    entries = AuditEntry.objects.count()

    page = sign_in(client, coordinator).post(url(case), TYPED)

    assert page.status_code == 409
    assert "Somebody else changed this while you had it open." in text_of(page)
    assert (AuditEntry.objects.count(), may_write(case)) == (entries, False)
    with pytest.raises(Stale):
        confirmation.take_back(case, by=coordinator, version=1, reason="Not so")


@pytest.mark.parametrize("who", ["chair", "doctor", "stranger"])
def test_nobody_else_confirms_behind_the_pages_either(request, case, who):
    by = request.getfixturevalue(who)

    with pytest.raises(Refused) as refused:
        confirmation.confirm_by_call(case, by=by, version=0, **CALL)

    assert refused.value.status == 403
    assert confirmation.of(case) is None


def test_what_is_to_confirm_is_a_task_and_a_list(client, coordinator, chair, case):
    other = opened_case()
    confirmation.confirm_by_call(other, by=coordinator, version=0, **CALL)
    closed = opened_case()
    Case.objects.filter(pk=closed.pk).update(state="closed", closed_at=timezone.now())

    [task] = [each for each in work.tasks_for(coordinator) if each.text == "Deaths to confirm"]

    assert (task.count, work.tasks_for(chair)) == (1, [])
    page = text_of(sign_in(client, coordinator).get(task.href))
    assert case.reference in page
    assert other.reference not in page and closed.reference not in page


def test_nobody_can_say_here_that_the_system_used_before_knew_it(client, coordinator, case):
    page = sign_in(client, coordinator).post(url(case), TYPED | {"way": "earlier"})

    assert page.status_code == 200 and "There is a problem" in text_of(page)
    assert confirmation.of(case) is None
