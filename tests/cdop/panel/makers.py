"""Makers of meetings for tests, with one member on every seat that is needed."""

from datetime import date

from django.utils import timezone

from cdop.cases import actions as cases
from cdop.cases.models import Case
from cdop.core.steps import create
from cdop.panel import actions
from cdop.panel.models import AgendaItem, Attendance, Meeting
from tests.cast import TESTS, person
from tests.makers import opened_case

HELD_ON = date(2014, 9, 18)
NEEDED = ("public_health", "child_health", "social_care", "police")


def ready_case(answers: dict | None = None) -> Case:
    """A case that has what the panel needs."""
    return cases.make_ready(opened_case(answers), by=TESTS)


def planned_meeting(*members, chair=None, held_on: date = HELD_ON) -> Meeting:
    """A meeting to which the chair and members are invited, each on a seat that is needed.

    All of them accepted the confidentiality statement.
    """
    meeting = actions.plan(held_on=held_on, place="Room 1", by=TESTS)
    for user, seat in zip(members, NEEDED, strict=False):
        seated(meeting, user, seat)
    if chair:
        seated(meeting, chair, "chair")
    return meeting


def seated(meeting: Meeting, user, seat: str) -> Attendance:
    """Somebody invited on a seat, who accepted the confidentiality statement."""
    accepted = {"accepted_at": timezone.now(), "accepted_by": user}
    return create(Attendance(meeting=meeting, user=user, sits_as=seat, **accepted), by=TESTS)


def on_agenda(meeting: Meeting, case: Case | None = None) -> AgendaItem:
    """A case that is ready, put on the agenda."""
    return actions.put_on_agenda(meeting, case or ready_case(), by=TESTS)


def opened(meeting: Meeting, *, chair) -> Meeting:
    """The meeting opened by the chair, with somebody on every seat that is needed."""
    from_before = meeting.attendance.values_list("sits_as", flat=True)
    for seat in [seat for seat in NEEDED if seat not in set(from_before)]:
        seated(meeting, person_for(seat), seat)
    everybody = set(meeting.attendance.values_list("user", flat=True))
    actions.record_attendance(meeting, everybody, by=TESTS)
    return actions.open_meeting(meeting, by=chair)


def person_for(seat: str):
    """A panel member for a seat, made anew."""
    return person("member", f"Member for {seat}")
