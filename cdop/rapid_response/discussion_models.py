"""Meetings of the agencies about one death, and what they agreed to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.cases.models import Case
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.documents import Document
from cdop.core.records import Record
from cdop.rapid_response.states import (
    AGREED_STEPS,
    DISCUSSION_STEPS,
    AgreedState,
    DiscussionState,
)


@dataclass(frozen=True)
class Decided:
    """What a meeting decided, as it is sealed."""

    decisions: str = ""

    catalogue: ClassVar[dict[str, Note]] = {
        "decisions": Note("What was decided", "S51", Sensitivity.IDENTITY, Seen.RESPONDERS)
    }


@dataclass(frozen=True)
class Agreed:
    """What somebody is to do after a meeting, as it is sealed."""

    what: str = ""

    catalogue: ClassVar[dict[str, Note]] = {
        "what": Note("What is to be done", "S51", Sensitivity.IDENTITY, Seen.RESPONDERS)
    }


class Discussion(Record):
    """One meeting of agencies about one death. Its kind is a code of the case's edition.

    ``agencies`` are codes of the vocabulary "leads"; ``present`` names people by their role.
    """

    STEPS = DISCUSSION_STEPS

    case = models.ForeignKey(Case, models.PROTECT, related_name="discussions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=20, default=DiscussionState.PLANNED)
    planned_for = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    chair = models.CharField(max_length=200, blank=True)
    agencies = models.JSONField(default=list)
    present = models.TextField(blank=True)
    sealed = models.BinaryField()
    minutes = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")
    to_coroner_on = models.DateField(null=True)
    why = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("About which case", "", Sensitivity.NONE, Seen.NOBODY),
        "number": Note("Which of its meetings", "", Sensitivity.NONE, Seen.RESPONDERS),
        "kind": Note("What kind of meeting", "S53", Sensitivity.NONE, Seen.RESPONDERS),
        "state": Note("Where it stands", "", Sensitivity.NONE, Seen.RESPONDERS),
        "planned_for": Note("For when it is planned", "", Sensitivity.CLOCK, Seen.RESPONDERS),
        "held_at": Note("When it was held", "S51", Sensitivity.CLOCK, Seen.RESPONDERS),
        "chair": Note("Who led it, by role", "S55", Sensitivity.STAFF, Seen.RESPONDERS),
        "agencies": Note("Which agencies were there", "S51", Sensitivity.NONE, Seen.RESPONDERS),
        "present": Note("Who was there, by role", "S51", Sensitivity.STAFF, Seen.RESPONDERS),
        "sealed": Note("What was decided, sealed", "S51", Sensitivity.IDENTITY, Seen.RESPONDERS),
        "minutes": Note("The file of its minutes", "", Sensitivity.NONE, Seen.RESPONDERS),
        "to_coroner_on": Note(
            "When the minutes went to the coroner", "", Sensitivity.CLOCK, Seen.RESPONDERS
        ),
        "why": Note("Why it was cancelled", "", Sensitivity.PERSONAL, Seen.RESPONDERS),
        "recorded_at": Note("When it was recorded", "", Sensitivity.NONE, Seen.RESPONDERS),
        "recorded_by": Note("Who recorded it", "", Sensitivity.STAFF, Seen.RESPONDERS),
    }

    class Meta:
        verbose_name = "meeting"
        ordering: ClassVar = ["case_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="discussion_number_once"),
            models.CheckConstraint(
                name="discussion_held_when_and_led_by_somebody",
                condition=Q(state="held", held_at__isnull=False) & ~Q(chair="")
                | ~Q(state="held") & Q(held_at=None),
            ),
            models.CheckConstraint(
                name="discussion_planned_for_some_time",
                condition=~Q(state="planned") | Q(planned_for__isnull=False),
            ),
            models.CheckConstraint(
                name="discussion_cancelled_for_a_reason",
                condition=~Q(state="cancelled") | ~Q(why=""),
            ),
            models.CheckConstraint(
                name="discussion_sent_to_the_coroner_once_held",
                condition=Q(to_coroner_on=None) | Q(state="held"),
            ),
        ]

    def __str__(self) -> str:
        return f"meeting {self.number} about case {self.case_id}"

    @property
    def state_label(self) -> str:
        return DiscussionState(self.state).label


class AgreedAction(Record):
    """Something that a meeting of the agencies agreed: what, which agency, by when."""

    STEPS = AGREED_STEPS

    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="actions")
    sealed = models.BinaryField()
    lead = models.CharField(max_length=40)
    due_on = models.DateField()
    state = models.CharField(max_length=20, default=AgreedState.OPEN)
    settled_on = models.DateField(null=True)
    note = models.TextField(blank=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "discussion": Note("Agreed in which meeting", "", Sensitivity.NONE, Seen.RESPONDERS),
        "sealed": Note("What is to be done, sealed", "S51", Sensitivity.IDENTITY, Seen.RESPONDERS),
        "lead": Note("Which agency does it", "S51", Sensitivity.NONE, Seen.RESPONDERS),
        "due_on": Note("By when", "S51", Sensitivity.CLOCK, Seen.RESPONDERS),
        "state": Note("Where it stands", "", Sensitivity.NONE, Seen.RESPONDERS),
        "settled_on": Note("When it was done", "", Sensitivity.CLOCK, Seen.RESPONDERS),
        "note": Note("What came of it", "", Sensitivity.PERSONAL, Seen.RESPONDERS),
    }

    class Meta:
        verbose_name = "action"
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="agreed_action_settled_when",
                condition=Q(state="open", settled_on=None)
                | (~Q(state="open") & Q(settled_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="agreed_action_dropped_for_a_reason",
                condition=~Q(state="dropped") | ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"action of {self.discussion_id}"

    @property
    def audit_case(self) -> int | None:
        return self.discussion.case_id
