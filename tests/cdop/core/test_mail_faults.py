"""What goes wrong with a real mail server that refuses, hangs up and falls silent."""

import smtplib
import ssl
from datetime import timedelta

import pytest
from django.utils import timezone

from cdop.core import mailing, sealing, sending
from cdop.core.messages import Message
from tests.cdop.core.queueing import ADDRESS, now_is, queued, use
from tests.smtp import free_port

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("451 Come back", "The mail server did not take the message (answer 451)."),
        ("554 No", "The mail server did not take the message (answer 554)."),
        ("drop", "The mail server broke off before it had taken the message."),
        ("silence", "The mail server broke off before it had taken the message."),
    ],
)
def test_what_was_not_taken_is_tried_again_later_and_arrives_once(
    db, server, settings, answer, problem
):
    message = queued()

    with server(answer) as sink:
        patience = settings.EMAIL_TIMEOUT
        settings.EMAIL_TIMEOUT = 1 if answer == "silence" else patience
        assert sending.send_due() == 0
        settings.EMAIL_TIMEOUT = patience
        assert now_is(message) == ("waiting", 1, problem)
        assert sending.send_due(timezone.now() + MINUTE) == 1

    assert (sink.ids, sink.asked) == ([message.message_id], 2)
    assert now_is(message) == ("sent", 2, "")


def test_one_that_breaks_the_line_does_not_keep_the_others(db, server):
    first, second, third = (queued(str(number)) for number in range(3))

    with server("drop") as sink:
        assert sending.send_due() == 2

    assert sink.ids == [second.message_id, third.message_id]
    assert now_is(first)[0] == "waiting"


def test_an_address_that_is_not_there_is_given_up_at_once(db, server, caplog):
    message, words = queued(), "The mail server says that nobody can be written to at this address"

    with caplog.at_level("WARNING"), server(address=f"550 {ADDRESS} is unknown here"):
        assert sending.send_due() == 0

    assert now_is(message) == ("failed", 1, f"{words} (550).")
    assert ADDRESS not in caplog.text and str(message.pk) in caplog.text


def test_an_address_that_is_full_today_is_tried_again(db, server):
    message = queued()

    with server(address="452 Mailbox full"):
        sending.send_due()

    words = "The mail server does not take messages for this address now (452)."
    assert now_is(message) == ("waiting", 1, words)


def test_a_server_that_cannot_be_reached_is_called_once_for_all(db, settings, monkeypatch):
    messages = [queued(str(number)) for number in range(4)]
    use(settings, free_port())
    calls = []
    real = smtplib.SMTP.connect
    monkeypatch.setattr(
        smtplib.SMTP, "connect", lambda *given: (calls.append(given), real(*given))[1]
    )

    assert sending.send_due() == 0

    assert len(calls) == 1
    for message in messages:
        assert now_is(message) == ("waiting", 1, "The mail server could not be reached.")


def test_after_each_try_the_pause_is_longer_and_after_three_days_it_is_given_up(db, settings):
    message, start = queued(), timezone.now()
    use(settings, free_port())
    pauses, now = [], start
    while Message.objects.get().state == "waiting":
        sending.send_due(now)
        row = Message.objects.get()
        pauses.append(row.next_try_at - now)
        now = row.next_try_at

    minutes = [int(pause / MINUTE) for pause in pauses[:6]]
    assert minutes == [1, 5, 15, 60, 60, 60]
    assert Message.objects.get().ended_at - start >= 3 * DAY
    assert Message.objects.get().ended_at - start < 3 * DAY + HOUR
    assert now_is(message)[0] == "failed"


def test_not_a_minute_too_early(db, settings):
    queued()
    use(settings, free_port())
    now = timezone.now()
    sending.send_due(now)

    sending.send_due(now + MINUTE - timedelta(seconds=1))

    assert Message.objects.get().attempts == 1


def test_days_on_which_nothing_was_tried_do_not_count(db, settings):
    message = queued()
    use(settings, free_port())
    Message.objects.update(queued_at=timezone.now() - 9 * DAY)

    sending.send_due()

    assert now_is(message)[:2] == ("waiting", 1)


def test_an_address_whose_key_is_gone_keeps_no_other_message(db, server):
    sealed_for_good, other = queued("1"), queued("2")
    sealing.destroy(sealed_for_good.data_key)

    with server() as sink:
        assert sending.send_due() == 1

    assert sink.ids == [other.message_id]
    problem = "The address cannot be read, because its key is not there."
    assert now_is(sealed_for_good) == ("waiting", 1, problem)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (smtplib.SMTPAuthenticationError(535, b"No"), "does not accept the user name and password"),
        (smtplib.SMTPSenderRefused(553, b"No", "a@b"), "did not take the message (answer 553)"),
        (smtplib.SMTPNotSupportedError("No STARTTLS"), "does not offer what is set here"),
        (smtplib.SMTPServerDisconnected("Gone"), "broke off"),
        (ssl.SSLCertVerificationError("Expired"), "No secure connection"),
        (TimeoutError(), "did not answer in time"),
        (ConnectionRefusedError(), "could not be reached"),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"a@b"), "b": (451, b"")}), "now (550, 451)"),
    ],
)
def test_every_fault_has_words_of_its_own_that_quote_nobody(error, words):
    problem = mailing.problem_of(error)

    assert words in problem.words and not problem.for_good
    assert "@" not in problem.words


def test_without_a_mail_server_nothing_is_tried_and_everything_kept(db, settings):
    message = queued()
    use(settings, 25, EMAIL_HOST="")

    assert sending.send_due(timezone.now() + 9 * DAY) == 0

    assert mailing.why_not_sending() == mailing.NO_SERVER
    assert now_is(message) == ("waiting", 0, "")
