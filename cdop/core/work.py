"""What the outbox puts on other pages: messages that failed, and those about a case."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from cdop.core import correspondence, mailing, outbox, people_actions
from cdop.core.casework import CasePanel, Task
from cdop.core.messages import Message, MessageState
from cdop.core.people_actions import why_not_approve
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Messages"


def tasks_for(user: User) -> list[Task]:
    """Roles to approve; what could not be sent and needs a person; that no mail server is set."""
    return [*_to_approve(user), *_unsent(user)]


def _to_approve(user: User) -> list[Task]:
    if not user.can(Permission.ROLES_APPROVE):
        return []
    waiting = [row for row in people_actions.waiting() if not why_not_approve(row, user)]
    text = "Accounts and roles to approve"
    return [Task(text, reverse("people"), count=len(waiting), stage="People")] if waiting else []


def _unsent(user: User) -> list[Task]:
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
