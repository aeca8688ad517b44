"""What was done in the first weeks, over a period: a page and a file, for the team alone."""

from __future__ import annotations

from collections.abc import Iterable
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
from cdop.rapid_response import compliance
from cdop.rapid_response.compliance import Done, Visits
from cdop.rapid_response.compliance_forms import ComplianceForm

MARKING = "Official-sensitive. Exact counts, not for publication."
EVERYWHERE = "All four areas"
VISITS_HEAD = (
    "Area",
    "Deaths",
    "Jointly",
    "Police only",
    "Health only",
    "Nobody",
    "Not indicated",
    "Not recorded",
    "Within 24 hours",
)
TASKS_HEAD = (
    "Task",
    "Lead",
    "Deaths",
    "Does not apply",
    "In time",
    "Late",
    "Not done",
    "Overdue",
    "Due before we were told",
    "To come",
    "Median hours",
)
FILE_HEAD = ("Table", "Row", "Lead", "Column", "Number", "Months", "Area", "Marking")


@page(Permission.STATISTICS_INTERNAL)
def first_weeks(request: PersonRequest) -> HttpResponse:
    """The visits by area, and every task of the first weeks, once somebody has said of when."""
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
        rows = compliance.visits(counted)
        context |= {
            "period": asked["period"],
            "area": asked["area"] or EVERYWHERE,
            "deaths": counted.count(),
            "without_checklist": compliance.without_checklist(counted),
            "visits_head": VISITS_HEAD,
            "visits": [(area, *_visit_numbers(each)) for area, each in rows],
            "total": rows[-1][1],
            "tasks_head": TASKS_HEAD,
            "tasks": [_task_row(each) for each in compliance.tasks(counted, timezone.now())],
            "query": f"period={asked['period']}&area={asked['area'].pk if asked['area'] else ''}",
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
    counted = compliance.deaths(asked["period"], asked["area"])
    content = delimited.written(FILE_HEAD, [(*line, *where) for line in _lines(counted)])
    area = asked["area"].code if asked["area"] else "all"
    return delimited.download(
        f"first-weeks-{asked['period']}-{area}-official-sensitive.csv".lower(), content
    )


def _lines(counted: Any) -> Iterable[tuple[Any, ...]]:
    for area, each in compliance.visits(counted):
        for column, number in zip(VISITS_HEAD[1:], _visit_numbers(each), strict=True):
            yield "Visits", area, "", column, number
    for task in compliance.tasks(counted, timezone.now()):
        for column, number in zip(TASKS_HEAD[2:], _task_row(task)[2:], strict=True):
            yield "Tasks", task.label, task.lead, column, number


def _visit_numbers(each: Visits) -> tuple[int, ...]:
    return (
        each.asked,
        each.jointly,
        each.police,
        each.health,
        each.none,
        each.not_indicated,
        each.not_recorded,
        each.within_a_day,
    )


def _task_row(each: Done) -> tuple[Any, ...]:
    return (
        each.label,
        each.lead,
        each.of,
        each.not_applicable,
        each.in_time,
        each.late,
        each.not_done,
        each.overdue,
        each.due_before,
        each.to_come,
        "" if each.median_hours is None else round(each.median_hours, 1),
    )


def _first_choice() -> dict[str, str]:
    return {"period": str(Period.of(timezone.localdate()))}


def _subject(asked: dict[str, Any]) -> str:
    return f"the first weeks, {asked['period']}, {asked['area'] or EVERYWHERE}"
