"""Messages as tests queue them, and the system that sends them."""

from cdop.core import outbox
from cdop.core.messages import Message
from tests.cast import TESTS
from tests.smtp import settings_for

REFERENCE = "N-4K7M-2QX9"
ADDRESS = "notifier@example.org"


def queued(once: str = "letter", to: str = ADDRESS, **changes) -> Message:
    said = {"about": REFERENCE, "by": TESTS, "context": {"reference": REFERENCE}}
    return outbox.queue("acknowledgement", {once: to}, **said | changes)[0]


def use(settings, port: int, **changes) -> None:
    """Let the system send through the mail server on a port."""
    for name, value in (settings_for(port) | changes).items():
        setattr(settings, name, value)


def now_is(message: Message) -> tuple:
    """State, tries and problem of a message, as they stand now."""
    row = Message.objects.get(pk=message.pk)
    return (row.state, row.attempts, row.problem)
