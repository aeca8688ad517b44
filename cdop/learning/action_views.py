"""Pages of the actions that follow from a recommendation."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from cdop.cases.watching_forms import version_of
from cdop.core import steps
from cdop.core.access import PersonRequest, posted, posted_version
from cdop.core.comparing import VERSION
from cdop.learning import action_points, evidence
from cdop.learning.models import ActionPoint, Recommendation
from cdop.learning.outcome_forms import EvidenceForm, OutcomeForm, PointForm
from cdop.learning.states import PointState
from cdop.learning.views import TEAM, answer_about, found


@TEAM
def new_action(request: PersonRequest, recommendation: str) -> HttpResponse:
    """Agree that an organisation does something by a day."""
    row = found(request, recommendation)
    start = {"agreed_on": localdate(), VERSION: 0}
    form = PointForm(posted(request), by=request.user, finding=row.finding, initial=start)

    def add(version: int, **said: Any) -> None:
        action_points.add(row, by=request.user, **said)

    title, blocked = "A new action", "" if row.is_going_on else action_points.ENDED
    return answer_about(request, row, form, add, title=title, blocked=blocked)


@TEAM
def change_action(request: PersonRequest, recommendation: str, point: int) -> HttpResponse:
    """Change an open action: what, who, or by when."""
    row, there = _point(request, recommendation, point)
    form = PointForm(
        posted(request),
        by=request.user,
        finding=row.finding,
        kept=there.owner_id,
        initial=PointForm.initial_of(there),
    )
    return answer_about(
        request,
        row,
        form,
        partial(action_points.change, there, by=request.user),
        title="Change an action",
        now=lambda now: PointForm.initial_of(_again(now)),
        blocked=_why_not(row, there),
    )


@TEAM
def action_done(request: PersonRequest, recommendation: str, point: int) -> HttpResponse:
    """It was done, and what shows that."""
    return _settled(request, recommendation, point, PointState.DONE, "The action is done")


@TEAM
def drop_action(request: PersonRequest, recommendation: str, point: int) -> HttpResponse:
    """It is not to be done, and why."""
    return _settled(
        request, recommendation, point, PointState.DROPPED, "The action is not to be done"
    )


@TEAM
@require_POST
def open_action(request: PersonRequest, recommendation: str, point: int) -> HttpResponse:
    """What was recorded of it was wrong: it is still to be done."""
    row, there = _point(request, recommendation, point)
    action_points.open_again(there, by=request.user, version=posted_version(request))
    messages.info(request, "The action is open again.")
    return redirect("learning:recommendation", row.reference)


@TEAM
def attach(request: PersonRequest, recommendation: str, point: int) -> HttpResponse:
    """Attach a file that shows what was done."""
    row, there = _point(request, recommendation, point)
    chosen = request.FILES if request.method == "POST" else None
    form = EvidenceForm(posted(request), chosen, by=request.user, initial={VERSION: 0})

    def keep(version: int, file: Any) -> None:
        evidence.attach(there, file, by=request.user)

    title = "Attach evidence"
    return answer_about(request, row, form, keep, title=title, before=there.words)


def _settled(
    request: PersonRequest, recommendation: str, number: int, to: PointState, title: str
) -> HttpResponse:
    row, point = _point(request, recommendation, number)
    form = OutcomeForm(
        posted(request),
        by=request.user,
        finding=row.finding,
        done=to == PointState.DONE,
        initial={"ended_on": localdate()} | version_of(point),
    )

    def settle(ended_on: Any, **said: Any) -> None:
        action_points.settle(point, to, settled_on=ended_on, by=request.user, **said)

    blocked = "" if row.is_going_on else action_points.ENDED
    blocked = blocked or steps.state_forbids(point, to)
    return answer_about(
        request, row, form, settle, title=title, before=point.words, blocked=blocked
    )


def _why_not(row: Recommendation, point: ActionPoint) -> str:
    if not row.is_going_on:
        return action_points.ENDED
    return "" if point.state == PointState.OPEN else "Open this action again to change it."


def _point(
    request: PersonRequest, recommendation: str, number: int
) -> tuple[Recommendation, ActionPoint]:
    row = found(request, recommendation)
    point: ActionPoint = get_object_or_404(row.action_points.select_related("owner"), pk=number)
    point.recommendation = row
    return row, point


def _again(point: ActionPoint) -> ActionPoint:
    rows = ActionPoint.objects.select_related("recommendation__data_key", "owner")
    return rows.get(pk=point.pk)
