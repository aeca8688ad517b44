"""The agenda of a meeting: order and times, who reads first, what is put off, what came before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop.cases.models import Case
from cdop.core.audit import Job, act
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import edit, step
from cdop.panel import declarations, rules
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.queries import meeting_ahead
from cdop.panel.states import JUDGES, LEADS, ItemState, MeetingState

if TYPE_CHECKING:
    from cdop.core.users import User

UP, DOWN = "up", "down"
MOST_MINUTES = 240


@dataclass(frozen=True)
class Slot:
    """A case on the timetable: from when, or None where no time is said before it."""

    item: AgendaItem
    begins: time | None


@dataclass(frozen=True)
class Timetable:
    """The cases in order; ``total`` minutes; ``ends`` as far as it can be said.

    untimed  how many cases have no time, so that nothing after them has one either
    """

    slots: list[Slot]
    total: int
    ends: time | None
    untimed: int


def timetable(meeting: Meeting, items: Iterable[AgendaItem]) -> Timetable:
    """When each case begins, by the minutes planned; what is deferred takes none.

    The clock is that on the wall of the room: no meeting runs over a change of clocks.
    """
    at = _moment(meeting.begins)
    slots, total, untimed = [], 0, 0
    for item in items:
        if item.state == ItemState.DEFERRED:
            slots.append(Slot(item, None))
            continue
        slots.append(Slot(item, at.time() if at else None))
        total += item.minutes_planned or 0
        untimed += item.minutes_planned is None
        at = at + timedelta(minutes=item.minutes_planned) if at and item.minutes_planned else None
    return Timetable(slots, total, at.time() if at and slots else None, untimed)


def move(item: AgendaItem, way: str, *, version: int, by: User | Job) -> AgendaItem:
    """Move a case one place up or down. Raises Stale where it was changed since ``version``."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=rules.NOT_YOURS)
    with act():
        meeting = _held(item)
        refuse_if(rules.why_not_change(meeting))
        rows = list(meeting.agenda.order_by("position", "pk"))
        here = next(place for place, row in enumerate(rows) if row.pk == item.pk)
        if rows[here].version != version:
            raise Stale(rows[here])
        there = here + {UP: -1, DOWN: 1}.get(way, 0)
        if not 0 <= there < len(rows) or there == here:
            raise Refused("This case stands at the end of the agenda already.")
        rows[here], rows[there] = rows[there], rows[here]
        for place, row in enumerate(rows, start=1):
            edit(row, by=by, action="agendaitem.moved", position=place)
    return AgendaItem.objects.get(pk=item.pk)


def plan_item(
    item: AgendaItem,
    *,
    minutes_planned: int | None,
    lead: User | None,
    second: User | None,
    version: int,
    by: User | Job,
) -> AgendaItem:
    """Say how long a case is given, who leads it and who reads it as the second.

    Raises Stale where it was changed since ``version``, Refused where one of them may not.
    """
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=rules.NOT_YOURS)
    with act():
        meeting = _held(item)
        if meeting.state == MeetingState.CLOSED:
            raise Refused("This meeting is closed, so its agenda stays as it was.")
        refuse_if(why_not_read_first(item, lead, second))
        said: dict[str, Any] = {"minutes_planned": minutes_planned, "lead": lead, "second": second}
        return edit(item, by=by, version=version, action="agendaitem.planned", **said)


def why_not_read_first(item: AgendaItem, lead: User | None, second: User | None) -> str:
    """Why these two cannot be lead and second reader of a case; "" means they can."""
    if lead is not None and lead == second:
        return "The lead and the second reader are two different people."
    invited = set(item.meeting.attendance.values_list("user", flat=True))
    for person, may, what in ((lead, LEADS, "lead it"), (second, JUDGES, "be its second reader")):
        if person is None:
            continue
        if person.pk not in invited:
            return f"{person} is not invited to this meeting."
        stands = declarations.part(item, person)
        if stands is not None and stands not in may:
            return f"{person} declared an interest in this case, so they cannot {what}."
    return ""


def defer(
    item: AgendaItem, *, why: str, version: int, by: User | Job, at: datetime | None = None
) -> AgendaItem:
    """Put a case off to a later meeting: it stays ready and keeps its serial."""
    if not why.strip():
        raise Refused("Say why the case is deferred.")
    with act():
        row = _with_meeting(item)
        refuse_if(rules.why_not_defer(row))
        who = None if isinstance(by, Job) else by
        stamps: dict[str, Any] = {"deferred_at": at or timezone.now(), "deferred_by": who}
        stamps |= {"why_deferred": why.strip()}
        return step(row, ItemState.DEFERRED, by=by, version=version, **stamps)


def take_up(item: AgendaItem, *, version: int, by: User | Job) -> AgendaItem:
    """The case is discussed at this meeting after all."""
    with act():
        row = _with_meeting(item)
        case = Case.objects.held(row.case_id)
        refuse_if(rules.why_not_take_up(row, meeting_ahead(case)))
        stamps: dict[str, Any] = {"deferred_at": None, "deferred_by": None, "why_deferred": ""}
        return step(row, ItemState.LISTED, by=by, version=version, **stamps)


def discussed(item: AgendaItem, *, by: User | Job) -> None:
    """The panel found something on the case at this meeting."""
    if item.state != ItemState.DISCUSSED:
        step(item, ItemState.DISCUSSED, by=by)


def before(items: Sequence[AgendaItem]) -> dict[int, AgendaItem]:
    """Where each case was last on an agenda before, by the key of the item; others are not in it.

    The order of its agendas is that in which it was put on them.
    """
    cases = {item.case_id: item for item in items}
    found: dict[int, AgendaItem] = {}
    rows = AgendaItem.objects.filter(case__in=cases).select_related("meeting").order_by("pk")
    for row in rows:
        if row.pk < cases[row.case_id].pk:
            found[cases[row.case_id].pk] = row
    return found


def last_discussed(earlier: AgendaItem, when: str = "") -> str:
    """Where a case was before, in words for the panel.

    when  in words; without it, the day
    """
    when = when or f"on {earlier.meeting.held_on:%-d %B %Y}"
    if earlier.state == ItemState.DEFERRED:
        return f"Deferred {when}: {earlier.why_deferred}"
    if earlier.state == ItemState.DISCUSSED:
        return f"Last discussed {when}."
    return f"Was on the agenda {when}, and was not reached."


def _moment(begins: time | None) -> datetime | None:
    return datetime.combine(date(2000, 1, 3), begins) if begins else None


def _held(item: AgendaItem) -> Meeting:
    return Meeting.objects.select_for_update().get(pk=item.meeting_id)


def _with_meeting(item: AgendaItem) -> AgendaItem:
    """The item as it is now, behind its own lock, with its meeting."""
    row = AgendaItem.objects.select_for_update(of=("self",)).select_related("meeting", "case")
    found: AgendaItem = row.get(pk=item.pk)
    return found
