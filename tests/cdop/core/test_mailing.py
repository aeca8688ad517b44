"""Addresses that letters go to, and a letter that cannot be written among others that can."""

import pytest
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from hypothesis import assume, given
from hypothesis.strategies import emails, from_regex, one_of

from cdop.core import mailing, outbox, reminders, sending
from cdop.core.fields import EmailField
from tests.cast import TESTS
from tests.cdop.core.queueing import ADDRESS, REFERENCE, queued
from tests.smtp import Sink, mail_server, settings_for

IN_CODE = "=?us-ascii?Q?=0A?=@x.org"
"""Reads as the end of a line: nothing after it would be part of the address."""

WRITABLE = ["notifier@example.org", "a.b+c@example.org", "o'brien@example.org", "x" * 64 + "@e.org"]
NOT_WRITABLE = [
    "",
    "nobody",
    "a@b",
    "a b@example.org",
    "a@example.org\nBcc: b@example.org",
    "Name <a@example.org>",
    "a@example.org, b@example.org",
    "ä@example.org",
    IN_CODE,
    "=?utf-8?Q?a=40b.org=2C?=@x.org",
    "=?utf-8?B?Cg==?=@x.org",
    "x" * 250 + "@example.org",
]


@pytest.mark.parametrize("text", WRITABLE)
def test_a_plain_address_can_be_written_to(text):
    assert mailing.is_address(text)
    assert EmailField().clean(text) == text


@pytest.mark.parametrize("text", NOT_WRITABLE)
def test_anything_else_cannot(text):
    assert not mailing.is_address(text)


@given(one_of(emails(), from_regex(r"[A-Za-z0-9+'_-][A-Za-z0-9.+'_-]*@[a-z0-9]+\.(org|UK)")))
def test_plain_signs_are_read_by_a_mail_program_as_they_stand(text):
    assume(mailing.READ_AS_IT_STANDS.fullmatch(text) and mailing.is_address(text))
    assert sanitize_address(text, "utf-8") == text


@pytest.mark.parametrize("text", [each for each in NOT_WRITABLE if each])
def test_a_box_for_an_address_takes_none_to_which_nobody_can_write(text):
    with pytest.raises(ValidationError):
        EmailField().clean(text)


def test_a_letter_that_cannot_be_written_ends_and_lets_the_next_one_go(db, settings, monkeypatch):
    """As it would be if an address once slipped through."""
    monkeypatch.setattr(mailing, "is_address", lambda text: True)
    bad, good = queued("bad", to=IN_CODE), queued("good", to="good@example.org")
    monkeypatch.undo()
    sink = Sink()

    with mail_server(sink) as port:
        for name, value in settings_for(port).items():
            setattr(settings, name, value)
        assert not any(outcome.failed for outcome in reminders.run_due())

    bad.refresh_from_db()
    assert (bad.state, bad.attempts) == ("failed", 1)
    assert sink.ids == [good.message_id]


def test_no_address_is_flooded_with_what_strangers_cause(db, server):
    """Each report names a notifier, and whoever sends reports chooses whom."""
    most = sending.MOST_AN_HOUR["acknowledgement"]
    first = [queued(f"letter {number}") for number in range(most)]
    more = queued("one more", to=ADDRESS.upper())
    other = queued("to somebody else", to="other@example.org")

    with server() as sink:
        sending.send_due()

    assert sink.ids == [message.message_id for message in (*first, other)]
    more.refresh_from_db()
    assert (more.state, more.why_stopped) == ("stopped", sending.CROWDED.words)


def test_what_the_team_decides_to_send_is_never_too_much(db, server):
    letters = [
        outbox.queue(
            "declined",
            {f"letter {number}": ADDRESS},
            about=REFERENCE,
            by=TESTS,
            context={"reference": REFERENCE, "panel": ""},
        )[0]
        for number in range(2 * max(sending.MOST_AN_HOUR.values()))
    ]

    with server() as sink:
        sending.send_due()

    assert len(sink.ids) == len(letters)
