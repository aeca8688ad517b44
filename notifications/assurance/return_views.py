"""Pages on which the coordinator keeps monthly returns: who is asked, what came, what is open."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cdop.core import correspondence, mailing, organisation_choice, outbox
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.audit import record
from cdop.core.refusals import Refused, Stale
from cdop.core.roles import Permission
from notifications.assurance import asking, returns, returns_overview
from notifications.assurance.answering import Answering
from notifications.assurance.models import Return, ReturningOrganisation
from notifications.assurance.return_forms import AskedForm, NewAskedForm
from notifications.assurance.settling import Counts, reason_label

TRIAGE = page(Permission.NOTIFICATIONS_TRIAGE)
PURPOSE = "monthly return"


@TRIAGE
def monthly_returns(request: PersonRequest) -> HttpResponse:
    """Who is asked, and where the returns of the last months stand."""
    context = {"overview": returns_overview.overview(request.user)}
    return render(request, "notifications/assurance/returns.jinja", context)


@TRIAGE
def add_organisation(request: PersonRequest) -> HttpResponse:
    """Ask one more organisation."""
    if organisation_choice.is_wanted(request):
        return organisation_choice.leave(request)
    form = organisation_choice.put_back(NewAskedForm(posted(request)), request)
    if form.is_valid():
        try:
            made = asking.add(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error("email", refusal.reason)
        else:
            organisation_choice.forget(request)
            messages.info(request, f"{made} is asked every month.")
            return redirect("notifications:monthly_returns")
    context = {"form": form, "asked": None}
    return render(request, "notifications/assurance/organisation.jinja", context)


@TRIAGE
def change_organisation(request: PersonRequest, organisation: int) -> HttpResponse:
    """Change to whom it is written, the names of the wards, or until when."""
    rows = ReturningOrganisation.objects.visible_to(request.user)
    asked = get_object_or_404(rows.select_related("organisation", "data_key"), pk=organisation)
    form = AskedForm(
        posted(request),
        initial={
            "email": asked.email,
            "adult_wards": asked.adult_wards,
            "last_month": asked.last_month.isoformat() if asked.last_month else "",
        },
    )
    if form.is_valid():
        try:
            asking.change(
                asked, version=posted_version(request), **form.cleaned_data, by=request.user
            )
        except Stale as stale:
            asked = stale.current
            form.add_error(None, stale.reason)
        except Refused as refusal:
            form.add_error("email", refusal.reason)
        else:
            messages.info(request, f"Changed for {asked}.")
            return redirect("notifications:monthly_returns")
    context = {"form": form, "asked": asked}
    return render(request, "notifications/assurance/organisation.jinja", context)


@TRIAGE
def monthly_return(request: PersonRequest, monthly: str) -> HttpResponse:
    """One return: what was answered, what became of each death, what was written to whom."""
    found = _return(request, monthly)
    record("return.read", found, by=request.user, purpose=PURPOSE)
    lines = returns.lines(found)
    context = {
        "return": found,
        "lines": lines.items(),
        "counts": Counts.of(lines),
        "why_not_settle": returns.why_not_settle(found),
        "letters": correspondence.lines(outbox.of([found.reference])),
        "not_sending": mailing.why_not_sending(),
        "reason": reason_label,
    }
    return render(request, "notifications/assurance/return.jinja", context)


@TRIAGE
def key_return(request: PersonRequest, monthly: str) -> HttpResponse:
    """Enter what somebody of the organisation says on the telephone, or correct it for them."""
    found = _return(request, monthly)
    record("return.read", found, by=request.user, purpose=PURPOSE)
    answering = Answering(request, found)
    if answer := answering.answer():
        try:
            returns.answer(found, answer, by=request.user, version=answering.version)
        except Stale as stale:
            answering.lay_beside(answer, stale)
        except Refused as refusal:
            answering.form.add_error(None, refusal.reason)
        else:
            messages.info(request, "The return is kept.")
            return redirect("notifications:monthly_return", monthly)
    status = HTTPStatus.CONFLICT if answering.form.non_field_errors() else HTTPStatus.OK
    context = {"return": found, "answering": answering, "form": answering.form}
    return render(request, "notifications/assurance/key_return.jinja", context, status=status)


@TRIAGE
@require_POST
def settle_return(request: PersonRequest, monthly: str) -> HttpResponse:
    """Say that every death of a return is settled."""
    found = _return(request, monthly)
    returns.settle(found, by=request.user, version=posted_version(request))
    messages.info(request, f"The return of {found.asked_of} is settled.")
    return redirect("notifications:monthly_returns")


@TRIAGE
@require_POST
def open_return(request: PersonRequest, monthly: str) -> HttpResponse:
    """Let a settled return be corrected again."""
    returns.open_again(_return(request, monthly), by=request.user, version=posted_version(request))
    return redirect("notifications:monthly_return", monthly)


@TRIAGE
@require_POST
def ask_again(request: PersonRequest, monthly: str) -> HttpResponse:
    """Write once more, with a new link."""
    found = _return(request, monthly)
    asking.ask_again(found, by=request.user, version=posted_version(request))
    messages.info(request, f"{found.asked_of} is asked again, with a new link.")
    return redirect("notifications:monthly_return", monthly)


def _return(request: PersonRequest, reference: str) -> Return:
    rows = Return.objects.visible_to(request.user).select_related(
        "asked_of__organisation", "data_key", "settled_by"
    )
    return cast(Return, get_object_or_404(rows, reference=reference))
