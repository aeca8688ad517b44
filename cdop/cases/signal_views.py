"""Pages of signals: raised out of a case, owned, decided, taken further, closed. For the team."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from cdop import editions
from cdop.cases import queries, signals
from cdop.cases.record_pages import answer
from cdop.cases.signal_forms import (
    AddCaseForm,
    CloseForm,
    DecideForm,
    EscalateForm,
    SignalForm,
    TakeUpForm,
)
from cdop.cases.signals import Signal, SignalCase
from cdop.cases.states import SIGNAL_STEPS, SignalState
from cdop.cases.views import visible_case
from cdop.cases.watching_forms import RecordForm, version_of
from cdop.core.access import PersonRequest, page, posted, posted_number
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission

TEAM = page(Permission.CASES_MANAGE)


@TEAM
def signal_list(request: PersonRequest) -> HttpResponse:
    """Every signal that goes on, soonest due first; then those that were closed."""
    rows = Signal.objects.visible_to(request.user).select_related("owner")
    rows = rows.prefetch_related("cases__case")
    context = {
        "going_on": rows.going_on().order_by("due_on", "pk"),
        "closed": rows.filter(state=SignalState.CLOSED),
        "today": localdate(),
    }
    return render(request, "cases/signals.jinja", context)


@TEAM
def new_signal(request: PersonRequest, reference: str) -> HttpResponse:
    """Raise a signal out of a case."""
    case = visible_case(request, reference)
    edition = editions.in_force(localdate())
    initial = {"owner": request.user, VERSION: 0}

    def raise_it(version: int, **said: Any) -> None:
        signals.raise_signal(case, by=request.user, **said)

    return answer(
        request,
        case,
        SignalForm(posted(request), initial=initial, edition=edition),
        raise_it,
        title="Raise a signal",
        submit="Raise the signal",
        done="The signal is raised. Add the other cases that belong to it.",
        back=reverse("cases:signals"),
    )


@TEAM
def signal_page(request: PersonRequest, signal: int) -> HttpResponse:
    """One signal: what was noticed, which cases belong to it, what was decided."""
    row = _found(request, signal)
    form = AddCaseForm(posted(request))
    if form.is_valid():
        case = queries.by_reference(request.user, form.cleaned_data["reference"])
        if case:
            signals.add_case(row, case, by=request.user)
            messages.info(request, f"Case {case.reference} belongs to this signal.")
            return redirect("cases:signal", row.pk)
        form.add_error("reference", "There is no case with this reference. Check it")
    here = SignalState(row.state)
    context = {
        "signal": row,
        "cases": row.cases.select_related("case"),
        "form": form,
        "steps": [(words, name) for to, name, words in STEPS if (here, to) in SIGNAL_STEPS],
        "history": row.history.select_related("history_user"),
        "label": dict(SignalState.choices),
    }
    return render(request, "cases/signal.jinja", context)


STEPS = (
    (SignalState.DECIDED, "decide_signal", "Record a decision"),
    (SignalState.ESCALATED, "escalate_signal", "Take it further"),
    (SignalState.CLOSED, "close_signal", "Close it"),
    (SignalState.OPEN, "take_up_signal", "Take it up again"),
)


@TEAM
@require_POST
def remove_from_signal(request: PersonRequest, signal: int) -> HttpResponse:
    """A case turned out not to belong to a signal."""
    row = _found(request, signal)
    bound: SignalCase = get_object_or_404(
        row.cases.filter(removed=False), pk=posted_number(request, "bound")
    )
    signals.remove_case(bound, by=request.user)
    messages.info(request, "The case belongs to this signal no more.")
    return redirect("cases:signal", row.pk)


@TEAM
def edit_signal(request: PersonRequest, signal: int) -> HttpResponse:
    """Put right what was noticed, whose it is, and by when."""
    row = _found(request, signal)
    edition, initial = editions.get(row.edition), SignalForm.initial_of(row)
    form = SignalForm(posted(request), initial=initial, edition=edition)
    return _answer(
        request, row, form, signals.correct, "Put the signal right", "Save", row.is_going_on
    )


@TEAM
def decide_signal(request: PersonRequest, signal: int) -> HttpResponse:
    """What is done about it."""
    row = _found(request, signal)
    form = DecideForm(posted(request), initial=version_of(row))
    title, may = "What was decided on this signal", _may(row, SignalState.DECIDED)
    return _answer(request, row, form, signals.decide, title, "Record the decision", may)


@TEAM
def escalate_signal(request: PersonRequest, signal: int) -> HttpResponse:
    """To whom it is taken."""
    row = _found(request, signal)
    said = {name: getattr(row, name) for name in ("decision", "decided_by")}
    form = EscalateForm(posted(request), initial=version_of(row) | said)
    title, may = "Take this signal further", _may(row, SignalState.ESCALATED)
    return _answer(request, row, form, signals.escalate, title, "Record", may)


@TEAM
def close_signal(request: PersonRequest, signal: int) -> HttpResponse:
    """What came of it."""
    row = _found(request, signal)
    form = CloseForm(posted(request), initial=version_of(row))
    title, may = "Close this signal", _may(row, SignalState.CLOSED)
    return _answer(request, row, form, signals.close, title, "Close the signal", may)


@TEAM
def take_up_signal(request: PersonRequest, signal: int) -> HttpResponse:
    """Something new is known."""
    row = _found(request, signal)
    form = TakeUpForm(posted(request), initial=version_of(row))
    title, may = "Take this signal up again", _may(row, SignalState.OPEN)
    return _answer(request, row, form, signals.take_up, title, "Take it up again", may)


def _answer(
    request: PersonRequest,
    row: Signal,
    form: RecordForm,
    act: Any,
    title: str,
    submit: str,
    may: bool,
) -> HttpResponse:
    return answer(
        request,
        None,
        form,
        partial(act, row, by=request.user),
        title=title,
        submit=submit,
        done="Recorded.",
        back=reverse("cases:signal", args=[row.pk]),
        now=lambda now: {name: getattr(now, name) for name in form.fields},
        blocked="" if may else f"This signal is {row.state_label}.",
        caption=row.kind_label,
    )


def _may(row: Signal, to: SignalState) -> bool:
    return (SignalState(row.state), to) in SIGNAL_STEPS


def _found(request: PersonRequest, number: int) -> Signal:
    rows = Signal.objects.visible_to(request.user).select_related("owner")
    found: Signal = get_object_or_404(rows, pk=number)
    return found
