"""The composite record of a case: what every agency says, question by question."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from cdop.agency_reports import collating
from cdop.agency_reports.collating import NOT_SETTLED, Line
from cdop.agency_reports.forms import SettleForm
from cdop.agency_reports.views import MANAGES
from cdop.cases import identity
from cdop.cases.forms import PurposeForm
from cdop.cases.queries import edition_of
from cdop.cases.views import visible_case
from cdop.core.access import PersonRequest, posted, posted_number
from cdop.core.refusals import Refused

PURPOSE = "composite record"


@MANAGES
def composite(request: PersonRequest, reference: str) -> HttpResponse:
    """Every question with each agency's answer, and where they differ."""
    case = visible_case(request, reference, "data_key")
    found = collating.collated(case, by=request.user, purpose=PURPOSE)
    context = {"case": case, "composite": found, "edition": edition_of(case)}
    return render(request, "agency_reports/record.jinja", context)


@MANAGES
def first_page(request: PersonRequest, reference: str) -> HttpResponse:
    """Who the child was and who answered: it stays here and goes no further."""
    case = visible_case(request, reference, "data_key")
    form = PurposeForm(posted(request))
    context: dict[str, Any] = {"case": case, "form": form}
    if form.is_valid():
        by, purpose = request.user, form.words
        context["identity"] = identity.read(case, by=by, purpose=purpose)
        context["composite"] = collating.collated(case, by=by, purpose=purpose, identifying=True)
        context["form"] = None
    return render(request, "agency_reports/first_page.jinja", context)


@MANAGES
def settle(request: PersonRequest, reference: str, question: str) -> HttpResponse:
    """Say what holds where agencies differ, and why."""
    case = visible_case(request, reference, "data_key")
    found = collating.collated(case, by=request.user, purpose=PURPOSE).line(question)
    if found is None or not found.differs:
        raise Http404
    form = SettleForm(posted(request), initial=found.settled.said if found.settled else {})
    if form.is_valid():
        try:
            collating.settle(
                case,
                question,
                by=request.user,
                over=request.POST.get("over", ""),
                version=posted_number(request, "version"),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            return _show(request, case, found, form, HTTPStatus.CONFLICT)
        messages.info(request, "Settled. An answer that comes later opens it again.")
        return redirect("agency_reports:record", reference)
    return _show(request, case, found, form, HTTPStatus.OK)


def _show(
    request: PersonRequest, case: Any, line: Line, form: SettleForm, status: HTTPStatus
) -> HttpResponse:
    version = line.settled.version if line.settled else NOT_SETTLED
    context = {"case": case, "line": line, "form": form, "version": version}
    return render(request, "agency_reports/settle.jinja", context, status=status)
