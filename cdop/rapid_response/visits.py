"""The visit to the home or the place of a death: recorded once, corrected with a version.

What is recorded settles the tasks of the checklist that ask for it, so that nobody says the same
thing twice. The visit itself is what is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop.cases.models import Case
from cdop.core import steps
from cdop.core.audit import act
from cdop.core.refusals import Refused, Stale
from cdop.core.rows import rows_of
from cdop.rapid_response import actions, facts, rules
from cdop.rapid_response.models import Visit
from cdop.rapid_response.states import MADE, ItemState, VisitOutcome

if TYPE_CHECKING:
    from cdop.core.users import User

NOT_RECORDED = 0
JOINT, RECORDED = "joint_visit", "record_visit"
"""The tasks of every edition that a visit settles: that it was made together, and was recorded."""

SETTLED: Mapping[VisitOutcome, ItemState] = {
    VisitOutcome.JOINTLY: ItemState.DONE,
    VisitOutcome.POLICE: ItemState.NOT_DONE,
    VisitOutcome.HEALTH: ItemState.NOT_DONE,
    VisitOutcome.NONE: ItemState.NOT_DONE,
    VisitOutcome.NOT_INDICATED: ItemState.NOT_APPLICABLE,
}


def of(case: Case) -> Visit | None:
    """What was recorded of the visit, if anything was."""
    return next(iter(rows_of(Visit, "case", case.pk, "recorded_by")), None)


def why_not(case: Case, user: User) -> str:
    """Why ``user`` may not record a visit; "" means they may."""
    return rules.why_not_work_on(case, user, [JOINT, RECORDED])


def record(
    case: Case,
    *,
    by: User,
    version: int,
    outcome: VisitOutcome,
    visited_at: datetime | None = None,
    present: str = "",
    decided_by: str = "",
    why: str = "",
    at: datetime | None = None,
) -> Visit:
    """Record how the visit was made, or correct it, and settle the tasks that ask for it.

    version     that of the visit on the page; 0 where none was recorded yet
    visited_at  None where nobody visited
    at          when it was recorded; now, unless it was recorded elsewhere before
    Raises Refused where the role does not record it, Stale where somebody recorded it meanwhile.
    """
    if forbidden := why_not(case, by):
        raise Refused(forbidden, HTTPStatus.FORBIDDEN)
    said: dict[str, Any] = {
        "outcome": outcome,
        "visited_at": visited_at if outcome in MADE else None,
        "present": present if outcome in MADE else "",
        "decided_by": decided_by,
        "why": "" if outcome == VisitOutcome.JOINTLY else why,
    }
    with act():
        # The case is what two people meet at who record the first visit at once.
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        visit = _write(of(case), case, version, by, at or timezone.now(), said)
        _settle_tasks(visit, by)
        facts.note_visit(visit, by=by)
    return visit


def _write(
    there: Visit | None, case: Case, version: int, by: User, at: datetime, said: dict[str, Any]
) -> Visit:
    stamps: dict[str, Any] = {"recorded_at": at, "recorded_by": by}
    if there is None:
        return steps.create(Visit(case=case, **said, **stamps), by=by)
    if there.version != version:
        raise Stale(there)
    if all(getattr(there, name) == value for name, value in said.items()):
        return there
    return steps.edit(there, by=by, version=version, **said, **stamps)


def _settle_tasks(visit: Visit, by: User) -> None:
    """Settle both tasks as the visit says; the first is settled anew where that has changed."""
    outcome = VisitOutcome(visit.outcome)
    words = f"Visited by {outcome.label}. {visit.why}".strip()
    tasks = {item.task: item for item in visit.case.checklist.filter(task__in=(JOINT, RECORDED))}
    if joint := tasks.get(JOINT):
        to = SETTLED[outcome]
        actions.settle_anew(joint, to, by=by, note=words, done_at=visit.visited_at)
    recorded = tasks.get(RECORDED)
    if recorded and recorded.state != ItemState.DONE:
        done_at = visit.recorded_at
        actions.settle_anew(recorded, ItemState.DONE, by=by, note=words, done_at=done_at)
