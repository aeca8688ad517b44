"""What is done with a meeting: plan, invite, put cases on the agenda, open, close.

Each act asks the rule and the person's permission, and changes nothing where it refuses.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.utils import timezone

from cdop.cases.models import Case
from cdop.core.audit import Job, act
from cdop.core.dates import start_of
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from cdop.core.steps import create, edit, step
from cdop.panel import rules
from cdop.panel.models import AgendaItem, Attendance, Meeting
from cdop.panel.queries import meeting_ahead
from cdop.panel.serials import serial_for
from cdop.panel.states import MeetingState
from cdop.rapid_response.actions import start_clock

if TYPE_CHECKING:
    from cdop.core.users import User


def plan(*, held_on: date, place: str, by: User | Job) -> Meeting:
    """Plan a meeting of the panel."""
    _may(by, Permission.MEETINGS_ARRANGE)
    return create(Meeting(held_on=held_on, place=place), by=by)


def change_plan(
    meeting: Meeting, *, held_on: date, place: str, version: int, by: User | Job
) -> Meeting:
    """Change day or place of a planned meeting; what is due before the panel moves with the day.

    Raises Stale where somebody else changed it since ``version``.
    """
    _may(by, Permission.MEETINGS_ARRANGE)
    with act():
        row = _locked(meeting)
        _refuse(rules.why_not_change(row))
        row = edit(row, by=by, version=version, held_on=held_on, place=place)
        for item in row.agenda.all():
            start_clock(item.case_id, "panel", start_of(held_on), by=by)
    return row


def invite(meeting: Meeting, user: User, *, sits_as: str, by: User | Job) -> Attendance:
    """Invite a person on a seat of the core membership; invited before, they change seats."""
    _may(by, Permission.MEETINGS_ARRANGE)
    with act():
        row = _locked(meeting)
        _refuse(rules.why_not_change(row))
        invited = row.attendance.filter(user=user).first()
        if invited:
            return edit(invited, by=by, sits_as=sits_as)
        return create(Attendance(meeting=row, user=user, sits_as=sits_as), by=by)


def put_on_agenda(meeting: Meeting, case: Case, *, by: User | Job) -> AgendaItem:
    """Put a case that is ready at the end of the agenda, under its panel serial.

    Starts the "panel" clock of the case's checklist at the beginning of the meeting's day.
    """
    _may(by, Permission.MEETINGS_ARRANGE)
    with act():
        row = _locked(meeting)
        case = Case.objects.held(case.pk)
        _refuse(rules.why_not_put_on(case, row, meeting_ahead(case)))
        item = AgendaItem(
            meeting=row, case=case, position=row.agenda.count() + 1, serial=serial_for(case)
        )
        create(item, by=by)
        start_clock(case.pk, "panel", start_of(row.held_on), by=by)
    return item


def write_summary(item: AgendaItem, text: str, *, version: int, by: User | Job) -> AgendaItem:
    """Keep the anonymised summary of a case. Raises Stale where it was changed since ``version``.

    Whether it names anybody is for the form to check (``panel.redaction``).
    """
    _may(by, Permission.MEETINGS_ARRANGE)
    with act():
        _refuse(rules.why_not_write_summary(_locked(item.meeting)))
        return edit(item, by=by, version=version, summary=text)


def record_attendance(meeting: Meeting, present: Collection[int], *, by: User | Job) -> None:
    """Record who came.

    present  primary keys of the people who are here; all others who were invited are not
    """
    _may(by, Permission.MEETINGS_ARRANGE, Permission.MEETINGS_RUN)
    with act():
        row = _locked(meeting)
        _refuse(rules.why_not_record_attendance(row))
        for invited in row.attendance.all():
            edit(invited, by=by, present=invited.user_id in present)


def open_meeting(meeting: Meeting, *, by: User | Job, at: datetime | None = None) -> Meeting:
    """Open the meeting: from now on members see each other's reviews, and findings are recorded."""
    with act():
        row = _locked(meeting)
        _may(by, Permission.MEETINGS_RUN)
        _refuse(rules.why_not_open(row, row.edition, row.attendance.all()))
        return step(row, MeetingState.OPEN, by=by, opened_at=at or timezone.now())


def close_meeting(meeting: Meeting, *, by: User | Job, at: datetime | None = None) -> Meeting:
    """Close the meeting. A case without a finding stays ready and can come to a later one."""
    return step(meeting, MeetingState.CLOSED, by=by, closed_at=at or timezone.now())


def _may(by: User | Job, *permissions: Permission) -> None:
    if not isinstance(by, Job) and not any(by.can(permission) for permission in permissions):
        raise Refused("Your role does not do this to a meeting.", HTTPStatus.FORBIDDEN)


def _refuse(why: str) -> None:
    if why:
        raise Refused(why)


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update().get(pk=meeting.pk)
