"""Sending: to a real mail server that refuses, hangs up and falls silent, and through kills."""

import os
import signal
import smtplib
import ssl
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event, Thread
from types import SimpleNamespace

import pytest
from django.conf import settings as site
from django.db import connections
from django.utils import timezone

from cdop.core import casework, mailing, outbox, reminders, sealing, sending
from cdop.core.audit import AuditEntry, verify
from cdop.core.messages import Message
from tests.cast import TESTS
from tests.cdop.core.test_outbox import ADDRESS, REFERENCE, queued
from tests.databases import environment, manage
from tests.smtp import Sink, free_port, mail_server, settings_for

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def server(settings):
    """Start a mail server that answers as told, and let the system use it."""

    @contextmanager
    def start(*answers: str, **refused: str):
        sink = Sink(list(answers), {ADDRESS: refused["address"]} if refused else None)
        with mail_server(sink) as port:
            use(settings, port)
            yield sink

    return start


def use(settings, port: int, **changes) -> None:
    for name, value in (settings_for(port) | changes).items():
        setattr(settings, name, value)


def now_is(message: Message) -> tuple:
    row = Message.objects.get(pk=message.pk)
    return (row.state, row.attempts, row.problem)


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


# What goes wrong


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("451 Come back", "The mail server did not take the message (answer 451)."),
        ("554 No", "The mail server did not take the message (answer 554)."),
        ("drop", "The mail server broke off before it had taken the message."),
        ("silence", "The mail server broke off before it had taken the message."),
    ],
)
def test_what_was_not_taken_is_tried_again_later_and_arrives_once(db, server, answer, problem):
    message = queued()

    with server(answer) as sink:
        assert sending.send_due() == 0
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


# Several at once, and kills: each on a database of its own


def in_threads(number: int, work) -> list:
    barrier, found = Barrier(number), []

    def run():
        barrier.wait()
        try:
            found.append(work())
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(number)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return found


def test_of_three_who_send_at_once_none_sends_what_another_does(committed_database, server):
    messages = [queued(str(number)) for number in range(20)]

    with server() as sink:
        sent = in_threads(3, sending.send_due)

    assert len(sent) == 3 and sum(sent) == 20
    assert Counter(sink.ids) == Counter(message.message_id for message in messages)
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert verify().broken == ""


def test_stopping_waits_for_the_one_on_its_way_and_stops_the_others(committed_database, server):
    for number in range(3):
        queued(str(number))
    reached, go_on = Event(), Event()

    with server() as sink:
        sink.before_answer = lambda: (reached.set(), go_on.wait(0.5))
        sender = Thread(target=lambda: (sending.send_due(), connections.close_all()))
        sender.start()
        assert reached.wait(10)
        stopped = outbox.stop(REFERENCE, by=TESTS, reason="It was a hoax.")
        sender.join()

    states = Counter(Message.objects.values_list("state", flat=True))
    assert states == Counter(sent=len(sink.took), stopped=stopped)
    assert len(sink.took) >= 1 and sum(states.values()) == 3


def remind(url: str, port: int) -> subprocess.Popen:
    """The command that sends, in a process of its own, on a system for real work."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "remind"],
        cwd=site.BASE_DIR,
        env=environment(url, **real_work(port)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def real_work(port: int) -> dict[str, str]:
    """The environment of a system for real work with this mail server."""
    return {
        "DEMONSTRATION": "false",
        "CONTACT": "01632 960000",
        "SITE_ADDRESS": "https://cdop.example.org",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
        "EMAIL_USE_TLS": "false",
    }


def test_killed_while_it_sends_none_is_lost_and_by_message_id_none_is_there_twice(
    committed_database, settings
):
    """Two kills, each in the middle of a message that the mail server has taken."""
    settings.SITE_ADDRESS = "https://cdop.example.org"
    wanted = {queued(str(number)).message_id for number in range(8)}
    connections.close_all()
    sink, kills = Sink(), 2

    with mail_server(sink) as port:
        for _ in range(kills):
            process = remind(committed_database, port)
            killed = Event()

            def kill(process=process, killed=killed):
                if not killed.is_set() and len(sink.took) % 2 == 0:
                    os.kill(process.pid, signal.SIGKILL)
                    killed.set()

            sink.before_answer = kill
            assert process.wait(timeout=60) == -signal.SIGKILL
        sink.before_answer = None
        until_ended(committed_database, port)

    assert set(sink.ids) == wanted
    again = len(sink.ids) - len(wanted)
    assert again == kills, "each kill repeats the one message in flight"
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert verify().broken == ""


def until_ended(url: str, port: int) -> None:
    deadline = time.monotonic() + 60
    while Message.objects.filter(state="waiting").exists():
        assert time.monotonic() < deadline, "It did not end in time."
        assert remind(url, port).wait(timeout=60) == 0


def test_the_command_says_how_many_it_sent(committed_database):
    queued()
    connections.close_all()

    with mail_server(Sink()) as port:
        done = manage("remind", url=committed_database, **real_work(port))

    assert "messages: Sent 1 message.\n" in done.stdout
