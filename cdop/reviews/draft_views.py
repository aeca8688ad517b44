"""Pages about drafts: the lead's draft answered by a member, the team's draft of the finding."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cdop.core.access import PersonRequest, page, posted, posted_number
from cdop.core.audit import record
from cdop.core.refusals import Stale
from cdop.core.roles import Permission
from cdop.panel.models import AgendaItem
from cdop.panel.paper_reading import looked_in
from cdop.reviews import draft_readings, preparing, queries, rules, unfinished
from cdop.reviews.answer_forms import DraftAnswersForm
from cdop.reviews.comparison import reviewed, rows, terms
from cdop.reviews.desk import SEND, Desk
from cdop.reviews.forms import Typed, typed_of
from cdop.reviews.models import DraftReading
from cdop.reviews.places import item_of

P = Permission


@page(P.REVIEWS_WRITE)
def draft(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """The lead's draft: first what opening it means, then the draft and what one says to it."""
    item = item_of(request, number, serial)
    opened = draft_readings.own(item, request.user)
    if opened is None:
        return _choose(request, item)
    if opened.sent_at:
        return redirect("reviews:compare", number, serial)
    return _answer(request, item, opened)


def _choose(request: PersonRequest, item: AgendaItem) -> HttpResponse:
    sent = queries.own_review(item, request.user) is not None
    review = draft_readings.lead_review(item)
    blocked = rules.why_not_judge(item, request.user) or draft_readings.why_not_open(
        item, request.user, review, sent
    )
    if request.method == "POST":
        draft_readings.open_draft(item, by=request.user)
        return redirect("reviews:draft", item.meeting_id, item.serial)
    begun = unfinished.of(request.user, unfinished.REVIEW, item) is not None
    context = {"item": item, "meeting": item.meeting, "blocked": blocked, "begun": begun}
    return render(request, "reviews/draft_choice.jinja", context)


def _answer(request: PersonRequest, item: AgendaItem, opened: DraftReading) -> HttpResponse:
    review = queries.reviews(item, request.user).get(pk=opened.review_id)
    column = reviewed(review)
    form = DraftAnswersForm(posted(request), asked=terms(column))
    blocked = rules.why_not_judge(item, request.user) or rules.why_not_review(item)
    if form.is_valid():
        draft_readings.send_answers(opened, form.answers, by=request.user)
        messages.info(request, f"What you say to the draft on {item} is sent.")
        return redirect("reviews:compare", item.meeting_id, item.serial)
    record("draft.read", item, by=request.user, purpose="panel meeting")
    context = {
        "item": item,
        "meeting": item.meeting,
        "form": form,
        "lead": column.heading,
        "rows": rows([column]),
        "blocked": blocked,
        "read": looked_in(item, by=request.user, purpose="draft"),
    }
    return render(request, "reviews/draft_answers.jinja", context)


@page(P.MEETINGS_ARRANGE)
def prepare(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """The team's draft of the finding, from the lead's review or by hand."""
    item = item_of(request, number, serial)
    there = queries.prepared(item, request.user)
    kept = unfinished.of(request.user, unfinished.PREPARED, item)
    blocked = rules.why_not_lead(item, request.user) or preparing.why_not_prepare(item)
    desk = Desk(request, item, unfinished.PREPARED, kept, blocked=blocked, finding=there)
    if request.method != "POST":
        return desk.page(typed_of(queries.content_of(there.analysis_id)) if there else _lead(desk))
    if desk.blocked or desk.wants != SEND:
        return desk.keep()
    if not desk.posted.is_valid():
        return desk.again()
    try:
        version = posted_number(request, "version")
        preparing.prepare(item, desk.posted.content, version=version, by=request.user)
    except Stale as stale:
        return desk.stale(stale, typed_of(queries.content_of(stale.current.analysis_id)))
    messages.info(request, f"The draft of the finding on {item} is ready for the panel.")
    return redirect(reverse("panel:meeting", args=[item.meeting_id]))


def _lead(desk: Desk) -> Typed:
    """What the team begins with: the lead's review where it is sent. The reading is recorded."""
    review = draft_readings.lead_review(desk.item)
    if review is None or desk.blocked:
        return {}
    record("reviews.read", desk.item, by=desk.request.user, purpose="draft of the finding")
    return typed_of(queries.content_of(review.analysis_id))
