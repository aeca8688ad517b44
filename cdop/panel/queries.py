"""What the pages of a meeting read; the length of the agenda does not change how many queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, QuerySet
from django.utils.timezone import localdate

from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core import casework
from cdop.core.roles import ROLES, Permission
from cdop.core.users import RoleHolding, User
from cdop.panel.models import AgendaItem, Attendance, Meeting
from cdop.panel.rules import why_not_put_on

if TYPE_CHECKING:
    from datetime import date

PANEL_ROLES = [role for role, rule in ROLES.items() if Permission.PACKS_READ in rule.permissions]


@dataclass(frozen=True)
class AgendaState:
    """What a later stage says about one case of an agenda: words, where they lead, what waits."""

    text: str
    href: str = ""
    waiting: bool = False


@dataclass(frozen=True)
class AgendaLine:
    """One case of an agenda, with what the later stages say about it to this person."""

    item: AgendaItem
    states: list[AgendaState]


@dataclass(frozen=True)
class Candidate:
    """A case that could come to a meeting, with the reason why it cannot ("" if it can)."""

    case: Case
    why_not: str


def meetings(user: User) -> QuerySet[Meeting]:
    """The meetings that a person sees, latest first, each with ``cases``: how many are on it."""
    counted = Meeting.objects.visible_to(user).annotate(cases=Count("agenda"))
    return counted.order_by("-held_on", "-pk")


def attendance(meeting: Meeting) -> list[Attendance]:
    """Who is invited, in the order of the edition's seats, with ``seat``: the seat in words."""
    labels = {seat.code: seat.label for seat in meeting.edition.core_membership}
    order = list(labels)
    rows = list(meeting.attendance.select_related("user", "stands_in_for"))
    for row in rows:
        row.seat = labels.get(row.sits_as, row.sits_as)  # type: ignore[attr-defined]
    return sorted(rows, key=lambda row: order.index(row.sits_as) if row.sits_as in order else 99)


def agenda(meeting: Meeting, user: User) -> list[AgendaLine]:
    """The cases of a meeting in order, with what each stage says about them to this person."""
    people = ("meeting", "case", "lead", "second")
    items = list(meeting.agenda.select_related(*people))
    said: dict[int, list[AgendaState]] = {item.pk: [] for item in items}
    for stage in casework.stages():
        if provider := getattr(stage, "agenda_states", None):
            for key, states in provider(items, user).items():
                said[key] += states
    return [AgendaLine(item, said[item.pk]) for item in items]


def item(meeting: int, serial: str, user: User) -> QuerySet[AgendaItem]:
    """The case under this serial at this meeting, if the person sees it."""
    found = AgendaItem.objects.visible_to(user).filter(meeting=meeting, serial=serial)
    return found.select_related("meeting", "case__facts__area", "case__data_key")


def meeting_ahead(case: Case) -> Meeting | None:
    """The meeting, planned or open, on whose agenda the case is and that has not deferred it."""
    ahead = AgendaItem.objects.not_deferred().filter(case=case)
    return Meeting.objects.not_closed().filter(pk__in=ahead.values("meeting")).first()


def candidates(meeting: Meeting, user: User) -> list[Candidate]:
    """The ready cases that are not on this agenda yet, longest waiting first."""
    ready = _cases(user, CaseState.READY).exclude(agenda_items__meeting=meeting)
    return [Candidate(case, why_not_put_on(case, meeting, _elsewhere(case))) for case in ready]


def not_ready(user: User) -> QuerySet[Case]:
    """The cases for which information is still gathered, longest waiting first."""
    gathering = Case.objects.visible_to(user).filter(state=CaseState.GATHERING)
    return gathering.select_related("facts").order_by("opened_at")


def _cases(user: User, state: CaseState) -> QuerySet[Case]:
    ahead = AgendaItem.objects.not_deferred().filter(meeting__in=Meeting.objects.not_closed())
    on_agenda = Prefetch("agenda_items", ahead.select_related("meeting"), to_attr="ahead")
    found = Case.objects.visible_to(user).filter(state=state)
    return found.select_related("facts").prefetch_related(on_agenda).order_by("opened_at")


def _elsewhere(case: Case) -> Meeting | None:
    items: Iterable[AgendaItem] = case.ahead  # type: ignore[attr-defined]
    return next((item.meeting for item in items), None)


def invitable(on: date) -> QuerySet[User]:
    """The people who hold a role of the panel on a day, or today where the day is past; by name."""
    day = max(on, localdate())
    holding = RoleHolding.objects.in_force(day).filter(role__in=PANEL_ROLES)
    return User.objects.filter(pk__in=holding.values("user"), is_active=True)
