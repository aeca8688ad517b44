"""The family on other pages: who is due a word from us, a section of the case, its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.cases.conversations import Conversation, Verified
from cdop.cases.families import Family, FamilyCase
from cdop.cases.holds import ENDED_CASES, Hold
from cdop.cases.models import Case
from cdop.core.casework import CasePanel, Event, OnCase, Task
from cdop.core.dates import end_of
from cdop.core.jinja import count, day
from cdop.core.roles import Permission
from cdop.core.rows import rows_of

if TYPE_CHECKING:
    from datetime import date

    from cdop.core.users import User

STAGE = "Family"
MOST_ON_HOME_PAGE = 10


def tasks_for(user: User) -> list[Task]:
    """The families who are to hear from us today, or should have."""
    if not user.can(Permission.CASES_MANAGE):
        return []
    today = localdate()
    due = {case.pk: (on, case) for on, case in [*_due_by_hold(today), *_due(today)]}
    rows = sorted(due.values(), key=lambda each: (each[0], each[1].pk))
    return [_task(case, on, today) for on, case in rows[:MOST_ON_HOME_PAGE]]


def on_case(case: Case, user: User) -> OnCase:
    """Who is there for the family and when it hears from us; the days on which we spoke."""
    bound = rows_of(FamilyCase, "case", case.pk, "family")
    family = bound[0].family if bound else None
    spoken = _spoken(family) if family else []
    manages = user.can(Permission.CASES_MANAGE)
    panel = _panel(case, family, spoken, manages)
    return OnCase(panel, tuple(_event(row) for row in spoken) if manages else ())


def _spoken(family: Family) -> list[Conversation]:
    rows = Conversation.objects.filter(Q(family=family) | Q(family__joined_to=family))
    return list(rows.defer("sealed"))


def _due(today: date) -> list[tuple[date, Case]]:
    """The first case of each family to which a word is due and has not been given."""
    not_heard = Q(family__last_on=None) | Q(family__last_on__lt=F("family__next_on"))
    bound = FamilyCase.objects.filter(not_heard, family__next_on__lte=today)
    bound = bound.exclude(case__state__in=ENDED_CASES).select_related("case", "family")
    found: dict[int, tuple[date, Case]] = {}
    for row in bound.order_by("family__next_on", "case_id")[: 2 * MOST_ON_HOME_PAGE]:
        if row.family.next_on:
            found.setdefault(row.family_id, (row.family.next_on, row.case))
    return list(found.values())


def _due_by_hold(today: date) -> list[tuple[date, Case]]:
    """The cases whose hold says that the family hears by now, where nobody has spoken to it."""
    last = "case__in_family__family__last_on"
    silent = Q(**{last: None}) | Q(**{f"{last}__lt": F("next_family_on")})
    held = Hold.objects.running().filter(silent, next_family_on__lte=today)
    rows = held.select_related("case").order_by("-next_family_on", "pk")[:MOST_ON_HOME_PAGE]
    return [(hold.next_family_on, hold.case) for hold in rows if hold.next_family_on]


def _task(case: Case, on: date, today: date) -> Task:
    return Task(
        f"Case {case.reference}: the family is to hear from us",
        reverse("cases:called", args=[case.reference]),
        due_at=end_of(on),
        overdue=on < today,
        stage=STAGE,
    )


def _panel(
    case: Case, family: Family | None, spoken: list[Conversation], manages: bool
) -> CasePanel:
    key_worker = family.key_worker_in_words if family else ""
    lines = [("Key worker", key_worker or "nobody is named")]
    late = False
    if family and manages:
        lines.append(("Spoken to last", day(family.last_on) or "never, as far as was kept"))
        if family.next_on and not _has_heard(family):
            lines.append(("Hears from us next", day(family.next_on)))
            late = family.next_on < localdate() and case.state not in ENDED_CASES
        if asked := sum(row.asks for row in spoken):
            lines.append(("Asked for the review", f"in {count(asked, 'conversation')}"))
    return CasePanel(
        title=STAGE,
        status=count(len(spoken), "conversation") if manages else "",
        lines=tuple(lines),
        links=_links(case) if manages else (),
        overdue=late,
    )


def _has_heard(family: Family) -> bool:
    return bool(family.last_on and family.next_on and family.last_on >= family.next_on)


def _links(case: Case) -> tuple[tuple[str, str], ...]:
    pages = {
        "Speak with the family": "cases:called",
        "What they ask": "cases:questions",
        "Who they are": "cases:family",
    }
    return tuple((words, reverse(name, args=[case.reference])) for words, name in pages.items())


def _event(row: Conversation) -> Event:
    if row.verified == Verified.NOT:
        return Event(row.at, "Somebody who was not recognised asked about the case", STAGE)
    return Event(row.at, f"Spoken with the family: {row.how_label.lower()}", STAGE)
