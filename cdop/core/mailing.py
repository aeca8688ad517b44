"""Mail as text and as traffic: what a letter says, and what the mail server says to it.

No letter names anybody: its template is given references, links and times. What goes wrong is told
in words of ours, because what a server answers may quote the address.
"""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

logger = logging.getLogger(__name__)

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the brackets
# Neither quotes nor "=?", by which RFC 2047 begins a word in code.
READ_AS_IT_STANDS = re.compile(r"[A-Za-z0-9._+'-]+@[A-Za-z0-9.-]+")
LONGEST_SUBJECT = 120
FOOT = "foot.jinja"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
# For a program that answers by itself (RFC 3834): there is nobody who reads it.
NO_ANSWER = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
REFUSED_FOR_GOOD = 500  # answers from here on mean: do not try again (RFC 5321, 4.2.1)

IS_DEMONSTRATION = (
    "This is a demonstration or training system. Nothing is sent: every message is held here."
)
NO_SERVER = "No mail server is set, so nothing is sent. Every message is kept until one is set."


@dataclass(frozen=True)
class Letter:
    """What goes out: to one address, under a Message-ID that stays the same at every try."""

    message_id: str
    to: str
    subject: str
    body: str


@dataclass(frozen=True)
class Problem:
    """Why a letter did not go, in words that name no address; ``for_good``: do not try again."""

    words: str
    for_good: bool = False


CANNOT_BE_WRITTEN = Problem("A letter to this address cannot be written.", for_good=True)


def why_not_sending() -> str:
    """Why this system sends no mail at all; "" means it does."""
    if settings.DEMONSTRATION:
        return IS_DEMONSTRATION
    if settings.EMAIL_BACKEND == SMTP and not settings.EMAIL_HOST:
        return NO_SERVER
    return ""


def is_address(text: str) -> bool:
    """Whether one can write to ``text``: one plain address, with nothing that breaks a header.

    An address may be written in code that a mail program reads as something else (RFC 2047), such
    as the end of a line. What is read is asked, and not only what stands there, unless it has
    nothing but signs that are read as they stand.
    """
    if not (text.isascii() and text.isprintable() and len(text) <= LONGEST_ADDRESS):
        return False
    try:
        validate_email(text)
        if READ_AS_IT_STANDS.fullmatch(text):
            return True
        return sanitize_address(text, settings.DEFAULT_CHARSET) == text
    except (ValidationError, ValueError):
        return False


def written(template: str, context: Mapping[str, str]) -> tuple[str, str]:
    """Subject and body of ``templates/mail/<template>.jinja``, with the foot that all have.

    Raises jinja2.UndefinedError where the template asks for what the context lacks.
    """
    page = _letters().get_template(f"{template}.jinja")
    said = page.new_context({**context, "contact": settings.CONTACT})
    subject, body = ("".join(page.blocks[name](said)) for name in ("subject", "body"))
    foot = _letters().get_template(FOOT).render(said.get_all())
    return " ".join(subject.split())[:LONGEST_SUBJECT], f"{body.strip()}\n\n{foot.strip()}\n"


@cache
def what(template: str) -> str:
    """What a letter is and to whom, for those who look after the outbox; "" where it is not said.

    It stands in the template's block ``what``. A template may be gone when its letters are not.
    """
    try:
        page = _letters().get_template(f"{template}.jinja")
    except TemplateNotFound:
        return ""
    said = page.blocks.get("what")
    return " ".join("".join(said(page.new_context())).split()) if said else ""


def host() -> str:
    """The name by which this system is known, for Message-IDs."""
    return urlsplit(settings.SITE_ADDRESS).hostname or "localhost"


class Post:
    """One round to the mail server: called when the first letter needs it, hung up at the end.

    A server that cannot be reached is called once in a round, not once for each letter.
    """

    def __init__(self) -> None:
        self._line: BaseEmailBackend = get_connection()
        self._down: Problem | None = None

    def dial(self) -> Problem | None:
        """Open the line if it is not; why that failed. To be done before a row is locked."""
        if self._down is None:
            try:
                self._line.open()
            except OSError as error:
                self._down = problem_of(error)
        return self._down

    def send(self, letter: Letter) -> Problem | None:
        """Hand the letter over; why the server did not take it."""
        mail = EmailMessage(
            letter.subject,
            letter.body,
            # Without a name: the name of a sender would say what the letter is about.
            parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
            [letter.to],
            headers={"Message-ID": letter.message_id, **NO_ANSWER},
        )
        try:
            self._line.send_messages([mail])
        except ValueError as error:
            # Of this letter alone: the next one is not to wait for it.
            logger.warning("A letter cannot be written: %s", type(error).__name__)
            return CANNOT_BE_WRITTEN
        except OSError as error:
            if not isinstance(error, smtplib.SMTPRecipientsRefused):
                self.hang_up()
            return problem_of(error)
        return None

    def hang_up(self) -> None:
        """Close the line. A server that is gone by then has already taken what it took."""
        try:
            self._line.close()
        except OSError as error:
            logger.info("The mail server did not end the call: %s", type(error).__name__)


def problem_of(error: OSError) -> Problem:
    """What went wrong, in our words. Every error of smtplib is an OSError."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _refused(error)
        case smtplib.SMTPAuthenticationError():
            return Problem("The mail server does not accept the user name and password set here.")
        case smtplib.SMTPResponseException():
            return Problem(f"The mail server did not take the message (answer {error.smtp_code}).")
        case smtplib.SMTPServerDisconnected():
            return Problem("The mail server broke off before it had taken the message.")
        case smtplib.SMTPException():
            return Problem("The mail server does not offer what is set here, such as encryption.")
        case ssl.SSLError():
            return Problem("No secure connection to the mail server could be made.")
        case TimeoutError():
            return Problem("The mail server did not answer in time.")
    return Problem("The mail server could not be reached.")


def _refused(error: smtplib.SMTPRecipientsRefused) -> Problem:
    codes = [code for code, _ in error.recipients.values()]
    shown = ", ".join(map(str, codes))
    if all(code >= REFUSED_FOR_GOOD for code in codes):
        words = f"The mail server says that nobody can be written to at this address ({shown})."
        return Problem(words, for_good=True)
    return Problem(f"The mail server does not take messages for this address now ({shown}).")


@cache
def _letters() -> Environment:
    """Letters are plain text: nothing is escaped, and a word that is missing is an error."""
    return Environment(  # nosec B701 # plain text, never read as HTML
        loader=FileSystemLoader(settings.BASE_DIR / "templates" / "mail"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
