"""Members who write no review of their own: they open the lead's and say where they agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.utils import timezone

from cdop.core.audit import act
from cdop.core.refusals import Refused, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import create, create_all, edit
from cdop.panel import reading
from cdop.panel.models import AgendaItem
from cdop.panel.states import ItemState, MeetingState
from cdop.reviews import rules
from cdop.reviews.models import DraftAnswer, DraftReading, Review
from cdop.reviews.states import Stands

if TYPE_CHECKING:
    from cdop.core.users import User

Answers = Mapping[str, tuple[Stands, str]]
"""By the code of a question: agreed to or questioned, and the words."""
NOT_SENT_YET = "The lead has not sent a review of this case yet, so there is no draft to answer."


def lead_review(item: AgendaItem) -> Review | None:
    """The review that whoever leads the case sent, unless an interest keeps them from judging."""
    if item.lead_id is None:
        return None
    found = Review.objects.judging().filter(item=item, reviewer=item.lead_id)
    return found.select_related("reviewer", "analysis").first()


def own(item: AgendaItem, user: User) -> DraftReading | None:
    """What this person has opened or said of the lead's draft."""
    rows = DraftReading.objects.filter(item=item, reader=user)
    return rows.select_related("review").prefetch_related("answers").first()


def why_not_open(item: AgendaItem, user: User, review: Review | None, sent: bool) -> str:
    """Why somebody cannot answer the lead's draft in place of a review of their own.

    review  what the lead sent, if anything
    sent    whether the person sent a review of their own
    """
    if user.pk in (item.lead_id, item.second_id):
        return "The lead and the second reader write a review of their own."
    if sent:
        return "You sent a review of your own, so there is nothing to answer for you."
    if item.state == ItemState.DEFERRED:
        return "This case is deferred, so nothing is answered for this meeting."
    if item.meeting.state != MeetingState.PLANNED:
        return f"The meeting is {item.meeting.state_label}. Say in it what you think."
    return "" if review else NOT_SENT_YET


def open_draft(item: AgendaItem, *, by: User, at: datetime | None = None) -> DraftReading:
    """Open the lead's draft; from now on this person can send no review made alone.

    Opened before, the first time stands.
    """
    refuse_unless(by, Permission.REVIEWS_WRITE, otherwise="Your role does not review cases.")
    with act():
        item = rules.locked(item)
        reading.must_read(item, by)
        if found := own(item, by):
            return found
        refuse_if(rules.why_not_judge(item, by), HTTPStatus.FORBIDDEN)
        review = lead_review(item)
        sent = Review.objects.of(by).filter(item=item).exists()
        refuse_if(why_not_open(item, by, review, sent))
        new = DraftReading(item=item, reader=by, review=review, opened_at=at or timezone.now())
        return create(new, by=by, action="draft.opened")


def send_answers(
    found: DraftReading, answers: Answers, *, by: User, at: datetime | None = None
) -> DraftReading:
    """Send what this person says to the draft; sent before, the first answers stand."""
    with act():
        item = rules.locked(found.item)
        row = DraftReading.objects.select_for_update().get(pk=found.pk)
        if row.reader_id != by.pk:
            raise Refused("You answer for yourself alone.", HTTPStatus.FORBIDDEN)
        reading.must_read(item, by)
        if row.sent_at:
            return row
        refuse_if(rules.why_not_judge(item, by), HTTPStatus.FORBIDDEN)
        refuse_if(rules.why_not_review(item))
        if not answers:
            raise Refused("Answer at least one question.")
        rows = [
            DraftAnswer(reading=row, question=question, stands=stands, words=words)
            for question, (stands, words) in answers.items()
        ]
        create_all(rows, by=by, action="draftanswer.sent")
        return edit(row, by=by, action="draft.answered", sent_at=at or timezone.now())
