"""Sending a review, recording a finding, signing it off: each all at once and once only."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop import editions
from cdop.cases.actions import take_finding
from cdop.core.audit import act
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import create, edit, step
from cdop.panel import quorum, reading
from cdop.panel.agenda import discussed
from cdop.panel.models import AgendaItem
from cdop.reviews import analyses, draft_readings, gate, queries, rules, unfinished
from cdop.reviews.content import Content, Outcome
from cdop.reviews.models import Finding, Review
from cdop.reviews.states import FindingState

if TYPE_CHECKING:
    from cdop.core.users import User

NOTHING_SAID = Outcome()


def send_review(
    item: AgendaItem, content: Content, *, by: User, at: datetime | None = None
) -> Review:
    """Send a member's review; sent before, the first one stands and is given back."""
    refuse_unless(by, Permission.REVIEWS_WRITE, otherwise="Your role does not review cases.")
    with act():
        item = rules.locked(item)
        if sent := Review.objects.of(by).filter(item=item).first():
            return sent
        reading.must_read(item, by)
        refuse_if(rules.why_not_judge(item, by), HTTPStatus.FORBIDDEN)
        refuse_if(rules.why_not_review(item))
        refuse_if(rules.why_not_alone(by, draft_readings.own(item, by)))
        analysis = analyses.write(content, item.meeting.edition, case_id=item.case_id, by=by)
        review = Review(item=item, reviewer=by, analysis=analysis, sent_at=at or timezone.now())
        create(review, by=by, action="review.sent")
        unfinished.finish(by, unfinished.REVIEW, item)
    return review


def record_finding(
    item: AgendaItem,
    content: Content,
    *,
    version: int,
    by: User,
    outcome: Outcome = NOTHING_SAID,
    why: str = "",
    at: datetime | None = None,
) -> Finding:
    """Record what the panel found, over what was recorded before and is not signed off.

    version  of the finding that the chair saw, 0 if there was none
    outcome  how the panel came to it; it is not signed off before that is said
    why      the reason for another version of what was signed off; "" before the first signature
    What was recorded before stays as it was; the finding's history says which analysis it was. What
    was signed off stays as one version, and this is the next: of a case that was reopened by the
    meeting that reviews it, else by who chairs, with a reason.
    Raises Stale where somebody else recorded since.
    """
    refuse_unless(by, Permission.FINDINGS_RECORD, otherwise="Your role does not record findings.")
    with act():
        item = rules.locked(item)
        reading.must_read(item, by)
        refuse_if(rules.why_not_lead(item, by), HTTPStatus.FORBIDDEN)
        finding = queries.latest_finding(item.case_id)
        refuse_if(rules.why_not_record(item, finding))
        amends = finding is not None and rules.amends(item, finding)
        refuse_if("" if amends else quorum.why_not_decide_on(item))
        if amends and not why.strip():
            raise Refused("Say why the finding is changed.")
        if finding and not rules.is_anew(item, finding) and finding.version != version:
            raise Stale(finding)
        number = 1
        if finding and finding.state == FindingState.SIGNED_OFF:
            number, finding = finding.number + 1, None
        analysis = analyses.write(content, item.meeting.edition, case_id=item.case_id, by=by)
        stamps: dict[str, Any] = {"item": item, "analysis": analysis}
        stamps |= {"recorded_by": by, "recorded_at": at or timezone.now()}
        stamps |= {"reached": outcome.reached, "dissent": outcome.dissent}
        stamps |= {"would_change": outcome.would_change, "why_changed": why.strip()}
        unfinished.finish(by, unfinished.FINDING, item)
        discussed(item, by=by)
        if finding:
            return edit(finding, by=by, version=version, action="finding.recorded", **stamps)
        new = Finding(case_id=item.case_id, number=number, **stamps)
        return create(new, by=by, action="finding.recorded")


def sign_off(finding: Finding, *, version: int, by: User, at: datetime | None = None) -> Finding:
    """Sign off the finding that was seen; the case is reviewed in the same act.

    Raises Refused: 409 where it is signed off, changed since ``version`` or not complete.
    """
    with act():
        # Behind the case's lock: an interest that is declared meanwhile comes before or after.
        AgendaItem.objects.select_for_update().get(pk=finding.item_id)
        row = Finding.objects.select_for_update().get(pk=finding.pk)
        content = queries.content_of(row.analysis_id)
        edition = editions.get(row.analysis.edition)
        refuse_unless(
            by, Permission.FINDINGS_SIGN_OFF, otherwise="Your role does not sign off findings."
        )
        refuse_if(rules.why_not_lead(row.item, by), HTTPStatus.FORBIDDEN)
        missing = gate.open_sentences(gate.points(row, content))
        refuse_if(rules.why_not_sign_off(row, missing))
        if row.version != version:
            raise Refused(
                "The finding was recorded anew after you opened the page. Read it again, then sign "
                "it off."
            )
        signed_at = at or timezone.now()
        row = step(row, FindingState.SIGNED_OFF, by=by, signed_off_at=signed_at, signed_off_by=by)
        take_finding(
            row.case_id,
            by=by,
            signed_off_at=signed_at,
            edition=edition.code,
            category=row.analysis.category,
            modifiable=content.modifiable,
            expectedness=content.expectedness,
        )
    return row
