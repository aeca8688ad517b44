"""What notifications put on other pages: what waits for triage, and what stands behind a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from cdop.cases.models import Case
from cdop.core.casework import CasePanel, Event, Task
from cdop.core.reminders import DueJob
from cdop.core.roles import Permission
from notifications import keyed, legacy_work, queries
from notifications.assurance import work as assurance
from notifications.models import Notification, NotificationQuerySet
from notifications.states import NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Notifications"


def tasks_for(user: User) -> list[Task]:
    """One line for all that wait for triage, due when the first of them is; then assurance."""
    return [*_triage_for(user), *assurance.tasks_for(user)]


def _triage_for(user: User) -> list[Task]:
    if not user.can(Permission.NOTIFICATIONS_TRIAGE):
        return []
    waiting = queries.waiting(user, timezone.now())
    if not waiting:
        return keyed.tasks_for(user)
    return [
        *keyed.tasks_for(user),
        Task(
            text="Notifications that wait for triage",
            href=reverse("notifications:list"),
            due_at=min((line.due_at for line in waiting if line.due_at), default=None),
            overdue=any(line.overdue for line in waiting),
            count=len(waiting),
            stage=STAGE,
        ),
    ]


def case_panel(case: Case, user: User) -> CasePanel | None:
    """The notifications behind a case; their pages only for those who triage."""
    behind = list(_behind(case))
    may_open = user.can(Permission.NOTIFICATIONS_TRIAGE)
    return CasePanel(
        title="Notifications",
        status=f"{len(behind)} received",
        lines=tuple((row.reference, queries.role_label(row)) for row in behind),
        links=tuple(
            (row.reference, reverse("notifications:notification", args=[row.reference]))
            for row in behind
            if may_open
        ),
    )


def events(case: Case) -> list[Event]:
    """When each notification arrived, and when it was taken into the case."""
    found = []
    for row in _behind(case):
        arrived = f"Notification {row.reference} arrived ({queries.role_label(row).lower()})"
        found.append(Event(row.received_at, arrived, STAGE))
        if row.decided_at:
            label = NotificationState(row.state).label
            found.append(Event(row.decided_at, f"Notification {row.reference} {label}", STAGE))
    return found + legacy_work.events(case)


def due_jobs() -> list[DueJob]:
    """What runs by itself: files of imports do not stay, and returns are asked for."""
    return [*legacy_work.due_jobs(), *assurance.due_jobs()]


def _behind(case: Case) -> NotificationQuerySet:
    return Notification.objects.filter(case=case).order_by("received_at", "pk")
