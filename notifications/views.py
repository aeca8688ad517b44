"""Triage: what waits, what was sent, and what is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from cdop.cases.placement import Where
from cdop.core import organisation_choice
from cdop.core.access import PersonRequest, page, posted
from cdop.core.audit import record
from cdop.core.comparing import VERSION, renew
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from cdop.core.users import User
from cdop.editions.schema import Edition
from notifications import (
    decisions,
    flags,
    homes,
    keyed,
    letters,
    likeness,
    notices,
    presenting,
    queries,
    rules,
    tellers,
    undoing,
)
from notifications.forms import (
    OTHER_CASE,
    AcceptForm,
    AttachForm,
    DecisionForm,
    DeclineForm,
    PassOnForm,
    ReceiptForm,
    UndoForm,
)
from notifications.models import Notification
from notifications.states import NotificationState

PER_PAGE = 50
N = NotificationState
TRIAGE = page(Permission.NOTIFICATIONS_TRIAGE)


@TRIAGE
def notification_list(request: PersonRequest) -> HttpResponse:
    """The notifications of one list: at first what waits for triage, the longest first."""
    chosen = queries.chosen_list(request.GET.get("list", ""))
    rows = queries.of_list(request.user, chosen)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "chosen": chosen,
        "lists": queries.LISTS,
        "counts": queries.counts(request.user),
        "lines": flags.flagged(queries.lines(shown, timezone.now()), request.user),
        "shown": shown,
    }
    return render(request, "notifications/list.jinja", context)


@TRIAGE
def notification_page(request: PersonRequest, reference: str) -> HttpResponse:
    """Everything that was sent. Opening it says who the child was, so it is recorded first."""
    notification = _visible(request, reference)
    sent = _opened(request, notification, "triage")
    slips = list(rules.slips(sent.answers, notification.received_at))
    sections = sent.edition.questionnaires[notification.questionnaire].sections
    context = _context(request, notification, sent) | {
        "parts": [
            (part, presenting.rows(part, sent.edition, sent.answers, slips)) for part in sections
        ],
        "arrival": notices.arrival(notification, sent.answers),
        "likeness": likeness.of(notification, sent.answers, request.user),
        "family": queries.family_of(notification),
        "line": queries.lines([notification], timezone.now())[0],
        "letters": letters.of(notification, sent.answers),
        "declined_for": decisions.reason_label(notification),
        "source": keyed.source_of(notification, sent.answers),
        "ring": _ring(notification, sent.answers),
    }
    return render(request, "notifications/notification.jinja", context)


@TRIAGE
def accept(request: PersonRequest, reference: str) -> HttpResponse:
    """Open a case from the notification."""
    notification = _visible(request, reference)
    if organisation_choice.is_wanted(request):
        return organisation_choice.leave(request)
    sent = _opened(request, notification, "accept into a case")
    form = AcceptForm(
        posted(request),
        proposed_scope=not sent.outside,
        **_teller(
            notification,
            sent,
            area=_likely_home(sent.answers),
            in_scope="no" if sent.outside else "yes",
            rule=next(iter(sent.outside), ""),
        ),
    )
    organisation_choice.put_back(form, request)
    if case := decided(form, decisions.accept, notification, request.user):
        organisation_choice.forget(request)
        messages.info(request, f"Case {case} is open, and its checklist has begun.")
        return redirect("cases:case", case.reference)
    return _form_page(request, "notifications/accept.jinja", notification, form, sent)


@TRIAGE
def attach(request: PersonRequest, reference: str) -> HttpResponse:
    """Put the notification to a case. The page names the cases that look alike: it is recorded."""
    notification = _visible(request, reference)
    if organisation_choice.is_wanted(request):
        return organisation_choice.leave(request)
    sent = _opened(request, notification, "attach to a case")
    candidates = queries.alike(sent.answers, request.user, notification)
    form = AttachForm(
        posted(request),
        candidates=candidates,
        by=request.user,
        unlike=lambda case: queries.unlike(notification, sent.answers, case, request.user),
        **_teller(notification, sent, case="" if candidates else OTHER_CASE),
    )
    organisation_choice.put_back(form, request)
    if attached := decided(form, decisions.attach, notification, request.user):
        organisation_choice.forget(request)
        messages.info(request, f"The notification now stands behind case {attached.case}.")
        return redirect("cases:case", attached.case.reference)
    return _form_page(request, "notifications/attach.jinja", notification, form, sent)


@TRIAGE
def pass_on(request: PersonRequest, reference: str) -> HttpResponse:
    """Pass the notification on to another panel."""
    notification = _visible(request, reference)
    if organisation_choice.is_wanted(request):
        return organisation_choice.leave(request)
    sent = _opened(request, notification, "pass on to another panel")
    form = PassOnForm(posted(request), **_teller(notification, sent))
    organisation_choice.put_back(form, request)
    if passed := decided(form, decisions.pass_on, notification, request.user):
        organisation_choice.forget(request)
        messages.info(request, f"Passed on to {passed.passed_to}. It awaits their word.")
        return redirect("notifications:notification", reference)
    return _form_page(request, "notifications/pass_on.jinja", notification, form, sent)


@TRIAGE
def receipt(request: PersonRequest, reference: str) -> HttpResponse:
    """The other panel said that it has the notification."""
    notification = _visible(request, reference)
    form = ReceiptForm(posted(request), initial={VERSION: notification.version})
    if decided(form, decisions.confirm_receipt, notification, request.user):
        messages.info(request, f"{notification.passed_to} has it. Nothing more waits here.")
        return redirect("notifications:notification", reference)
    return _act_page(request, "notifications/receipt.jinja", notification, form, N.TAKEN_OVER)


@TRIAGE
def decline(request: PersonRequest, reference: str) -> HttpResponse:
    """Open no case, for a reason."""
    notification = _visible(request, reference)
    if organisation_choice.is_wanted(request):
        return organisation_choice.leave(request)
    sent = _opened(request, notification, "decline")
    born, died = (rules.day_of(sent.answers, name) for name in ("date_of_birth", "date_of_death"))
    form = DeclineForm(posted(request), **_teller(notification, sent), born=born, died=died)
    organisation_choice.put_back(form, request)
    if decided(form, decisions.decline, notification, request.user):
        organisation_choice.forget(request)
        messages.info(request, f"Notification {notification} is declined. It is kept.")
        return redirect("notifications:notification", reference)
    return _form_page(request, "notifications/decline.jinja", notification, form, sent)


@TRIAGE
def undo(request: PersonRequest, reference: str) -> HttpResponse:
    """Undo what was decided, for a reason."""
    notification = _visible(request, reference)
    form = UndoForm(posted(request), initial={VERSION: notification.version})
    if undone := decided(form, undoing.undo, notification, request.user):
        messages.info(request, f"Notification {notification} is {N(undone.state).label} again.")
        return redirect("notifications:notification", reference)
    to = N.PASSED_ON if notification.state == N.TAKEN_OVER else N.RECEIVED
    return _act_page(request, "notifications/undo.jinja", notification, form, to)


@dataclass(frozen=True)
class _Sent:
    """What a notification says, opened: answers, their edition, and why it may be out of scope.

    outside  by the code of a rule on scope, the sentence that speaks against a review
    """

    answers: dict[str, Any]
    edition: Edition
    outside: dict[str, str]


def _visible(request: PersonRequest, reference: str) -> Notification:
    rows = Notification.objects.visible_to(request.user)
    rows = rows.select_related("data_key", "case", "decided_by", "organisation")
    return get_object_or_404(rows, reference=reference)


def _opened(request: PersonRequest, notification: Notification, purpose: str) -> _Sent:
    """What the notification says. Recorded before it is opened: what cannot be is not shown."""
    record("notification.read", notification, by=request.user, purpose=purpose)
    answers, edition = notification.answers, queries.edition_of(notification)
    return _Sent(answers, edition, rules.outside(answers, edition))


def _teller(notification: Notification, sent: _Sent, **initial: Any) -> dict[str, Any]:
    """What the form of every decision begins with: the version, and who told us as far as known."""
    wrote, known, maybe = tellers.written(sent.answers), notification.organisation, None
    if known is None:
        among = list(tellers.could_be(notification.route))
        known = tellers.named(wrote, among)
        maybe = None if known else tellers.proposed(wrote, among)
    initial |= {VERSION: notification.version, "organisation": str(known.pk) if known else ""}
    return {"wrote": wrote, "maybe": maybe, "initial": initial}


def _likely_home(answers: dict[str, Any]) -> str:
    """What the postcode proposes: one of the four areas, or a part of the country."""
    areas = queries.areas_for(answers)
    if areas:
        return areas[0].code if len(areas) == 1 else ""
    return homes.proposed(answers.get("postcode") or "") or Where.NOT_KNOWN


def _ring(notification: Notification, answers: dict[str, Any]) -> str:
    """Whom to ring because no letter tells them what was decided; "" where nobody has to."""
    untold = notification.decline_code in decisions.NOBODY_IS_TOLD
    told = notification.state in (N.DECLINED, N.PASSED_ON, N.TAKEN_OVER) and not untold
    return letters.whom_to_ring(answers) if told else ""


def _context(request: PersonRequest, notification: Notification, sent: _Sent) -> dict[str, Any]:
    return {
        "notification": notification,
        "edition": sent.edition,
        "outside": list(sent.outside.values()),
        "areas": queries.areas_for(sent.answers),
        "lies_in": queries.lies_in(sent.answers),
        "blocked": decisions.why_not(notification, N.ACCEPTED, request.user),
    }


def decided(form: DecisionForm, decide: Callable[..., Any], row: Any, by: User) -> Any:
    """What the decision returns; None where the form does not say it yet, or somebody was first.

    Then the form says so, keeps what was typed, and carries the version that is there now.
    """
    if not form.is_valid():
        return None
    try:
        return decide(row, by=by, **form.decision)
    except Refused as refusal:
        if refusal.status == HTTPStatus.FORBIDDEN:
            raise
        row.refresh_from_db()
        renew(form, refusal, row.version)
        return None


def _form_page(
    request: PersonRequest,
    template: str,
    notification: Notification,
    form: DecisionForm,
    sent: _Sent,
) -> HttpResponse:
    """The form of a decision; 409 where the state, or somebody else, forbade it."""
    context = _context(request, notification, sent) | {"form": form}
    return render(request, template, context, status=status_of(form))


def _act_page(
    request: PersonRequest,
    template: str,
    notification: Notification,
    form: DecisionForm,
    to: NotificationState,
) -> HttpResponse:
    """The form of a step after a decision, without anything of what was sent."""
    blocked = decisions.why_not(notification, to, request.user)
    context = {"notification": notification, "form": form, "blocked": blocked}
    return render(request, template, context, status=status_of(form))


def status_of(form: DecisionForm) -> HTTPStatus:
    return HTTPStatus.CONFLICT if form.non_field_errors() else HTTPStatus.OK
