"""The pages that the link of a monthly return opens. No account; nothing on them is ours to know.

Opening the link changes and shows nothing but who is asked about which month: programs that look
into letters open links too. A button then puts the token into a cookie, so that it stands in no
further address.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cdop.core.access import for_everybody
from cdop.core.audit import record
from cdop.core.cookies import SignedCookie
from notifications.assurance import returns
from notifications.assurance.answering import Answering
from notifications.assurance.models import Return

LASTS = timedelta(hours=4)
"""Long enough to look the deaths up between two tasks; the link opens it again."""
TOKEN = SignedCookie("return", "report:without_link", LASTS)


@for_everybody
def without_link(request: HttpRequest) -> HttpResponse:
    """For whoever comes without the link, or after its time in this browser: open it again."""
    return render(request, "notifications/assurance/lapsed.jinja")


@for_everybody
def return_link(request: HttpRequest, token: str) -> HttpResponse:
    """Who is asked about which month, and a button."""
    asked = returns.by_token(token)
    if asked is None:
        raise Http404
    closed = returns.why_closed(asked)
    if request.method == "POST" and not closed:
        return TOKEN.keep(redirect("report:return_answer"), token)
    context = {"return": asked, "closed": closed}
    return render(request, "notifications/assurance/link.jinja", context)


@for_everybody
def return_answer(request: HttpRequest) -> HttpResponse:
    """Answer, or correct what was answered, until the coordinator has settled it."""
    asked = _held(request)
    if asked is None:
        return without_link(request)
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
        return without_link(request)
    return render(request, "notifications/assurance/sent.jinja", {"return": asked})


def _held(request: HttpRequest) -> Return | None:
    """The return whose button was pressed in this browser."""
    return returns.by_token(TOKEN.read(request))
