"""The team's draft of a finding before the meeting, and queries to the national database."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop.core.audit import act
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import create, edit
from cdop.panel import reading
from cdop.panel.models import AgendaItem
from cdop.panel.states import ItemState, MeetingState
from cdop.reviews import analyses, rules, unfinished
from cdop.reviews.content import Content
from cdop.reviews.finding_models import NationalQuery, PreparedFinding
from cdop.reviews.models import Finding

if TYPE_CHECKING:
    from cdop.core.users import User

NOT_YOURS = "Your role does not prepare the panel's finding."


def why_not_prepare(item: AgendaItem) -> str:
    """Why no draft of the finding is written now; "" means it is."""
    if item.state == ItemState.DEFERRED:
        return "This case is deferred, so no finding of this meeting is prepared."
    if item.meeting.state == MeetingState.PLANNED:
        return ""
    return f"The meeting is {item.meeting.state_label}. The panel records its finding itself."


def prepare(
    item: AgendaItem, content: Content, *, version: int, by: User, at: datetime | None = None
) -> PreparedFinding:
    """Put down a draft of the finding for the panel, over the one that is there.

    version  of the draft that the page showed, 0 if there was none
    Raises Stale where somebody else wrote it since.
    """
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    with act():
        item = rules.locked(item)
        reading.must_read(item, by)
        refuse_if(rules.why_not_lead(item, by), HTTPStatus.FORBIDDEN)
        refuse_if(why_not_prepare(item))
        there = PreparedFinding.objects.filter(item=item).first()
        if there is not None and there.version != version:
            raise Stale(there)
        analysis = analyses.write(content, item.meeting.edition, case_id=item.case_id, by=by)
        stamps: dict[str, Any] = {"analysis": analysis, "prepared_by": by}
        stamps["prepared_at"] = at or timezone.now()
        unfinished.finish(by, unfinished.PREPARED, item)
        if there is not None:
            return edit(there, by=by, version=version, action="finding.prepared", **stamps)
        return create(PreparedFinding(item=item, **stamps), by=by, action="finding.prepared")


def ask(finding: Finding, *, asked_on: date, words: str, by: User) -> NationalQuery:
    """Record a query about a finding, before its signature or after."""
    _may(finding, by)
    if not words.strip():
        raise Refused("Say what was asked.")
    new = NationalQuery(finding=finding, asked_on=asked_on, words=words.strip())
    return create(new, by=by, action="query.asked")


def answer(
    query: NationalQuery, *, answered_on: date, answer: str, version: int, by: User
) -> NationalQuery:
    """Record the answer to a query. Raises Stale."""
    _may(query.finding, by)
    if answered_on < query.asked_on:
        raise Refused("This is before the day on which it was asked.")
    if not answer.strip():
        raise Refused("Say what the answer was.")
    said: dict[str, Any] = {"answered_on": answered_on, "answer": answer.strip()}
    return edit(query, by=by, version=version, action="query.answered", **said)


def _may(finding: Finding, by: User) -> None:
    refuse_unless(
        by,
        Permission.MEETINGS_ARRANGE,
        Permission.FINDINGS_RECORD,
        otherwise="Your role does not record queries about a finding.",
    )
    reading.must_read(finding.item, by)
