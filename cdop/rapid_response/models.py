"""The first days and weeks: one row per task and case, and the joint visit as its own fact."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.cases.models import Case
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.rapid_response.states import MADE, STEPS, ItemState, VisitOutcome


class ChecklistItem(Record):
    """One task on one case: led by an agency, due by a clock, judged by when it was done.

    What the task says stands in the case's edition under ``task``. ``due_at`` is empty
    until its clock has started. ``told_at`` is when this system learnt of the task, where that was
    not with the first notification of the case; ``told_by`` is the import that told it, if one did.
    """

    STEPS = STEPS

    case = models.ForeignKey(Case, models.PROTECT, related_name="checklist")
    position = models.PositiveSmallIntegerField()
    task = models.CharField(max_length=60)
    required = models.BooleanField()
    due_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=20, default=ItemState.OPEN)
    done_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    present = models.CharField(max_length=500, blank=True)
    by_response = models.BooleanField(default=False)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.NOBODY),
        "position": Note("Place in the checklist", "", Sensitivity.NONE, Seen.NOBODY),
        "task": Note("Which task of the edition", "", Sensitivity.NONE, Seen.RESPONDERS),
        "required": Note("Whether it must be settled", "", Sensitivity.NONE, Seen.RESPONDERS),
        "due_at": Note("When it is due", "", Sensitivity.CLOCK, Seen.RESPONDERS),
        "told_at": Note(
            "When this system learnt of it, if after the first notification",
            "",
            Sensitivity.NONE,
            Seen.RESPONDERS,
        ),
        "told_by": Note("Which import brought it, if one did", "", Sensitivity.NONE, Seen.TEAM),
        "state": Note("Where it stands", "", Sensitivity.NONE, Seen.RESPONDERS),
        "done_at": Note("When it was done", "", Sensitivity.CLOCK, Seen.RESPONDERS),
        "settled_by": Note("Who recorded it", "", Sensitivity.STAFF, Seen.RESPONDERS),
        "settled_at": Note("When it was recorded", "", Sensitivity.NONE, Seen.RESPONDERS),
        "note": Note("What was done, or why not", "", Sensitivity.PERSONAL, Seen.RESPONDERS),
        "present": Note("Who was there, by role", "S51", Sensitivity.STAFF, Seen.RESPONDERS),
        "by_response": Note(
            "Whether it is set aside because no response was started",
            "",
            Sensitivity.NONE,
            Seen.RESPONDERS,
        ),
    }

    class Meta:
        verbose_name = "task"
        ordering: ClassVar = ["case_id", "position"]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="checklist_open_by_due")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "task"], name="checklist_task_once_per_case"),
            models.CheckConstraint(
                name="checklist_done_when",
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at=None)),
            ),
            models.CheckConstraint(
                name="checklist_settled_when_and_by_whom",
                condition=Q(state="open", settled_at=None, settled_by=None)
                | (~Q(state="open") & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="checklist_reason_where_not_done",
                condition=~Q(state__in=["not_done", "not_applicable"]) | ~Q(note=""),
            ),
            models.CheckConstraint(
                name="checklist_by_response_only_where_set_aside",
                condition=Q(by_response=False) | Q(state="not_applicable"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} of case {self.case_id}"

    @property
    def told_from(self) -> datetime:
        """Since when this system has known of the task."""
        return self.told_at or self.case.clocks.notified_at


class Visit(Record):
    """How the home or the place was visited after one death: by whom, when, or why not.

    Apart from the task that asks for it: the task says whether something was done in time, and
    this whether police and health went together, where a visit was indicated at all.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="visit")
    outcome = models.CharField(max_length=20, choices=VisitOutcome.choices)
    visited_at = models.DateTimeField(null=True)
    present = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    why = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.NOBODY),
        "outcome": Note("Who visited", "SEED", Sensitivity.NONE, Seen.RESPONDERS),
        "visited_at": Note("When the visit was made", "S51", Sensitivity.CLOCK, Seen.RESPONDERS),
        "present": Note("Who was there, by role", "S51", Sensitivity.STAFF, Seen.RESPONDERS),
        "decided_by": Note("Who decided it", "S51", Sensitivity.STAFF, Seen.RESPONDERS),
        "why": Note("Why it was not made together", "S51", Sensitivity.PERSONAL, Seen.RESPONDERS),
        "recorded_at": Note("When it was recorded", "", Sensitivity.NONE, Seen.RESPONDERS),
        "recorded_by": Note("Who recorded it", "", Sensitivity.STAFF, Seen.RESPONDERS),
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="visit_has_a_time_where_it_was_made",
                condition=Q(outcome__in=MADE, visited_at__isnull=False)
                | (~Q(outcome__in=MADE) & Q(visited_at=None)),
            ),
            models.CheckConstraint(
                name="visit_has_a_reason_where_not_made_jointly",
                condition=Q(outcome=VisitOutcome.JOINTLY) | ~Q(why=""),
            ),
            models.CheckConstraint(
                name="visit_not_indicated_was_decided_by_somebody",
                condition=~Q(outcome=VisitOutcome.NOT_INDICATED) | ~Q(decided_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"visit after the death of case {self.case_id}"
