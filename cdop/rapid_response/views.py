"""Pages of the checklist and of the clocks that drive it."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cdop import editions
from cdop.cases import corrections, identity
from cdop.cases.models import Case, Clocks
from cdop.cases.views import CASES_PER_PAGE, SEES_CASES, visible_case
from cdop.core import documents
from cdop.core.access import PersonRequest, page, posted
from cdop.core.audit import act
from cdop.core.clocks import clock_start
from cdop.core.comparing import VERSION, differences, renew
from cdop.core.dates import start_of
from cdop.core.identifiers import normalise_reference
from cdop.core.refusals import Stale
from cdop.core.roles import Permission
from cdop.rapid_response import actions, evidence, queries, responses, rules, visits
from cdop.rapid_response.forms import (
    ClocksForm,
    EvidenceForm,
    SettleForm,
    SettleSeveralForm,
)
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.states import ItemState


@page(*SEES_CASES)
def checklist(request: PersonRequest, reference: str) -> HttpResponse:
    """Every task of the first weeks: who leads it, when it is due, how it stands."""
    case = visible_case(request, reference)
    edition, clocks = editions.get(case.edition), case.clocks
    lines, visit = queries.lines(case), visits.of(case)
    decided = responses.of(case)
    context = {
        "case": case,
        "edition": edition,
        "phases": queries.by_phase(lines, edition),
        "overdue": sum(line.overdue for line in lines),
        "passed": _open_and_passed(lines),
        "clock": clock_start(clocks.died_on, clocks.died_at, clocks.confirmed_at),
        "clocks": clocks,
        "manages": request.user.can(Permission.CASES_MANAGE),
        "has_visit": any(line.item.task == visits.RECORDED for line in lines),
        "response": decided,
        "decided": queries.response_words(decided),
        "visit": visit,
        "visited": queries.visit_words(visit, clocks),
    }
    return render(request, "rapid_response/checklist.jinja", context)


@page(*SEES_CASES)
def passed(request: PersonRequest) -> HttpResponse:
    """The cases with open tasks that were due before this system was told of them."""
    asked = request.GET.get("import", "")
    told_by = normalise_reference(asked) if asked else ""
    if told_by is None:
        raise Http404
    found = Paginator(queries.passed_by_case(request.user, told_by), CASES_PER_PAGE)
    context = {
        "told_by": told_by,
        "before": queries.before_what(told_by),
        "shown": found.get_page(request.GET.get("page")),
        "query": f"{urlencode({'import': told_by})}&" if told_by else "",
    }
    return render(request, "rapid_response/passed.jinja", context)


@page(*SEES_CASES)
def settle(request: PersonRequest, reference: str, task: str) -> HttpResponse:
    """Say what happened with one task."""
    case = visible_case(request, reference)
    item = get_object_or_404(case.checklist.select_related("settled_by"), task=task)
    not_before, chosen = start_of(case.clocks.died_on), request.FILES if posted(request) else None
    form = SettleForm(
        posted(request),
        chosen,
        not_before=not_before,
        by=request.user,
        initial={"done_on": timezone.localdate()},
    )
    if form.is_valid():
        with act():
            _settle(item, form, request)
        messages.info(request, "Recorded.")
        return redirect(*_back(request, reference))
    context = {
        "case": case,
        "line": queries.line(item, editions.get(case.edition), timezone.now()),
        "form": form,
        "elsewhere": _recorded_elsewhere(case, task),
        "blocked": rules.why_not_settle(item, request.user),
        "history": item.history.select_related("history_user"),
        "evidence": evidence.of(item),
        "back_to": resolve_url(*_back(request, reference)),
        "theirs": not rules.why_not_theirs(case, request.user, [task]),
    }
    return render(request, "rapid_response/settle.jinja", context)


def _back(request: PersonRequest, reference: str) -> tuple[str, ...]:
    """The list from which a task was opened: one's own tasks, or the checklist of the case."""
    if request.GET.get("from") == "mine":
        return ("rapid_response:mine",)
    return ("rapid_response:checklist", reference)


@page(*SEES_CASES)
def attach(request: PersonRequest, reference: str, task: str) -> HttpResponse:
    """Attach one file more to a task."""
    case = visible_case(request, reference)
    item = get_object_or_404(case.checklist, task=task)
    chosen = request.FILES if request.method == "POST" else None
    form = EvidenceForm(posted(request), chosen, by=request.user)
    if form.is_valid():
        evidence.attach(item, form.cleaned_data["file"], by=request.user)
        messages.info(request, "The file is attached.")
        return redirect("rapid_response:settle", reference, task)
    context = {
        "case": case,
        "line": queries.line(item, editions.get(case.edition), timezone.now()),
        "form": form,
        "blocked": rules.why_not_theirs(case, request.user, [task]),
    }
    return render(request, "rapid_response/attach.jinja", context)


@page(*SEES_CASES)
def file(request: PersonRequest, reference: str, task: str, document: UUID) -> HttpResponse:
    """A file of a task, to save. Its reading is recorded."""
    item = get_object_or_404(visible_case(request, reference).checklist, task=task)
    found = get_object_or_404(evidence.of(item), document=document)
    return documents.download(found.document, by=request.user, purpose=evidence.PURPOSE)


@page(Permission.CASES_RESPOND)
def mine(request: PersonRequest) -> HttpResponse:
    """One's own tasks on the cases that one was given: what is due first stands first."""
    found = queries.mine(request.user)
    return render(request, "rapid_response/mine.jinja", {"mine": found})


@page(*SEES_CASES)
def settle_several(request: PersonRequest, reference: str) -> HttpResponse:
    """Say of several tasks that were due before we were told that they were not done, and why."""
    case = visible_case(request, reference)
    form = SettleSeveralForm(
        posted(request), lines=_passed(request, case), all_of_them="all" in request.GET
    )
    if not form.is_valid():
        return _several(request, case, form)
    said, outcome = form.cleaned_data, ItemState(form.cleaned_data["outcome"])
    try:
        settled = actions.settle_several(
            case, said["tasks"], outcome, by=request.user, reason=said["note"]
        )
    except Stale as stale:
        form.come_back(stale, _passed(request, case))
        return _several(request, case, form, stale.status)
    tasks = "1 task is" if len(settled) == 1 else f"{len(settled)} tasks are"
    messages.info(request, f"{tasks} recorded as {outcome.label}.")
    return redirect("rapid_response:checklist", reference)


@page(*SEES_CASES)
@require_POST
def open_again(request: PersonRequest, reference: str, task: str) -> HttpResponse:
    """A task was settled by mistake."""
    item = get_object_or_404(visible_case(request, reference).checklist, task=task)
    actions.open_again(item, by=request.user)
    messages.info(request, "The task is open again. What was recorded before stays in its history.")
    return redirect("rapid_response:settle", reference, task)


@page(Permission.CASES_MANAGE)
def clocks(request: PersonRequest, reference: str) -> HttpResponse:
    """Correct when the child died; due times and facts follow."""
    case = visible_case(request, reference)
    known = identity.read(case, by=request.user, purpose="to check or correct the record")
    initial = ClocksForm.initial_of(case.clocks)
    form = ClocksForm(posted(request), initial=initial, born_on=known.born_on)
    context: dict[str, Any] = {"case": case, "form": form}
    if form.is_valid():
        version = form.cleaned_data[VERSION]
        try:
            corrections.correct_clocks(case, by=request.user, version=version, **form.times)
        except Stale as stale:
            context["stale"] = _stale(form, stale)
            return render(request, "rapid_response/clocks.jinja", context, status=stale.status)
        messages.info(request, "The times are corrected, and the due times with them.")
        return redirect("rapid_response:checklist", reference)
    return render(request, "rapid_response/clocks.jinja", context)


def _recorded_elsewhere(case: Case, task: str) -> tuple[str, str] | None:
    """The page on which more is said than that this task was done: its words, its address."""
    kinds = editions.get(case.edition).discussions
    met = {code for kind in kinds for code in (*kind.settles, kind.coroner)}
    name, words = "", ""
    if task == responses.DECIDED:
        name, words = "response", "Record the decision itself: it settles this task"
    elif task in (visits.JOINT, visits.RECORDED):
        name, words = "visit", "Record how the visit was made: it settles this task"
    elif task in met:
        name, words = "meetings", "Record the meeting itself: it settles this task"
    return (words, reverse(f"rapid_response:{name}", args=[case.reference])) if name else None


def _passed(request: PersonRequest, case: Case) -> list[queries.Line]:
    """The person's own tasks that were due before this system was told."""
    return [line for line in queries.theirs(case, request.user) if line.passed]


def _several(
    request: PersonRequest, case: Case, form: SettleSeveralForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    waiting = _open_and_passed(form.lines)
    blocked = rules.why_not_settle(waiting[0].item, request.user) if waiting else ""
    context = {"case": case, "form": form, "waiting": waiting, "blocked": blocked}
    return render(request, "rapid_response/settle_several.jinja", context, status=status)


def _open_and_passed(lines: Sequence[queries.Line]) -> list[queries.Line]:
    return [line for line in lines if line.passed and line.is_open]


def _settle(item: ChecklistItem, form: SettleForm, request: PersonRequest) -> None:
    outcome, note = ItemState(form.cleaned_data["outcome"]), form.cleaned_data["note"]
    if outcome == ItemState.DONE:
        present = form.cleaned_data["present"]
        done_at = form.done_at
        actions.complete(item, by=request.user, done_at=done_at, note=note, present=present)
    elif outcome == ItemState.NOT_DONE:
        actions.leave_undone(item, by=request.user, reason=note)
    else:
        actions.set_aside(item, by=request.user, reason=note)
    if accepted := form.cleaned_data["file"]:
        evidence.attach(item, accepted, by=request.user)


def _stale(form: ClocksForm, stale: Stale) -> list[dict[str, str]]:
    clocks: Clocks = stale.current
    renew(form, stale, clocks.version)
    now = ClocksForm.initial_of(clocks)
    yours = {name: form.cleaned_data[name] for name in now if name != VERSION}
    return differences(form, yours, now)
