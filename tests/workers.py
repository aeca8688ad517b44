"""The worker that sends and chases, as a process of its own that a test can kill."""

import subprocess
import sys
import time

from django.conf import settings as site

from cdop.core.messages import Message
from tests.databases import environment

ADDRESS = "https://cdop.example.org"
"""Under which the worker sends; Message-IDs carry it."""


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
        "SITE_ADDRESS": ADDRESS,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
        "EMAIL_USE_TLS": "false",
        "EMAIL_TIMEOUT": "120",
    }


def until_ended(url: str, port: int) -> None:
    deadline = time.monotonic() + 300
    while Message.objects.filter(state="waiting").exists():
        assert time.monotonic() < deadline, "It did not end in time."
        assert remind(url, port).wait(timeout=300) == 0
