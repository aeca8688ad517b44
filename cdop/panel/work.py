"""What the panel puts on other pages: meetings to prepare and open, where a case is, events."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core.casework import CasePanel, Event, OnCase, Task
from cdop.core.dates import end_of, start_of
from cdop.core.jinja import count as number_of
from cdop.core.roles import Permission
from cdop.core.rows import rows_of
from cdop.panel import declarations, redaction
from cdop.panel.declarations import Declaration
from cdop.panel.minutes import Minutes, why_not_approve
from cdop.panel.models import AgendaItem, Attendance, Meeting
from cdop.panel.queries import meeting_ahead
from cdop.panel.states import ItemState, MeetingState, MinutesState

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Panel"


def tasks_for(user: User) -> list[Task]:
    """Papers and minutes to finish and meetings to plan for the team; for a chair meetings to open
    or close, interests to decide on and minutes to approve; for all an invitation to answer and a
    statement to accept.
    """
    ahead = Meeting.objects.visible_to(user).not_closed().order_by("held_on", "pk")
    tasks = _own(ahead, user)
    if user.can(Permission.MEETINGS_ARRANGE):
        tasks += _to_prepare(ahead) + _to_release(ahead) + _to_plan(ahead)
        tasks += _minutes(user, MinutesState.DRAFT)
    if user.can(Permission.MEETINGS_RUN):
        tasks += [_to_run(meeting) for meeting in ahead] + _to_decide(user)
        tasks += _minutes(user, MinutesState.WITH_CHAIR)
    return tasks


def clocks_of(case: Case) -> dict[str, datetime]:
    """The panel's clock: the day of the last meeting that has the case on its agenda."""
    held_on = AgendaItem.objects.filter(case=case).aggregate(on=Max("meeting__held_on"))["on"]
    return {"panel": start_of(held_on)} if held_on else {}


def names_in(words: str, case: Case, by: User) -> list[str]:
    """What in the words says who the child was; the reading of the identity is recorded."""
    return [hit.sentence for hit in redaction.check(words, case, by=by)]


def on_case(case: Case, user: User) -> OnCase:
    """At which meetings the case is or was, and under which serial; the section for the team."""
    items = _items(case)
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
    return [Event(_at(item), f"{_verb(item)} {item.meeting} as {item}", STAGE) for item in items]


def ahead(case: Case) -> list[Event]:
    """The meeting at which the panel is to meet on the case."""
    items = _items(case)
    return [event for event in _events(items) if event.at > timezone.now()]


def why_not_leave(case: Case) -> str:
    """A case that members may be reading stays until its meeting is over."""
    meeting = meeting_ahead(case)
    if meeting is None:
        return ""
    return f"This case is on the agenda of {meeting.held_on:%-d %B %Y}. It stays until then."


def _items(case: Case) -> list[AgendaItem]:
    found = rows_of(AgendaItem, "case", case.pk, "meeting")
    return sorted(found, key=lambda item: (item.meeting.held_on, item.pk))


def _at(item: AgendaItem) -> datetime:
    meeting = item.meeting
    return item.deferred_at or meeting.opened_at or start_of(meeting.held_on)


def _verb(item: AgendaItem) -> str:
    if item.state == ItemState.DEFERRED:
        return "Deferred at the"
    return "On the agenda of the" if item.meeting.state == MeetingState.PLANNED else "Came to the"


def _own(ahead: QuerySet[Meeting], user: User) -> list[Task]:
    """What somebody who is invited still has to say: whether they come, that they keep silent."""
    if not user.can(Permission.PACKS_READ):
        return []
    places = Attendance.objects.filter(user=user, meeting__in=ahead.values("pk"))
    tasks = []
    for place in places.select_related("meeting").order_by("meeting__held_on", "pk"):
        meeting = place.meeting
        if meeting.state == MeetingState.PLANNED and place.coming is None:
            tasks.append(_task(f"{meeting}: say whether you come", meeting))
        if not place.accepted_at and place.coming is not False:
            tasks.append(_task(f"{meeting}: accept the confidentiality statement", meeting))
    return tasks


def _to_decide(user: User) -> list[Task]:
    """The interests on which this person decides, meeting by meeting."""
    waiting = Declaration.objects.visible_to(user).to_decide()
    rows = waiting.select_related("item__meeting").order_by("item__meeting__held_on", "pk")
    led = declarations.parts([row.item for row in rows])
    meetings: dict[int, tuple[Meeting, int]] = {}
    for row in rows:
        if row.user_id != user.pk and (row.item_id, user.pk) not in led:
            meeting = row.item.meeting
            meetings[meeting.pk] = (meeting, meetings.get(meeting.pk, (meeting, 0))[1] + 1)
    return [
        Task(
            f"{meeting}: decide on {number_of(number, 'declared interest')}",
            reverse("panel:declarations", args=[meeting.pk]),
            due_at=end_of(meeting.held_on),
            overdue=meeting.held_on < localdate(),
            stage=STAGE,
        )
        for meeting, number in meetings.values()
    ]


def _minutes(user: User, state: MinutesState) -> list[Task]:
    """The minutes of closed meetings that this person has to finish, or to approve."""
    rows = Minutes.objects.visible_to(user).filter(state=state)
    rows = rows.filter(meeting__state=MeetingState.CLOSED).select_related("meeting")
    verb = "Finish" if state == MinutesState.DRAFT else "Approve"
    return [
        Task(
            f"{verb} the minutes of the meeting of {row.meeting.held_on:%-d %B %Y}",
            reverse("panel:minutes", args=[row.meeting_id]),
            stage=STAGE,
        )
        for row in rows.order_by("meeting__held_on", "pk")
        if state == MinutesState.DRAFT or not why_not_approve(row, user)
    ]


def _to_prepare(ahead: QuerySet[Meeting]) -> list[Task]:
    """Planned meetings that no case is on yet."""
    listed = AgendaItem.objects.filter(state=ItemState.LISTED).values("meeting")
    empty = ahead.filter(state=MeetingState.PLANNED).exclude(pk__in=listed)
    return [
        _task(f"{meeting}: put cases on the agenda", meeting, _due(meeting)) for meeting in empty
    ]


def _to_release(ahead: QuerySet[Meeting]) -> list[Task]:
    """Planned meetings with cases whose papers no member can read yet."""
    unread = Count("agenda", filter=Q(agenda__papers=None), distinct=True)
    planned = ahead.filter(state=MeetingState.PLANNED).annotate(unread=unread)
    return [
        _task(f"{meeting}: release the papers of {_cases(meeting.unread)}", meeting, _due(meeting))
        for meeting in planned
        if meeting.unread
    ]


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"


def _due(meeting: Meeting) -> date:
    """By when the papers have to be there."""
    return meeting.papers_due_on or meeting.held_on


def _to_plan(ahead: QuerySet[Meeting]) -> list[Task]:
    """Cases that are ready while no meeting has them on its agenda."""
    waiting = Case.objects.filter(state=CaseState.READY)
    listed = AgendaItem.objects.not_deferred().filter(meeting__in=ahead.values("pk"))
    waiting = waiting.exclude(pk__in=listed.values("case"))
    if not (count := waiting.count()):
        return []
    words = "case is" if count == 1 else "cases are"
    text = f"{count} {words} ready and on no agenda"
    return [Task(text, reverse("panel:meetings"), count=count, stage=STAGE)]


def _to_run(meeting: Meeting) -> Task:
    if meeting.state == MeetingState.OPEN:
        return _task(f"{meeting} is open: record the findings, then close it", meeting)
    return _task(f"Open the {str(meeting)[:1].lower()}{str(meeting)[1:]}", meeting)


def _task(text: str, meeting: Meeting, due_on: date | None = None) -> Task:
    due_on = due_on or meeting.held_on
    return Task(
        text,
        reverse("panel:meeting", args=[meeting.pk]),
        due_at=end_of(due_on),
        overdue=due_on < localdate(),
        stage=STAGE,
    )
