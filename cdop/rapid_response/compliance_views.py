"""What was done in the first weeks, over a period: a page and a file, for the team alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cdop.core import delimited
from cdop.core.access import PersonRequest, asked_for, page
from cdop.core.audit import record
from cdop.core.periods import Period
from cdop.core.roles import Permission
from cdop.rapid_response import compliance, compliance_tables
from cdop.rapid_response.compliance_forms import ComplianceForm
from cdop.rapid_response.compliance_tables import Table

MARKING = "Official-sensitive. Exact counts, not for publication."
EVERYWHERE = "All four areas"
FILE_HEAD = ("Table", "Row", "Lead", "Column", "Number", "Months", "Area", "Marking")


@page(Permission.STATISTICS_INTERNAL)
def first_weeks(request: PersonRequest) -> HttpResponse:
    """The visits, decisions, meetings and tasks of the first weeks, once it is said of when."""
    asked_of, left_out = asked_for(request, _first_choice())
    form = ComplianceForm(asked_of)
    context: dict[str, Any] = {
        "form": form,
        "not_chosen": [form[name].label for name in left_out],
    }
    if form.is_valid():
        asked = form.cleaned_data
        # Recorded before anything is counted: what cannot be recorded is not shown.
        record("compliance.read", _subject(asked), by=request.user)
        counted = compliance.deaths(asked["period"], asked["area"])
        context |= {
            "period": asked["period"],
            "area": asked["area"] or EVERYWHERE,
            "deaths": counted.count(),
            "without_checklist": compliance.without_checklist(counted),
            "tables": _tables(asked),
            "query": asked_of.urlencode(),
        }
    return render(request, "rapid_response/first_weeks.jinja", context)


@page(Permission.STATISTICS_INTERNAL)
def first_weeks_file(request: PersonRequest) -> HttpResponse:
    """The same as one tidy CSV file: a line for each number."""
    form = ComplianceForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('rapid_response:first_weeks')}?{request.GET.urlencode()}")
    asked = form.cleaned_data
    record("compliance.downloaded", _subject(asked), by=request.user)
    where = (str(asked["period"]), str(asked["area"] or EVERYWHERE), MARKING)
    lines = compliance_tables.lines(_tables(asked))
    content = delimited.written(FILE_HEAD, [(*line, *where) for line in lines])
    area = asked["area"].code if asked["area"] else "all"
    return delimited.download(
        f"first-weeks-{asked['period']}-{area}-official-sensitive.csv".lower(), content
    )


def _tables(asked: dict[str, Any]) -> list[Table]:
    counted = compliance.deaths(asked["period"], asked["area"])
    now, leads = timezone.now(), asked["lead"]
    return compliance_tables.everything(counted, now, leads=leads, task=asked["task"])


def _first_choice() -> dict[str, str]:
    return {"period": str(Period.of(timezone.localdate()))}


def _subject(asked: dict[str, Any]) -> str:
    return f"the first weeks, {asked['period']}, {asked['area'] or EVERYWHERE}"
