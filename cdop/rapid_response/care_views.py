"""The page on which it is said what was done in the first hours after a death."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cdop.cases.views import SEES_CASES, visible_case
from cdop.core.access import PersonRequest, page, posted
from cdop.core.comparing import VERSION, differences, renew
from cdop.core.refusals import Stale
from cdop.rapid_response import facts
from cdop.rapid_response.care_forms import CareForm
from cdop.rapid_response.response_models import ResponseFacts


@page(*SEES_CASES)
def care(request: PersonRequest, reference: str) -> HttpResponse:
    """Say what was done in the first hours, or put right what was said."""
    case = visible_case(request, reference)
    there = facts.of(case)
    initial = CareForm.initial_of(there, facts.from_checklist(case))
    form = CareForm(posted(request), initial=initial)
    context: dict[str, Any] = {
        "case": case,
        "said": any(facts.care_of(there).values()),
        "form": form,
        "blocked": facts.why_not(case, request.user),
    }
    if form.is_valid():
        said = dict(form.cleaned_data)
        version = said.pop(VERSION)
        try:
            facts.record_care(case, by=request.user, version=version, **said)
        except Stale as stale:
            context["stale"] = _stale(form, stale)
            return render(request, "rapid_response/care.jinja", context, status=stale.status)
        messages.info(request, "Recorded.")
        return redirect("rapid_response:checklist", reference)
    return render(request, "rapid_response/care.jinja", context)


def _stale(form: CareForm, stale: Stale) -> list[dict[str, str]]:
    there: ResponseFacts = stale.current
    renew(form, stale, there.version)
    yours = {name: form.cleaned_data[name] for name in facts.CARE}
    return differences(form, form.in_words(yours), form.in_words(facts.care_of(there)))
