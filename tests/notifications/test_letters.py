"""What is sent to notifier and team: when, and never a word about the child."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cdop.core import mailing, outbox, sealing, sending
from cdop.core.messages import Message
from cdop.core.steps import edit
from notifications import decisions, letters, undoing, work
from notifications.models import Notification
from tests.cast import TESTS, give, person
from tests.notifications.writing import NOTIFIER_ADDRESS, accepted, received, sent_to

TELLING = [
    *("Aaaa", "Invented-Child", "Notifier Invented", "9990000123", "ZZ99", "2020"),
    *("Halton", "female", "ward", "expected"),
]


def states() -> dict[str, str]:
    return dict(Message.objects.values_list("template", "state"))


# The notifier and the team


def test_an_address_is_forgotten_and_what_was_sent_stays_readable(db):
    sent = received()
    later = timezone.now() + timedelta(days=91)
    Message.objects.update(state="sent", ended_at=timezone.now())

    assert sending.forget_addresses(later) == 1

    [message] = Message.objects.all()
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal(message.data_key, "address", message.sealed)
    assert Notification.objects.get(pk=sent.pk).answers["family_name"] == "Invented-Child"
    assert sending.forget_addresses(later) == 0


def test_an_address_goes_with_the_key_of_the_notification(db):
    sent = received()

    sealing.destroy(sent.data_key)

    [message] = Message.objects.select_related("data_key")
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal(message.data_key, "address", message.sealed)


def test_the_notifier_is_thanked_and_each_coordinator_told(coordinator, chair, doctor):
    deputy, nurse = person("deputy_coordinator"), person("cdop_nurse")

    sent = received()

    assert sent_to("acknowledgement") == [NOTIFIER_ADDRESS]
    assert sent_to("waiting") == sorted([coordinator.email, deputy.email])
    assert nurse.email not in sent_to("waiting")
    assert {message.about for message in Message.objects.all()} == {sent.reference}
    letter = Message.objects.filter(template="waiting").first()
    page = reverse("notifications:notification", args=[sent.reference])
    assert f"{settings.SITE_ADDRESS}{page}\n" in letter.body


def test_a_coordinator_with_two_roles_or_whose_time_is_over_is_not_told_twice_or_at_all(
    coordinator,
):
    give(coordinator, "deputy_coordinator")
    today = timezone.localdate()
    edit(person("coordinator"), by=TESTS, ends_on=today - timedelta(days=1))
    edit(person("coordinator"), by=TESTS, is_active=False)
    ended = person("coordinator")
    edit(ended.holdings.get(), by=TESTS, ends_on=today, starts_on=today - timedelta(days=9))
    edit(ended.holdings.get(), by=TESTS, ends_on=today - timedelta(days=1))

    received()

    assert sent_to("waiting") == [coordinator.email]


@pytest.mark.parametrize("address", ["", "nobody", "a@example.org, b@example.org", "a@b\nBcc: c@d"])
def test_without_an_address_that_works_nothing_is_queued_and_somebody_is_to_ring(db, address):
    sent = received(notifier_email=address)

    assert sent_to("acknowledgement") == []
    assert letters.whom_to_ring(sent.answers) == (
        "No email address, so nothing is sent. Please ring 01632 960001."
    )
    assert letters.whom_to_ring({}) == (
        "No email address, and no telephone number. Nothing is sent."
    )


def test_an_account_whose_address_cannot_be_written_to_stops_no_notification(coordinator):
    edit(person("coordinator"), by=TESTS, email="nobody")

    assert received().state == "received"
    assert sent_to("waiting") == [coordinator.email]


def test_what_arrived_long_ago_is_recorded_and_not_announced(coordinator, doctor):
    sent = received(at=timezone.now() - timedelta(days=31))
    case = accepted(sent, coordinator)
    case = edit(case, by=TESTS, opened_at=timezone.now() - timedelta(days=31))
    Message.objects.all().delete()

    assert letters.acknowledge(sent, TESTS) is None
    assert letters.alert_opened(case, sent, TESTS) == []
    assert Message.objects.count() == 0


def test_the_team_is_told_once_however_often_the_job_runs(coordinator):
    sent = received()
    Message.objects.filter(template="waiting").update(state="sent", ended_at=timezone.now())

    assert work.tell_of_arrivals() == ""
    assert Message.objects.filter(template="waiting", about=sent.reference).count() == 1


def test_the_job_says_how_many_letters_it_queued(db):
    received()
    received()
    person("coordinator")

    assert work.tell_of_arrivals() == "Queued 2 letters about what arrived."


def test_nobody_is_told_of_what_was_triaged_or_arrived_long_ago(db):
    received(at=timezone.now() - timedelta(days=31))
    received(route="legacy")
    declined, passed = received(), received()
    coordinator = person("coordinator")
    decisions.decline(declined, by=coordinator, version=1, reason="hoax")
    accepted(passed, coordinator)

    assert letters.tell_team() == 0
    assert sent_to("waiting") == []


def test_what_came_back_to_triage_is_told_where_nobody_was_told_of_it(db):
    sent = received()
    coordinator = person("coordinator")
    declined = decisions.decline(sent, by=coordinator, version=1, reason="grown_up")
    undoing.undo_decline(declined, by=coordinator, version=declined.version)

    assert letters.tell_team() == 1
    assert sent_to("waiting") == [coordinator.email]


def test_nothing_is_sent_about_what_is_taken_over_from_another_system(coordinator, doctor):
    sent = received(route="legacy")
    accepted(sent, coordinator)
    decisions.decline(received(route="legacy"), by=coordinator, version=1, reason="grown_up")

    assert Message.objects.count() == 0


def test_a_notification_that_is_refused_is_not_acknowledged(coordinator):
    with pytest.raises(decisions.Refused):
        received(date_of_birth="2026-02-01")

    assert Message.objects.count() == 0


# Declined


@pytest.mark.parametrize("reason", ["elsewhere", "not_born_alive", "grown_up", "termination"])
def test_the_notifier_is_told_that_it_is_not_reviewed_here_and_never_why(coordinator, reason):
    note = "Aaaa Invented lived in Wales"
    decisions.decline(received(), by=coordinator, version=1, reason=reason, note=note)

    assert sent_to("declined") == [NOTIFIER_ADDRESS]
    letter = Message.objects.get(template="declined")
    assert "This panel does not review it." in letter.body
    said = letter.body.replace(Notification.objects.get().reference, "")
    assert [word for word in ("Aaaa", "Wales", "born", "18", "termination") if word in said] == []


def test_the_panel_that_reviews_it_is_named_and_nothing_else(coordinator):
    sent = received()

    letter = letters.tell_declined(sent, coordinator, panel="North & South Panel")

    assert "It is reviewed by another panel: North & South Panel." in letter.body


@pytest.mark.parametrize("reason", ["hoax", "mistake", "test", "duplicate"])
def test_what_is_no_death_stops_everything_that_waits(coordinator, reason):
    sent = received()

    decisions.decline(sent, by=coordinator, version=1, reason=reason)

    assert states() == {"acknowledgement": "stopped", "waiting": "stopped"}
    why = {message.why_stopped for message in Message.objects.all()}
    assert why == {decisions.DeclineReason(reason).label}


def test_what_was_sent_before_stays_sent(coordinator):
    sent = received()
    Message.objects.filter(template="acknowledgement").update(state="sent", ended_at=timezone.now())

    decisions.decline(sent, by=coordinator, version=1, reason="hoax")

    assert states() == {"acknowledgement": "sent", "waiting": "stopped"}


def test_a_hoax_that_became_a_case_stops_what_waits_about_the_case_too(coordinator, doctor):
    sent = received()
    case = accepted(sent, coordinator)
    sent.refresh_from_db()

    assert letters.stop_all(sent, coordinator, "It was a hoax.") == 3
    assert states() == {t: "stopped" for t in ("acknowledgement", "waiting", "opened")}
    assert outbox.of([case.reference]).get().why_stopped == "It was a hoax."


def test_a_decision_that_is_undone_is_not_told_and_made_anew_is_another_letter(coordinator):
    sent = received()
    declined = decisions.decline(sent, by=coordinator, version=1, reason="grown_up")
    undone = undoing.undo_decline(declined, by=coordinator, version=declined.version)

    assert states() == {"acknowledgement": "waiting", "waiting": "waiting", "declined": "stopped"}

    decisions.decline(sent, by=coordinator, version=undone.version, reason="grown_up")

    assert sorted(Message.objects.filter(template="declined").values_list("state", flat=True)) == [
        "stopped",
        "waiting",
    ]


# What every letter says, and does not


LETTERS = sorted(
    path.stem
    for path in (settings.BASE_DIR / "templates" / "mail").glob("*.jinja")
    if path.name != mailing.FOOT
)
TELLS_WHAT_IT_IS = re.compile(r"death|died|child|baby|panel|notif|deceas|cheshire|review", re.I)


def test_no_letter_about_a_notification_says_anything_of_the_child(coordinator, doctor):
    sent = received()
    accepted(sent, coordinator)
    decisions.decline(received(), by=coordinator, version=1, reason="grown_up")

    written = " ".join(f"{m.subject} {m.body} {m.once}" for m in Message.objects.all())

    assert set(states()) == {"acknowledgement", "waiting", "opened", "declined"}
    assert [word for word in TELLING if word.lower() in written.lower()] == []


@pytest.mark.parametrize("name", LETTERS)
def test_no_subject_says_what_the_letter_is_about(name):
    source = (settings.BASE_DIR / "templates" / "mail" / f"{name}.jinja").read_text()
    subject = re.search(r"{% block subject %}(.*?){% endblock %}", source, re.S).group(1)

    assert TELLS_WHAT_IT_IS.findall(subject) == []
    assert mailing.what(name) != ""
