"""What notifications put on other pages: what waits for triage, and what stands behind a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from cdop.cases.models import Case
from cdop.core.casework import CasePanel, Event, Named, OnCase, Task, Told
from cdop.core.organisations import Organisation
from cdop.core.reminders import DueJob
from cdop.core.roles import Permission
from notifications import (
    keyed,
    legacy_work,
    letters,
    organisation_uses,
    queries,
    returning,
    second_sources,
)
from notifications.assurance import work as assurance
from notifications.intake import Route
from notifications.models import Notification
from notifications.queries import Line
from notifications.states import NotificationState
from notifications.undoing import behind

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Notifications"
SHOWN = ("reference", "state", "route", "edition", "received_at", "notifier_role", "decided_at")
"""What a case shows of the notifications behind it; what was sent stays unread."""


def tasks_for(user: User) -> list[Task]:
    """What waits for triage, what is being keyed in or passed on; then assurance."""
    return [*_triage_for(user), *assurance.tasks_for(user)]


def _triage_for(user: User) -> list[Task]:
    if not user.can(Permission.NOTIFICATIONS_TRIAGE):
        return []
    now = timezone.now()
    found = [
        _task("Notifications that wait for triage", "", queries.waiting(user, now)),
        _task(
            "Notifications passed on, of which nobody has said that they arrived",
            "?list=passed_on",
            [line for line in queries.awaiting_word(user, now) if line.overdue],
        ),
    ]
    return [*keyed.tasks_for(user), *(task for task in found if task)]


def told_by(case: Case, user: User) -> dict[str, Told]:
    """Who sent each notification behind a case."""
    return second_sources.told_by(case, user)


def on_case(case: Case, user: User) -> OnCase:
    """The notifications behind a case: when each arrived, and when it was taken into the case."""
    found = list(behind(case).only(*SHOWN))
    events = list(_events(found))
    # An import brings a notification with each case; an undone one may stand behind it no more.
    if not found or any(row.route == Route.LEGACY for row in found):
        events += legacy_work.events(case)
    return OnCase(_panel(found, user), tuple(events), tuple(row.reference for row in found))


def _panel(found: list[Notification], user: User) -> CasePanel:
    """What stands behind the case, each once: a link for those who triage, words for others."""
    said = [(row.reference, queries.role_label(row)) for row in found]
    may_open = user.can(Permission.NOTIFICATIONS_TRIAGE)
    links = [
        (f"{reference}: {role}", reverse("notifications:notification", args=[reference]))
        for reference, role in said
    ]
    return CasePanel(
        title="Notifications",
        status=f"{len(found)} received",
        lines=() if may_open else tuple(said),
        links=tuple(links) if may_open else (),
    )


def _events(found: list[Notification]) -> Iterator[Event]:
    for row in found:
        arrived = f"Notification {row.reference} arrived ({queries.role_label(row).lower()})"
        yield Event(row.received_at, arrived, STAGE)
        if row.decided_at:
            label = NotificationState(row.state).label
            yield Event(row.decided_at, f"Notification {row.reference} {label}", STAGE)


def organisations_named() -> Iterator[Named]:
    """How often notifications, systems, returns and lists name each organisation."""
    return organisation_uses.named()


def why_not_end_organisation(organisation: Organisation) -> str:
    """Why an organisation cannot go out of use: it may still report, or is asked every month."""
    return organisation_uses.why_not_end(organisation)


def due_jobs() -> list[DueJob]:
    """What runs by itself: the team is told, files and links do not stay, returns are asked for."""
    own = [DueJob("arrivals", tell_of_arrivals), DueJob("old links", remove_links)]
    return [*own, *legacy_work.due_jobs(), *assurance.due_jobs()]


def tell_of_arrivals() -> str:
    """Queue a letter to each coordinator about what waits and was not told of."""
    count = letters.tell_team()
    said = "letter" if count == 1 else "letters"
    return f"Queued {count} {said} about what arrived." if count else ""


def remove_links() -> str:
    """Remove the links to notifications that were never sent and are gone."""
    count = returning.remove_old()
    return f"Removed {count} old {'link' if count == 1 else 'links'}." if count else ""


def _task(text: str, query: str, lines: list[Line]) -> Task | None:
    """One line for several, due when the first of them is; None where there are none."""
    if not lines:
        return None
    return Task(
        text=text,
        href=f"{reverse('notifications:list')}{query}",
        due_at=min((line.due_at for line in lines if line.due_at), default=None),
        overdue=any(line.overdue for line in lines),
        count=len(lines),
        stage=STAGE,
    )
