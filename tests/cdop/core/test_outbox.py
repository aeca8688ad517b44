"""The outbox: what is queued once, what stops it, and what it never says."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone
from jinja2 import UndefinedError

from cdop.core import mailing, outbox, reminders, sealing, sending
from cdop.core.audit import AuditEntry, act
from cdop.core.messages import PURPOSE, M, Message
from cdop.core.refusals import Refused
from cdop.core.sealing import DataKey
from cdop.core.steps import step, why_not
from tests.at_once import at_once, names
from tests.cast import TESTS
from tests.cdop.core.queueing import ADDRESS, REFERENCE, queued


def entries() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.values_list("action", "subject", "detail"))


# Queueing


def test_a_message_waits_with_its_words_and_a_sealed_address(db):
    message = queued()

    assert (message.state, message.label) == ("waiting", "waiting to be sent")
    assert (message.about, message.subject) == (REFERENCE, f"Received: {REFERENCE}")
    assert message.body.startswith("Thank you. What you sent has arrived.")
    assert message.body.endswith("ring 01632 960000, an invented number.\n")
    assert sealing.unseal(message.data_key, "address", message.sealed) == ADDRESS.encode()
    [(action, subject, detail)] = entries()
    assert (action, subject) == ("message.queued", f"message:{message.pk}")
    assert ADDRESS not in detail and "sealed" in detail


def test_the_same_message_twice_is_queued_once_with_one_key_and_one_entry(db):
    first = queued()
    again = queued(to="another@example.org")

    assert again == first
    assert Message.objects.count() == DataKey.objects.count() == len(entries()) == 1


def test_what_is_refused_around_it_leaves_no_message(db):
    with pytest.raises(Refused), act():
        queued()
        raise Refused("Not now.")

    assert Message.objects.count() == DataKey.objects.count() == len(entries()) == 0


def test_queueing_twice_within_one_act_keeps_the_rest_of_the_act(db):
    with act():
        queued()
        queued()
        queued("other")

    assert [action for action, _, _ in entries()] == ["message.queued"] * 2


def test_a_fault_that_is_no_second_queueing_is_not_taken_for_one(db):
    # PostgreSQL says that a column is empty; SQLite leaves such a row out, and it is missed.
    with pytest.raises((IntegrityError, KeyError)):
        queued(about=None)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@example.org\nBcc: b@example.org",
        "a@example.org\r\n\r\nHello",
        "a@example.org, b@example.org",
        "A <a@example.org>",
        '"a\x01b"@example.org',
        "a@example.org ",
        "ä@example.org",
        "a@" + "b." * 130 + "org",
    ],
)
def test_what_is_not_one_plain_address_is_refused_and_not_repeated(db, address):
    with pytest.raises(Refused) as refusal:
        queued(to=address)

    assert refusal.value.reason == "This is not an email address that can be written to."
    assert Message.objects.count() == DataKey.objects.count() == 0


def test_a_subject_has_one_line_whatever_the_template_is_given(db):
    message = queued(context={"reference": "N-1\r\nBcc: b@example.org\n\n" + "x" * 200})

    assert message.subject.startswith("Received: N-1 Bcc: b@example.org x")
    assert len(message.subject) == mailing.LONGEST_SUBJECT and message.subject.isprintable()


def test_a_letter_that_lacks_a_word_is_not_queued(db):
    with pytest.raises(UndefinedError):
        queued(context={})

    assert Message.objects.count() == 0


def test_text_stands_in_a_letter_as_it_is(db):
    assert "Received: O'N & <N>" in queued(context={"reference": "O'N & <N>"}).subject


def test_a_link_begins_with_the_address_of_the_site(settings):
    for address in ("https://cdop.example.org", "https://cdop.example.org/"):
        settings.SITE_ADDRESS = address
        assert outbox.link("/cases/C-1/") == "https://cdop.example.org/cases/C-1/"


def test_the_messages_about_some_references_come_newest_first(db):
    first, _, third = queued("1"), queued("2", about="C-OTHER"), queued("3", about="C-THIRD")
    assert list(outbox.of([REFERENCE, "C-THIRD"])) == [third, first]
    assert list(outbox.of([])) == []


def test_those_who_triage_see_messages_and_nobody_else(coordinator, doctor, chair, stranger):
    message = queued()

    seen = [list(Message.objects.visible_to(p)) for p in (coordinator, doctor, chair, stranger)]

    assert seen == [[message], [], [], []]


# Stopping


def test_stopping_ends_everything_about_a_reference_that_has_not_gone(coordinator):
    waiting, failed, sent, other = queued("1"), queued("2"), queued("3"), queued("4", about="C-1")
    now = timezone.now()
    step(failed, M.FAILED, by=sending.SENDER, ended_at=now)
    step(sent, M.SENT, by=sending.SENDER, ended_at=now)

    assert outbox.stop(REFERENCE, by=coordinator, reason="It was a hoax.") == 2
    assert outbox.stop(REFERENCE, by=coordinator, reason="Again.") == 0

    states = dict(Message.objects.values_list("pk", "state"))
    wanted = {waiting.pk: "stopped", failed.pk: "stopped", sent.pk: "sent", other.pk: "waiting"}
    assert states == wanted
    stopped = Message.objects.get(pk=waiting.pk)
    assert stopped.why_stopped == "It was a hoax." and stopped.ended_at >= now
    actions = [action for action, _, _ in entries()]
    assert actions.count("message.stopped") == 2


def test_a_stopped_message_is_not_queued_again(coordinator):
    queued()
    outbox.stop(REFERENCE, by=coordinator, reason="It was a hoax.")

    assert queued().state == "stopped"


# Forgetting


def test_where_a_message_went_is_forgotten_after_three_months_and_its_words_are_not(db):
    now, at = timezone.now(), timezone.now() - timedelta(days=90)
    old, young, waiting = queued("1"), queued("2"), queued("3")
    step(old, M.SENT, by=sending.SENDER, ended_at=at)
    step(young, M.SENT, by=sending.SENDER, ended_at=at + timedelta(hours=1))

    assert reminders.forget_addresses() == "Forgot 1 address."
    assert reminders.forget_addresses() == ""

    readable = {message.pk: readable_now(message) for message in (old, young, waiting)}
    assert readable == {old.pk: False, young.pk: True, waiting.pk: True}
    assert Message.objects.get(pk=old.pk).body == old.body
    assert entries()[-1] == ("messages.addresses_forgotten", "outbox", '{"after": {"count": 1}}')
    assert sending.forget_addresses(now + timedelta(days=1)) == 1


def readable_now(message: Message) -> bool:
    row = Message.objects.select_related("data_key").get(pk=message.pk)
    try:
        sealing.unseal(row.data_key, PURPOSE, row.sealed)
    except sealing.CannotUnseal:
        return False
    return True


# Who may take which step


@pytest.mark.parametrize(
    ("here", "to", "team"),
    [
        ("waiting", "sent", False),
        ("waiting", "failed", False),
        ("waiting", "stopped", True),
        ("waiting", "told", True),
        ("failed", "waiting", True),
        ("failed", "told", True),
        ("stopped", "waiting", True),
    ],
)
def test_only_the_team_ends_messages_by_hand_and_only_the_system_sends(
    coordinator, chair, here, to, team
):
    message = queued()
    message.state = here

    allowed = [not why_not(message, outbox.M(to), by=who) for who in (TESTS, coordinator, chair)]

    assert allowed == [True, team, False]


def test_what_was_sent_stays_sent():
    assert [to for here, to in Message.STEPS if here == "sent"] == []
    assert [to for here, to in Message.STEPS if here == "told"] == []


def test_queued_by_eight_at_once_it_is_one_message(committed_database):
    found = at_once(*[queued] * 8)

    assert names(found) == ["Message"] * 8 and len({each.pk for each in found}) == 1
    assert Message.objects.count() == DataKey.objects.count() == len(entries()) == 1


def test_a_demonstration_sends_nothing_and_keeps_everything(db, mailoutbox):
    queued()

    assert sending.send_due(timezone.now() + timedelta(days=9)) == 0
    assert (mailoutbox, Message.objects.get().attempts) == ([], 0)
    assert mailing.why_not_sending() == mailing.IS_DEMONSTRATION
