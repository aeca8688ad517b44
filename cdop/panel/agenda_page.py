"""What the page of a meeting says of its agenda, to this person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cdop.panel import agenda, declarations, queries, quorum, readiness, reading
from cdop.panel.declarations import Declaration
from cdop.panel.queries import AgendaState
from cdop.panel.states import DeclarationState, ItemState, MeetingState

if TYPE_CHECKING:
    from datetime import time

    from cdop.core.users import User
    from cdop.panel.models import AgendaItem, Meeting


@dataclass(frozen=True)
class Line:
    """One case of an agenda as a person sees it.

    states    what the later stages say about it
    begins    when its turn comes, where that is known
    own       the person's own declaration in it, if one stands
    others    the declarations of others in it that the person sees
    closed    why its papers, reviews and finding are not open for them
    remarks   where it was before, which cases belong with it
    empty     why the panel could not decide on it now, once it is recorded who came
    """

    item: AgendaItem
    states: list[AgendaState]
    begins: time | None
    own: Declaration | None = None
    others: list[Declaration] = field(default_factory=list)
    closed: str = ""
    remarks: list[str] = field(default_factory=list)
    empty: str = ""

    @property
    def left(self) -> bool:
        return _leaves(self.own)


def of(meeting: Meeting, user: User) -> dict[str, Any]:
    """``agenda timetable statement``: the lines, their times, why papers are closed altogether.

    Whoever leaves for a case sees that it is on the agenda and when to go, and nothing more of it.
    """
    said = queries.agenda(meeting, user)
    items = [line.item for line in said]
    table = agenda.timetable(meeting, items)
    times = {slot.item.pk: slot.begins for slot in table.slots}
    statement = reading.why_not_read_any(meeting, user)
    own, others = _declared(meeting, user)
    remarks, empty = _remarks(items, user), _empty(meeting, items)
    lines = [
        Line(
            item=line.item,
            states=[] if _leaves(own.get(line.item.pk)) else line.states,
            begins=times[line.item.pk],
            own=own.get(line.item.pk),
            others=others.get(line.item.pk, []),
            closed=statement or _closed(own.get(line.item.pk)),
            remarks=[] if _closed(own.get(line.item.pk)) else remarks.get(line.item.pk, []),
            empty=empty.get(line.item.pk, ""),
        )
        for line in said
    ]
    return {"agenda": lines, "timetable": table, "statement": statement}


def _declared(
    meeting: Meeting, user: User
) -> tuple[dict[int, Declaration], dict[int, list[Declaration]]]:
    """By the key of the item, the person's own declaration, and those of others that they see."""
    own: dict[int, Declaration] = {}
    others: dict[int, list[Declaration]] = {}
    for row in declarations.of_meeting(meeting, user):
        if row.user_id == user.pk:
            own[row.item_id] = row
        else:
            others.setdefault(row.item_id, []).append(row)
    return own, others


def _remarks(items: list[AgendaItem], user: User) -> dict[int, list[str]]:
    """Where each case was before, and which cases belong with it."""
    found = {key: [agenda.last_discussed(row)] for key, row in agenda.before(items).items()}
    for key, sentences in readiness.family_on_agenda(items, user).items():
        found.setdefault(key, []).extend(sentences)
    return found


def _leaves(own: Declaration | None) -> bool:
    return own is not None and own.state == DeclarationState.LEAVES


def _closed(own: Declaration | None) -> str:
    if own is None:
        return ""
    if own.state == DeclarationState.DECLARED:
        return reading.NOT_DECIDED
    return "Its papers are not open for you." if _leaves(own) else ""


def _empty(meeting: Meeting, items: list[AgendaItem]) -> dict[int, str]:
    """Why the panel cannot decide on a case, by its key, while the meeting is open."""
    if meeting.state != MeetingState.OPEN:
        return {}
    rows, parts = list(meeting.attendance.select_related("user")), declarations.parts(items)
    return {
        item.pk: quorum.why_not_for_case(
            quorum.seats(meeting.edition, rows, quorum.judging(item, parts))
        )
        for item in items
        if item.state != ItemState.DEFERRED
    }
