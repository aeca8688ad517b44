"""What the panel puts on other pages: meetings to prepare and open, where a case is, events."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core.casework import CasePanel, Event, OnCase, Task
from cdop.core.dates import end_of, start_of
from cdop.core.roles import Permission
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.queries import meeting_ahead
from cdop.panel.states import MeetingState

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Panel"


def tasks_for(user: User) -> list[Task]:
    """Papers to finish and meetings to plan for the team; meetings to open or close for a chair."""
    ahead = Meeting.objects.visible_to(user).not_closed().order_by("held_on", "pk")
    tasks = []
    if user.can(Permission.MEETINGS_ARRANGE):
        tasks += _to_prepare(ahead) + _to_release(ahead) + _to_plan(ahead)
    if user.can(Permission.MEETINGS_RUN):
        tasks += [_to_run(meeting) for meeting in ahead]
    return tasks


def on_case(case: Case, user: User) -> OnCase:
    """At which meetings the case is or was, and under which serial; the section for the team."""
    items = list(_items(case))
    arranges = user.can(Permission.MEETINGS_ARRANGE)
    return OnCase(_panel(items) if arranges else None, tuple(_events(items)))


def _panel(items: list[AgendaItem]) -> CasePanel:
    if not items:
        return CasePanel(STAGE, "not on an agenda")
    last = items[-1].meeting
    return CasePanel(
        STAGE,
        f"{last}, {last.state_label}",
        lines=tuple(("On the agenda", f"{item.meeting} as {item}") for item in items),
        links=(("Meeting", reverse("panel:meeting", args=[last.pk])),),
    )


def _events(items: list[AgendaItem]) -> list[Event]:
    """Each meeting that has the case on its agenda: when it was opened, else its day."""
    return [
        Event(_at(item.meeting), f"{_verb(item.meeting)} {item.meeting} as {item}", STAGE)
        for item in items
    ]


def why_not_leave(case: Case) -> str:
    """A case that members may be reading stays until its meeting is over."""
    meeting = meeting_ahead(case)
    if meeting is None:
        return ""
    return f"This case is on the agenda of {meeting.held_on:%-d %B %Y}. It stays until then."


def _items(case: Case) -> QuerySet[AgendaItem]:
    return (
        AgendaItem.objects.filter(case=case)
        .select_related("meeting")
        .order_by("meeting__held_on", "pk")
    )


def _at(meeting: Meeting) -> datetime:
    return meeting.opened_at or start_of(meeting.held_on)


def _verb(meeting: Meeting) -> str:
    return "On the agenda of the" if meeting.state == MeetingState.PLANNED else "Came to the"


def _to_prepare(ahead: QuerySet[Meeting]) -> list[Task]:
    unwritten = Count("agenda", filter=Q(agenda__summary=""))
    planned = ahead.filter(state=MeetingState.PLANNED)
    counted = planned.annotate(cases=Count("agenda"), unwritten=unwritten)
    return [
        _task(f"{meeting}: {_missing(meeting)}", meeting)
        for meeting in counted
        if not meeting.cases or meeting.unwritten
    ]


def _to_release(ahead: QuerySet[Meeting]) -> list[Task]:
    """Planned meetings with cases whose papers no member can read yet."""
    unread = Count("agenda", filter=Q(agenda__papers=None), distinct=True)
    planned = ahead.filter(state=MeetingState.PLANNED).annotate(unread=unread)
    return [
        _task(f"{meeting}: release the papers of {_cases(meeting.unread)}", meeting)
        for meeting in planned
        if meeting.unread
    ]


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"


def _missing(meeting: Meeting) -> str:
    cases, unwritten = meeting.cases, meeting.unwritten  # type: ignore[attr-defined]
    if not cases:
        return "put cases on the agenda"
    return f"write {unwritten} {'summary' if unwritten == 1 else 'summaries'}"


def _to_plan(ahead: QuerySet[Meeting]) -> list[Task]:
    """Cases that are ready while no meeting has them on its agenda."""
    waiting = Case.objects.filter(state=CaseState.READY)
    waiting = waiting.exclude(agenda_items__meeting__in=ahead.values("pk"))
    if not (count := waiting.count()):
        return []
    words = "case is" if count == 1 else "cases are"
    text = f"{count} {words} ready and on no agenda"
    return [Task(text, reverse("panel:meetings"), count=count, stage=STAGE)]


def _to_run(meeting: Meeting) -> Task:
    if meeting.state == MeetingState.OPEN:
        return _task(f"{meeting} is open: record the findings, then close it", meeting)
    return _task(f"Open the {str(meeting)[:1].lower()}{str(meeting)[1:]}", meeting)


def _task(text: str, meeting: Meeting) -> Task:
    return Task(
        text,
        reverse("panel:meeting", args=[meeting.pk]),
        due_at=end_of(meeting.held_on),
        overdue=meeting.held_on < localdate(),
        stage=STAGE,
    )
