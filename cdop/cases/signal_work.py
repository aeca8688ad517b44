"""Signals and what cannot wait, on other pages: what is due, a section of the case, its events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from cdop.cases import urgent
from cdop.cases.models import Case
from cdop.cases.signals import Signal, SignalCase
from cdop.cases.states import CaseState, SignalState
from cdop.cases.urgent import UrgentNotice
from cdop.cases.waiting_work import owned_by
from cdop.core.casework import CasePanel, Event, OnCase, Task
from cdop.core.dates import end_of, start_of
from cdop.core.jinja import day, moment
from cdop.core.roles import Permission
from cdop.core.rows import rows_of

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Signals"
MOST_ON_HOME_PAGE = 10


def tasks_for(user: User) -> list[Task]:
    """What cannot wait and is still to be given; signals to decide on or to look at again."""
    if not user.can(Permission.CASES_MANAGE):
        return []
    return [*_to_give(user), *_to_decide(user)]


def on_case(case: Case, user: User) -> OnCase:
    """The signals and urgent notices of a case: for the team alone."""
    if not user.can(Permission.CASES_MANAGE):
        return OnCase()
    bound = rows_of(SignalCase, "case", case.pk, "signal__owner")
    found, notices = [row.signal for row in bound if not row.removed], urgent.of(case)
    events = [*_events_of_signals(found), *_events_of_notices(case, notices)]
    return OnCase(_panel(case, found, notices), tuple(events))


def _to_give(user: User) -> Iterator[Task]:
    now = timezone.now()
    rows = UrgentNotice.objects.to_send().select_related("case", "owner").order_by("due_at", "pk")
    for row in rows[:MOST_ON_HOME_PAGE]:
        what = urgent.kind_label(row.case, row.kind)
        yield Task(
            f"Case {row.case.reference}: {what[0].lower()}{what[1:]}, {owned_by(row.owner, user)}",
            reverse("cases:urgent", args=[row.case.reference]),
            due_at=row.due_at,
            overdue=row.due_at < now,
            stage=STAGE,
        )


def _to_decide(user: User) -> Iterator[Task]:
    today = localdate()
    rows = Signal.objects.going_on().select_related("owner").order_by("due_on", "pk")
    for row in rows[:MOST_ON_HOME_PAGE]:
        assert row.due_on  # as long as it goes on
        if row.state != SignalState.OPEN and row.due_on > today:
            continue
        verb = "decide" if row.state == SignalState.OPEN else "look again"
        label = row.kind_label
        yield Task(
            f"Signal, {label[0].lower()}{label[1:]}: {verb}, {owned_by(row.owner, user)}",
            reverse("cases:signal", args=[row.pk]),
            due_at=end_of(row.due_on),
            overdue=row.due_on < today,
            stage=STAGE,
        )


def _panel(case: Case, found: list[Signal], notices: list[UrgentNotice]) -> CasePanel:
    going_on = [signal for signal in found if signal.is_going_on]
    to_give = [notice for notice in notices if notice.is_to_send]
    late = [str(each.owner) for each in to_give if each.due_at < timezone.now()]
    late += [str(each.owner) for each in going_on if each.due_on and each.due_on < localdate()]
    return CasePanel(
        title="Signals and what cannot wait",
        status=_status(going_on, to_give),
        lines=(
            *((each.kind_label, _signal(each)) for each in found),
            *((urgent.kind_label(case, each.kind), _notice(each)) for each in notices),
        ),
        links=(
            *(_link(each) for each in found),
            ("Raise a signal", reverse("cases:new_signal", args=[case.reference])),
            ("What cannot wait", reverse("cases:urgent", args=[case.reference])),
        ),
        overdue=bool(late) and case.state != CaseState.WITHDRAWN,
        whose=", ".join(dict.fromkeys(late)),
    )


def _status(going_on: list[Signal], to_give: list[UrgentNotice]) -> str:
    if to_give:
        return "a notice is to be given"
    return "a signal goes on" if going_on else "nothing"


def _signal(signal: Signal) -> str:
    if signal.due_on is None:
        return f"closed {day(signal.closed_on)}"
    return f"{signal.state_label}, {signal.owner}, by {day(signal.due_on)}"


def _notice(notice: UrgentNotice) -> str:
    if notice.is_to_send:
        return f"due {moment(notice.due_at)}, {notice.owner}"
    if notice.sent_at:
        late = ", late" if notice.was_late else ""
        return f"given {moment(notice.sent_at)}{late}"
    return notice.state_label


def _link(signal: Signal) -> tuple[str, str]:
    return f"Signal: {signal.kind_label.lower()}", reverse("cases:signal", args=[signal.pk])


def _events_of_signals(found: list[Signal]) -> Iterator[Event]:
    for signal in found:
        yield Event(signal.opened_at, f"Signal raised: {signal.kind_label}", STAGE)
        if signal.decided_on:
            yield Event(start_of(signal.decided_on), "Decided on the signal", STAGE)
        if signal.escalated_on:
            yield Event(start_of(signal.escalated_on), "Signal taken further", STAGE)
        if signal.closed_on:
            yield Event(start_of(signal.closed_on), "Signal closed", STAGE)


def _events_of_notices(case: Case, notices: list[UrgentNotice]) -> Iterator[Event]:
    for notice in notices:
        what = urgent.kind_label(case, notice.kind)
        yield Event(notice.known_at, f"{what}: known that it could not wait", STAGE)
        if notice.sent_at:
            yield Event(notice.sent_at, f"{what}: given", STAGE)
