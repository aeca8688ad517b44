"""The pages that the link of a monthly return opens. No account; nothing on them is ours to know.

Opening the link changes and shows nothing but who is asked about which month: programs that look
into letters open links too. A button then puts the token into a cookie, so that it stands in no
further address.
"""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cdop.core.access import for_everybody
from cdop.core.audit import record
from notifications.assurance import returns
from notifications.assurance.answering import Answering
from notifications.assurance.models import Return

COOKIE = "return"
SALT = "notifications.assurance.return"
LASTS_SECONDS = 4 * 60 * 60
"""Long enough to look the deaths up between two tasks; the link opens it again."""
SAME_SITE: Literal["Lax"] = "Lax"


@for_everybody
def return_link(request: HttpRequest, token: str) -> HttpResponse:
    """Who is asked about which month, and a button."""
    asked = returns.by_token(token)
    if asked is None:
        raise Http404
    closed = returns.why_closed(asked)
    if request.method == "POST" and not closed:
        return _hold(redirect("report:return_answer"), token)
    context = {"return": asked, "closed": closed}
    return render(request, "notifications/assurance/link.jinja", context)


@for_everybody
def return_answer(request: HttpRequest) -> HttpResponse:
    """Answer, or correct what was answered, until the coordinator has settled it."""
    asked = _held(request)
    if asked is None:
        return _asked_to_open_the_link(request)
    if closed := returns.why_closed(asked):
        context = {"return": asked, "closed": closed}
        return render(request, "notifications/assurance/link.jinja", context)
    answering = Answering(request, asked)
    if answer := answering.answer():
        returns.answer(asked, answer, by=returns.TRUST)
        return redirect("report:return_sent")
    if not answering.is_posted and asked.returned_at:
        # What was answered stands in the boxes again: somebody reads who the children were.
        record("return.read", asked, by=returns.TRUST, purpose="to correct it")
    context = {"return": asked, "answering": answering, "form": answering.form}
    return render(request, "notifications/assurance/answer.jinja", context)


@for_everybody
def return_sent(request: HttpRequest) -> HttpResponse:
    """It has arrived; nothing that was typed stands here."""
    asked = _held(request)
    if asked is None or asked.returned_at is None:
        return _asked_to_open_the_link(request)
    return render(request, "notifications/assurance/sent.jinja", {"return": asked})


def _held(request: HttpRequest) -> Return | None:
    """The return whose button was pressed in this browser."""
    token = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LASTS_SECONDS)
    return returns.by_token(token or "")


def _hold(response: HttpResponse, token: str) -> HttpResponse:
    options: dict[str, Any] = {
        "max_age": LASTS_SECONDS,
        "secure": settings.SESSION_COOKIE_SECURE,
        "httponly": True,
        "samesite": SAME_SITE,
        "path": reverse("report:return_answer").removesuffix("answer/"),
    }
    response.set_signed_cookie(COOKIE, token, salt=SALT, **options)
    return response


def _asked_to_open_the_link(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/assurance/lapsed.jinja")
