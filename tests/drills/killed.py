"""Notifications sent by many people at once while the server is killed, again and again.

What must come out: every reference that somebody was shown is in the database, and no death that
was reported once is there twice. The server is killed with SIGKILL, workers and all, whenever
another share of the notifications has been acknowledged, and started again on the same socket.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from time import sleep

from django.conf import settings
from django.utils.timezone import localdate

from notifications.models import Notification
from tests.databases import environment, fresh_database, in_use
from tests.drills.browsing import Browser, Page

REFERENCE = re.compile(r"N-[0-9A-Z]{4}-[0-9A-Z]{4}")
MOST_PAGES = 40
WATCH = 0.05  # seconds between two looks at how many were acknowledged


@dataclass(frozen=True)
class Outcome:
    """What was counted.

    acknowledged  references that somebody was shown
    kept          of these, those that are in the database
    twice         deaths that were reported once and are in the database more than once
    failed        requests to which no answer came
    """

    sent: int
    acknowledged: int
    kept: int
    twice: int
    kills: int
    failed: int

    @property
    def holds(self) -> bool:
        return self.sent == self.acknowledged == self.kept and not self.twice

    def __str__(self) -> str:
        return (
            f"{self.sent} sent, {self.acknowledged} acknowledged, {self.kept} of these in the "
            f"database, {self.twice} there twice; {self.kills} kills, "
            f"{self.failed} requests without an answer"
        )


def run(*, notifications: int, clients: int, kills: int) -> Outcome:
    """Send so many notifications from so many browsers at once, and kill the server meanwhile.

    On the database that ``TEST_DATABASE`` names, in a fresh one of its own.
    """
    shown: list[str] = []
    with fresh_database() as url, TemporaryDirectory() as state:
        with _Server(url, Path(state)) as server, ThreadPoolExecutor(clients) as people:
            told = _Told(shown)
            reports = [
                people.submit(_report, server.address, _family_name(number), told)
                for number in range(notifications)
            ]
            for share in range(1, kills + 1):
                told.wait_for(share * notifications // (kills + 1), reports)
                server.kill_and_start()
            failed = sum(report.result() for report in reports)
        with in_use(url):
            kept = Notification.objects.filter(reference__in=shown).count()
            names = Counter(row.answers["family_name"] for row in Notification.objects.all())
    twice = sum(1 for count in names.values() if count > 1)
    return Outcome(notifications, len(set(shown)), kept, twice, kills, failed)


class _Told:
    """The references that people were shown, by all of them at once."""

    def __init__(self, shown: list[str]) -> None:
        self._shown, self._lock = shown, Lock()

    def add(self, reference: str) -> None:
        with self._lock:
            self._shown.append(reference)

    def wait_for(self, number: int, reports: list) -> None:
        """Wait until so many were shown, or nobody is left who sends."""
        while len(self._shown) < number and not all(report.done() for report in reports):
            sleep(WATCH)


def _family_name(number: int) -> str:
    return f"Synthetic{number:05d}"


def _report(address: str, name: str, told: _Told) -> int:
    """Report one death by the public form; how many requests went unanswered."""
    browser = Browser(address)
    answers = answers_for(name)
    page = browser.open("/report/questions/when/")
    for _ in range(MOST_PAGES):
        if "/report/sent/" in page.address:
            told.add(_reference(page))
            return browser.failed
        page = browser.send(page, answers) or browser.open("/report/check/")
        page = _onwards(browser, page)
    raise AssertionError(f"{name} did not come to the end of the form: {page.address}")


def _onwards(browser: Browser, page: Page) -> Page:
    """From the list of tasks, or the beginning, on to the next page that is not in order."""
    if "/report/tasks/" in page.address:
        return browser.open(_first_incomplete(page))
    if page.address.endswith("/report/"):
        return browser.open("/report/questions/when/")
    return page


def _first_incomplete(page: Page) -> str:
    """The page of the first task that must still be done; the last page where none must."""
    tasks = re.findall(
        r'href="(/report/(?:questions/[a-z_]+|check)/)".*?</li>', page.text, flags=re.DOTALL
    )
    todo = re.findall(
        r'href="(/report/questions/[a-z_]+/)"(?:(?!</li>).)*?(?:Not yet started|Incomplete)',
        page.text,
        flags=re.DOTALL,
    )
    return "/report/check/" if not todo and tasks else todo[0]


def _reference(page: Page) -> str:
    found = REFERENCE.search(page.text)
    assert found, page.text
    return found[0]


def answers_for(name: str) -> dict[str, str]:
    """Synthetic answers to the questions that must be answered, by the name of their box."""
    day = localdate() - timedelta(days=1)
    return {
        "date_of_death-day": str(day.day),
        "date_of_death-month": str(day.month),
        "date_of_death-year": str(day.year),
        "notifier_name": "Synthetic Notifier",
        "notifier_email": "notifier@example.org",
        "notifier_phone": "01632 960001",
        "family_name": name,
        "place_of_death": "home",
    }


class _Server:
    """A web server that can be killed. Its socket stays, so what is asked meanwhile waits."""

    def __init__(self, url: str, state: Path) -> None:
        self._url, self._state = url, state

    def __enter__(self) -> _Server:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()
        self._socket.close()

    def kill_and_start(self) -> None:
        self._kill()
        self._start()

    def _start(self) -> None:
        descriptor = self._socket.fileno()
        self._process = subprocess.Popen(
            [
                sys.executable,
                *("-m", "gunicorn", "cdop.wsgi", "--bind", f"fd://{descriptor}"),
                *("--workers", "2", "--threads", "4", "--log-level", "critical"),
                *("--preload", "--no-control-socket"),
            ],
            cwd=settings.BASE_DIR,
            env=environment(
                self._url,
                STATE_DIR=str(self._state),
                REPORTS_AN_HOUR="100000",
                REPORTS_AT_MOST="100000",
            ),
            pass_fds=[descriptor],
            start_new_session=True,
        )

    def _kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
