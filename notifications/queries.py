"""What the pages of triage show of notifications, without a name on any list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from cdop import editions
from cdop.cases.models import Case
from cdop.cases.search import Candidate
from cdop.core.clocks import due, due_at
from cdop.core.dates import elapsed_hours
from cdop.core.organisations import Area, closed_days
from cdop.core.postcodes import place_of, proposed_areas
from cdop.editions.schema import Edition, one
from notifications import likeness
from notifications.intake import Route
from notifications.models import Notification, NotificationQuerySet
from notifications.states import OPEN, NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User

TRIAGED_BY = "reports_requested"
"""The standard that a waiting notification holds up: until it is triaged no agency can be asked."""
RECEIPT_WITHIN = 2
"""Working days in which the other panel ought to say that it has what was passed on to it. No
guidance names a number; the other panel has to ask its own agencies in as many, so this is ours."""


@dataclass(frozen=True)
class Line:
    """One notification on a list. ``hours`` since it arrived, whole ones.

    due_at   by when triage ought to decide, or the other panel to say that it has it
    maybe    references of what may be about the same child
    """

    notification: Notification
    role: str
    route: str
    state: str
    hours: int
    due_at: datetime | None
    overdue: bool
    maybe: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotificationList:
    """A list that one can choose: its code in the address, its name, its states."""

    code: str
    name: str
    states: tuple[NotificationState, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether what stands on it still waits for somebody."""
        return set(self.states) <= set(OPEN)

    @property
    def order(self) -> tuple[str, ...]:
        """What waits stands in the order in which it came; of what is decided, the latest first."""
        return ("received_at", "pk") if self.is_waiting else ("-decided_at", "-pk")


N = NotificationState
LISTS = (
    NotificationList("waiting", "Waiting for triage", (N.RECEIVED,)),
    NotificationList("passed_on", "Passed on, awaiting word", (N.PASSED_ON,)),
    NotificationList("accepted", "Accepted", (N.ACCEPTED,)),
    NotificationList("attached", "Attached", (N.ATTACHED,)),
    NotificationList("taken_over", "Taken over by another panel", (N.TAKEN_OVER,)),
    NotificationList("declined", "Declined", (N.DECLINED,)),
)


def chosen_list(code: str) -> NotificationList:
    """The list with this code; what waits for any other word."""
    return next((each for each in LISTS if each.code == code), LISTS[0])


def of_list(user: User, chosen: NotificationList) -> NotificationQuerySet:
    """The notifications of a list that the person sees, in its order."""
    rows = Notification.objects.visible_to(user).filter(state__in=chosen.states)
    return rows.select_related("case", "data_key", "organisation").order_by(*chosen.order)


def counts(user: User) -> dict[str, int]:
    """How many notifications stand on each list, by its code."""
    rows = Notification.objects.visible_to(user).order_by().values_list("state")
    by_state = dict(rows.annotate(n=Count("pk")))
    return {each.code: sum(by_state.get(state, 0) for state in each.states) for each in LISTS}


def waiting(user: User, now: datetime) -> list[Line]:
    """The notifications that wait for triage, the longest first."""
    return lines(of_list(user, LISTS[0]), now)


def awaiting_word(user: User, now: datetime) -> list[Line]:
    """The notifications that were passed on and of which no other panel has said it has them."""
    return lines(of_list(user, LISTS[1]), now)


def lines(rows: Iterable[Notification], now: datetime) -> list[Line]:
    """Notifications as lines of a list."""
    closures = closed_days()
    return [_line(row, now, closures) for row in rows]


def role_label(notification: Notification) -> str:
    """What kind of professional sent it, in the words of its edition."""
    roles = editions.get(notification.edition).vocabularies["notifier_roles"]
    labels = {term.code: term.label for term in roles.terms}
    return labels.get(notification.notifier_role, "Role not given")


def due_of(notification: Notification, closures: frozenset[date]) -> datetime | None:
    """By when triage, or the panel to which it was passed on, ought to act; None once it did."""
    if notification.state == N.PASSED_ON and notification.decided_at:
        return due(notification.decided_at, RECEIPT_WITHIN, "working_days", closures)
    return triage_due(notification, closures) if notification.state == N.RECEIVED else None


def triage_due(notification: Notification, closures: frozenset[date]) -> datetime | None:
    """By when triage ought to decide, so that the agencies can be asked in time."""
    standards = editions.get(notification.edition).standards
    return due_at(
        one(standards, TRIAGED_BY).due, {"notification": notification.received_at}, closures
    )


def alike(
    answers: dict[str, Any], user: User, notification: Notification | None = None
) -> list[Candidate]:
    """The cases that this person may see and that may be about the same child, best first."""
    found = likeness.cases(answers, user, notification)
    return likeness.sort(found).same[: likeness.MOST_NAMED]


def lies_in(answers: dict[str, Any]) -> str:
    """The local authority of the home's postcode, in words; "" where the directory has none."""
    place = place_of(answers.get("postcode") or "")
    return place.words if place else ""


def unlike(notification: Notification, answers: dict[str, Any], case: Case, user: User) -> str:
    """Why a case is hardly about the child of a notification, in a sentence; "" where it may be."""
    family = family_of(notification)
    if any(other.case == case for other in family):
        return "One person reported the child of this case together with this one, as two children."
    found = {each.case: each for each in likeness.cases(answers, user, notification)}.get(case)
    if found and found.match.is_likely:
        return ""
    if found and found.is_family:
        return "By what was sent, this case is about a twin, brother or sister."
    common = [words for words in found.alike if not words.startswith("but ")] if found else []
    but = f" but {' and '.join(common)}" if common else ""
    return f"This case has nothing in common with the notification{but}."


def areas_for(answers: dict[str, Any]) -> list[Area]:
    """The areas in which the postcode of the home may lie; a person settles it."""
    return list(Area.objects.filter(code__in=proposed_areas(answers.get("postcode") or "")))


def edition_of(notification: Notification) -> Edition:
    return editions.get(notification.edition)


def family_of(notification: Notification) -> list[Notification]:
    """What the same person sent together with it: brothers and sisters, the first sent first."""
    if notification.together is None:
        return []
    family = Notification.objects.filter(together=notification.together).select_related("case")
    return list(family.exclude(pk=notification.pk).order_by("received_at", "pk"))


def _line(row: Notification, now: datetime, closures: frozenset[date]) -> Line:
    by = due_of(row, closures)
    return Line(
        notification=row,
        role=role_label(row),
        route=Route(row.route).label,
        state=N(row.state).label,
        hours=int(elapsed_hours(row.received_at, now)),
        due_at=by,
        overdue=by is not None and now > by,
    )
