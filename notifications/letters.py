"""What is sent about a notification, and to whom.

Each function stands within the act that gives rise to it, but for ``tell_team``, which a job
calls. A letter has a reference and a link, and says nothing about the child. What happened long ago
is recorded and not announced: a system that takes over old cases must not write to everybody who
ever sent one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from cdop import editions
from cdop.cases.models import Case, CaseFacts
from cdop.core import correspondence, mailing, outbox
from cdop.core.audit import Job, act
from cdop.core.messages import Message
from cdop.core.roles import Role
from cdop.core.users import RoleHolding, RoleHoldingQuerySet
from cdop.editions.schema import Alert
from cdop.rapid_response import rules as rapid_response
from notifications.models import Notification
from notifications.states import NotificationState

if TYPE_CHECKING:
    from cdop.core.drafts import Answers
    from cdop.core.users import User

logger = logging.getLogger(__name__)

LONG_AGO = timedelta(days=30)
QUIET_ROUTE = "legacy"
"""What came out of the system used before was announced by that one, if it was to be."""
WAITING = "waiting"
TELLER = Job("telling of what arrived")
TOLD_OF_ARRIVALS = (Role.COORDINATOR, Role.DEPUTY_COORDINATOR)


def acknowledge(notification: Notification, by: User | Job) -> Message | None:
    """Tell the notifier that it arrived; None where nobody can be written to, or it is long ago."""
    if _is_quiet(notification, notification.received_at):
        return None
    return _to_notifier("acknowledgement", notification, by, first=True)


def tell_team() -> int:
    """Tell each coordinator of what waits for triage and was not told of yet; how many letters.

    Whoever sends a notification does not wait for it, and what was triaged meanwhile needs none.
    """
    people = _addresses(_held().filter(role__in=TOLD_OF_ARRIVALS))
    return sum(len(_tell_of(each.reference, people)) for each in _untold())


def _untold() -> models.QuerySet[Notification]:
    told = Message.objects.filter(template=WAITING, about=models.OuterRef("reference"))
    recent = Notification.objects.filter(received_at__gt=timezone.now() - LONG_AGO)
    waiting = recent.filter(state=NotificationState.RECEIVED).exclude(route=QUIET_ROUTE)
    return waiting.exclude(models.Exists(told)).order_by("received_at")


def _tell_of(reference: str, people: Mapping[int, str]) -> list[Message]:
    page = reverse("notifications:notification", args=[reference])
    with act():
        return _to_people(WAITING, reference, page, people, TELLER)


def alert_opened(case: Case, notification: Notification, by: User | Job) -> list[Message]:
    """Tell those whom the edition names that a case was opened."""
    if _is_quiet(notification, case.opened_at):
        return []
    facts = CaseFacts.objects.get(case=case)
    roles = {alert.role for alert in _alerts(case, facts)}
    people = _addresses(_held(facts).filter(role__in=roles))
    page = reverse("cases:case", args=[case.reference])
    return _to_people("opened", case.reference, page, people, by)


def without_holder(case: Case) -> list[str]:
    """Those whom the edition names and who hold no role here, in words: they have to be rung."""
    facts = CaseFacts.objects.get(case=case)
    held = set(_held(facts).values_list("role", flat=True))
    return [alert.label for alert in _alerts(case, facts) if alert.role not in held]


def tell_declined(notification: Notification, by: User | Job, panel: str = "") -> Message | None:
    """Tell the notifier that this panel does not review the death, and which does.

    panel  the name of the panel that does, and nothing else; without it the letter says whom to
           ring
    """
    if _is_quiet(notification, notification.decided_at or timezone.now()):
        return None
    return _to_notifier("declined", notification, by, panel=panel)


def take_back_declined(notification: Notification, by: User | Job) -> int:
    """The decision was undone: what would have told the notifier of it does not go out."""
    reason = "The decision was undone."
    return outbox.stop(notification.reference, by=by, reason=reason, template="declined")


def stop_all(notification: Notification, by: User | Job, reason: str) -> int:
    """Stop every message about the notification, and its case, that has not gone; how many."""
    about = [notification.reference, *([notification.case.reference] if notification.case else [])]
    return sum(outbox.stop(reference, by=by, reason=reason) for reference in about)


def address_in(answers: Answers) -> str:
    """Where the notifier can be written to; "" where they gave no address, or none that works."""
    typed = str(answers.get("notifier_email") or "").strip()
    return typed if mailing.is_address(typed) else ""


def whom_to_ring(answers: Answers) -> str:
    """What to do where the notifier cannot be written to; "" where they can."""
    if address_in(answers):
        return ""
    number = str(answers.get("notifier_phone") or "").strip()
    if not number:
        return "No email address, and no telephone number. Nothing is sent."
    return f"No email address, so nothing is sent. Please ring {number}."


@dataclass(frozen=True)
class Correspondence:
    """What was sent about a notification, whom to ring, and why nothing goes out at all."""

    lines: list[correspondence.Line]
    to_ring: list[str]
    not_sending: str


def of(notification: Notification, answers: Answers) -> Correspondence:
    """What a page shows of the letters about a notification, newest first."""
    return Correspondence(
        lines=correspondence.lines(outbox.of([notification.reference])),
        to_ring=[*filter(None, [whom_to_ring(answers)]), *_nobody_told(notification)],
        not_sending=mailing.why_not_sending(),
    )


def _nobody_told(notification: Notification) -> list[str]:
    """A sentence for each whom the edition names and who has no account to be written to."""
    if notification.state != NotificationState.ACCEPTED or notification.case is None:
        return []
    return [
        f"{label} has no account here, so nothing was sent to them. Please ring them."
        for label in without_holder(notification.case)
    ]


def _to_notifier(
    template: str, notification: Notification, by: User | Job, *, first: bool = False, **more: str
) -> Message | None:
    address = address_in(notification.answers)
    if not address:
        return None
    # A decision that was undone can be made anew, and is another letter then.
    once = f"{template}:{notification.reference}:{notification.version}"
    [message] = outbox.queue(
        template,
        {once: address},
        about=notification.reference,
        by=by,
        context={"reference": notification.reference, **more},
        key=notification.data_key,
        first=first,
    )
    return message


def _to_people(
    template: str, reference: str, page: str, people: Mapping[int, str], by: User | Job
) -> list[Message]:
    context = {"reference": reference, "link": outbox.link(page)}
    to = {
        f"{template}:{reference}:{person}": address
        for person, address in people.items()
        if _can_be_written_to(person, address)
    }
    return outbox.queue(template, to, about=reference, by=by, context=context)


def _can_be_written_to(person: int, address: str) -> bool:
    """Whether an account has an address that works; one that has none stops no notification."""
    works = mailing.is_address(address)
    if not works:
        logger.error("The address of user %s cannot be written to.", person)
    return works


def _alerts(case: Case, facts: CaseFacts) -> list[Alert]:
    """The alerts of the case's edition that fit the death."""
    said = rapid_response.said_of(facts)
    alerts = editions.get(case.edition).alerts
    return [alert for alert in alerts if alert.when is None or alert.when.holds(said)]


def _held(facts: CaseFacts | None = None) -> RoleHoldingQuerySet:
    """The roles held today; with facts, those for its area and those for no one area."""
    today = localdate()
    open_accounts = Q(user__ends_on=None) | Q(user__ends_on__gte=today)
    held = RoleHolding.objects.in_force(today).filter(open_accounts, user__is_active=True)
    return held if facts is None else held.filter(Q(area=None) | Q(area=facts.area_id))


def _addresses(held: RoleHoldingQuerySet) -> dict[int, str]:
    """The address of each person once, whatever the number of their roles, by their key."""
    return dict(held.order_by("user_id").values_list("user_id", "user__email"))


def _is_quiet(notification: Notification, at: datetime) -> bool:
    """Whether nothing is said about what happened at ``at``."""
    return notification.route == QUIET_ROUTE or timezone.now() - at > LONG_AGO
