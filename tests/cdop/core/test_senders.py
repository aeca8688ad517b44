"""Several senders at once, and kills: each on a database of its own."""

import os
import signal
from collections import Counter
from threading import Barrier, Event, Thread

from django.db import connections

from cdop.core import outbox, sending
from cdop.core.audit import verify
from cdop.core.messages import Message
from tests.cast import TESTS
from tests.cdop.core.queueing import REFERENCE, queued
from tests.databases import manage
from tests.smtp import Sink, mail_server
from tests.workers import real_work, remind, until_ended


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
    messages = [queued(str(number), to=f"{number}@example.org") for number in range(20)]

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
        assert reached.wait(120)
        stopped = outbox.stop(REFERENCE, by=TESTS, reason="It was a hoax.")
        sender.join()

    states = Counter(Message.objects.values_list("state", flat=True))
    assert states == Counter(sent=len(sink.took), stopped=stopped)
    assert len(sink.took) >= 1 and sum(states.values()) == 3


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
            assert process.wait(timeout=300) == -signal.SIGKILL
        sink.before_answer = None
        until_ended(committed_database, port)

    assert set(sink.ids) == wanted
    again = len(sink.ids) - len(wanted)
    assert again == kills, "each kill repeats the one message in flight"
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert verify().broken == ""


def test_the_command_says_how_many_it_sent(committed_database):
    queued()
    connections.close_all()

    with mail_server(Sink()) as port:
        done = manage("remind", url=committed_database, **real_work(port))

    assert "messages: Sent 1 message.\n" in done.stdout
