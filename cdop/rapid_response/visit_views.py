"""The page of the visit to the home or the place of a death."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cdop.cases.views import SEES_CASES, visible_case
from cdop.core.access import PersonRequest, page, posted
from cdop.core.comparing import VERSION, differences, renew
from cdop.core.dates import start_of
from cdop.core.refusals import Stale
from cdop.rapid_response import queries, visits
from cdop.rapid_response.models import Visit
from cdop.rapid_response.visit_forms import VisitForm


@page(*SEES_CASES)
def visit(request: PersonRequest, reference: str) -> HttpResponse:
    """Say how the visit was made, or why not; or put right what was said."""
    case = visible_case(request, reference)
    there = visits.of(case)
    form = VisitForm(
        posted(request),
        initial=VisitForm.initial_of(there),
        not_before=start_of(case.clocks.died_on),
    )
    context: dict[str, Any] = {
        "case": case,
        "visit": there,
        "words": queries.visit_words(there, case.clocks),
        "form": form,
        "blocked": visits.why_not(case, request.user),
        "history": there.history.select_related("history_user") if there else [],
    }
    if form.is_valid():
        try:
            visits.record(case, by=request.user, **form.said)
        except Stale as stale:
            context["stale"] = _stale(form, stale)
            return render(request, "rapid_response/visit.jinja", context, status=stale.status)
        messages.info(request, "Recorded. The tasks of the checklist about the visit are settled.")
        return redirect("rapid_response:checklist", reference)
    return render(request, "rapid_response/visit.jinja", context)


def _stale(form: VisitForm, stale: Stale) -> list[dict[str, str]]:
    visit: Visit = stale.current
    renew(form, stale, visit.version)
    now = VisitForm.initial_of(visit)
    yours = {name: form.cleaned_data[name] for name in now if name != VERSION}
    return differences(form, yours, now)
