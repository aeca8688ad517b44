"""The list of organisations, for those who keep it: added, changed, ended, taken up again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cdop.core import casework, organisation_actions, organisation_choice
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.comparing import side_by_side
from cdop.core.organisation_actions import KEEPING
from cdop.core.organisation_forms import OrganisationForm
from cdop.core.organisations import Organisation
from cdop.core.refusals import Refused, Stale

KEEPERS = page(KEEPING)


@KEEPERS
def organisation_list(request: PersonRequest) -> HttpResponse:
    """Every organisation, those in use first, with how often records name it."""
    found = Organisation.objects.select_related("area")
    context = {
        "in_use": found.in_use(),
        "ended": found.exclude(ended_at=None),
        "named": casework.organisations_named(),
    }
    return render(request, "core/organisations/list.jinja", context)


@KEEPERS
def add(request: PersonRequest) -> HttpResponse:
    """Add one; whoever came from a form that lacks it goes back there, where it is chosen."""
    form, back = OrganisationForm(posted(request)), organisation_choice.way_back(request)
    if form.is_valid():
        try:
            made = organisation_actions.add(**form.said, by=request.user)
        except Refused as refusal:
            form.add_error("name", refusal.reason)
        else:
            messages.info(request, f"{made} is on the list of organisations.")
            here = reverse("organisations")
            return redirect(organisation_choice.coming_back(back, str(made.pk)) if back else here)
    context = {"form": form, "back": organisation_choice.coming_back(back) if back else ""}
    return render(request, "core/organisations/add.jinja", context)


@KEEPERS
def change(request: PersonRequest, organisation: int) -> HttpResponse:
    """One organisation: what it is called, what names it, and how its use ends."""
    row = _organisation(organisation)
    initial = OrganisationForm.initial_of(row)
    form = OrganisationForm(posted(request), initial=initial, there=row)
    if form.is_valid():
        try:
            version = posted_version(request)
            organisation_actions.change(row, version=version, **form.said, by=request.user)
        except Stale as stale:
            return _stale(request, form, stale)
        except Refused as refusal:
            form.add_error("name", refusal.reason)
        else:
            messages.info(request, "The organisation is changed.")
            return redirect("organisations")
    return render(request, "core/organisations/organisation.jinja", _context(row, form))


@KEEPERS
def end(request: PersonRequest, organisation: int) -> HttpResponse:
    """Say that it is offered no more."""
    row = _organisation(organisation)
    if request.method == "POST":
        organisation_actions.end(row, version=posted_version(request), by=request.user)
        messages.info(request, f"{row} is offered no more. Records that name it stay as they are.")
        return redirect("organisations")
    context = {"organisation": row, "blocked": organisation_actions.why_not_end(row)}
    return render(request, "core/organisations/end.jinja", context)


@KEEPERS
@require_POST
def take_up(request: PersonRequest, organisation: int) -> HttpResponse:
    """Offer it again."""
    row = _organisation(organisation)
    organisation_actions.take_up(row, version=posted_version(request), by=request.user)
    messages.info(request, f"{row} can be chosen again.")
    return redirect("organisations")


def _organisation(number: int) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("area"), pk=number)


def _context(row: Organisation, form: OrganisationForm) -> dict[str, Any]:
    return {
        "organisation": row,
        "form": form,
        "former": organisation_actions.former_names(row),
        "named": [
            (each.where, each.counts.get(row.pk, 0)) for each in casework.organisations_named()
        ],
    }


def _stale(request: PersonRequest, form: OrganisationForm, stale: Stale) -> HttpResponse:
    """Somebody changed it meanwhile: what was typed beside what is there now."""
    yours, now = form.said, stale.current
    there = {"name": now.name, "kind": now.kind_label, "area": str(now.area or "")}
    typed = {
        "name": yours["name"],
        "kind": Organisation(kind=yours["kind"]).kind_label,
        "area": str(yours["area"] or ""),
    }
    form.add_error(None, stale.reason)
    context = _context(now, form) | {"stale": side_by_side(form, typed, there)}
    return render(request, "core/organisations/organisation.jinja", context, status=stale.status)
