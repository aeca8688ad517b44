"""Who reads what of a meeting: the confidentiality statement first, and no case of one's own."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop.core.audit import act
from cdop.core.refusals import Refused, refuse_if
from cdop.core.roles import Permission
from cdop.core.steps import edit
from cdop.panel import declarations
from cdop.panel.models import Attendance, Meeting
from cdop.panel.states import DeclarationState, MeetingState

if TYPE_CHECKING:
    from cdop.core.users import User
    from cdop.panel.models import AgendaItem

NOT_INVITED = "You are not invited to this meeting."
NOT_ACCEPTED = (
    "Read and accept the confidentiality statement on the page of the meeting first. The papers "
    "open for you then."
)
NOT_DECIDED = (
    "You declared an interest in this case. Its papers, reviews and finding are closed for you "
    "until somebody who chairs has decided what it means for your part in it."
)


def own_attendance(meeting: Meeting, user: User) -> Attendance | None:
    """The person's own place at a meeting, if they are invited."""
    return meeting.attendance.filter(user=user).select_related("stands_in_for").first()


def why_not_read_any(meeting: Meeting, user: User) -> str:
    """Why somebody reads no papers of a meeting yet; "" means they may.

    The team makes the papers and is asked for no statement, unless it sits on the panel.
    """
    place = own_attendance(meeting, user)
    if place is None:
        return "" if user.can(Permission.MEETINGS_ARRANGE) else NOT_INVITED
    return "" if place.accepted_at else NOT_ACCEPTED


def unaccepted(user: User) -> set[int]:
    """The keys of the meetings whose statement this person is asked for and has not accepted."""
    places = Attendance.objects.filter(user=user, accepted_at=None)
    return set(places.order_by().values_list("meeting", flat=True))


def why_not_read(item: AgendaItem, user: User) -> str:
    """Why somebody does not read the papers, reviews and finding of one case now.

    Asked of an item that the person sees: whoever leaves for it does not see it at all.
    """
    if why := why_not_read_any(item.meeting, user):
        return why
    waits = declarations.part(item, user) == DeclarationState.DECLARED
    return NOT_DECIDED if waits else ""


def must_read(item: AgendaItem, user: User) -> AgendaItem:
    """The item, if the person may read it. Raises Refused (403) with the reason if not."""
    refuse_if(why_not_read(item, user), HTTPStatus.FORBIDDEN)
    return item


def accept_statement(
    meeting: Meeting, user: User, *, by: User, at: datetime | None = None
) -> Attendance:
    """Record that an invited person accepts the confidentiality statement of one meeting.

    By themselves, or by who records the meeting, as they said it in the room. Accepted before, the
    first time stands.
    """
    records = by.can(Permission.MEETINGS_ARRANGE) or by.can(Permission.MEETINGS_RUN)
    if by.pk != user.pk and not records:
        raise Refused("You accept the statement for yourself alone.", HTTPStatus.FORBIDDEN)
    with act():
        row = _place(meeting, user)
        if row.accepted_at:
            return row
        said: dict[str, Any] = {"accepted_at": at or timezone.now(), "accepted_by": by}
        return edit(row, by=by, action="attendance.statement_accepted", **said)


def answer_invitation(meeting: Meeting, user: User, *, coming: bool, by: User) -> Attendance:
    """Record whether an invited person comes, as long as the meeting is planned."""
    if by.pk != user.pk and not by.can(Permission.MEETINGS_ARRANGE):
        raise Refused("You answer your own invitation.", HTTPStatus.FORBIDDEN)
    with act():
        row = _place(meeting, user)
        if row.meeting.state != MeetingState.PLANNED:
            raise Refused(f"This meeting is {row.meeting.state_label}: who came is recorded.")
        said: dict[str, Any] = {"coming": coming, "answered_at": timezone.now()}
        return edit(row, by=by, action="attendance.answered", **said)


def _place(meeting: Meeting, user: User) -> Attendance:
    """A person's place, behind the lock of the meeting. Raises Refused where they have none."""
    row = Meeting.objects.select_for_update().get(pk=meeting.pk)
    place = row.attendance.filter(user=user).first()
    if place is None:
        raise Refused(f"{user} is not invited to this meeting.")
    place.meeting = row
    return place
