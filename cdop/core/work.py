"""What the outbox puts on other pages: messages that failed, and those about a case."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from cdop.core import correspondence, mailing, outbox
from cdop.core.casework import CasePanel, Task
from cdop.core.messages import Message, MessageState
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Messages"


def tasks_for(user: User) -> list[Task]:
    """What could not be sent and needs a person; and that no mail server is set, where none is."""
    if not user.can(Permission.NOTIFICATIONS_TRIAGE):
        return []
    href, found = reverse("messages"), []
    failed = Message.objects.filter(state=MessageState.FAILED).count()
    if failed:
        text = "Messages that could not be sent"
        found.append(Task(text, href, overdue=True, count=failed, stage=STAGE))
    if mailing.why_not_sending() == mailing.NO_SERVER:
        waiting = Message.objects.filter(state=MessageState.WAITING).count()
        text = "No mail server is set, so nothing is sent. Messages that wait"
        found.append(Task(text, href, overdue=True, count=waiting, stage=STAGE))
    return found


def panel_about(references: list[str], user: User) -> CasePanel | None:
    """The messages about a case and about what stands behind it, for those who triage."""
    if not user.can(Permission.NOTIFICATIONS_TRIAGE):
        return None
    found = correspondence.lines(outbox.of(references))
    if not found:
        return CasePanel(title=STAGE, status="none so far")
    off = mailing.why_not_sending()
    failed = sum(line.message.state == MessageState.FAILED for line in found)
    query = [("about", reference) for reference in references]
    return CasePanel(
        title=STAGE,
        status=f"{failed} could not be sent" if failed else f"{len(found)} so far",
        lines=(
            *([("Sending", off)] if off else []),
            *((line.message.about, f"{line.what}. {line.said}") for line in found),
        ),
        links=(("Read these messages", f"{reverse('messages')}?{urlencode(query)}"),),
        overdue=bool(failed),
    )
