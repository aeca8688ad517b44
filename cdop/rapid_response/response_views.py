"""The page on which it is said whether the response to an unexpected death was started."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cdop import editions
from cdop.cases import placement
from cdop.cases.models import Case
from cdop.cases.views import SEES_CASES, visible_case
from cdop.core.access import PersonRequest, page, posted
from cdop.core.comparing import VERSION, differences, renew
from cdop.core.dates import start_of
from cdop.core.refusals import Stale
from cdop.rapid_response import queries, responses
from cdop.rapid_response.response_forms import ResponseForm
from cdop.rapid_response.response_models import Response


@page(*SEES_CASES)
def response(request: PersonRequest, reference: str) -> HttpResponse:
    """Say whether the response was started and why, or put right what was said."""
    case = visible_case(request, reference)
    edition, there = editions.get(case.edition), responses.of(case)
    form = ResponseForm(
        posted(request),
        initial=ResponseForm.initial_of(there),
        edition=edition,
        not_before=start_of(case.clocks.died_on),
    )
    context: dict[str, Any] = {
        "case": case,
        "edition": edition,
        "name": edition.words["unexpected_response"],
        "response": there,
        "words": queries.response_words(there),
        "led_by": _led_by(case),
        "decide_by": case.checklist.filter(task=responses.DECIDED).first(),
        "form": form,
        "blocked": responses.why_not(case, request.user),
        "history": there.history.select_related("history_user") if there else [],
    }
    if form.is_valid():
        try:
            responses.record(case, by=request.user, **form.decision)
        except Stale as stale:
            context["stale"] = _stale(form, stale)
            return render(request, "rapid_response/response.jinja", context, status=stale.status)
        messages.info(request, "Recorded. The checklist follows the decision.")
        return redirect("rapid_response:checklist", reference)
    return render(request, "rapid_response/response.jinja", context)


def _led_by(case: Case) -> str:
    """Who leads the immediate response, as it was said where the death belongs."""
    row = placement.of(case)
    if row is None or not row.response:
        return ""
    label = placement.Response(row.response).label
    return ": ".join(filter(None, [label, row.response_name]))


def _stale(form: ResponseForm, stale: Stale) -> list[dict[str, str]]:
    there: Response = stale.current
    renew(form, stale, there.version)
    now = ResponseForm.initial_of(there)
    yours = {name: form.cleaned_data[name] for name in now if name != VERSION}
    return differences(form, yours, now)
