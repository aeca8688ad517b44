"""Pages on where a death belongs, who reviews it, and whether it is true."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cdop.cases import confirmation, placement
from cdop.cases.confirmation import Way
from cdop.cases.forms import ReasonForm
from cdop.cases.models import Case
from cdop.cases.placement_forms import AgreementForm, ConfirmForm, PlacesForm
from cdop.cases.states import UNTRUE, ConfirmationState, PlacementState
from cdop.cases.views import visible_case
from cdop.core.access import PersonRequest, page, posted
from cdop.core.comparing import VERSION, differences, renew
from cdop.core.organisations import Area
from cdop.core.refusals import Stale
from cdop.core.roles import Permission

TEAM = page(Permission.CASES_MANAGE)


@TEAM
def places(request: PersonRequest, reference: str) -> HttpResponse:
    """The places of a death, and the area for which it counts."""
    case = visible_case(request, reference)
    initial = PlacesForm.initial_of(placement.of(case), case.facts.area_id)
    form = PlacesForm(posted(request), initial=initial)
    context: dict[str, Any] = {"case": case, "form": form}
    if not form.is_valid():
        return render(request, "cases/places.jinja", context)
    version = form.cleaned_data[VERSION]
    try:
        area = form.counts_for
        placement.record(case, by=request.user, version=version, area=area, **form.places)
    except Stale as stale:
        context["stale"] = _stale_places(form, stale, case)
        return render(request, "cases/places.jinja", context, status=stale.status)
    messages.info(request, "Where this death belongs is recorded.")
    return redirect("cases:case", reference)


@TEAM
def agreement(request: PersonRequest, reference: str) -> HttpResponse:
    """Who reviews the death, by whose word."""
    case = visible_case(request, reference)
    row = placement.of(case)
    form = AgreementForm(posted(request), row=row, initial={VERSION: row.version if row else 0})
    context: dict[str, Any] = {"case": case, "form": form, "row": row, "words": _words(row)}
    if not form.is_valid():
        return render(request, "cases/agreement.jinja", context)
    said = form.agreement
    try:
        placement.agree(case, by=request.user, **said)
    except Stale as stale:
        now = stale.current
        renew(form, stale, now.version)
        context |= {"row": now, "words": _words(now)}
        return render(request, "cases/agreement.jinja", context, status=stale.status)
    return _agreed(request, case, said["to"])


@TEAM
def confirm(request: PersonRequest, reference: str) -> HttpResponse:
    """Whether the death is confirmed: how, or by what it can be."""
    case = visible_case(request, reference)
    row, sources = confirmation.of(case), confirmation.sources(case, request.user)
    version = {VERSION: row.version if row else 0}
    if row and row.state == ConfirmationState.CONFIRMED:
        return _take_back(request, case, row)
    form = ConfirmForm(posted(request), others=sources[1:], initial=version)
    context: dict[str, Any] = {"case": case, "form": form, "row": row, "sources": sources}
    context["blocked"] = "This report is withdrawn." if row and row.state in UNTRUE else ""
    if not form.is_valid():
        return render(request, "cases/confirm.jinja", context)
    try:
        _confirm(request, case, form)
    except Stale as stale:
        renew(form, stale, stale.current.version)
        context["row"] = stale.current
        return render(request, "cases/confirm.jinja", context, status=stale.status)
    messages.info(request, "The death is confirmed.")
    return redirect("cases:case", reference)


def _agreed(request: PersonRequest, case: Case, to: PlacementState) -> HttpResponse:
    messages.info(request, f"Recorded: {to.label}.")
    case.facts.refresh_from_db()
    if to in (PlacementState.OURS, PlacementState.AGREEING) and not case.facts.in_scope:
        messages.info(
            request,
            "The death is counted nowhere at present. Now decide whether this panel reviews it.",
        )
        return redirect("cases:change_scope", case.reference)
    return redirect("cases:case", case.reference)


def _confirm(request: PersonRequest, case: Case, form: ConfirmForm) -> None:
    who: dict[str, Any] = {"by": request.user, "version": form.cleaned_data[VERSION]}
    if form.cleaned_data["way"] == Way.SECOND_SOURCE:
        confirmation.confirm_by_source(case, form.cleaned_data["source"], **who)
    else:
        confirmation.confirm_by_call(case, **form.call, **who)


def _take_back(request: PersonRequest, case: Case, row: confirmation.Confirmation) -> HttpResponse:
    form = ReasonForm(posted(request))
    form.fields["reason"].label = "Why is this death no longer confirmed?"
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        confirmation.take_back(case, by=request.user, version=row.version, reason=reason)
        messages.info(request, "The death is not confirmed any more. No letter goes to the family.")
        return redirect("cases:case", case.reference)
    context = {"case": case, "form": form, "row": row, "way": Way(row.way).label}
    return render(request, "cases/confirmed.jinja", context)


def _stale_places(form: PlacesForm, stale: Stale, case: Case) -> list[dict[str, str]]:
    renew(form, stale, stale.current.version)
    case.facts.refresh_from_db()
    now = PlacesForm.initial_of(stale.current, case.facts.area_id)
    names = [name for name in form.fields if name != VERSION]
    yours = {name: form.data.get(name, "") for name in names}
    return differences(
        form, form.in_words(yours), form.in_words({name: now[name] for name in names})
    )


def _words(row: placement.Placement | None) -> list[dict[str, Any]]:
    """What is recorded, as rows of a summary list."""
    if row is None:
        return []
    areas = dict(Area.objects.values_list("code", "name"))
    home = placement.in_words(row.residence, row.residence_name, areas)
    looked_after = placement.in_words(row.looked_after, row.looked_after_name, areas)
    rows: list[dict[str, Any]] = [
        {"term": "The child lived in", "text": home},
        {"term": "Looked after by", "text": looked_after},
        {"term": "Now", "text": row.state_label.capitalize()},
        {"term": "Panel", "text": row.reviewed_by},
        {"term": "Agreed by", "text": row.agreed_by},
        {"term": "Agreed on", "date": row.agreed_on},
        {"term": "Outcome came on", "date": row.outcome_on},
        {"term": "Outcome", "text": row.outcome, "lines": True},
    ]
    return [each for each in rows if each.get("text") or each.get("date")]
