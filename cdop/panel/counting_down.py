"""The list of what is still open before a meeting, for who arranges and who chairs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.timezone import localdate

from cdop.core import casework
from cdop.core.dates import days_between
from cdop.core.jinja import count, day
from cdop.panel import declarations, paper_reading, quorum
from cdop.panel.declarations import Declaration
from cdop.panel.models import AgendaItem, Attendance
from cdop.panel.paper_models import Paper
from cdop.panel.states import READS, ItemState

if TYPE_CHECKING:
    from cdop.core.users import User
    from cdop.panel.models import Meeting


@dataclass(frozen=True)
class OfCase:
    """What is open of one case, in sentences; none where nothing is."""

    item: AgendaItem
    open: list[str]


@dataclass(frozen=True)
class Countdown:
    """What is open before a meeting.

    days        whole days until it; negative once its day is over
    papers      when the papers are due, in words
    late        whether the papers are overdue while something of them is missing
    cases       case by case, the deferred left out
    silent      who has not answered the invitation
    unaccepted  who has not accepted the confidentiality statement
    undecided   the interests that nobody has decided on
    sure        the seats by those who said that they come
    possible    whether a quorum can still come about, if nobody else says no; "" where it can
    """

    days: int
    papers: str
    late: bool
    cases: list[OfCase]
    silent: list[Attendance]
    unaccepted: list[Attendance]
    undecided: list[Declaration]
    sure: list[quorum.Seat]
    possible: str


def of(meeting: Meeting, user: User, today: date | None = None) -> Countdown:
    """The list of a meeting, with what later stages add for each case."""
    today = today or localdate()
    agenda = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
    waiting = agenda.exclude(state=ItemState.DEFERRED).order_by("position", "pk")
    items = list(waiting.select_related("meeting", "case", "lead", "second"))
    rows = list(meeting.attendance.select_related("user").order_by("pk"))
    parts = declarations.parts(items)
    unread = _unread(meeting, items, parts)
    due = meeting.papers_due_on
    return Countdown(
        days=days_between(today, meeting.held_on),
        papers=_papers(due, today),
        late=bool(due and due < today and None in unread.values()),
        cases=_cases(items, unread),
        silent=[row for row in rows if row.coming is None],
        unaccepted=[row for row in rows if not row.accepted_at],
        undecided=[
            row for row in declarations.of_meeting(meeting, user) if row.state == "declared"
        ],
        sure=quorum.seats(meeting.edition, rows, quorum.said_yes),
        possible=_possible(meeting, rows, items, parts),
    )


def _unread(
    meeting: Meeting, items: Sequence[AgendaItem], parts: declarations.Parts
) -> dict[int, list[str] | None]:
    """By the key of each case, who has not opened its papers; None where none are released.

    Whoever has to leave for a case is not to read its papers.
    """
    readers = paper_reading.readers(meeting)
    released = set(Paper.objects.filter(item__in=items).values_list("item", flat=True))
    return {
        item.pk: [
            str(each.user)
            for each in readers[item.pk]
            if not each.has_read and parts.get((item.pk, each.user.pk)) in (None, *READS)
        ]
        if item.pk in released
        else None
        for item in items
    }


def _cases(items: Sequence[AgendaItem], unread: Mapping[int, list[str] | None]) -> list[OfCase]:
    said: dict[int, list[str]] = {item.pk: _missing(item, unread[item.pk]) for item in items}
    for stage in casework.stages():
        if provider := getattr(stage, "countdown", None):
            for key, sentences in provider(items).items():
                said[key] += sentences
    return [OfCase(item, said[item.pk]) for item in items]


def _missing(item: AgendaItem, unread: Sequence[str] | None) -> list[str]:
    missing = ["The papers are not released."] if unread is None else []
    missing += [] if item.minutes_planned else ["No time is planned."]
    missing += [] if item.lead_id else ["Nobody leads it yet."]
    return missing + ([f"Its papers were not opened by {', '.join(unread)}."] if unread else [])


def _papers(due: date | None, today: date) -> str:
    if due is None:
        return "no day is set."
    left = days_between(today, due)
    if left < 0:
        return f"were due on {day(due)}, {count(-left, 'day')} ago."
    return f"due on {day(due)}, {'today' if left == 0 else 'in ' + count(left, 'day')}."


def _possible(
    meeting: Meeting,
    rows: list[Attendance],
    items: list[AgendaItem],
    parts: declarations.Parts,
) -> str:
    """Why a quorum cannot come about any more, at the meeting or on a case; "" where it can."""
    said = [
        _unfilled("The meeting", quorum.seats(meeting.edition, rows, quorum.might_come)),
    ]
    for item in items:
        why_not = quorum.judging(item, parts, quorum.might_come)
        said.append(_unfilled(str(item), quorum.seats(meeting.edition, rows, why_not)))
    return " ".join(filter(None, said))


def _unfilled(what: str, places: list[quorum.Seat]) -> str:
    told = [f"{place.seat.label} ({place.why_empty})" for place in quorum.empty(places)]
    return f"{what}: no quorum without {'; '.join(told)}." if told else ""
