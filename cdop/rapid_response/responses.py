"""Whether the response to an unexpected death is started: decided once, corrected with a version.

Where it is not needed, the tasks that belong to it are set aside with the reason; where it is
started after all, they come back. Nothing is ever taken off the checklist.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone

from cdop import editions
from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core import steps
from cdop.core.audit import act
from cdop.core.refusals import Refused, Stale
from cdop.core.rows import rows_of
from cdop.editions.schema import Criterion, Edition
from cdop.rapid_response import actions, facts, rules
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.response_models import Response
from cdop.rapid_response.states import ItemState, ResponseState

if TYPE_CHECKING:
    from cdop.core.users import User

NOT_RECORDED = 0
DECIDED = "decide_response"
"""The task of every edition that a decision settles."""
EXPECTED = "expected"


def of(case: Case) -> Response | None:
    """What was decided, if anything was."""
    return next(iter(rows_of(Response, "case", case.pk, "recorded_by")), None)


def why_not(case: Case, user: User) -> str:
    """Why ``user`` may not record the decision; "" means they may."""
    return rules.why_not_work_on(case, user, [DECIDED])


def record(
    case: Case,
    to: ResponseState,
    *,
    by: User,
    version: int,
    criteria: Collection[str],
    decided_at: datetime,
    decided_by: str,
    why: str = "",
    at: datetime | None = None,
) -> Response:
    """Record whether the response was started, or correct it, and let the checklist follow.

    version   that of the decision on the page; 0 where none was recorded yet
    criteria  codes of the case's edition that apply; empty where none does
    why       needed where it was not started, and where it was although no criterion applies
    at        when it was recorded; now, unless it was recorded elsewhere before
    Raises Refused where the role does not record it or the reason is missing, Stale where somebody
    recorded it meanwhile.
    """
    if forbidden := why_not(case, by):
        raise Refused(forbidden, HTTPStatus.FORBIDDEN)
    if missing := why_incomplete(to, criteria, why):
        raise Refused(missing)
    known = [each.code for each in editions.get(case.edition).criteria]
    said: dict[str, Any] = {
        "criteria": sorted(criteria, key=known.index),
        "decided_at": decided_at,
        "decided_by": decided_by,
        "why": why,
    }
    with act():
        held = Case.objects.held(case.pk)
        response = _write(of(held), held, to, version, by, at or timezone.now(), said)
        _settle_tasks(response, by)
        facts.note_response(response, by=by)
    return response


def why_incomplete(to: ResponseState, criteria: Collection[str], why: str) -> str:
    """What is missing from a decision; "" means nothing is."""
    if to == ResponseState.NOT_NEEDED and not why.strip():
        return "Say why it was not needed."
    if to == ResponseState.STARTED and not criteria and not why.strip():
        return "Say why it was started although none of the criteria applies."
    return ""


def _write(
    there: Response | None,
    case: Case,
    to: ResponseState,
    version: int,
    by: User,
    at: datetime,
    said: dict[str, Any],
) -> Response:
    stamps: dict[str, Any] = {"recorded_at": at, "recorded_by": by}
    if there is None:
        return steps.create(Response(case=case, state=to, **said, **stamps), by=by)
    if there.version != version:
        raise Stale(there)
    if there.state != to:
        return steps.step(there, to, by=by, version=version, **said, **stamps)
    if all(getattr(there, name) == value for name, value in said.items()):
        return there
    return steps.edit(there, by=by, version=version, **said, **stamps)


def _settle_tasks(response: Response, by: User) -> None:
    """The decision is taken; what belongs to the response is set aside, or comes back."""
    edition, note = editions.get(response.case.edition), in_words(response)
    checklist = response.case.checklist
    if decided := checklist.filter(task=DECIDED).first():
        at = response.decided_at
        actions.settle_anew(decided, ItemState.DONE, by=by, note=note, done_at=at)
    belonging = checklist.filter(task__in=edition.response_tasks)
    if response.state == ResponseState.STARTED:
        for item in belonging.filter(by_response=True):
            actions.come_back(item, by=by)
        return
    for item in belonging.filter(state=ItemState.OPEN):
        actions.leave_to_response(item, by=by, reason=note)
    for item in belonging.filter(by_response=True).exclude(note=note):
        steps.edit(item, by=by, note=note)


def in_words(response: Response) -> str:
    """The decision on one line, as it stands beside each task that follows from it."""
    name = editions.get(response.case.edition).words["unexpected_response"]
    if response.state == ResponseState.STARTED:
        return f"{name[:1].upper()}{name[1:]} started. {response.why}".strip()
    return f"{name[:1].upper()}{name[1:]} not started. {response.why}".strip()


def criteria_of(response: Response, edition: Edition) -> list[Criterion]:
    """The criteria that apply, as the edition words them."""
    return [each for each in edition.criteria if each.code in response.criteria]


def undecided(user: User) -> QuerySet[ChecklistItem]:
    """The open task of each death that the person sees, not known to be expected, without one.

    Those that an import brought in stand with their import; those reviewed ask nothing more.
    """
    cases = Case.objects.visible_to(user).open().exclude(state=CaseState.REVIEWED)
    waiting = ChecklistItem.objects.filter(
        task=DECIDED, state=ItemState.OPEN, told_by="", case__in=cases, case__rapid_response=None
    )
    not_expected = waiting.exclude(case__facts__expectedness=EXPECTED)
    return not_expected.select_related("case__clocks").order_by("due_at", "pk")
