"""The rows of an invented panel: its meetings, their agendas, and what was found at them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from analytics.synthesis.calendar import Calendar, at
from analytics.synthesis.cases import signed_off_at
from analytics.synthesis.marginals import happens
from analytics.synthesis.people import People
from cdop.core.dates import start_of
from cdop.core.identifiers import DRAWN
from cdop.panel.models import AgendaItem, Attendance, Meeting
from cdop.panel.states import MeetingState
from cdop.reviews.analysis_models import Analysis, ChosenCategory, DomainGrade, Factor
from cdop.reviews.content import Content, primary
from cdop.reviews.models import Finding
from cdop.reviews.states import FindingState, Reached

PLACE = "Example Town Hall"
AGENDA_IS_SENT = timedelta(days=14)  # before the meeting
OPENED, RECORDED, CLOSED = 10, 12, 16  # o'clock


def meeting_on(day: date, calendar: Calendar) -> Meeting:
    """The meeting of a day: closed if the calendar got that far, else planned."""
    if not calendar.held(day):
        return Meeting(held_on=day, place=PLACE)
    opened_at, closed_at = at(day, OPENED), at(day, CLOSED)
    closed = MeetingState.CLOSED
    return Meeting(held_on=day, place=PLACE, state=closed, opened_at=opened_at, closed_at=closed_at)


def planned_at(meeting: Meeting) -> datetime:
    """When the people of a meeting were invited and its cases put on the agenda."""
    return start_of(meeting.held_on - AGENDA_IS_SENT)


def attendance_at(meeting: Meeting, people: People, random: Random) -> Iterator[Attendance]:
    """Who is invited to each seat, and whether they came; a quorum always does."""
    for seat in meeting.edition.core_membership:
        if seat.code in people.seats:
            came, user = seat.quorum or happens(random, 80), people.seats[seat.code]
            accepted = came and meeting.state == MeetingState.CLOSED
            yield Attendance(
                meeting=meeting,
                user=user,
                sits_as=seat.code,
                accepted_at=meeting.opened_at if accepted else None,
                accepted_by=user if accepted else None,
                present=came if meeting.state == MeetingState.CLOSED else None,
            )


def serial(random: Random) -> str:
    """A serial like those of ``panel.serials``; the S keeps it apart from all of them."""
    symbols = "".join(random.choices(DRAWN, k=4))
    return f"S{symbols[:3]}-{symbols[3]}"


def analysis_of(content: Content, meeting: Meeting) -> Analysis:
    """What was found, in one row; ``parts`` has the rest of it."""
    edition = meeting.edition
    return Analysis(
        edition=edition.code,
        cause=content.cause,
        summary=content.summary,
        expectedness=content.expectedness,
        category=primary(content, edition),
        modifiable=content.modifiable,
    )


def categories(analysis: Analysis, content: Content) -> Iterator[ChosenCategory]:
    for code in content.categories:
        yield ChosenCategory(analysis=analysis, code=code)


def grades(analysis: Analysis, content: Content) -> Iterator[DomainGrade]:
    for domain, graded in content.grades.items():
        yield DomainGrade(analysis=analysis, domain=domain, grade=graded.grade)


def factors(analysis: Analysis, content: Content) -> Iterator[Factor]:
    for line in content.factors:
        yield Factor(
            analysis=analysis,
            position=line.line,
            domain=line.domain,
            code=line.code,
            words=line.words,
            grade=line.grade,
            modifiable=bool(line.modifiable),
        )


def finding_of(item: AgendaItem, analysis: Analysis, people: People) -> Finding:
    """The finding, recorded by the chair in the meeting and signed off after it."""
    held_on = item.meeting.held_on
    return Finding(
        case=item.case,
        item=item,
        analysis=analysis,
        state=FindingState.SIGNED_OFF,
        reached=Reached.AGREED,
        recorded_at=at(held_on, RECORDED),
        recorded_by=people.chair,
        signed_off_at=signed_off_at(held_on),
        signed_off_by=people.chair,
    )
