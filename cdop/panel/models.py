"""Panel meetings: who is invited, which cases are on the agenda, under which panel serial."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from cdop import editions
from cdop.cases.models import Case
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.editions import Edition
from cdop.panel.states import STEPS, MeetingState

if TYPE_CHECKING:
    from cdop.core.users import User


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> MeetingQuerySet:
        """All meetings for those who arrange them, else those to which one is invited."""
        if user.can(Permission.MEETINGS_ARRANGE):
            return self
        if user.can(Permission.PACKS_READ):
            return self.filter(pk__in=Attendance.objects.filter(user=user).values("meeting"))
        return self.none()

    def not_closed(self) -> MeetingQuerySet:
        return self.exclude(state=MeetingState.CLOSED)


class Meeting(Record):
    """One meeting of the panel."""

    STEPS = STEPS

    held_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, default=MeetingState.PLANNED)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = MeetingQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "held_on": Note("Day of the meeting", "C", Sensitivity.NONE, Seen.PANEL),
        "place": Note("Where it is held", "", Sensitivity.NONE, Seen.PANEL),
        "state": Note("Where it stands", "", Sensitivity.NONE, Seen.PANEL),
        "opened_at": Note("When the chair opened it", "", Sensitivity.NONE, Seen.PANEL),
        "closed_at": Note("When the chair closed it", "", Sensitivity.NONE, Seen.PANEL),
    }

    class Meta:
        ordering: ClassVar = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"Panel meeting of {self.held_on:%-d %B %Y}"

    @property
    def state_label(self) -> str:
        return MeetingState(self.state).label

    @property
    def edition(self) -> Edition:
        """The guidance by which the panel reviews: the one in force on the day of the meeting."""
        return editions.in_force(self.held_on)


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, user: User) -> AgendaItemQuerySet:
        """The items of the meetings that the person sees."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class AgendaItem(Record):
    """One case at one meeting, under a serial that says nothing outside the panel."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    case = models.ForeignKey(Case, models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    serial = models.CharField(max_length=20)
    summary = models.TextField(blank=True)

    objects = AgendaItemQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "meeting": Note("At which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "case": Note("Which case", "", Sensitivity.NONE, Seen.TEAM),
        "position": Note("Place on the agenda", "", Sensitivity.NONE, Seen.PANEL),
        "serial": Note("What the panel calls the case", "", Sensitivity.NONE, Seen.PANEL),
        "summary": Note(
            "The case in a few anonymised words", "C", Sensitivity.PERSONAL, Seen.PANEL
        ),
    }

    class Meta:
        ordering: ClassVar = ["meeting_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "case"], name="agenda_case_once_a_meeting"),
            models.UniqueConstraint(
                fields=["meeting", "serial"], name="agenda_serial_once_a_meeting"
            ),
        ]

    def __str__(self) -> str:
        return self.serial


class Attendance(Record):
    """One person invited to one meeting, in a role of the panel, and whether they came."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sits_as = models.CharField(max_length=40)
    present = models.BooleanField(null=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "meeting": Note("Which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "user": Note("Who is invited", "C", Sensitivity.STAFF, Seen.PANEL),
        "sits_as": Note(
            "For which part of the core membership", "C", Sensitivity.STAFF, Seen.PANEL
        ),
        "present": Note("Whether they came", "C", Sensitivity.STAFF, Seen.PANEL),
    }

    class Meta:
        verbose_name_plural = "attendance"
        ordering: ClassVar = ["meeting_id", "sits_as", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "user"], name="attendance_once_a_meeting")
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.meeting}"
