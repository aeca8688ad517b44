"""Agencies chased by a worker that is killed, again and again, while it reminds and sends.

What must come out: every agency was reminded, and by Message-ID no letter is lost and none is there
twice. Half of the kills fall while reminders are queued, half while a letter is with the mail
server. The same letter handed over once more under the same Message-ID is the one that was in
flight at a kill.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from subprocess import Popen
from threading import Event

from django.db import connections
from django.test import override_settings
from django.utils import timezone

from cdop.agency_reports import asking
from cdop.agency_reports.asking import Line
from cdop.agency_reports.invitations import REMINDER
from cdop.core.messages import Message
from cdop.core.organisations import Organisation
from cdop.core.steps import create
from tests.cast import TESTS, person
from tests.databases import fresh_database, in_use
from tests.makers import opened_case
from tests.smtp import Sink, mail_server
from tests.workers import ADDRESS, remind, until_ended

LONG_AGO = timedelta(days=40)
WATCH = 0.02  # seconds between two looks at how many were reminded


@dataclass(frozen=True)
class Outcome:
    """What was counted.

    letters   that have to be there: for each request the one that asked and one reminder
    taken     of these, those that the mail server has, by Message-ID
    strange   Message-IDs that the mail server has and nobody queued
    twice     requests with more than one reminder
    repeated  letters handed over once more under the same Message-ID: at most one for each kill
    """

    requests: int
    letters: int
    taken: int
    strange: int
    twice: int
    repeated: int
    kills: int

    @property
    def holds(self) -> bool:
        whole = self.letters == self.taken == 2 * self.requests
        return whole and not (self.strange or self.twice) and self.repeated <= self.kills

    def __str__(self) -> str:
        return (
            f"{self.requests} requests, {self.letters} letters, {self.taken} of these taken, "
            f"{self.strange} strange, {self.twice} requests reminded twice, {self.repeated} "
            f"letters repeated under the same Message-ID; {self.kills} kills"
        )


def run(*, requests: int, kills: int) -> Outcome:
    """Chase so many requests that are overdue, and kill the worker meanwhile.

    On the database that ``TEST_DATABASE`` names, in a fresh one of its own.
    """
    sink = Sink()
    with fresh_database() as url, in_use(url), mail_server(sink) as port:
        _ask(requests)
        connections.close_all()
        first = kills // 2
        for share in range(1, first + 1):
            _kill_while_chasing(remind(url, port), share * requests // (first + 1))
        for _ in range(kills - first):
            _kill_while_sending(remind(url, port), sink)
        sink.before_answer = None
        _chase_to_the_end(url, port)
        return _counted(requests, sink, kills)


def _ask(number: int) -> None:
    """One case, and so many agencies that were asked long ago and have not answered."""
    case, by = opened_case(), person("coordinator")
    lines = [
        Line(
            agency="other",
            organisation=create(Organisation(name=f"Invented {each}", kind="other"), by=TESTS),
            name="Contact Invented",
            email=f"contact-{each}@example.org",
            forms=("form_b",),
        )
        for each in range(number)
    ]
    asking.ask(case, lines, by=by, now=timezone.now() - LONG_AGO)


def _kill_while_chasing(worker: Popen, share: int) -> None:
    """Kill the worker once so many were reminded, or where it came to its end before."""
    while worker.poll() is None:
        if _reminders() >= share:
            os.kill(worker.pid, signal.SIGKILL)
            break
        time.sleep(WATCH)
    worker.wait()


def _kill_while_sending(worker: Popen, sink: Sink) -> None:
    """Kill the worker while the mail server has taken a letter and has not said so yet."""
    killed = Event()

    def kill() -> None:
        if not killed.is_set():
            os.kill(worker.pid, signal.SIGKILL)
            killed.set()

    sink.before_answer = kill
    worker.wait()


def _chase_to_the_end(url: str, port: int) -> None:
    assert remind(url, port).wait() == 0
    until_ended(url, port)


def _reminders() -> int:
    try:
        return Message.objects.filter(template=REMINDER).count()
    finally:
        connections.close_all()


def _counted(requests: int, sink: Sink, kills: int) -> Outcome:
    with override_settings(SITE_ADDRESS=ADDRESS):
        wanted = {message.message_id for message in Message.objects.all()}
    reminded = Counter(Message.objects.filter(template=REMINDER).values_list("about", flat=True))
    taken = set(sink.ids)
    return Outcome(
        requests=requests,
        letters=len(wanted),
        taken=len(taken & wanted),
        strange=len(taken - wanted),
        twice=sum(number > 1 for number in reminded.values()),
        repeated=len(sink.ids) - len(taken),
        kills=kills,
    )
