"""A mail server for tests: a real one, on this machine, that keeps what it takes and can misbehave.

It runs in threads of its own. What it took is told by Message-ID, once for each time it said yes.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 Taken"


class Sink:
    """What arrives, and what is answered to it.

    answers   for the first messages, in turn: an answer of SMTP, or "drop", or "silence"; after
              them every message is taken
    refused   addresses, and what is answered to them
    """

    def __init__(
        self, answers: Iterator[str] | list[str] = (), refused: dict | None = None
    ) -> None:
        self.answers = list(answers)
        self.refused = refused or {}
        self.took: list[EmailMessage] = []
        self.asked = 0
        self.before_answer: Any = None

    @property
    def ids(self) -> list[str]:
        """The Message-ID of every message that was taken, each time it was."""
        return [message["Message-ID"] for message in self.took]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer == "drop":
            server.transport.abort()
            return TAKEN
        if answer == "silence":
            await asyncio.sleep(30)
        if answer.startswith("250"):
            self.took.append(message_from_bytes(envelope.content, policy=policy.default))
            if self.before_answer:
                await asyncio.get_running_loop().run_in_executor(None, self.before_answer)
        return answer


@contextmanager
def mail_server(sink: Sink) -> Iterator[int]:
    """Serve the sink on a free port of this machine; the port."""
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def settings_for(port: int) -> dict[str, Any]:
    """The settings of a system for real work with this mail server."""
    return {
        "DEMONSTRATION": False,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
        "EMAIL_USE_TLS": False,
        "EMAIL_TIMEOUT": 120,  # a small machine stands still for a while
        "SITE_ADDRESS": "https://cdop.example.org",
        "DEFAULT_FROM_EMAIL": "Child Death Overview Panel <no-reply@cdop.example.org>",
    }
