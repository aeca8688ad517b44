"""Assurance that no death was missed: where to begin, and the figures about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cdop.core import delimited
from cdop.core.access import PersonRequest, asked_for, page
from cdop.core.audit import record
from cdop.core.organisations import closed_days
from cdop.core.periods import Period
from cdop.core.roles import Permission
from notifications.assurance import deaths, promptness, registered, work
from notifications.assurance.forms import PromptnessForm
from notifications.assurance.promptness import GROUPS, Death, Table

P = Permission
MARKING = "OFFICIAL-SENSITIVE. Exact counts, small ones too. Not for publication."
HEAD = (
    "table",
    "row",
    "deaths",
    "with_known_clock",
    "median_hours",
    "standard",
    "in_time",
    "of",
    "percent",
    "months",
    "basis",
    "deaths_counted",
    "marking",
)


@page(P.NOTIFICATIONS_TRIAGE, P.STATISTICS_INTERNAL)
def home(request: PersonRequest) -> HttpResponse:
    """The ways of making sure, and how much waits in each."""
    context = {
        "tasks": work.tasks_for(request.user),
        "triages": request.user.can(P.NOTIFICATIONS_TRIAGE),
        "counts": request.user.can(P.STATISTICS_INTERNAL),
    }
    return render(request, "notifications/assurance/home.jinja", context)


@page(P.STATISTICS_INTERNAL)
def promptness_page(request: PersonRequest) -> HttpResponse:
    """Hours from death to notification, once somebody has said of which months and deaths."""
    asked_of, left_out = asked_for(request, _first_choice())
    form = PromptnessForm(asked_of)
    context: dict[str, Any] = {
        "form": form,
        "least": promptness.LEAST_FOR_A_SHARE,
        "not_chosen": [form[name].label for name in left_out],
    }
    if form.is_valid():
        asked = form.cleaned_data
        # Recorded before anything is counted: what cannot be recorded is not shown.
        record("promptness.read", _subject(asked), by=request.user)
        counted = deaths.of(asked["period"], asked["basis"])
        context |= asked | {
            "tables": _tables(counted, asked["group"]),
            "left_out": deaths.left_out(asked["period"], asked["basis"], counted),
            "basis_words": deaths.BASES[asked["basis"]],
            "group_words": GROUPS[asked["group"]][0],
            "query": f"period={asked['period']}&basis={asked['basis']}&group={asked['group']}",
        }
    return render(request, "notifications/assurance/promptness.jinja", context)


@page(P.STATISTICS_INTERNAL)
def promptness_file(request: PersonRequest) -> HttpResponse:
    """The same tables as one tidy CSV file: a line per row and standard."""
    form = PromptnessForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('notifications:promptness')}?{request.GET.urlencode()}")
    asked = form.cleaned_data
    record("promptness.downloaded", _subject(asked), by=request.user)
    counted = deaths.of(asked["period"], asked["basis"])
    rows = [
        (*line, str(asked["period"]), deaths.BASES[asked["basis"]], GROUPS[asked["group"]][0])
        for table in _tables(counted, asked["group"])
        for line in _lines(table)
    ]
    content = delimited.written(HEAD, [(*row, MARKING) for row in rows])
    name = f"promptness-{asked['period']}-{asked['basis']}-{asked['group']}-official-sensitive.csv"
    return delimited.download(name.replace("_", "-"), content)


@page(P.STATISTICS_INTERNAL)
def registered_page(request: PersonRequest) -> HttpResponse:
    """Deaths of a calendar year here, beside the deaths that were registered in that year."""
    shown = [registered.beside(year) for year in registered.years()]
    record("registered_deaths.read", "deaths beside registered deaths", by=request.user)
    context = {"years": shown, "other": registered.OTHER}
    return render(request, "notifications/assurance/registered.jinja", context)


def _first_choice() -> dict[str, str]:
    """What is shown before anybody chooses: the year of today, by the month of notification."""
    return {"period": str(Period.of(timezone.localdate())), "basis": "notified_in", "group": "all"}


def _tables(counted: list[Death], group: str) -> tuple[Table, ...]:
    belongs = GROUPS[group][1]
    return promptness.tables([death for death in counted if belongs(death)], closed_days())


def _lines(table: Table) -> list[tuple[Any, ...]]:
    return [
        (
            table.title,
            line.label,
            line.deaths,
            line.known,
            None if line.median is None else round(line.median, 1),
            stick.words,
            share.in_time,
            share.of,
            None if share.percent is None else round(share.percent, 1),
        )
        for line in (*table.lines, table.total)
        for stick, share in zip(table.yardsticks, line.shares, strict=True)
    ]


def _subject(asked: dict[str, Any]) -> str:
    return f"promptness of {asked['period']}, {asked['basis']}, {asked['group']}"
