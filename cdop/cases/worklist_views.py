"""Pages that go through several cases: worklists, and the timeline of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate

from cdop.cases import links, queries, worklists
from cdop.cases.views import CASES_PER_PAGE, SEES_CASES, visible_case
from cdop.core import casework
from cdop.core.access import PersonRequest, page
from cdop.core.casework import WAITED_FOR
from cdop.core.organisations import Area
from cdop.core.roles import Permission

TEAM = page(Permission.CASES_MANAGE)
WORKLISTS = {
    "mine": "Mine",
    "overdue": "Overdue",
    "waiting": "Waiting for",
    "ready": "Ready for panel",
    "area": "By area",
}


@TEAM
def worklist(request: PersonRequest) -> HttpResponse:
    """One worklist; only what it shows is read."""
    asked = request.GET.get("list", "")
    chosen = asked if asked in WORKLISTS else "mine"
    show: dict[str, Callable[[PersonRequest], dict[str, Any]]] = {
        "mine": _mine,
        "overdue": _overdue,
        "waiting": _waiting,
        "ready": _ready,
        "area": _by_area,
    }
    context = {"chosen": chosen, "lists": WORKLISTS, "today": localdate()}
    return render(request, "cases/worklist.jinja", context | show[chosen](request))


def _mine(request: PersonRequest) -> dict[str, Any]:
    return {"mine": worklists.mine(request.user)}


def _overdue(request: PersonRequest) -> dict[str, Any]:
    tasks = [task for task in casework.tasks_for(request.user) if task.overdue]
    last = timezone.now()
    return {"tasks": sorted(tasks, key=lambda task: task.due_at or last)}


def _waiting(request: PersonRequest) -> dict[str, Any]:
    asked = request.GET.get("for", "")
    what = asked if asked in WAITED_FOR else next(iter(WAITED_FOR))
    waits = casework.waiting_for(request.user, what)
    family = links.beside([wait.reference for wait in waits], request.user)
    return {"what": what, "waited_for": WAITED_FOR, "waits": waits, "family": family}


def _ready(request: PersonRequest) -> dict[str, Any]:
    return _cases(request, queries.case_list("ready"), None)


def _by_area(request: PersonRequest) -> dict[str, Any]:
    areas = list(Area.objects.all())
    asked = request.GET.get("area", "")
    area = next((each for each in areas if each.code == asked), areas[0])
    return {"areas": areas, "area": area} | _cases(request, queries.case_list("open"), area)


def _cases(request: PersonRequest, chosen: queries.CaseList, area: Area | None) -> dict[str, Any]:
    found = queries.cases(request.user, chosen)
    if area:
        found = found.filter(facts__area=area)
    shown = Paginator(found, CASES_PER_PAGE).get_page(request.GET.get("page"))
    family = links.beside([case.reference for case in shown], request.user)
    return {"shown": shown, "age": queries.age_in_words, "family": family}


@page(*SEES_CASES)
def timeline(request: PersonRequest, reference: str) -> HttpResponse:
    """Everything that happened on a case, each on one line, by stage; made to be printed."""
    case = visible_case(request, reference, "placement", "confirmation", "clocks")
    _, events = casework.on_case(case, request.user)
    stages = sorted({event.stage for event in events})
    asked = request.GET.get("stage", "")
    chosen = asked if asked in stages else ""
    context = {
        "case": case,
        "stages": stages,
        "chosen": chosen,
        "events": [event for event in events if chosen in ("", event.stage)],
        "now": timezone.now(),
    }
    return render(request, "cases/timeline.jinja", context)
