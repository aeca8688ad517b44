"""What pages show of messages: what each is, where it stands in words, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from cdop.core import mailing
from cdop.core.jinja import moment
from cdop.core.messages import Message, MessageState

M = MessageState
MOODS = {
    M.WAITING: "waiting",
    M.SENT: "done",
    M.STOPPED: "refused",
    M.FAILED: "late",
    M.TOLD: "done",
}
HELD = "Held"
"""What a page calls a message that waits in a demonstration: it will never go, and is not late. The
row is as it would be in use; the sentence above the messages says why."""
PAGES = {
    "N": "notifications:notification",
    "C": "cases:case",
    "M": "notifications:monthly_return",
    "A": "agency_reports:request",
    "W": "learning:recommendation",
}
"""By the letter with which a reference begins: the page of what it names."""


@dataclass(frozen=True)
class Line:
    """One message as a page shows it.

    what   what it is and to whom, such as "Acknowledgement to the notifier"
    state  one or two words; ``mood`` is their colour
    words  what else is to be known: when it went, or why it did not
    about  the page of what it is about; "" where that has none
    """

    message: Message
    what: str
    state: str
    mood: str
    words: str

    @property
    def said(self) -> str:
        """Where it stands, on one line."""
        return f"{self.state}. {self.words}" if self.words else f"{self.state}."

    @property
    def href(self) -> str:
        return reverse("message", args=[self.message.pk])

    @property
    def about(self) -> str:
        name = PAGES.get(self.message.about[:1])
        return reverse(name, args=[self.message.about]) if name else ""


def lines(messages: Iterable[Message]) -> list[Line]:
    """Messages as pages show them."""
    return [line(message) for message in messages]


def line(message: Message) -> Line:
    """One message as a page shows it."""
    state = MessageState(message.state)
    held = state == M.WAITING and mailing.why_not_sending() == mailing.IS_DEMONSTRATION
    return Line(
        message=message,
        what=mailing.what(message.template) or message.subject,
        state=HELD if held else state.label.capitalize(),
        mood="refused" if held else MOODS[state],
        words=_words(message, state),
    )


def _words(message: Message, state: MessageState) -> str:
    if state == M.WAITING:
        return _tries(message)
    if state == M.FAILED:
        return message.problem
    if state == M.STOPPED:
        return message.why_stopped
    return moment(message.ended_at)


def _tries(message: Message) -> str:
    if not message.attempts:
        return ""
    times = "once" if message.attempts == 1 else f"{message.attempts} times"
    again = moment(message.next_try_at)
    return f"{message.problem} Tried {times}; the next try is due at {again}."
