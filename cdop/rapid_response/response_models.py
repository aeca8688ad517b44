"""Whether a response was started, and the flat row by which the first weeks are counted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.cases.models import Case
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.rapid_response.states import RESPONSE_STEPS, Known, ResponseState


class Response(Record):
    """Whether the response to an unexpected death was started, by whose decision and why.

    ``criteria`` are codes of the case's edition; none means that none applies. Without a row nobody
    has decided yet, or nobody has recorded it.
    """

    STEPS = RESPONSE_STEPS

    case = models.OneToOneField(Case, models.PROTECT, related_name="rapid_response")
    state = models.CharField(max_length=20)
    criteria = models.JSONField(default=list)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.NOBODY),
        "state": Note("Whether it was started", "S20", Sensitivity.NONE, Seen.RESPONDERS),
        "criteria": Note("Which criteria apply", "S20", Sensitivity.PERSONAL, Seen.RESPONDERS),
        "decided_at": Note("When it was decided", "S20", Sensitivity.CLOCK, Seen.RESPONDERS),
        "decided_by": Note("Who decided it, by role", "S20", Sensitivity.STAFF, Seen.RESPONDERS),
        "why": Note(
            "Why, where the criteria say otherwise", "", Sensitivity.PERSONAL, Seen.RESPONDERS
        ),
        "recorded_at": Note("When it was recorded", "", Sensitivity.NONE, Seen.RESPONDERS),
        "recorded_by": Note("Who recorded it", "", Sensitivity.STAFF, Seen.RESPONDERS),
    }

    class Meta:
        verbose_name = "response"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="response_was_decided_by_somebody", condition=~Q(decided_by="")
            ),
            models.CheckConstraint(
                name="response_has_a_reason_where_not_needed",
                condition=Q(state=ResponseState.STARTED) | ~Q(why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"response to the death of case {self.case_id}"


class ResponseFacts(Record):
    """What is counted of the first weeks: one flat row per case, without a word about the child.

    The action that decides a column writes it (``rapid_response.facts``); "" and None mean that
    nobody has said. ``visit_hours`` are elapsed hours from the death. ``care_why`` is the reason
    for every "no" and "does not apply" but that about the ambulance, which has its own.
    """

    case = models.OneToOneField(
        Case, models.PROTECT, primary_key=True, related_name="response_facts"
    )
    response = models.CharField(max_length=20, blank=True)
    criteria_met = models.BooleanField(null=True)
    visit = models.CharField(max_length=20, blank=True)
    visit_hours = models.FloatField(null=True)
    ambulance_protocol = models.CharField(max_length=20, blank=True, choices=Known.choices)
    ambulance_why = models.TextField(blank=True)
    history_taken = models.CharField(max_length=20, blank=True, choices=Known.choices)
    examination = models.CharField(max_length=20, blank=True, choices=Known.choices)
    samples = models.CharField(max_length=20, blank=True, choices=Known.choices)
    skeletal_survey = models.CharField(max_length=20, blank=True, choices=Known.choices)
    care_why = models.TextField(blank=True)
    discussions_held = models.PositiveSmallIntegerField(default=0)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.NOBODY),
        "response": Note(
            "Whether a response was started", "S20", Sensitivity.NONE, Seen.RESPONDERS
        ),
        "criteria_met": Note(
            "Whether any criterion applies", "S20", Sensitivity.NONE, Seen.RESPONDERS
        ),
        "visit": Note("Who visited", "SEED", Sensitivity.NONE, Seen.RESPONDERS),
        "visit_hours": Note(
            "Hours from the death to it", "S51", Sensitivity.PERSONAL, Seen.RESPONDERS
        ),
        "ambulance_protocol": Note(
            "Whether the ambulance service followed its protocol",
            "SEED",
            Sensitivity.NONE,
            Seen.RESPONDERS,
        ),
        "ambulance_why": Note("If not, why", "SEED", Sensitivity.PERSONAL, Seen.RESPONDERS),
        "history_taken": Note(
            "Whether a history was taken", "S44", Sensitivity.NONE, Seen.RESPONDERS
        ),
        "examination": Note(
            "Whether the child was examined", "", Sensitivity.NONE, Seen.RESPONDERS
        ),
        "samples": Note("Whether samples were taken", "S50", Sensitivity.NONE, Seen.RESPONDERS),
        "skeletal_survey": Note(
            "Whether there was a skeletal survey", "S50", Sensitivity.NONE, Seen.RESPONDERS
        ),
        "care_why": Note(
            "Why what was not done was not", "", Sensitivity.PERSONAL, Seen.RESPONDERS
        ),
        "discussions_held": Note(
            "How many discussions of agencies were held", "S53", Sensitivity.NONE, Seen.RESPONDERS
        ),
    }

    class Meta:
        verbose_name_plural = "response facts"

    def __str__(self) -> str:
        return f"what is counted of the first weeks of case {self.case_id}"
