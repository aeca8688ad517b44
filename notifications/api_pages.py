"""The team's pages about trusts' systems: who may report through the interface, and with what.

A secret is on the page that made it and on no other. That page is answered to the form itself:
going elsewhere first would mean to keep the secret readable until then.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cdop.core import organisation_choice
from cdop.core.access import PersonRequest, page, posted
from cdop.core.outbox import link
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from notifications import api_credentials
from notifications.api_forms import RegisterForm, RenewForm, VersionForm
from notifications.api_models import Delivery, System, SystemSecret

TRIAGE = page(Permission.NOTIFICATIONS_TRIAGE)


@TRIAGE
def systems(request: PersonRequest) -> HttpResponse:
    """The systems that may report, and those that no longer may."""
    rows = System.objects.visible_to(request.user).select_related("organisation")
    found = rows.annotate(used_at=Max("secrets__used_at"))
    context = {
        "open": [each for each in found if each.ended_at is None],
        "ended": [each for each in found if each.ended_at],
    }
    return render(request, "notifications/systems/list.jinja", context)


@TRIAGE
def register(request: PersonRequest) -> HttpResponse:
    """Let a system report, and show its first secret."""
    if organisation_choice.is_wanted(request):
        return organisation_choice.leave(request)
    form = organisation_choice.put_back(RegisterForm(posted(request)), request)
    if not form.is_valid():
        return render(request, "notifications/systems/register.jinja", {"form": form})
    system, secret = api_credentials.register(**form.cleaned_data, by=request.user)
    organisation_choice.forget(request)
    return _shown_once(request, system, secret)


@TRIAGE
def system(request: PersonRequest, client: str) -> HttpResponse:
    """One system: its secrets, when each was used, and what it sent last."""
    row = _visible(request, client)
    sent = Delivery.objects.filter(system=row).select_related("notification")
    context = {
        "system": row,
        "secrets": row.secrets.all(),
        "live": set(SystemSecret.objects.live(timezone.now()).filter(system=row)),
        "last": sent.order_by("-notification__received_at").first(),
        "count": sent.count(),
    }
    return render(request, "notifications/systems/system.jinja", context)


@TRIAGE
def renew(request: PersonRequest, client: str) -> HttpResponse:
    """Make a new secret and show it; the former ones end when the form says."""
    row = _visible(request, client)
    form = RenewForm(posted(request), initial={"version": row.version, "overlap": "week"})
    if not form.is_valid():
        return _form_page(request, "renew", row, form)
    version, overlap = form.cleaned_data["version"], form.lasting
    try:
        row, secret = api_credentials.renew(row, version=version, overlap=overlap, by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        return _form_page(request, "renew", row, form, status=refusal.status)
    return _shown_once(request, row, secret)


@TRIAGE
def end(request: PersonRequest, client: str) -> HttpResponse:
    """End the access of a system now."""
    row = _visible(request, client)
    form = VersionForm(posted(request), initial={"version": row.version})
    if not form.is_valid():
        return _form_page(request, "end", row, form)
    try:
        api_credentials.end(row, version=form.cleaned_data["version"], by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        return _form_page(request, "end", row, form, status=refusal.status)
    messages.info(request, f"System {row} can no longer report. What it sent is kept.")
    return redirect("notifications:systems")


@TRIAGE
@require_POST
def end_secret(request: PersonRequest, client: str) -> HttpResponse:
    """End one secret now; the others stay good."""
    row = _visible(request, client)
    number = request.POST.get("secret", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise SuspiciousOperation("The number of the secret is missing.")
    api_credentials.end_secret(get_object_or_404(row.secrets, pk=int(number)), by=request.user)
    messages.info(request, "The secret has ended, and every token that was given for it.")
    return redirect("notifications:system", row.reference)


def _visible(request: PersonRequest, client: str) -> System:
    rows = System.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(rows, reference=client)


def _form_page(
    request: PersonRequest, name: str, row: System, form: VersionForm, status: int = 200
) -> HttpResponse:
    context = {"system": row, "form": form}
    return render(request, f"notifications/systems/{name}.jinja", context, status=status)


def _shown_once(request: PersonRequest, row: System, secret: str) -> HttpResponse:
    context = {
        "system": row,
        "secret": secret,
        "token_address": link(reverse("api:token")),
    }
    response = render(request, "notifications/systems/secret.jinja", context)
    response.headers["Cache-Control"] = "no-store, private"
    return response
