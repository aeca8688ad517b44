"""Chasing reports that stay away: worked out from what is due and what was done, not scheduled.

Two reminders to whoever has to answer, then a letter to the agency's board member. Each step is
one act: the request is locked, the step counted, the letter queued under a name that exists once.
So two workers at once write one letter, and one that was off for a week takes one step, not all
that it missed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop import editions
from cdop.agency_reports import invitations, times
from cdop.agency_reports.asking import must_manage
from cdop.agency_reports.invitations import REMINDER
from cdop.agency_reports.models import Request
from cdop.agency_reports.states import OPEN
from cdop.core import outbox, steps
from cdop.core.audit import Job, act
from cdop.core.jinja import day
from cdop.core.organisations import closed_days
from cdop.core.refusals import Refused

if TYPE_CHECKING:
    from cdop.core.users import User

CHASER = Job("chasing of agency reports")
ESCALATION = "report_escalation"


def chase_due(now: datetime | None = None) -> int:
    """Take the step that is due of every request; say how many were taken. Safe to repeat."""
    now = now or timezone.now()
    waiting = Request.objects.filter(
        state__in=OPEN, due_at__lt=now, reminders__lt=len(times.CHASE)
    ).order_by("pk")
    closures = closed_days()
    return sum(_chase(row, now, closures) for row in waiting)


def chase_now(request: Request, *, by: User, version: int) -> Request:
    """Remind at once whoever has to answer, besides the reminders that come by themselves."""
    must_manage(by)
    if not request.is_open:
        raise Refused(f"This request is {request.state_label}, so nobody is reminded of it.")
    with act():
        made = steps.edit(
            request,
            by=by,
            version=version,
            action="request.chased",
            reminded_at=timezone.now(),
        )
        _remind(made, f"chased:{made.version}", by)
    return made


def is_due(request: Request, now: datetime, closures: frozenset[date]) -> bool:
    """Whether a step of chasing is to be taken now."""
    following = times.next_step(request, closures)
    return request.is_open and following is not None and following[1] < now


def _chase(found: Request, now: datetime, closures: frozenset[date]) -> bool:
    if not is_due(found, now, closures):
        return False
    with act():
        rows = Request.objects.select_for_update(of=("self",))
        row = rows.select_related("case__data_key").get(pk=found.pk)
        if not is_due(row, now, closures):
            return False
        step = row.reminders + 1
        changes: dict[str, Any] = {"reminders": step, "reminded_at": now}
        made = steps.edit(row, by=CHASER, action="request.reminded", **changes)
        what = f"chase:{step}:{made.due_at:%Y%m%d}"
        _escalate(made, what) if step == times.ESCALATION else _remind(made, what, CHASER)
    return True


def _remind(request: Request, what: str, by: User | Job) -> None:
    """Write to whoever has to answer, with their own link, or a new one where its time is over."""
    to = invitations.holder(request)
    if to is None:
        return
    if not to.opens(timezone.now()):
        to = invitations.renew(to, by=by, tell=False)
    invitations.write(to, REMINDER, what, by=by)


def _escalate(request: Request, what: str) -> None:
    """Write to the board member, if one is known; else it is a task of the coordinator."""
    if not (to := request.people.get("board_email")):
        return
    edition = editions.get(request.edition)
    outbox.queue(
        ESCALATION,
        {f"{request.reference}:{what}": to},
        about=request.reference,
        by=CHASER,
        context={
            "reference": request.reference,
            "organisation": str(request.organisation),
            "asked": day(request.asked_at),
            "due": day(request.due_at),
            "power": edition.reports.power.text,
            "panel": edition.words["panel"],
        },
    )
