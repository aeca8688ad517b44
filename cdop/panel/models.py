"""Panel meetings: who is invited, which cases are on the agenda, under which panel serial."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop import editions
from cdop.cases.models import Case
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.editions import Edition
from cdop.panel.states import ITEM_STEPS, STEPS, DeclarationState, ItemState, MeetingState

if TYPE_CHECKING:
    from cdop.core.users import User

KINDS = "meeting_kinds"
ORDINARY, NEONATAL, THEMED = "ordinary", "neonatal", "themed"
"""The kinds of meeting that every edition has."""


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
    begins = models.TimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=40, default=ORDINARY)
    theme = models.CharField(max_length=200, blank=True)
    papers_due_on = models.DateField(null=True)
    state = models.CharField(max_length=20, default=MeetingState.PLANNED)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = MeetingQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "held_on": Note("Day of the meeting", "C", Sensitivity.NONE, Seen.PANEL),
        "begins": Note("At what time it begins", "", Sensitivity.NONE, Seen.PANEL),
        "place": Note("Where it is held", "", Sensitivity.NONE, Seen.PANEL),
        "kind": Note("What it is for", "", Sensitivity.NONE, Seen.PANEL),
        "theme": Note("The theme of a themed meeting", "", Sensitivity.NONE, Seen.PANEL),
        "papers_due_on": Note("When the papers are due", "", Sensitivity.NONE, Seen.PANEL),
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

    @property
    def kind_label(self) -> str:
        return self.edition.vocabularies[KINDS].label(self.kind)


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, user: User) -> AgendaItemQuerySet:
        """The items of the meetings that the person sees, but for those for which they leave.

        Whoever leaves for a case leaves it in every role.
        """
        seen = self.filter(meeting__in=Meeting.objects.visible_to(user))
        return seen.exclude(pk__in=_declared(user, DeclarationState.LEAVES))

    def readable_by(self, user: User) -> AgendaItemQuerySet:
        """Those whose papers, reviews and finding the person may read.

        Not those in which they declared an interest that nobody has decided on yet.
        """
        return self.visible_to(user).exclude(pk__in=_declared(user, DeclarationState.DECLARED))

    def not_deferred(self) -> AgendaItemQuerySet:
        return self.exclude(state=ItemState.DEFERRED)


def _declared(user: User, state: DeclarationState) -> models.QuerySet:
    """Keys of the items in which a person has declared an interest that stands so."""
    found = AgendaItem.objects.filter(declarations__user=user, declarations__state=state)
    return found.order_by().values("pk")


class AgendaItem(Record):
    """One case at one meeting, under a serial that says nothing outside the panel."""

    STEPS = ITEM_STEPS

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    case = models.ForeignKey(Case, models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    serial = models.CharField(max_length=20)
    minutes_planned = models.PositiveSmallIntegerField(null=True)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=20, default=ItemState.LISTED)
    deferred_at = models.DateTimeField(null=True)
    deferred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    why_deferred = models.TextField(blank=True)

    objects = AgendaItemQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "meeting": Note("At which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "case": Note("Which case", "", Sensitivity.NONE, Seen.TEAM),
        "position": Note("Place on the agenda", "", Sensitivity.NONE, Seen.PANEL),
        "serial": Note("What the panel calls the case", "", Sensitivity.NONE, Seen.PANEL),
        "minutes_planned": Note("How many minutes it is given", "", Sensitivity.NONE, Seen.PANEL),
        "lead": Note("Who leads the case", "", Sensitivity.STAFF, Seen.PANEL),
        "second": Note("Who reads it as the second", "", Sensitivity.STAFF, Seen.PANEL),
        "state": Note("What became of it at this meeting", "", Sensitivity.NONE, Seen.PANEL),
        "deferred_at": Note("When it was deferred", "", Sensitivity.NONE, Seen.PANEL),
        "deferred_by": Note("Who recorded that", "", Sensitivity.STAFF, Seen.PANEL),
        "why_deferred": Note("Why it was deferred", "", Sensitivity.PERSONAL, Seen.PANEL),
    }

    class Meta:
        ordering: ClassVar = ["meeting_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "case"], name="agenda_case_once_a_meeting"),
            models.UniqueConstraint(
                fields=["meeting", "serial"], name="agenda_serial_once_a_meeting"
            ),
            models.CheckConstraint(
                name="agenda_deferred_when_by_whom_and_why",
                condition=Q(state="deferred", deferred_at__isnull=False) & ~Q(why_deferred="")
                | ~Q(state="deferred") & Q(deferred_at=None, deferred_by=None, why_deferred=""),
            ),
            models.CheckConstraint(
                name="agenda_read_by_two_people",
                condition=Q(lead=None) | Q(second=None) | ~Q(lead=models.F("second")),
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def state_label(self) -> str:
        return ItemState(self.state).label


class Attendance(Record):
    """One person invited to one meeting, in a role of the panel, and whether they came."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sits_as = models.CharField(max_length=40)
    stands_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    coming = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    present = models.BooleanField(null=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "meeting": Note("Which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "user": Note("Who is invited", "C", Sensitivity.STAFF, Seen.PANEL),
        "sits_as": Note(
            "For which part of the core membership", "C", Sensitivity.STAFF, Seen.PANEL
        ),
        "stands_in_for": Note(
            "Whose place they take at this meeting alone", "", Sensitivity.STAFF, Seen.PANEL
        ),
        "coming": Note("Whether they said that they come", "", Sensitivity.STAFF, Seen.PANEL),
        "answered_at": Note("When they answered", "", Sensitivity.STAFF, Seen.PANEL),
        "accepted_at": Note(
            "When the confidentiality statement was accepted", "", Sensitivity.STAFF, Seen.PANEL
        ),
        "accepted_by": Note("Who recorded that", "", Sensitivity.STAFF, Seen.PANEL),
        "present": Note("Whether they came", "C", Sensitivity.STAFF, Seen.PANEL),
    }

    class Meta:
        verbose_name_plural = "attendance"
        ordering: ClassVar = ["meeting_id", "sits_as", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "user"], name="attendance_once_a_meeting"),
            models.CheckConstraint(
                name="attendance_answered_what_and_when",
                condition=Q(coming=None, answered_at=None)
                | Q(coming__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="attendance_statement_accepted_when_and_by_whom",
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="attendance_nobody_stands_in_for_themselves",
                condition=Q(stands_in_for=None) | ~Q(stands_in_for=models.F("user")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.meeting}"
