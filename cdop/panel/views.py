"""Pages of a panel meeting: the list, the plan, the agenda, the papers, opening and closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cdop.cases.models import Case
from cdop.core.access import PersonRequest, page, posted
from cdop.core.audit import act
from cdop.core.comparing import renew, side_by_side
from cdop.core.identifiers import normalise_reference
from cdop.core.jinja import count
from cdop.core.refusals import Stale
from cdop.core.roles import Permission
from cdop.panel import (
    actions,
    agenda_page,
    minutes,
    queries,
    quorum,
    readiness,
    reading,
    rules,
    terms,
)
from cdop.panel.forms import AttendanceForm, InvitationForm, PlanForm
from cdop.panel.models import NEONATAL, ORDINARY, AgendaItem, Meeting
from cdop.panel.paper_reading import standing
from cdop.panel.states import MeetingState

P = Permission
ROWS = 50
MOST_AT_ONCE = 10
"""Cases of one family that go on an agenda by one press."""


@page(P.MEETINGS_ARRANGE, P.PACKS_READ)
def meetings(request: PersonRequest) -> HttpResponse:
    """All meetings for those who arrange them, else those to which one is invited."""
    shown = Paginator(queries.meetings(request.user), ROWS).get_page(request.GET.get("page"))
    arranges = request.user.can(P.MEETINGS_ARRANGE)
    counts = arranges or request.user.can(P.FINDINGS_SIGN_OFF)
    context = {"meetings": shown, "arranges": arranges, "counts": counts}
    return render(request, "panel/meetings.jinja", context)


@page(P.MEETINGS_ARRANGE)
def plan(request: PersonRequest) -> HttpResponse:
    """Plan a meeting."""
    form = PlanForm(posted(request), initial={"kind": ORDINARY})
    if form.is_valid():
        said = form.cleaned_data
        made = actions.plan(**{k: v for k, v in said.items() if k != "version"}, by=request.user)
        messages.info(request, "The meeting is planned. Invite the members, then add cases.")
        return redirect("panel:meeting", made.pk)
    return render(request, "panel/plan.jinja", {"form": form, "meeting": None})


@page(P.MEETINGS_ARRANGE, P.PACKS_READ)
def meeting(request: PersonRequest, number: int) -> HttpResponse:
    """One meeting: its agenda, who is invited, and what this person can do."""
    found = _meeting(request, number)
    context = {
        "meeting": found,
        **agenda_page.of(found, request.user),
        "invited": queries.attendance(found),
        "place": reading.own_attendance(found, request.user),
        "minutes": minutes.of(found, request.user),
        "papers": standing(found, request.user),
        "arranges": request.user.can(P.MEETINGS_ARRANGE),
        "runs": request.user.can(P.MEETINGS_RUN),
        "declares": request.user.can(P.PACKS_READ),
        "defers": request.user.can(P.CASES_DEFER) and found.state != MeetingState.CLOSED,
        "changes": not rules.why_not_change(found),
        "together": found.kind == NEONATAL and request.user.can(P.FINDINGS_RECORD),
    }
    return render(request, "panel/meeting.jinja", context)


@page(P.MEETINGS_ARRANGE)
def change(request: PersonRequest, number: int) -> HttpResponse:
    """Change day or place of a planned meeting."""
    found = _meeting(request, number)
    said = ("held_on", "place", "begins", "kind", "theme", "papers_due_on", "version")
    start = {name: getattr(found, name) for name in said}
    form = PlanForm(posted(request), initial=start)
    context = {"form": form, "meeting": found, "blocked": rules.why_not_change(found)}
    if not form.is_valid():
        return render(request, "panel/plan.jinja", context)
    try:
        actions.change_plan(found, **form.cleaned_data, by=request.user)
    except Stale as stale:
        return _stale(request, "panel/plan.jinja", context, stale)
    return redirect("panel:meeting", number)


@page(P.MEETINGS_ARRANGE)
def invite(request: PersonRequest, number: int) -> HttpResponse:
    """Invite people, one after another."""
    found = _meeting(request, number)
    people = queries.invitable(found.held_on)
    form = InvitationForm(posted(request), people=people, edition=found.edition)
    if form.is_valid():
        said = form.cleaned_data
        actions.invite(found, by=request.user, **said)
        messages.info(request, f"{said['user']} is invited.")
        return redirect("panel:invite", number)
    context = {
        "form": form,
        "meeting": found,
        "invited": queries.attendance(found),
        "proposed": terms.proposed(found),
        "blocked": rules.why_not_change(found),
    }
    return render(request, "panel/invite.jinja", context)


@page(P.MEETINGS_ARRANGE)
@require_POST
def invite_by_terms(request: PersonRequest, number: int) -> HttpResponse:
    """Invite everybody whom the terms of office propose."""
    found = _meeting(request, number)
    made = actions.invite_by_terms(found, by=request.user)
    messages.info(request, f"Invited: {count(len(made), 'person', 'people')}.")
    return redirect("panel:invite", number)


@page(P.MEETINGS_ARRANGE)
def agenda(request: PersonRequest, number: int) -> HttpResponse:
    """Choose cases for the agenda; for those that cannot go on it, why not."""
    found = _meeting(request, number)
    if request.method == "POST":
        cases = [_case(request, typed) for typed in request.POST.getlist("case")[:MOST_AT_ONCE]]
        with act():
            items = [actions.put_on_agenda(found, case, by=request.user) for case in cases]
        for case, item in zip(cases, items, strict=True):
            messages.info(request, f"{case} is on the agenda as {item}. Write its summary next.")
        return redirect("panel:agenda", number)
    gathering = Paginator(queries.not_ready(request.user), ROWS)
    shown = gathering.get_page(request.GET.get("page"))
    context = {
        "meeting": found,
        "offers": readiness.offers(found, request.user),
        "not_ready": shown,
        "why_not_ready": readiness.why_not_ready(shown.object_list),
        "blocked": rules.why_not_change(found),
    }
    return render(request, "panel/agenda.jinja", context)


@page(P.MEETINGS_ARRANGE, P.MEETINGS_RUN)
def attendance(request: PersonRequest, number: int) -> HttpResponse:
    """Record who came; the chair opens the meeting from here."""
    found = _meeting(request, number)
    invited = queries.attendance(found)
    start = {"present": [row.user_id for row in invited if row.present]}
    form = AttendanceForm(posted(request), invited=invited, initial=start)
    if request.method == "POST" and form.is_valid():
        actions.record_attendance(found, form.cleaned_data["present"], by=request.user)
        if request.POST.get("do") != "open":
            messages.info(request, "The attendance is recorded.")
            return redirect("panel:attendance", number)
        invited = queries.attendance(found)
        if not (why := rules.why_not_open(found, found.edition, invited)):
            actions.open_meeting(found, by=request.user)
            messages.info(request, "The meeting is open.")
            return redirect("panel:meeting", number)
        form.add_error("present", why)
    context = {
        "form": form,
        "meeting": found,
        "seats": (places := quorum.seats(found.edition, invited)),
        "quorum": quorum.why_not_quorate(places),
        "blocked": rules.why_not_record_attendance(found),
        "opens": request.user.can(P.MEETINGS_RUN) and found.state == MeetingState.PLANNED,
    }
    return render(request, "panel/attendance.jinja", context)


@page(P.MEETINGS_RUN)
def close(request: PersonRequest, number: int) -> HttpResponse:
    """Close the meeting, after a look at what it leaves open."""
    found = _meeting(request, number)
    if request.method == "POST":
        actions.close_meeting(found, by=request.user)
        messages.info(request, "The meeting is closed.")
        return redirect("panel:meeting", number)
    context = {"meeting": found, "agenda": queries.agenda(found, request.user)}
    return render(request, "panel/close.jinja", context)


def _case(request: PersonRequest, typed: str) -> Case:
    reference = normalise_reference(typed) or ""
    found: Case = get_object_or_404(Case.objects.visible_to(request.user), reference=reference)
    return found


def _meeting(request: PersonRequest, number: int) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user), pk=number)


def _item(request: PersonRequest, number: int, serial: str) -> AgendaItem:
    return get_object_or_404(queries.item(number, serial, request.user))


def _stale(
    request: PersonRequest, template: str, context: dict[str, Any], stale: Stale
) -> HttpResponse:
    """The form again with what was typed, beside what somebody else saved meanwhile (409)."""
    form = context["form"]
    yours = {field.name: form.cleaned_data[field.name] for field in form.visible_fields()}
    now = {name: getattr(stale.current, name) for name in yours}
    renew(form, stale, stale.current.version)
    context["stale"] = side_by_side(form, form.in_words(yours), form.in_words(now))
    return render(request, template, context, status=stale.status)
