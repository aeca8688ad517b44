"""The meeting screen: case after case, with the finding that is written while the panel talks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from cdop.panel import agenda_page, declarations
from cdop.panel.agenda_page import Line
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.states import DeclarationState, ItemState
from cdop.reviews.models import Finding
from cdop.reviews.states import FindingState

if TYPE_CHECKING:
    from cdop.core.users import User

LEAVES = "{} leaves the room, and comes back after it."
ANSWERS = "{} answers questions only."
DOES_NOT_LEAD = "{} takes part, and does not lead."
UNDECIDED = "{} declared an interest. Decide on it before the case begins."
SAID = {
    DeclarationState.LEAVES: LEAVES,
    DeclarationState.ANSWERS: ANSWERS,
    DeclarationState.TAKES_PART: DOES_NOT_LEAD,
    DeclarationState.DECLARED: UNDECIDED,
}
"""What the chair says aloud before a case, by what was decided on an interest in it."""


@dataclass(frozen=True)
class Stop:
    """One case on the way through a meeting.

    stands  where it stands, in words
    mood    of the mark beside them
    closed  why whoever holds the screen has no page of it
    """

    item: AgendaItem
    begins: time | None
    stands: str
    mood: str
    closed: str


@dataclass(frozen=True)
class Way:
    """The cases of a meeting in order, around the one that is on the screen.

    here  its place among them, from 0
    """

    stops: list[Stop]
    here: int

    @property
    def stop(self) -> Stop:
        return self.stops[self.here]

    @property
    def before(self) -> AgendaItem | None:
        """The case before this one, of those that the person has a page of."""
        return next((each.item for each in self.stops[: self.here][::-1] if not each.closed), None)

    @property
    def after(self) -> AgendaItem | None:
        """The case after this one, of those that the person has a page of."""
        return next((each.item for each in self.stops[self.here + 1 :] if not each.closed), None)


def stops(meeting: Meeting, user: User) -> list[Stop]:
    """Every case of the agenda, and where it stands now."""
    lines: list[Line] = agenda_page.of(meeting, user)["agenda"]
    findings = _findings(meeting)
    return [_stop(line, findings.get(line.item.pk)) for line in lines]


def way(item: AgendaItem, user: User) -> Way:
    """The way through the meeting, from the case that is on the screen."""
    found = stops(item.meeting, user)
    return Way(found, next(n for n, each in enumerate(found) if each.item.pk == item.pk))


def first_to_discuss(meeting: Meeting, user: User) -> AgendaItem | None:
    """The first case on which the panel found nothing yet, of those that the person has open."""
    there = (each for each in stops(meeting, user) if not each.closed)
    return next((each.item for each in there if each.item.state == ItemState.LISTED), None)


def said_before(item: AgendaItem) -> list[str]:
    """What the chair says about interests before this case, in sentences."""
    rows = declarations.of_item(item).select_related("user").order_by("declared_at", "pk")
    return [SAID[DeclarationState(row.state)].format(row.user) for row in rows]


def _findings(meeting: Meeting) -> dict[int, Finding]:
    rows: QuerySet[Finding] = Finding.objects.filter(item__meeting=meeting).order_by("number")
    return {row.item_id: row for row in rows}


def _stop(line: Line, finding: Finding | None) -> Stop:
    return Stop(line.item, line.begins, *_stands(line, finding), line.closed)


def _stands(line: Line, finding: Finding | None) -> tuple[str, str]:
    if line.left:
        return "You leave for it", "refused"
    if line.item.state == ItemState.DEFERRED:
        return "Deferred", "late"
    if finding is None:
        return "To come", "waiting"
    return "Signed off" if finding.state == FindingState.SIGNED_OFF else "Recorded", "done"
