"""The pages that the link of a monthly return opens. No account; nothing on them is ours to know.

Opening the link changes and shows nothing but who is asked about which month: programs that look
into letters open links too. A button then puts the token into a cookie, so that it stands in no
further address.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cdop.core.access import for_everybody
from cdop.core.audit import record
from cdop.core.cookies import SignedCookie
from cdop.core.refusals import Refused, Stale
from notifications.assurance import asking, returns
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
    asked = asking.by_token(token)
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
    asked, shown = _held(request), _shown(request)
    if shown and shown != asked:
        return _not_open_here(request, shown, asked)
    if asked is None:
        return without_link(request)
    closed = returns.why_closed(asked)
    if closed and shown is None:
        context = {"return": asked, "closed": closed}
        return render(request, "notifications/assurance/link.jinja", context)
    if request.method == "POST" and shown is None:
        raise SuspiciousOperation("The page does not say of which return it was made.")
    answering = Answering(request, asked)
    if closed:
        return _closed_meanwhile(request, answering, closed)
    if answer := answering.answer():
        try:
            returns.answer(asked, answer, by=returns.TRUST, version=answering.version)
        except Stale as stale:
            record("return.read", asked, by=returns.TRUST, purpose="to compare it")
            answering.lay_beside(answer, stale)
            return _show(request, answering, status=stale.status)
        except Refused as refusal:
            return _closed_meanwhile(request, answering, refusal.reason)
        return redirect("report:return_sent")
    if not answering.is_posted and asked.returned_at:
        # What was answered stands in the boxes again: somebody reads who the children were.
        record("return.read", asked, by=returns.TRUST, purpose="to correct it")
    return _show(request, answering)


def _closed_meanwhile(request: HttpRequest, answering: Answering, closed: str) -> HttpResponse:
    """The return takes no answer any more; what somebody was typing meanwhile stays readable."""
    context = {"return": answering.asked, "closed": closed, "typed": answering.typed()}
    page = "notifications/assurance/closed.jinja"
    return render(request, page, context, status=HTTPStatus.CONFLICT)


def _not_open_here(request: HttpRequest, shown: Return, held: Return | None) -> HttpResponse:
    """The page was made of another return than the one that this browser may answer now.

    What was typed stays in its boxes, for the return of which the page was made: its own link,
    opened again, lets it be sent. Nothing of either return is shown but its month and organisation.
    """
    answering = Answering(request, shown)
    return _show(request, answering, status=HTTPStatus.CONFLICT, elsewhere=True, held=held)


def _show(
    request: HttpRequest, answering: Answering, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    context = {"return": answering.asked, "answering": answering, "form": answering.form}
    page = "notifications/assurance/answer.jinja"
    return render(request, page, context | more, status=status)


@for_everybody
def return_sent(request: HttpRequest) -> HttpResponse:
    """It has arrived; nothing that was typed stands here."""
    asked = _held(request)
    if asked is None or asked.returned_at is None:
        return without_link(request)
    return render(request, "notifications/assurance/sent.jinja", {"return": asked})


def _held(request: HttpRequest) -> Return | None:
    """The return whose button was pressed last in this browser."""
    return asking.by_token(TOKEN.read(request))


def _shown(request: HttpRequest) -> Return | None:
    """The return of which the page was made that was sent."""
    return asking.by_reference(request.POST.get("return", ""))
