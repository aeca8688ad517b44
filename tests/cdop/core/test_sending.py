"""Sending: what arrives, once and as it was written, and what goes to a family."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from cdop.core import casework, outbox, reminders, sending
from cdop.core.audit import AuditEntry, verify
from cdop.core.messages import Message
from tests.cdop.core.queueing import ADDRESS, REFERENCE, now_is, queued

DAY = timedelta(days=1)


# What arrives


def test_what_is_due_arrives_once_as_it_was_written(db, server):
    message = queued()

    with server() as sink:
        assert sending.send_due() == 1
        assert sending.send_due(timezone.now() + DAY) == 0

    [mail] = sink.took
    assert now_is(message) == ("sent", 1, "")
    assert mail["Message-ID"] == f"<{message.pk}@cdop.example.org>" == message.message_id
    assert (mail["To"], mail["Subject"]) == (ADDRESS, message.subject)
    assert mail.get_content().replace("\r\n", "\n").strip() == message.body.strip()


def test_neither_sender_nor_subject_says_what_it_is_about_and_no_program_answers(db, server):
    queued()

    with server() as sink:
        sending.send_due()

    [mail] = sink.took
    assert mail["From"] == "no-reply@cdop.example.org"
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    heads = " ".join(f"{name}: {value}" for name, value in mail.items()).lower()
    assert [word for word in ("death", "child", "panel", "overview") if word in heads] == []


def test_sending_is_recorded_without_the_address(db, server):
    message = queued()

    with server():
        sending.send_due()

    entry = AuditEntry.objects.order_by("number").last()
    assert (entry.action, entry.subject) == ("message.sent", f"message:{message.pk}")
    assert entry.job == "sending of messages"
    assert ADDRESS not in entry.detail and verify().broken == ""


def test_several_go_over_one_line_in_the_order_in_which_they_came(db, server):
    messages = [queued(str(number)) for number in range(5)]

    with server() as sink:
        assert reminders.send_messages() == "Sent 5 messages."
        assert reminders.send_messages() == ""

    assert sink.ids == [message.message_id for message in messages]


def test_a_stopped_message_does_not_go(coordinator, server):
    queued()
    outbox.stop(REFERENCE, by=coordinator, reason="It was a hoax.")

    with server() as sink:
        assert sending.send_due(timezone.now() + DAY) == 0

    assert sink.took == []


def test_a_failed_message_that_a_person_tries_again_goes_under_the_same_name(coordinator, server):
    message = queued()
    with server(address="550 No such mailbox"):
        sending.send_due()
    outbox.try_again(Message.objects.get(), by=coordinator)

    with server() as sink:
        assert sending.send_due() == 1

    assert sink.ids == [message.message_id]
    assert now_is(message) == ("sent", 1, "")


# To a family


@pytest.fixture
def stages(monkeypatch):
    """Stages that say what they are told to say about a family."""

    def say(*answers):
        known = [SimpleNamespace(why_not_write_to_family=lambda _, a=each: a) for each in answers]
        monkeypatch.setattr(casework, "stages", lambda: [SimpleNamespace(), *known])

    return say


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ((), "Nothing here says that this death is confirmed."),
        ((None,), "Nothing here says that this death is confirmed."),
        (("Not confirmed.",), "Not confirmed."),
        (("", "Withdrawn."), "Withdrawn."),
    ],
)
def test_nothing_goes_to_a_family_unless_a_stage_knows_that_it_may(
    db, server, stages, answers, problem
):
    family, other = queued("1", to_family=True), queued("2")
    stages(*answers)

    with server() as sink:
        sending.send_due()

    assert sink.ids == [other.message_id]
    assert now_is(family) == ("waiting", 1, problem)


def test_once_it_may_it_goes(db, server, stages):
    family = queued(to_family=True)
    stages("", None)

    with server() as sink:
        sending.send_due()

    assert sink.ids == [family.message_id]


def test_the_stages_are_asked_about_the_reference(monkeypatch):
    asked = []
    stage = SimpleNamespace(why_not_write_to_family=lambda reference: asked.append(reference) or "")
    monkeypatch.setattr(casework, "stages", lambda: [stage])

    assert casework.why_not_write_to_family("C-1") == ""
    assert asked == ["C-1"]
