"""What the pages of triage show of notifications, without a name on any list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cdop import editions
from cdop.cases.search import Candidate
from cdop.core.clocks import due_at
from cdop.core.dates import elapsed_hours
from cdop.core.organisations import Area, Closure
from cdop.core.postcodes import place_of, proposed_areas
from cdop.editions.schema import Edition, one
from notifications import likeness
from notifications.models import Notification
from notifications.states import NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User

TRIAGED_BY = "reports_requested"
"""The standard that a waiting notification holds up: until it is triaged no agency can be asked."""


@dataclass(frozen=True)
class Line:
    """One notification on a list. ``hours`` since it arrived, whole ones; ``due_at`` for triage."""

    notification: Notification
    role: str
    state: str
    hours: int
    due_at: datetime | None
    overdue: bool


def waiting(user: User, now: datetime) -> list[Line]:
    """The notifications that wait for triage, the longest first."""
    rows = Notification.objects.visible_to(user).waiting().order_by("received_at", "pk")
    return lines(rows, now)


def lines(rows: Iterable[Notification], now: datetime) -> list[Line]:
    """Notifications as lines of a list."""
    closures = frozenset(Closure.objects.values_list("on", flat=True))
    return [_line(row, now, closures) for row in rows]


def role_label(notification: Notification) -> str:
    """What kind of professional sent it, in the words of its edition."""
    roles = editions.get(notification.edition).vocabularies["notifier_roles"]
    labels = {term.code: term.label for term in roles.terms}
    return labels.get(notification.notifier_role, "Role not given")


def triage_due(notification: Notification, closures: frozenset[date]) -> datetime | None:
    """By when it ought to be decided, so that the agencies can be asked in time."""
    standards = editions.get(notification.edition).standards
    return due_at(
        one(standards, TRIAGED_BY).due, {"notification": notification.received_at}, closures
    )


def alike(
    answers: dict[str, Any], user: User, notification: Notification | None = None
) -> list[Candidate]:
    """The cases that this person may see and that may be about the same child, best first."""
    found = likeness.cases(answers, user, notification)
    same = [each for each in found if not each.is_family]
    return same[: likeness.MOST_NAMED]


def lies_in(answers: dict[str, Any]) -> str:
    """The local authority of the home's postcode, in words; "" where the directory has none."""
    place = place_of(answers.get("postcode") or "")
    return place.words if place else ""


def areas_for(answers: dict[str, Any]) -> list[Area]:
    """The areas in which the postcode of the home may lie; a person settles it."""
    return list(Area.objects.filter(code__in=proposed_areas(answers.get("postcode") or "")))


def edition_of(notification: Notification) -> Edition:
    return editions.get(notification.edition)


def _line(row: Notification, now: datetime, closures: frozenset[date]) -> Line:
    due = triage_due(row, closures)
    waits = row.state == NotificationState.RECEIVED
    return Line(
        notification=row,
        role=role_label(row),
        state=NotificationState(row.state).label,
        hours=int(elapsed_hours(row.received_at, now)),
        due_at=due,
        overdue=waits and due is not None and now > due,
    )
