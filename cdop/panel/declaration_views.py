"""Pages of declared interests: declare one, take it back, decide on those of others."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cdop.cases.record_pages import answer
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission
from cdop.core.users import User
from cdop.panel import declarations, queries, reading
from cdop.panel.declarations import Declaration
from cdop.panel.models import Meeting
from cdop.panel.record_forms import DecideForm, DeclareForm

P = Permission


@page(P.PACKS_READ, P.MEETINGS_ARRANGE)
def declare(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """Declare an interest in a case: one's own, or for the team what a member told them."""
    item = get_object_or_404(queries.item(number, serial, request.user))
    records = reading.own_attendance(item.meeting, request.user) is None
    form = DeclareForm(
        posted(request), item=item, by=request.user, records=records, initial={VERSION: 0}
    )

    def say(version: int, user: User, interest: str) -> None:
        declarations.declare(item, user, interest=interest, by=request.user)

    blocked = declarations.why_not_declare_at(item.meeting)
    if not records:
        blocked = declarations.why_not_declare(item, request.user, request.user)
    return answer(
        request,
        None,
        form,
        say,
        title="Declare an interest",
        submit="Declare the interest",
        done=f"The interest in {item} is declared. Somebody who chairs decides what it means.",
        back=reverse("panel:meeting", args=[number]),
        blocked=blocked,
        caption=f"{item}, {item.meeting}",
    )


@page(P.PACKS_READ)
@require_POST
def withdraw(request: PersonRequest, number: int, declaration: int) -> HttpResponse:
    """Take back what one declared oneself."""
    row = _declaration(request, number, declaration)
    declarations.withdraw(row, version=posted_version(request), by=request.user)
    messages.info(request, f"Your declaration about {row.item} is withdrawn.")
    return redirect("panel:meeting", number)


@page(P.MEETINGS_RUN, P.MEETINGS_ARRANGE)
def all_of_meeting(request: PersonRequest, number: int) -> HttpResponse:
    """Every interest that was declared for a meeting, case by case."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=number)
    rows = declarations.of_meeting(meeting, request.user)
    context = {"meeting": meeting, "declarations": rows, "runs": request.user.can(P.MEETINGS_RUN)}
    return render(request, "panel/declarations.jinja", context)


@page(P.MEETINGS_RUN)
def decide(request: PersonRequest, number: int, declaration: int) -> HttpResponse:
    """Decide what an interest means for somebody's part in a case, or decide anew."""
    row = _declaration(request, number, declaration)
    start: dict[str, Any] = DecideForm.initial_of(row)
    return answer(
        request,
        None,
        DecideForm(posted(request), initial=start),
        partial(declarations.decide, row, by=request.user),
        title=f"{row.user}’s interest in {row.item}",
        submit="Decide",
        done=f"Decided: what {row.user} does when the panel comes to {row.item}.",
        back=reverse("panel:declarations", args=[number]),
        now=DecideForm.initial_of,
        blocked=declarations.why_not_decide_at(row.item.meeting)
        or declarations.why_not_decide(row, request.user),
        caption=str(row.item.meeting),
        quoted=row.interest,
    )


def _declaration(request: PersonRequest, number: int, key: int) -> Declaration:
    rows = Declaration.objects.visible_to(request.user).select_related("item__meeting", "user")
    found: Declaration = get_object_or_404(rows, pk=key, item__meeting=number)
    return found
