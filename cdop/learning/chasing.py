"""Chasing actions that are not done: worked out from what is due and what was sent, not scheduled.

A reminder before the day and one after it to whoever at the owner sees to it; then the coordinator.
Each step is one act: the action is locked, the step counted, the letter queued under a name that
exists once. So two workers at once write one letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate

from cdop.core import outbox, steps
from cdop.core.audit import Job, act
from cdop.core.jinja import day
from cdop.core.roles import Role
from cdop.core.users import RoleHolding, User
from cdop.learning import progress, times
from cdop.learning.models import ActionPoint
from cdop.learning.times import AFTER, BEFORE, ESCALATION

CHASER = Job("chasing of actions")
TEMPLATES = {
    BEFORE: "action_reminder",
    AFTER: "action_overdue",
    ESCALATION: "action_escalation",
}
NOBODY = "nobody there can be written to"
SENT = {
    BEFORE: "Reminded before the day",
    AFTER: "Reminded after the day",
    ESCALATION: "Raised with the coordinator",
}


def chase_due(now: datetime | None = None) -> int:
    """Take the step that is due of every open action; say how many were taken. Safe to repeat."""
    now = now or timezone.now()
    soon = localdate(now) - min(times.STEPS.values())
    waiting = ActionPoint.objects.to_do().filter(due_on__lte=soon, reminders__lt=ESCALATION)
    return sum(_chase(point, now) for point in waiting.order_by("pk"))


def _chase(found: ActionPoint, now: datetime) -> bool:
    today = localdate(now)
    if times.next_step(found, today) is None:
        return False
    with act():
        rows = ActionPoint.objects.to_do().select_for_update(of=("self",))
        related = ("recommendation__data_key", "recommendation__finding", "owner")
        point = rows.select_related(*related).filter(pk=found.pk).first()
        step = times.next_step(point, today) if point else None
        if point is None or step is None:
            return False
        changes: dict[str, Any] = {"reminders": step, "reminded_at": now}
        steps.edit(point, by=CHASER, action="actionpoint.chased", **changes)
        told = _write(point, step, today)
        words = SENT[step] if told else f"{SENT[step]}: not sent, for {NOBODY}"
        progress.keep(point.recommendation, f"{words}.", by=CHASER, point=point, at=now)
    return True


def _write(point: ActionPoint, step: int, today: date) -> bool:
    """Queue the letter of a step; whether there was anybody to write to."""
    if not (to := _addressees(point, step)):
        return False
    recommendation = point.recommendation
    once = f"{recommendation.reference}:{point.pk}:{step}:{point.due_on:%Y%m%d}"
    outbox.queue(
        TEMPLATES[step],
        {f"{once}:{who}": address for who, address in to.items()},
        about=recommendation.reference,
        by=CHASER,
        context={
            "reference": recommendation.reference,
            "organisation": str(point.owner),
            "words": point.words,
            "due": day(point.due_on),
            "late": str((today - point.due_on).days),
        },
    )
    return True


def _addressees(point: ActionPoint, step: int) -> Mapping[str, str]:
    """Addresses, each by whose it is."""
    if step != ESCALATION:
        email = point.contact["email"]
        return {"owner": email} if email else {}
    held = RoleHolding.objects.in_force(localdate()).filter(role=Role.COORDINATOR)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return {str(user.pk): user.email for user in people}
