"""Why a step of a meeting cannot be taken: each rule is a sentence, and "" means it can."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.editions import Edition
from cdop.editions.schema import CoreMember
from cdop.panel.models import Attendance, Meeting
from cdop.panel.states import MeetingState

REVIEWED = (CaseState.REVIEWED, CaseState.CLOSED)


@dataclass(frozen=True)
class Seat:
    """One seat of the core membership, and whether somebody who sits on it came."""

    seat: CoreMember
    present: bool


def why_not_change(meeting: Meeting) -> str:
    """Why date, place, invitations or agenda cannot be changed any more."""
    if meeting.state == MeetingState.PLANNED:
        return ""
    return f"This meeting is {meeting.state_label}, so its plan can no longer be changed."


def why_not_put_on(case: Case, meeting: Meeting, elsewhere: Meeting | None) -> str:
    """Why a case cannot go on the agenda of a meeting.

    elsewhere  the meeting, planned or open, on whose agenda the case already is
    """
    if changed := why_not_change(meeting):
        return changed
    if case.state in REVIEWED:
        return f"The panel has reviewed this case already: it is {case.state_label}."
    if case.state != CaseState.READY:
        return f"This case is not ready for panel: it is {case.state_label}."
    if elsewhere is not None:
        return f"This case is already on the agenda of {elsewhere.held_on:%-d %B %Y}."
    return ""


def why_not_write_summary(meeting: Meeting) -> str:
    """Why the summary of a case stays as it is: members have read it and decide on it."""
    if meeting.state == MeetingState.CLOSED:
        return "This meeting is closed, so the papers that it had before it stay as they were."
    return ""


def why_not_record_attendance(meeting: Meeting) -> str:
    """Why attendance can no longer be changed."""
    if meeting.state == MeetingState.CLOSED:
        return "This meeting is closed, so its attendance stays as it was recorded."
    return ""


def seats(edition: Edition, attendance: Iterable[Attendance]) -> list[Seat]:
    """Each seat of the edition's core membership, in its order, with whether somebody came."""
    came = {row.sits_as for row in attendance if row.present}
    return [Seat(seat, seat.code in came) for seat in edition.core_membership]


def why_not_quorate(edition: Edition, attendance: Iterable[Attendance]) -> str:
    """Which of the seats without which the panel does not decide are empty."""
    empty = [
        place.seat.label
        for place in seats(edition, attendance)
        if place.seat.quorum and not place.present
    ]
    if not empty:
        return ""
    return f"The panel cannot decide without these members, who are not here: {'; '.join(empty)}."


def why_not_open(meeting: Meeting, edition: Edition, attendance: Iterable[Attendance]) -> str:
    """Why the chair cannot open the meeting now."""
    if meeting.state != MeetingState.PLANNED:
        return f"This meeting is {meeting.state_label} already."
    return why_not_quorate(edition, attendance)
