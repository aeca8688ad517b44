"""How long somebody stays signed in: not idle for long, and never beyond a working day.

A page warns before, and its answer counts as something done. What was sent too late is kept sealed
for whoever sent it, and offered again after they have signed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from cdop.core import drafts, sealing
from cdop.core.audit import record
from cdop.core.drafts import Draft
from cdop.core.users import User

BEGAN, SEEN, AGAIN = "began", "seen", "sent again"
NOTED_EVERY = 60
"""Seconds: a page is noted as something done at most so often, so that reading writes little."""
KIND = "sent_too_late"
NOT_KEPT = {"csrfmiddlewaretoken"}


class SessionLimitsMiddleware:
    """Ends a session that was idle too long or lasts too long; notes that something was done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        if why := why_over(request):
            return _end(request, why)
        note(request)
        again = request.method == "POST" and request.session.pop(AGAIN, False)
        response = self.get_response(request)
        if again and response.status_code == HTTPStatus.FOUND:
            _taken(cast(User, request.user))
        return response


def why_over(request: HttpRequest) -> str:
    """Why a session is over, in words; "" while it is not."""
    now, session = time.time(), request.session
    if now - session.get(SEEN, now) > settings.SESSION_IDLE_SECONDS:
        minutes = settings.SESSION_IDLE_SECONDS // 60
        return f"You were signed out because nothing was done for {minutes} minutes."
    if now - session.get(BEGAN, now) > settings.SESSION_LONGEST_SECONDS:
        hours = settings.SESSION_LONGEST_SECONDS // 3600
        return f"You were signed out because you had been signed in for {hours} hours."
    return ""


def note(request: HttpRequest) -> None:
    """Something was done: the idle time begins anew."""
    now, session = time.time(), request.session
    session.setdefault(BEGAN, now)
    if now - session.get(SEEN, 0) >= NOTED_EVERY:
        session[SEEN] = now


def sent_too_late(user: User) -> Draft | None:
    """What this person sent after their session was over."""
    return drafts.of(user, KIND, "")


def typed_in(draft: Draft) -> dict[str, Any]:
    """Where it was sent, and what: ``path``, and ``fields`` by name, each a list of texts."""
    return cast(dict[str, Any], draft.answers)


def send_again(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Lets it go where it was going. It is kept until that page has taken it, and leads on.

    By 307 the browser sends the same fields, with the token of the page that it comes from.
    """
    request.session[AGAIN] = True
    return HttpResponseRedirect(typed_in(draft)["path"], status=HTTPStatus.TEMPORARY_REDIRECT)


def _taken(user: User) -> None:
    if draft := sent_too_late(user):
        drafts.discard(draft)


def _end(request: HttpRequest, why: str) -> HttpResponse:
    user, kept = cast(User, request.user), False
    if request.method == "POST" and not request.path_info.startswith("/account/"):
        kept = _keep(request, user)
    record("user.timed_out", user, by=user)
    logout(request)
    after = reverse("sent_too_late") if kept else request.get_full_path()
    said = " What you had sent is kept for you." if kept else ""
    messages.info(request, f"{why}{said} Sign in to go on.")
    leads = request.method == "GET" or kept
    query = f"?{urlencode({'next': after})}" if leads else ""
    return redirect(f"{reverse('account_login')}{query}")


def _keep(request: HttpRequest, user: User) -> bool:
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_KEPT}
    if not fields:
        return False
    before = sent_too_late(user)
    key = before.data_key if before else sealing.new_key()
    drafts.keep(user, KIND, "", {"path": request.get_full_path(), "fields": fields}, key)
    return True
