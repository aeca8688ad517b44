"""The public pages for registrars and coroners: one form, one look at it, one reference.

What is typed lies in a draft from the first press of the button on, right or wrong, as on the form
for everybody. Nothing that is answered here depends on what the system knows already.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache

from cdop import editions
from cdop.core import drafts, sealing
from cdop.core.access import for_everybody
from cdop.core.audit import act
from cdop.core.drafts import Draft
from cdop.core.refusals import Stale
from notifications import crowding, intake, notices, presenting
from notifications.crowding import Level
from notifications.intake import NOTIFIER
from notifications.models import Notification
from notifications.notices import KINDS, Given, Kind
from notifications.public_views import typed_in

COOKIE_LASTS = timedelta(hours=24)
SALT = "notifications.notice"
BETWEEN = ":"

Response = TypeVar("Response", bound=HttpResponseBase)


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
    kind, draft = KINDS[code], _draft_of(request, KINDS[code])
    if request.method != "POST":
        return _show(request, notices.read(kind, _typed(draft), timezone.now()), draft)
    if why := crowding.too_much(request.POST):
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
        draft, token = _keep(kind, draft, typed, _version(request))
    except Stale as stale:
        return _side_by_side(request, kind, typed, stale.current)
    given = notices.read(kind, typed, timezone.now())
    response = _show(request, given, draft) if given.form.errors else _to("check", kind)
    return _hold(response, request, kind, draft, token)


@for_everybody
@never_cache
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that will be sent, to be read once more; from here it is sent, or deleted."""
    kind, draft = KINDS[code], _draft_of(request, KINDS[code])
    if draft is None:
        return _to("sent", kind) if _sent_from(request, kind) else _to("", kind)
    if request.method == "POST" and "discard" in request.POST:
        return _discard(request, kind, draft)
    if request.method == "POST":
        return _send(request, kind, draft)
    return _show_check(request, kind, draft)


@for_everybody
@never_cache
def sent(request: HttpRequest, code: str) -> HttpResponse:
    """That it arrived, and under which reference."""
    kind = KINDS[code]
    notification = _sent_from(request, kind)
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
    compared = presenting.compared(mine.form, there.form)
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


def _send(request: HttpRequest, kind: Kind, draft: Draft) -> HttpResponse:
    """Send what was shown. A second press of the button finds it sent, and shows the same page."""
    if wait := _why_wait(request, draft):
        return _show_check(request, kind, draft, status=429, wait=wait)
    try:
        with act():
            row = intake.lock(draft, version=_version(request))
            if row:
                given = notices.read(kind, _typed(row), timezone.now())
                if not given.answers:
                    return _to("", kind)
                intake.receive(
                    given.answers,
                    edition=given.edition,
                    route=kind.route,
                    questionnaire=kind.code,
                    draft=row,
                    by=NOTIFIER,
                )
    except Stale as stale:
        return _show_check(request, kind, stale.current, status=409, stale=True)
    return _to("sent", kind)


def _why_wait(request: HttpRequest, draft: Draft) -> str:
    """Why nothing is taken from this address at the moment: "haste", "flood", or "" for no."""
    crowd = crowding.level(crowding.SENDING, request)
    if crowd == Level.FLOODED:
        return "flood"
    in_haste = crowding.in_haste(draft, timezone.now())
    return "haste" if crowd == Level.BUSY and in_haste else ""


def _discard(request: HttpRequest, kind: Kind, draft: Draft) -> HttpResponse:
    with act():
        if drafts.finish(draft):
            sealing.destroy(draft.data_key)
    messages.info(request, "What you typed is deleted. Nothing was sent.")
    response = _to("", kind)
    response.delete_cookie(_cookie_name(kind), path=_address("", kind), samesite="Lax")
    return response


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


def _version(request: HttpRequest) -> int:
    posted = request.POST.get("version", "")
    return int(posted) if posted.isdecimal() and len(posted) < 10 else 0


# The draft is held by a signed cookie that scripts cannot read, sent to these pages only.


def _cookie_name(kind: Kind) -> str:
    return f"notice_{kind.code}"


def _held(request: HttpRequest, kind: Kind) -> tuple[str, str]:
    name = _cookie_name(kind)
    value = request.get_signed_cookie(name, default="", salt=SALT, max_age=COOKIE_LASTS)
    draft, _, token = (value or "").partition(BETWEEN)
    return draft, token


def _draft_of(request: HttpRequest, kind: Kind) -> Draft | None:
    return drafts.by_token(kind.draft_kind, _held(request, kind)[1])


def _sent_from(request: HttpRequest, kind: Kind) -> Notification | None:
    draft = _held(request, kind)[0]
    return Notification.objects.filter(draft=draft).first() if draft else None


def _hold(
    response: Response, request: HttpRequest, kind: Kind, draft: Draft, token: str
) -> Response:
    """Let the browser hold the draft for as long again; ``token`` is that of a new one."""
    token = token or _held(request, kind)[1]
    response.set_signed_cookie(
        _cookie_name(kind),
        f"{draft.pk}{BETWEEN}{token}",
        salt=SALT,
        max_age=COOKIE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path=_address("", kind),
    )
    return response
