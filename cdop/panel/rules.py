"""Why a step of a meeting cannot be taken: each rule is a sentence, and "" means it can."""

from __future__ import annotations

from collections.abc import Iterable

from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.editions import Edition
from cdop.panel import quorum
from cdop.panel.models import THEMED, AgendaItem, Attendance, Meeting
from cdop.panel.states import ItemState, MeetingState

NOT_YOURS = "Your role does not do this to a meeting."
REVIEWED = (CaseState.REVIEWED, CaseState.CLOSED)


def why_not_change(meeting: Meeting) -> str:
    """Why date, place, invitations or agenda cannot be changed any more."""
    if meeting.state == MeetingState.PLANNED:
        return ""
    return f"This meeting is {meeting.state_label}, so its plan can no longer be changed."


def why_not_plan(kind: str, theme: str) -> str:
    """Why a plan does not fit together."""
    if kind == THEMED and not theme:
        return "Say the theme of a themed meeting."
    return ""


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


def why_not_record_attendance(meeting: Meeting) -> str:
    """Why attendance can no longer be changed."""
    if meeting.state == MeetingState.CLOSED:
        return "This meeting is closed, so its attendance stays as it was recorded."
    return ""


def why_not_open(meeting: Meeting, edition: Edition, attendance: Iterable[Attendance]) -> str:
    """Why the chair cannot open the meeting now."""
    if meeting.state != MeetingState.PLANNED:
        return f"This meeting is {meeting.state_label} already."
    return quorum.why_not_quorate(quorum.seats(edition, attendance))


def why_not_defer(item: AgendaItem) -> str:
    """Why a case cannot be put off to a later meeting."""
    if item.meeting.state == MeetingState.CLOSED:
        return "This meeting is closed. A case without a finding can come to a later one by itself."
    if item.state == ItemState.DISCUSSED:
        return "A finding on this case was recorded at this meeting, so it is not deferred."
    return "This case is deferred already." if item.state == ItemState.DEFERRED else ""


def why_not_take_up(item: AgendaItem, elsewhere: Meeting | None) -> str:
    """Why a case that was deferred is not taken up again at the same meeting."""
    if item.state != ItemState.DEFERRED:
        return f"This case is not deferred: it is {item.state_label}."
    if item.meeting.state == MeetingState.CLOSED:
        return "This meeting is closed. Put the case on the agenda of a later one."
    if elsewhere is not None:
        return f"This case is on the agenda of {elsewhere.held_on:%-d %B %Y} by now."
    return ""
