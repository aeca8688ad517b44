"""Whether the panel can decide: each seat of the edition's core membership, and why one is empty.

A seat counts when somebody who sits on it came. For one case somebody counts who did not declare an
interest in it, or takes part all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdop.panel import declarations
from cdop.panel.states import JUDGES, DeclarationState

if TYPE_CHECKING:
    from cdop.editions import Edition
    from cdop.editions.schema import CoreMember
    from cdop.panel.models import AgendaItem, Attendance

D = DeclarationState
WhyNot = Callable[["Attendance"], str]
"""Why somebody who is invited does not fill their seat; "" means that they do."""
NOBODY = "nobody is invited for it"
APART = {
    D.DECLARED: "{} declared an interest, which is not decided yet",
    D.ANSWERS: "{} answers questions only",
    D.LEAVES: "{} leaves for this case",
}


@dataclass(frozen=True)
class Seat:
    """One seat, and why it is empty; "" means that somebody fills it."""

    seat: CoreMember
    why_empty: str

    @property
    def present(self) -> bool:
        return not self.why_empty


def came(row: Attendance) -> str:
    """Who was recorded as here fills a seat."""
    return "" if row.present else f"{row.user} is not here"


def said_yes(row: Attendance) -> str:
    """Before the meeting: who said that they come will fill a seat."""
    if row.coming is None:
        return f"{row.user} has not answered"
    return "" if row.coming else f"{row.user} cannot come"


def might_come(row: Attendance) -> str:
    """Before the meeting: who did not say no may fill a seat."""
    return f"{row.user} cannot come" if row.coming is False else ""


def judging(
    item: AgendaItem, declared: declarations.Parts, also: WhyNot = came
) -> Callable[[Attendance], str]:
    """Of one case: who fills a seat at the meeting and has no interest that keeps them from it."""

    def why_not(row: Attendance) -> str:
        stands = declared.get((item.pk, row.user_id))
        if stands is not None and stands not in JUDGES:
            return APART[stands].format(row.user)
        return also(row)

    return why_not


def seats(edition: Edition, attendance: Iterable[Attendance], why_not: WhyNot = came) -> list[Seat]:
    """Each seat of the edition's core membership, in its order, with why it is empty."""
    said: dict[str, list[str]] = {}
    for row in attendance:
        said.setdefault(row.sits_as, []).append(why_not(row))
    return [Seat(seat, _why_empty(said.get(seat.code, []))) for seat in edition.core_membership]


def empty(places: Iterable[Seat]) -> list[Seat]:
    """Those without which the panel does not decide and that nobody fills."""
    return [place for place in places if place.seat.quorum and not place.present]


def why_not_quorate(places: Iterable[Seat]) -> str:
    """Which of the seats without which the panel does not decide are empty at the meeting."""
    labels = "; ".join(place.seat.label for place in empty(places))
    if not labels:
        return ""
    return f"The panel cannot decide without these members, who are not here: {labels}."


def why_not_decide_on(item: AgendaItem) -> str:
    """Why the panel cannot decide on one case of a meeting as it stands; "" means it can."""
    rows = item.meeting.attendance.select_related("user")
    why_not = judging(item, declarations.parts([item]))
    return why_not_for_case(seats(item.meeting.edition, rows, why_not))


def why_not_for_case(places: Iterable[Seat]) -> str:
    """The same, out of the seats as they count for the case."""
    told = "; ".join(f"{place.seat.label} ({place.why_empty})" for place in empty(places))
    return f"The panel cannot decide on this case without: {told}." if told else ""


def _why_empty(reasons: list[str]) -> str:
    if not reasons:
        return NOBODY
    return "" if "" in reasons else "; ".join(reasons)
