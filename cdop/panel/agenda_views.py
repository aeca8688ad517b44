"""Pages of the agenda: order and times, who reads a case first, and what is put off."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cdop.cases.record_pages import answer
from cdop.cases.watching_forms import version_of
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.roles import Permission
from cdop.panel import agenda, queries, rules
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.record_forms import DeferForm, ItemPlanForm

P = Permission


@page(P.MEETINGS_ARRANGE)
def order(request: PersonRequest, number: int) -> HttpResponse:
    """The cases in order, with their times; each can be moved up or down."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=number)
    if request.method == "POST":
        items = AgendaItem.objects.visible_to(request.user).filter(meeting=meeting)
        item = get_object_or_404(items, serial=request.POST.get("item", "")[:20].replace("\0", ""))
        way = request.POST.get("way", "")
        agenda.move(item, way, version=posted_version(request), by=request.user)
        return redirect(f"{request.path}#{item.serial}")
    people = ("meeting", "case", "lead", "second")
    rows = meeting.agenda.select_related(*people).order_by("position", "pk")
    context = {
        "meeting": meeting,
        "timetable": agenda.timetable(meeting, rows),
        "blocked": rules.why_not_change(meeting),
    }
    return render(request, "panel/order.jinja", context)


@page(P.MEETINGS_ARRANGE)
def plan_item(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """How long a case is given, who leads it and who reads it as the second."""
    item = _item(request, number, serial)
    closed = "This meeting is closed, so its agenda stays as it was."
    form = ItemPlanForm(posted(request), item=item, initial=ItemPlanForm.initial_of(item))
    return answer(
        request,
        None,
        form,
        partial(agenda.plan_item, item, by=request.user),
        title="Time and readers",
        submit="Save",
        done=f"Time and readers of {item} are saved.",
        back=reverse("panel:order", args=[number]),
        now=ItemPlanForm.initial_of,
        blocked=closed if item.meeting.state == "closed" else "",
        caption=f"{item}, {item.meeting}",
    )


@page(P.CASES_DEFER)
def defer(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """Put a case off to a later meeting."""
    item = _item(request, number, serial)
    return answer(
        request,
        None,
        DeferForm(posted(request), initial=version_of(item)),
        partial(agenda.defer, item, by=request.user),
        title="Defer this case",
        submit="Defer the case",
        done=f"{item} is deferred. The case stays ready and keeps its serial.",
        back=reverse("panel:meeting", args=[number]),
        now=_deferred,
        blocked=rules.why_not_defer(item),
        caption=f"{item}, {item.meeting}",
    )


@page(P.CASES_DEFER)
@require_POST
def take_up(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """A case that was deferred is discussed at this meeting after all."""
    item = _item(request, number, serial)
    agenda.take_up(item, version=posted_version(request), by=request.user)
    messages.info(request, f"{item} is on the agenda again.")
    return redirect("panel:meeting", number)


def _deferred(row: AgendaItem) -> dict[str, Any]:
    return {"why": row.why_deferred}


def _item(request: PersonRequest, number: int, serial: str) -> AgendaItem:
    found: AgendaItem = get_object_or_404(queries.item(number, serial, request.user))
    return found
