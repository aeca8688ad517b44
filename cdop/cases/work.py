"""What the case record puts on other pages: what waits, where a case belongs, its events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from cdop.cases import confirmation, placement, reports, rules
from cdop.cases.confirmation import Confirmation, Way
from cdop.cases.models import Case
from cdop.cases.placement import Placement
from cdop.cases.states import UNDER_WAY, CaseState, ConfirmationState, PlacementState
from cdop.core.casework import CasePanel, Event, OnCase, Task, Wait
from cdop.core.dates import london_date, start_of
from cdop.core.organisations import closed_days
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Cases"
MOST_ON_HOME_PAGE = 10
MOST_ON_WORKLIST = 200
REVIEWED = (CaseState.REVIEWED, CaseState.CLOSED)
WAITS_FOR = {
    PlacementState.AGREEING: "agree with the other panel who reviews it",
    PlacementState.ELSEWHERE: "ask the other panel for its outcome",
}


def tasks_for(user: User) -> list[Task]:
    """Deaths to confirm, answers to settle, agreements and outcomes overdue, cases to close."""
    if not user.can(Permission.CASES_MANAGE):
        return []
    now = timezone.now()
    return [*_to_confirm(), *_to_settle(), *_overdue_elsewhere(now), *_to_close()]


def on_case(case: Case, user: User) -> OnCase:
    """Where the case belongs, whether the death is confirmed, and what was said differently.

    On the timeline: when the case was opened and closed, the death confirmed, its review agreed.
    """
    row, found = placement.known(case), confirmation.known(case)
    return OnCase(_panel(case, row, found, user), tuple(_events(case, row, found)))


def missing_for_panel(cases: Sequence[Case]) -> dict[int, list[str]]:
    """The facts that the panel needs, and what holds up a case."""
    return rules.not_ready_each(cases)


def waiting_for(user: User, what: str) -> list[Wait]:
    """The cases on which another panel has to agree, or owes its outcome."""
    if what != "panel" or not user.can(Permission.CASES_MANAGE):
        return []
    return [
        Wait(
            row.case.reference,
            what,
            row.state_label,
            reverse("cases:agreement", args=[row.case.reference]),
            london_date(row.state_since),
        )
        for row in placement.waiting()[:MOST_ON_WORKLIST]
    ]


def why_not_write_to_family(reference: str) -> str | None:
    """Why nothing may go to the family of this case; None where it is no case of ours."""
    case = Case.objects.filter(reference=reference).first()
    return confirmation.why_not_write_to_family(case) if case else None


def _panel(case: Case, row: Placement | None, found: Confirmation | None, user: User) -> CasePanel:
    manages = user.can(Permission.CASES_MANAGE)
    lines = [("Death", _confirmed(found))]
    if row and row.reviewed_by:
        lines.append(("Panel", row.reviewed_by))
    if manages and (count := reports.differences(case)):
        lines.append(("Said differently", f"{count} {'answer' if count == 1 else 'answers'}"))
    return CasePanel(
        title="Where it belongs",
        status=_reviewed(case, row),
        lines=tuple(lines),
        links=_links(case) if manages else (),
        overdue=_is_late(case, row),
    )


def _is_late(case: Case, row: Placement | None) -> bool:
    """Whether an agreement or an outcome ought to be there by now."""
    if row is None or row.state not in WAITS_FOR or case.state in placement.ENDED:
        return False
    due_at = placement.due_at(row, closed_days())
    return due_at is not None and due_at < timezone.now()


def _events(case: Case, row: Placement | None, found: Confirmation | None) -> Iterator[Event]:
    yield Event(case.opened_at, "Case opened", "Case")
    if case.closed_at:
        yield Event(case.closed_at, "Case closed", "Case")
    yield from _moves(case)
    if found and found.decided_at:
        yield Event(found.decided_at, f"Death {found.state_label}", "Case")
    if row and row.agreed_on:
        agreed = f"Agreed that {row.reviewed_by or 'this panel'} reviews the death"
        yield Event(start_of(row.agreed_on), agreed, "Case")


def _moves(case: Case) -> Iterator[Event]:
    """When it was withdrawn, or reopened after the panel had reviewed it."""
    rows = case.history.order_by("version").values_list("state", "history_date", "closed_at")
    before, closed_at = "", None
    for state, at, closed in rows:
        if state == CaseState.WITHDRAWN != before:
            yield Event(at, f"Case {CaseState.WITHDRAWN.label}", "Case")
        if before in REVIEWED and state not in (*REVIEWED, CaseState.WITHDRAWN):
            if closed_at:
                yield Event(closed_at, "Case closed", "Case")
            yield Event(at, "Case reopened", "Case")
        before, closed_at = state, closed


def _to_confirm() -> list[Task]:
    waiting = Case.objects.filter(state__in=UNDER_WAY)
    count = waiting.exclude(pk__in=confirmation.confirmed()).count()
    href = f"{reverse('cases:list')}?list=unconfirmed"
    return [Task("Deaths to confirm", href, count=count, stage=STAGE)] if count else []


def _to_settle() -> list[Task]:
    """The cases on which notifiers said different things, the one that has waited longest first."""
    cases = Case.objects.exclude(state__in=placement.ENDED)
    differing = cases.filter(
        reported_values__differs=True,
        reported_values__settled_at=None,
        reported_values__withdrawn_at=None,
    ).annotate(fields=Count("reported_values__field", distinct=True))
    return [
        Task(
            f"Case {case.reference}: settle what notifiers said differently",
            reverse("cases:contradictions", args=[case.reference]),
            count=case.fields,
            stage=STAGE,
        )
        for case in differing.order_by("opened_at", "pk")[:MOST_ON_HOME_PAGE]
    ]


def _overdue_elsewhere(now: datetime) -> list[Task]:
    closures = closed_days()
    due = [(placement.due_at(row, closures), row) for row in placement.waiting()]
    late = [(at, row) for at, row in due if at and at < now]
    late.sort(key=lambda each: (each[0], each[1].pk))
    return [_overdue(at, row) for at, row in late[:MOST_ON_HOME_PAGE]]


def _overdue(at: datetime, row: Placement) -> Task:
    text = f"Case {row.case.reference}: {WAITS_FOR[PlacementState(row.state)]}"
    href = reverse("cases:agreement", args=[row.case.reference])
    return Task(text, href, at, overdue=True, stage=STAGE)


def _to_close() -> list[Task]:
    count = Case.objects.filter(state=CaseState.REVIEWED).count()
    href = f"{reverse('cases:list')}?list=reviewed"
    return [Task("Reviewed cases to close", href, count=count, stage=STAGE)] if count else []


def _reviewed(case: Case, row: Placement | None) -> str:
    """Who reviews the death, or that nobody does."""
    if case.state == CaseState.WITHDRAWN:
        return "withdrawn"
    state = PlacementState(row.state if row else PlacementState.OURS)
    if state == PlacementState.OURS and not case.facts.in_scope:
        return "not reviewed"
    return state.label


def _confirmed(row: Confirmation | None) -> str:
    if row is None:
        return ConfirmationState.UNCONFIRMED.label
    if not row.way:
        return row.state_label
    how = Way(row.way).label.removeprefix("A ")
    return f"{row.state_label}, {how[0].lower()}{how[1:]}"


def _links(case: Case) -> tuple[tuple[str, str], ...]:
    pages = {
        "Where it belongs": "places",
        "Who reviews this death": "agreement",
        "Whether it is confirmed": "confirm",
        "What notifiers said differently": "contradictions",
    }
    return tuple(
        (text, reverse(f"cases:{name}", args=[case.reference])) for text, name in pages.items()
    )
