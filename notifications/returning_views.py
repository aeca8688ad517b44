"""The pages by which a notifier comes back to what was begun: on this device, or by a link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from cdop.core.access import for_everybody
from cdop.core.drafts import Draft
from notifications import crowding, holding, returning, unfinished
from notifications.forms import LinkForm
from notifications.holding import REPORT
from notifications.intake import DRAFT_KIND, NOTIFIER
from notifications.returning import ReturnLink


@for_everybody
@never_cache
def later(request: HttpRequest) -> HttpResponse:
    """How to come back: on this device, or by a link. The answer is the same whatever is typed."""
    draft = REPORT.draft_of(request)
    if draft is None:
        return redirect("report:start")
    if request.method == "POST":
        _send_link(request, draft, request.POST.get("email", "").strip())
        return redirect(f"{reverse('report:later')}?asked=yes")
    report = unfinished.read(draft, timezone.now())
    known = returning.address_to_offer(draft) or report.answers.get("notifier_email", "")
    context = {
        "form": LinkForm(initial={"email": known}),
        "asked": "asked" in request.GET,
        "lasts": returning.LASTS.days,
        "until": timezone.now() + holding.LASTS,
    }
    return REPORT.hold_on(render(request, "report/later.jinja", context), request)


def _send_link(request: HttpRequest, draft: Draft, to: str) -> None:
    if crowding.may_send_link(request, draft, to):
        returning.send(draft, to=to, by=NOTIFIER)


@for_everybody
@never_cache
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Opened from a letter: go on to an address that carries nothing, and name this one nowhere."""
    known = returning.find(token)
    response = holding.hold_link(redirect("report:return"), token if known else "")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@for_everybody
@never_cache
def return_(request: HttpRequest) -> HttpResponse:
    """Where a link leads: a button that hands the draft to this browser, and no answer before."""
    link = holding.link_of(request)
    draft = returning.draft_of(link, DRAFT_KIND) if link else None
    if request.method == "POST":
        return _return(request, link, draft) if link and draft else redirect("report:return")
    context = {
        "link": link,
        "draft": draft,
        "opens": link and link.opens(timezone.now()),
        "blocked": returning.why_not_again(link, draft) if link and draft else "",
        "held": REPORT.draft_of(request),
        "asked": "asked" in request.GET,
    }
    return render(request, "report/return.jinja", context)


def _return(request: HttpRequest, link: ReturnLink, draft: Draft) -> HttpResponse:
    """Hand the draft over; or, where the link opens nothing any more, send another if it may."""
    if taken := returning.take(link, DRAFT_KIND):
        return REPORT.hold(redirect("report:tasks"), *taken)
    if "another" not in request.POST or returning.why_not_again(link, draft):
        return redirect("report:return")
    _send_link(request, draft, returning.address(link, draft))
    return redirect(f"{reverse('report:return')}?asked=yes")
