"""Pages of reviews and findings: write alone, send, compare, record, sign off."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from cdop.core.access import PersonRequest, page, posted_number
from cdop.core.audit import record
from cdop.core.refusals import refuse_if
from cdop.core.roles import Permission
from cdop.panel.models import AgendaItem
from cdop.panel.states import MeetingState
from cdop.reviews import actions, draft_readings, gate, queries, rules, unfinished
from cdop.reviews.comparison import (
    answers_by_question,
    columns_of,
    found_by_panel,
    reviewed,
    rows,
)
from cdop.reviews.desk import SEND, Desk, FindingDesk
from cdop.reviews.places import item_of

P = Permission
KEEPS = (P.FINDINGS_RECORD, P.MEETINGS_ARRANGE)
"""What stands beside a finding is kept by who records it, and by the team."""


@page(P.REVIEWS_WRITE)
def review(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """A member's own review: begun, kept, sent once."""
    item = item_of(request, number, serial)
    if queries.own_review(item, request.user):
        return redirect("reviews:sent", number, serial)
    draft = unfinished.of(request.user, unfinished.REVIEW, item)
    blocked = (
        rules.why_not_judge(item, request.user)
        or rules.why_not_review(item)
        or rules.why_not_alone(request.user, draft_readings.own(item, request.user))
    )
    desk = Desk(request, item, unfinished.REVIEW, draft, blocked=blocked)
    desk.more["draft_is_there"] = _may_answer_draft(item, request)
    if request.method != "POST":
        return desk.page({})
    if desk.blocked or desk.wants != SEND:
        return desk.keep()
    if not desk.posted.is_valid():
        return desk.again()
    actions.send_review(item, desk.posted.content, by=request.user)
    return redirect("reviews:sent", number, serial)


@page(P.REVIEWS_WRITE)
def sent(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """The review was sent: what was sent, and what comes next."""
    item = item_of(request, number, serial)
    own = get_object_or_404(queries.reviews(item, request.user), reviewer=request.user)
    context = {"item": item, "meeting": item.meeting, "review": own, "rows": rows([reviewed(own)])}
    return render(request, "reviews/sent.jinja", context)


@page(P.PACKS_READ)
def compare(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """The members' reviews side by side, with the finding where there is one."""
    item = item_of(request, number, serial)
    refuse_if(_not_yet(item, request), HTTPStatus.FORBIDDEN)
    columns = columns_of(item, request.user)
    record("reviews.read", item, by=request.user, purpose="panel meeting")
    said = queries.draft_readings(item, request.user)
    context = {
        "item": item,
        "meeting": item.meeting,
        "columns": columns,
        "rows": rows(columns),
        "readings": said,
        "answered": answers_by_question(said, columns),
    }
    return render(request, "reviews/compare.jinja", context)


@page(P.FINDINGS_RECORD)
def record_finding(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """The panel's finding, filled by the chair in the meeting, beside the members' reviews."""
    return FindingDesk(request, item_of(request, number, serial)).answer()


@page(P.PACKS_READ, P.MEETINGS_ARRANGE)
def finding(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """The finding as it stands, what is missing, and signing it off."""
    item = item_of(request, number, serial)
    found = queries.finding_at(item, request.user)
    if not found:
        raise Http404
    column, leads = found_by_panel(found), not rules.why_not_lead(item, request.user)
    points = gate.points(found, column.content)
    record("finding.read", item, by=request.user, purpose="panel meeting")
    context = {
        "item": item,
        "meeting": item.meeting,
        "finding": found,
        "rows": rows([column]),
        "points": points,
        "missing": gate.open_sentences(points),
        "explains": leads and any(map(request.user.can, KEEPS)),
        "versions": queries.versions(item, request.user),
        "asked": queries.national_queries(item, request.user),
        "records": leads
        and request.user.can(P.FINDINGS_RECORD)
        and not rules.why_not_record(item, found),
        "amends": rules.amends(item, found),
        "signs": leads and request.user.can(P.FINDINGS_SIGN_OFF),
    }
    return render(request, "reviews/finding.jinja", context)


@page(P.FINDINGS_SIGN_OFF)
def sign_off(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """Sign off the finding that was on the page."""
    item = item_of(request, number, serial)
    found = queries.finding_at(item, request.user)
    if not found or request.method != "POST":
        raise Http404
    actions.sign_off(found, version=posted_number(request, "version"), by=request.user)
    messages.info(request, f"The finding on {item} is signed off.")
    return redirect("reviews:finding", number, serial)


def _may_answer_draft(item: AgendaItem, request: PersonRequest) -> bool:
    """Whether the lead's draft could be answered in place of a review."""
    review = draft_readings.lead_review(item)
    return not draft_readings.why_not_open(item, request.user, review, sent=False)


def _not_yet(item: AgendaItem, request: PersonRequest) -> str:
    if item.meeting.state != MeetingState.PLANNED or queries.own_review(item, request.user):
        return ""
    answers = draft_readings.own(item, request.user)
    if answers and answers.sent_at:
        return ""
    return "You see the other reviews when yours is sent, or when the meeting is open."
