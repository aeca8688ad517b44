"""What is done with a meeting: plan, invite, put cases on the agenda, open, close.

Each act asks the rule and the person's permission, and changes nothing where it refuses.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django.utils import timezone

from cdop.cases.models import Case
from cdop.core.audit import Job, act
from cdop.core.clocks import due_at
from cdop.core.dates import london_date, start_of
from cdop.core.organisations import closed_days
from cdop.core.refusals import Refused, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import create, edit, step
from cdop.editions import one
from cdop.panel import rules
from cdop.panel.declarations import carry_over
from cdop.panel.minutes import draft
from cdop.panel.models import ORDINARY, AgendaItem, Attendance, Meeting
from cdop.panel.queries import meeting_ahead
from cdop.panel.serials import serial_for
from cdop.panel.states import MeetingState
from cdop.panel.terms import proposed
from cdop.rapid_response.actions import start_clock

if TYPE_CHECKING:
    from cdop.core.users import User

PAPERS = "send_pack"
"""The task of every edition's checklist by which the papers of a meeting are due."""


class Plan(TypedDict, total=False):
    """What a plan says beside its day: codes of the edition, days and times of London."""

    begins: time | None
    place: str
    kind: str
    theme: str
    papers_due_on: date | None


def plan(*, held_on: date, by: User | Job, **said: Unpack[Plan]) -> Meeting:
    """Plan a meeting of the panel; without a day for its papers, by the time of the edition."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=rules.NOT_YOURS)
    refuse_if(rules.why_not_plan(said.get("kind", ORDINARY), said.get("theme", "")))
    meeting = Meeting(held_on=held_on, **said)
    meeting.papers_due_on = meeting.papers_due_on or papers_due_on(meeting)
    return create(meeting, by=by)


def papers_due_on(meeting: Meeting) -> date:
    """The last day in time for the papers of a meeting, by its edition's checklist."""
    task = one(meeting.edition.checklist, PAPERS)
    due = due_at(task.due, {"panel": start_of(meeting.held_on)}, closed_days())
    return london_date(due) if due else meeting.held_on


def change_plan(
    meeting: Meeting, *, held_on: date, version: int, by: User | Job, **said: Unpack[Plan]
) -> Meeting:
    """Change the plan of a meeting; what is due before the panel moves with the day.

    Raises Stale where somebody else changed it since ``version``.
    """
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=rules.NOT_YOURS)
    with act():
        row = _locked(meeting)
        refuse_if(rules.why_not_change(row))
        said = {"papers_due_on": row.papers_due_on, **said}
        refuse_if(rules.why_not_plan(said.get("kind", row.kind), said.get("theme", row.theme)))
        if not said["papers_due_on"]:
            said["papers_due_on"] = papers_due_on(Meeting(held_on=held_on))
        row = edit(row, by=by, version=version, held_on=held_on, **said)
        for item in row.agenda.all():
            start_clock(item.case_id, "panel", start_of(held_on), by=by)
    return row


def invite(
    meeting: Meeting,
    user: User,
    *,
    sits_as: str,
    by: User | Job,
    stands_in_for: User | None = None,
) -> Attendance:
    """Invite a person on a seat of the core membership; invited before, they change seats.

    stands_in_for  whose place they take, at this meeting alone
    """
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=rules.NOT_YOURS)
    if stands_in_for == user:
        raise Refused("Nobody takes their own place.")
    with act():
        row = _locked(meeting)
        refuse_if(rules.why_not_change(row))
        place: dict[str, Any] = {"sits_as": sits_as, "stands_in_for": stands_in_for}
        invited = row.attendance.filter(user=user).first()
        if invited:
            return edit(invited, by=by, **place)
        return create(Attendance(meeting=row, user=user, **place), by=by)


def invite_by_terms(meeting: Meeting, *, by: User | Job) -> list[Attendance]:
    """Invite everybody whom the terms of office propose and who can be; return who was."""
    with act():
        row = _locked(meeting)
        found = [each for each in proposed(row) if not each.why_not]
        return [
            invite(row, each.user, sits_as=each.seat.code, stands_in_for=each.stands_in_for, by=by)
            for each in found
        ]


def put_on_agenda(meeting: Meeting, case: Case, *, by: User | Job) -> AgendaItem:
    """Put a case that is ready at the end of the agenda, under its panel serial.

    Starts the "panel" clock of the case's checklist at the beginning of the meeting's day.
    """
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=rules.NOT_YOURS)
    with act():
        row = _locked(meeting)
        case = Case.objects.held(case.pk)
        refuse_if(rules.why_not_put_on(case, row, meeting_ahead(case)))
        item = AgendaItem(
            meeting=row, case=case, position=row.agenda.count() + 1, serial=serial_for(case)
        )
        create(item, by=by)
        carry_over(item, by=by)
        start_clock(case.pk, "panel", start_of(row.held_on), by=by)
    return item


def record_attendance(meeting: Meeting, present: Collection[int], *, by: User | Job) -> None:
    """Record who came.

    present  primary keys of the people who are here; all others who were invited are not
    """
    refuse_unless(
        by, Permission.MEETINGS_ARRANGE, Permission.MEETINGS_RUN, otherwise=rules.NOT_YOURS
    )
    with act():
        row = _locked(meeting)
        refuse_if(rules.why_not_record_attendance(row))
        for invited in row.attendance.all():
            edit(invited, by=by, present=invited.user_id in present)


def open_meeting(meeting: Meeting, *, by: User | Job, at: datetime | None = None) -> Meeting:
    """Open the meeting: from now on members see each other's reviews, and findings are recorded."""
    with act():
        row = _locked(meeting)
        refuse_unless(by, Permission.MEETINGS_RUN, otherwise=rules.NOT_YOURS)
        refuse_if(rules.why_not_open(row, row.edition, row.attendance.all()))
        return step(row, MeetingState.OPEN, by=by, opened_at=at or timezone.now())


def close_meeting(meeting: Meeting, *, by: User | Job, at: datetime | None = None) -> Meeting:
    """Close the meeting; its minutes are drafted out of what was recorded.

    A case without a finding stays ready and can come to a later one.
    """
    with act():
        row = step(meeting, MeetingState.CLOSED, by=by, closed_at=at or timezone.now())
        draft(row, by=by)
    return row


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update().get(pk=meeting.pk)
