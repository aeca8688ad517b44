"""Pages of who comes: the answer to an invitation, the statement, the list before a meeting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cdop.core.access import PersonRequest, page, posted, posted_number
from cdop.core.audit import act
from cdop.core.roles import Permission
from cdop.core.users import User
from cdop.panel import counting_down, reading
from cdop.panel.models import Attendance, Meeting
from cdop.panel.record_forms import AcceptedForm

P = Permission


@page(P.PACKS_READ, P.MEETINGS_ARRANGE)
@require_POST
def reply(request: PersonRequest, number: int) -> HttpResponse:
    """Say whether one comes; for the team whether somebody told them that they come."""
    meeting = _meeting(request, number)
    row = _place(meeting, request)
    coming = request.POST.get("coming") == "yes"
    reading.answer_invitation(meeting, row.user, coming=coming, by=request.user)
    messages.info(request, f"Recorded: {row.user} {'comes' if coming else 'cannot come'}.")
    return redirect("panel:meeting", number)


@page(P.PACKS_READ)
def statement(request: PersonRequest, number: int) -> HttpResponse:
    """Read the confidentiality statement of a meeting and accept it."""
    meeting = _meeting(request, number)
    place = get_object_or_404(meeting.attendance, user=request.user)
    if request.method == "POST":
        reading.accept_statement(meeting, request.user, by=request.user)
        messages.info(request, "You accepted the confidentiality statement. The papers are open.")
        return redirect("panel:meeting", number)
    context = {"meeting": meeting, "place": place}
    return render(request, "panel/statement.jinja", context)


@page(P.MEETINGS_ARRANGE, P.MEETINGS_RUN)
def accepted(request: PersonRequest, number: int) -> HttpResponse:
    """Record who accepted the statement in the room."""
    meeting = _meeting(request, number)
    rows = list(meeting.attendance.select_related("user", "accepted_by").order_by("pk"))
    waiting = [row for row in rows if not row.accepted_at]
    form = AcceptedForm(posted(request), waiting=waiting)
    if form.is_valid():
        chosen = form.cleaned_data["people"]
        with act():
            for row in waiting:
                if row.user_id in chosen:
                    reading.accept_statement(meeting, row.user, by=request.user)
        messages.info(request, "Who accepted the statement is recorded.")
        return redirect("panel:accepted", number)
    context = {"meeting": meeting, "form": form, "rows": rows, "waiting": waiting}
    return render(request, "panel/accepted.jinja", context)


@page(P.MEETINGS_ARRANGE, P.MEETINGS_RUN)
def countdown(request: PersonRequest, number: int) -> HttpResponse:
    """What is still open before a meeting."""
    meeting = _meeting(request, number)
    context = {"meeting": meeting, "countdown": counting_down.of(meeting, request.user)}
    return render(request, "panel/countdown.jinja", context)


def _place(meeting: Meeting, request: PersonRequest) -> Attendance:
    """Whose place is meant: one's own, unless the team names somebody."""
    key = posted_number(request, "user") or request.user.pk
    found: Attendance = get_object_or_404(
        meeting.attendance.select_related("user"), user__in=User.objects.filter(pk=key)
    )
    return found


def _meeting(request: PersonRequest, number: int) -> Meeting:
    found: Meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=number)
    return found
