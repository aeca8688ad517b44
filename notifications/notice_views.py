"""The public pages for registrars and coroners: one form, one look at it, one reference.

What is typed lies in a draft from the first press of the button on, right or wrong, as on the form
for everybody. Nothing that is answered here depends on what the system knows already.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache

from cdop import editions
from cdop.core import comparing, drafts, strangers
from cdop.core.access import for_everybody, posted_number
from cdop.core.audit import act
from cdop.core.cookies import SignedCookie
from cdop.core.drafts import Draft
from cdop.core.refusals import Stale
from notifications import crowding, intake, notices, presenting
from notifications.crowding import Level
from notifications.holding import LASTS, Held
from notifications.intake import NOTIFIER
from notifications.notices import KINDS, Given, Kind
from notifications.public_views import typed_in


def held(kind: Kind) -> Held:
    """What a browser holds of the form of a notice, in a cookie of that form's own."""
    cookie = SignedCookie(f"notice_{kind.code}", f"report:{kind.code}", LASTS)
    return Held(kind.draft_kind, cookie)


@for_everybody
def arrangements(request: HttpRequest) -> HttpResponse:
    """How registrars and coroners tell us, which the law asks us to publish."""
    edition = editions.in_force(localdate())
    context = {
        "edition": edition,
        "kinds": [(kind, notices.standard(kind, edition)) for kind in KINDS.values()],
    }
    return render(request, "report/arrangements.jinja", context)


@for_everybody
@never_cache
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a notice. What is typed is kept before anything else is done with it."""
    kind = KINDS[code]
    draft = held(kind).draft_of(request)
    if request.method != "POST":
        return _show(request, notices.read(kind, _typed(draft), timezone.now()), draft)
    if why := strangers.too_much(request.POST):
        context = {"reason": why, "title": "This is too much for one page"}
        return render(request, "errors/413.jinja", context, status=413)
    typed = typed_in(request.POST)
    if draft is None and crowding.level(crowding.BEGINNING, request) == Level.FLOODED:
        given = notices.read(kind, typed, timezone.now())
        return _show(request, given, draft, status=429, flooded=True)
    return _kept(request, kind, draft, typed)


def _kept(
    request: HttpRequest, kind: Kind, draft: Draft | None, typed: notices.Typed
) -> HttpResponse:
    """Keep what was typed, then go on, or show what is wrong with it."""
    try:
        draft, token = _keep(kind, draft, typed, posted_number(request, "version"))
    except Stale as stale:
        return _side_by_side(request, kind, typed, stale.current)
    given = notices.read(kind, typed, timezone.now())
    response = _show(request, given, draft) if given.form.errors else _to("check", kind)
    if token:
        return held(kind).hold(response, draft, token)
    return held(kind).hold_on(response, request)


@for_everybody
@never_cache
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that will be sent, to be read once more; from here it is sent, or deleted."""
    kind = KINDS[code]
    if request.method == "POST" and "discard" not in request.POST:
        return _send(request, kind)
    draft = held(kind).draft_of(request)
    if draft is None:
        return _nothing_held(request, kind)
    if request.method == "POST":
        return _discard(request, kind, draft)
    return _show_check(request, kind, draft)


def _nothing_held(request: HttpRequest, kind: Kind) -> HttpResponse:
    return _to("sent" if held(kind).sent_from(request) else "", kind)


@for_everybody
@never_cache
def sent(request: HttpRequest, code: str) -> HttpResponse:
    """That it arrived, and under which reference."""
    kind = KINDS[code]
    notification = held(kind).sent_from(request)
    if notification is None:
        return _to("", kind)
    context = {"kind": kind, "notification": notification}
    return render(request, "report/notice_sent.jinja", context)


def _show(
    request: HttpRequest, given: Given, draft: Draft | None, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"given": given, "form": given.form, "version": draft.version if draft else 0}
    return render(request, "report/notice.jinja", context | more, status=status)


def _side_by_side(
    request: HttpRequest, kind: Kind, typed: notices.Typed, draft: Draft
) -> HttpResponse:
    """It was saved in another window meanwhile: both versions, and the choice."""
    now = timezone.now()
    mine, there = notices.read(kind, typed, now), notices.read(kind, _typed(draft), now)
    compared = comparing.windows(mine.form, there.form)
    return _show(request, mine, draft, status=409, compared=compared)


def _show_check(
    request: HttpRequest, kind: Kind, draft: Draft, status: int = 200, **more: Any
) -> HttpResponse:
    given = notices.read(kind, _typed(draft), timezone.now())
    if not given.answers:
        return _to("", kind)
    parts = [
        (section, presenting.rows(section, given.edition, given.answers, given.remarks))
        for section in given.sections
    ]
    context = {"given": given, "parts": parts, "draft": draft}
    return render(request, "report/notice_check.jinja", context | more, status=status)


def _send(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Send what was shown. A second press of the button finds it sent, and shows the same page."""
    with act():
        crowd = crowding.level(crowding.SENDING, request)
        draft = held(kind).draft_of(request, lock=True)
        if draft is None:
            return _nothing_held(request, kind)
        if wait := crowding.why_wait(crowd, draft):
            return _show_check(request, kind, draft, status=429, wait=wait)
        if draft.version != posted_number(request, "version"):
            return _show_check(request, kind, draft, status=409, stale=True)
        given = notices.read(kind, _typed(draft), timezone.now())
        if not given.answers:
            return _to("", kind)
        intake.receive(
            given.answers,
            edition=given.edition,
            route=kind.route,
            questionnaire=kind.code,
            draft=draft,
            by=NOTIFIER,
        )
    return _to("sent", kind)


def _discard(request: HttpRequest, kind: Kind, draft: Draft) -> HttpResponse:
    drafts.discard(draft)
    messages.info(request, "What you typed is deleted. Nothing was sent.")
    return held(kind).let_go(_to("", kind))


def _keep(kind: Kind, draft: Draft | None, typed: notices.Typed, version: int) -> tuple[Draft, str]:
    """The draft with what was typed, and the token of a new one. Raises Stale."""
    payload = {"typed": dict(typed)}
    if draft is None:
        return drafts.begin(kind.draft_kind, payload)
    return drafts.save(draft, payload, version=version), ""


def _typed(draft: Draft | None) -> notices.Typed | None:
    return draft.answers["typed"] if draft else None


def _address(name: str, kind: Kind) -> str:
    return reverse(f"report:{kind.code}{'_' if name else ''}{name}")


def _to(name: str, kind: Kind) -> Any:
    return redirect(_address(name, kind))
