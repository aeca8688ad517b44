"""Declining a notification, and thinking again: what was decided is decided once."""

import pytest

from cdop.cases.models import Case
from cdop.core.refusals import Refused, Stale
from notifications import decisions, undoing
from notifications.decisions import DeclineReason
from notifications.models import Notification
from tests.makers import HALTON, opened_case
from tests.notifications.filling import text_of, version_on
from tests.notifications.triage import accepted, decide, everything, page_of


@pytest.mark.parametrize("reason", [reason for reason in DeclineReason if reason != "elsewhere"])
def test_declining_keeps_what_was_sent_and_why(desk, coordinator, notification, reason):
    decide(desk, notification, "decline", reason=reason.value, note="Said by the notifier")

    kept = Notification.objects.get()
    assert (kept.state, kept.decline_code, kept.case) == ("declined", reason, None)
    assert (kept.decided_by, kept.answers) == (coordinator, notification.answers)
    assert not Case.objects.exists()


def test_the_page_says_what_was_decided_why_and_by_whom(desk, notification):
    decide(desk, notification, "decline", reason="duplicate", note="First one is N-0000-0000")

    page = text_of(desk.get(page_of(notification)))

    assert (
        "What was decided Coordinator has decided already: this notification is declined." in page
    )
    assert "Why The same notifier sent it twice Note First one is N-0000-0000" in page
    assert "Accept into a new case" not in page


def test_who_reviews_it_instead_has_to_be_said(desk, notification):
    page = decide(desk, notification, "decline", reason="elsewhere")
    assert "There is a problem Say which panel reviews this death" in text_of(page)

    decide(desk, notification, "decline", reason="elsewhere", note="The panel of Invented-Shire")

    assert Notification.objects.get().decision_note == "The panel of Invented-Shire"


@pytest.mark.parametrize("reason", ["grown_up", "not_born_alive", "termination"])
def test_a_reason_against_which_the_dates_speak_needs_a_word(desk, notification, reason):
    page = text_of(decide(desk, notification, "decline", reason=reason))
    assert "By the dates that were given the child died at the age of" in page
    assert Notification.objects.get().state == "received"

    decide(desk, notification, "decline", reason=reason, note="The date of birth is wrong")

    assert Notification.objects.get().state == "declined"


def test_a_decline_can_be_undone_and_stays_in_the_history(desk, coordinator, notification):
    decide(desk, notification, "decline", reason="hoax")
    version = Notification.objects.get().version

    desk.post(page_of(notification, "undo"), {"version": version, "reason": "It was true"})

    again = Notification.objects.get()
    assert (again.state, again.decline_code, again.decided_by) == ("received", "", None)
    assert "hoax" in again.history.values_list("decline_code", flat=True)
    assert again.history.latest().history_change_reason == "It was true"
    decide(desk, notification, "accept", area=HALTON, in_scope="yes")
    assert Notification.objects.get().state == "accepted"


def test_after_a_decline_and_its_undoing_an_old_page_is_stale(desk, coordinator, notification):
    version = version_on(desk.get(page_of(notification, "accept")))
    decisions.decline(notification, by=coordinator, version=1, reason="test")
    undoing.undo_decline(notification, by=coordinator, version=2)

    said = {"area": HALTON, "in_scope": "yes", "version": version}
    stale = desk.post(page_of(notification, "accept"), said)

    assert stale.status_code == 409
    assert "Somebody else changed this while you had it open." in text_of(stale)
    assert not Case.objects.exists()
    desk.post(page_of(notification, "accept"), said | {"version": version_on(stale)})
    assert Case.objects.count() == 1


@pytest.mark.parametrize("first", ["accept", "attach"])
@pytest.mark.parametrize("second", ["accept", "attach", "decline", "undo"])
def test_what_was_taken_into_a_case_is_not_decided_again(coordinator, notification, first, second):
    case = opened_case()
    acts = {
        "accept": lambda row: accepted(row, coordinator),
        "attach": lambda row: decisions.attach(row, case, by=coordinator, version=row.version),
        "decline": lambda row: decisions.decline(
            row, by=coordinator, version=row.version, reason="test"
        ),
        "undo": lambda row: undoing.undo_decline(row, by=coordinator, version=row.version),
    }
    acts[first](notification)
    taken, before = Notification.objects.get(), everything()

    with pytest.raises(Refused, match="Coordinator has decided already") as refused:
        acts[second](taken)

    assert (type(refused.value), refused.value.status) == (Refused, 409)
    assert everything() == before


def test_a_stale_version_changes_nothing(coordinator, notification):
    case = opened_case()
    before = everything()

    for act in (
        lambda: accepted(notification, coordinator, version=7),
        lambda: decisions.attach(notification, case, by=coordinator, version=7),
        lambda: decisions.decline(notification, by=coordinator, version=7, reason="test"),
    ):
        with pytest.raises(Stale):
            act()

    assert everything() == before


@pytest.mark.parametrize("posted", [{}, {"version": "x"}, {"version": ""}])
def test_an_undo_without_a_version_is_no_request_of_ours(desk, coordinator, notification, posted):
    decisions.decline(notification, by=coordinator, version=1, reason="test")

    answer = desk.post(page_of(notification, "undo"), posted | {"reason": "Because"})

    assert "There is a problem" in text_of(answer)
    assert Notification.objects.get().state == "declined"
