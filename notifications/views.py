"""Triage: what waits, what was sent, and what is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cdop.core.access import PersonRequest, page
from cdop.core.audit import record
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from cdop.core.users import User
from cdop.editions.schema import Edition
from notifications import decisions, keyed, likeness, notices, presenting, queries, rules
from notifications.forms import (
    NO_AREA,
    OTHER_CASE,
    AcceptForm,
    AttachForm,
    DecisionForm,
    DeclineForm,
)
from notifications.models import Notification
from notifications.states import NotificationState

DECIDED_PER_PAGE = 50
TRIAGE = page(Permission.NOTIFICATIONS_TRIAGE)


@TRIAGE
def notification_list(request: PersonRequest) -> HttpResponse:
    """What waits for triage, the longest first; below it what was decided, the latest first."""
    now = timezone.now()
    visible = Notification.objects.visible_to(request.user)
    decided = visible.exclude(state=NotificationState.RECEIVED).select_related("case")
    shown = Paginator(decided.order_by("-decided_at"), DECIDED_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "waiting": queries.waiting(request.user, now),
        "decided": queries.lines(shown, now),
        "shown": shown,
    }
    return render(request, "notifications/list.jinja", context)


@TRIAGE
def notification_page(request: PersonRequest, reference: str) -> HttpResponse:
    """Everything that was sent. Opening it says who the child was, so it is recorded first."""
    notification = _visible(request, reference)
    record("notification.read", notification, by=request.user, purpose="triage")
    sent = _Sent.of(notification)
    slips = list(rules.slips(sent.answers, notification.received_at))
    sections = sent.edition.questionnaires[notification.questionnaire].sections
    context = _context(request, notification, sent) | {
        "parts": [
            (part, presenting.rows(part, sent.edition, sent.answers, slips)) for part in sections
        ],
        "arrival": notices.arrival(notification, sent.answers),
        "likeness": likeness.of(notification, sent.answers, request.user),
        "line": queries.lines([notification], timezone.now())[0],
        "declined_for": decisions.reason_label(notification),
        "source": keyed.source_of(notification, sent.answers),
    }
    return render(request, "notifications/notification.jinja", context)


@TRIAGE
def accept(request: PersonRequest, reference: str) -> HttpResponse:
    """Open a case from the notification."""
    notification = _visible(request, reference)
    sent = _Sent.of(notification)
    areas = queries.areas_for(sent.answers)
    likely = areas[0].code if len(areas) == 1 else "" if areas else NO_AREA
    form = AcceptForm(
        _posted(request),
        proposed_scope=not sent.outside,
        initial={
            "version": notification.version,
            "area": likely,
            "in_scope": "no" if sent.outside else "yes",
        },
    )
    if case := _decided(form, decisions.accept, notification, request.user):
        messages.info(request, f"Case {case} is open, and its checklist has begun.")
        return redirect("cases:case", case.reference)
    return _form_page(request, "notifications/accept.jinja", notification, form)


@TRIAGE
def attach(request: PersonRequest, reference: str) -> HttpResponse:
    """Put the notification to a case that is there already."""
    notification = _visible(request, reference)
    candidates = queries.alike(notification.answers, request.user, notification)
    form = AttachForm(
        _posted(request),
        candidates=candidates,
        by=request.user,
        initial={"version": notification.version, "case": "" if candidates else OTHER_CASE},
    )
    if attached := _decided(form, decisions.attach, notification, request.user):
        messages.info(request, f"The notification now stands behind case {attached.case}.")
        return redirect("cases:case", attached.case.reference)
    return _form_page(request, "notifications/attach.jinja", notification, form)


@TRIAGE
def decline(request: PersonRequest, reference: str) -> HttpResponse:
    """Open no case, for a reason."""
    notification = _visible(request, reference)
    form = DeclineForm(_posted(request), initial={"version": notification.version})
    if _decided(form, decisions.decline, notification, request.user):
        messages.info(request, f"Notification {notification} is declined. It is kept.")
        return redirect("notifications:list")
    return _form_page(request, "notifications/decline.jinja", notification, form)


@TRIAGE
@require_POST
def undo(request: PersonRequest, reference: str) -> HttpResponse:
    """Let a declined notification wait for triage again."""
    notification = _visible(request, reference)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise SuspiciousOperation("The version is missing.")
    decisions.undo_decline(notification, by=request.user, **form.decision)
    messages.info(request, f"Notification {notification} waits for triage again.")
    return redirect("notifications:notification", reference)


@dataclass(frozen=True)
class _Sent:
    """What a notification says, opened: answers, their edition, and why it may be out of scope."""

    answers: dict[str, Any]
    edition: Edition
    outside: list[str]

    @classmethod
    def of(cls, notification: Notification) -> _Sent:
        answers, edition = notification.answers, queries.edition_of(notification)
        return cls(answers, edition, rules.why_out_of_scope(answers, edition))


def _visible(request: PersonRequest, reference: str) -> Notification:
    rows = Notification.objects.visible_to(request.user)
    rows = rows.select_related("data_key", "case", "decided_by")
    return get_object_or_404(rows, reference=reference)


def _posted(request: PersonRequest) -> QueryDict | None:
    """What a form was sent with, nothing ticked included; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def _context(request: PersonRequest, notification: Notification, sent: _Sent) -> dict[str, Any]:
    return {
        "notification": notification,
        "edition": sent.edition,
        "outside": sent.outside,
        "areas": queries.areas_for(sent.answers),
        "lies_in": queries.lies_in(sent.answers),
        "blocked": decisions.why_not(notification, NotificationState.ACCEPTED, request.user),
    }


def _decided(
    form: DecisionForm, decide: Callable[..., Any], notification: Notification, by: User
) -> Any:
    """What the decision returns; None where the form does not say it yet, or somebody was first.

    Then the form says so, keeps what was typed, and carries the version that is there now.
    """
    if not form.is_valid():
        return None
    try:
        return decide(notification, by=by, **form.decision)
    except Refused as refusal:
        if refusal.status == HTTPStatus.FORBIDDEN:
            raise
        notification.refresh_from_db()
        typed = cast(QueryDict, form.data).copy()
        typed["version"] = str(notification.version)
        form.data = typed
        form.add_error(None, refusal.reason)
        return None


def _form_page(
    request: PersonRequest, template: str, notification: Notification, form: DecisionForm
) -> HttpResponse:
    """The form of a decision; 409 where the state, or somebody else, forbade it."""
    context = _context(request, notification, _Sent.of(notification)) | {"form": form}
    status = HTTPStatus.CONFLICT if form.non_field_errors() else HTTPStatus.OK
    return render(request, template, context, status=status)
