"""What the panel recommends, about which areas, and the actions that follow from it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Max, Q

from cdop import editions
from cdop.core import sealing
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.organisations import Organisation
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.core.sealing import DataKey
from cdop.learning.states import (
    ENDED,
    GOING_ON,
    POINT_STEPS,
    RECOMMENDATION_STEPS,
    PointState,
    RecommendationState,
)
from cdop.panel.models import Meeting
from cdop.reviews.analysis_models import Recommended
from cdop.reviews.models import Finding

if TYPE_CHECKING:
    from cdop.core.users import User

LEVELS = "recommendation_levels"
CONTACT = "contact for an action"
NAME_LIMIT = 200


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, user: User) -> RecommendationQuerySet:
        """All for the team and the panel; those about their area for its readers."""
        if user.can(Permission.RECOMMENDATIONS_MANAGE) or user.can(Permission.RECOMMENDATIONS_READ):
            return self
        own = user.hat.area_id if user.hat else None
        if own is None or not user.can(Permission.RECOMMENDATIONS_READ_AREA):
            return self.none()
        return self.about(own)

    def about(self, area: str) -> RecommendationQuerySet:
        """Those about one area, whether or not about others too; by its code."""
        return self.filter(areas__contains=area)

    def going_on(self) -> RecommendationQuerySet:
        return self.filter(state__in=GOING_ON)

    def held(self, key: int) -> Recommendation:
        """The recommendation as it is now, locked: of two acts on it one waits for the other."""
        rows = self.select_for_update(of=("self",))
        return rows.select_related("data_key", "finding__case").get(pk=key)

    def with_due(self) -> RecommendationQuerySet:
        """Each with ``due_on``: the last day of its actions that are to be done; None for none."""
        wanted = ~Q(action_points__state=PointState.DROPPED)
        return self.annotate(due_on=Max("action_points__due_on", filter=wanted))


class Recommendation(Record):
    """What the panel recommends, to whom, and what became of it. It names no child.

    Its key seals the contacts of its actions and letters, and the files that came with it.
    """

    STEPS = RECOMMENDATION_STEPS

    reference = models.CharField(max_length=20, unique=True)
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    words = models.TextField()
    level = models.CharField(max_length=20)
    edition = models.CharField(max_length=20)
    to_whom = models.CharField(max_length=NAME_LIMIT)
    areas = models.CharField(max_length=60)
    made_on = models.DateField()
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="+")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="+")
    line = models.OneToOneField(Recommended, models.PROTECT, null=True, related_name="+")
    factor_edition = models.CharField(max_length=20, blank=True)
    factor = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, default=RecommendationState.MADE)
    accepted_on = models.DateField(null=True)
    accepted_by = models.CharField(max_length=NAME_LIMIT, blank=True)
    ended_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    objects = RecommendationQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, seen)
        for name, meaning, sensitivity, seen in [
            ("reference", "What it is called", Sensitivity.NONE, Seen.PANEL),
            ("data_key", "The key of contacts and files", Sensitivity.NONE, Seen.NOBODY),
            ("words", "What the panel recommends", Sensitivity.NONE, Seen.PANEL),
            ("level", "Local, regional or national", Sensitivity.NONE, Seen.PANEL),
            ("edition", "The guidance that has its level", Sensitivity.NONE, Seen.NOBODY),
            ("to_whom", "To whom, in words", Sensitivity.NONE, Seen.PANEL),
            ("areas", "About which areas, by their codes", Sensitivity.NONE, Seen.PANEL),
            ("made_on", "The day on which it was made", Sensitivity.NONE, Seen.PANEL),
            ("meeting", "At which meeting, if at one", Sensitivity.NONE, Seen.PANEL),
            ("finding", "On which finding, if on one", Sensitivity.PERSONAL, Seen.TEAM),
            ("line", "Out of which line of it", Sensitivity.NONE, Seen.TEAM),
            ("factor_edition", "The guidance that has the factor", Sensitivity.NONE, Seen.TEAM),
            ("factor", "Which factor it is about, if one", Sensitivity.NONE, Seen.TEAM),
            ("state", "Where it stands", Sensitivity.NONE, Seen.PANEL),
            ("accepted_on", "When it was accepted", Sensitivity.NONE, Seen.PANEL),
            ("accepted_by", "Who accepted it", Sensitivity.STAFF, Seen.TEAM),
            ("ended_on", "When it was done, declined or superseded", Sensitivity.NONE, Seen.PANEL),
            ("outcome", "What was done, or why it was not", Sensitivity.NONE, Seen.PANEL),
            ("superseded_by", "Which one took its place", Sensitivity.NONE, Seen.PANEL),
        ]
    }

    class Meta:
        ordering: ClassVar = ["-made_on", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "made_on"], name="recommendation_by_state")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="recommendation_ended_when_and_how",
                condition=Q(state__in=GOING_ON, ended_on=None, outcome="")
                | Q(state__in=ENDED, ended_on__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="recommendation_accepted_when_and_by_whom",
                condition=Q(accepted_on=None, accepted_by="")
                | Q(accepted_on__isnull=False) & ~Q(accepted_by=""),
            ),
            models.CheckConstraint(
                name="recommendation_done_or_accepted_has_its_day",
                condition=~Q(state__in=["accepted", "done"]) | Q(accepted_on__isnull=False),
            ),
            models.CheckConstraint(
                name="recommendation_superseded_by_one_while_superseded",
                condition=Q(superseded_by=None) | Q(state="superseded"),
            ),
            models.CheckConstraint(name="recommendation_has_areas", condition=~Q(areas="")),
            models.CheckConstraint(
                name="recommendation_line_of_a_finding",
                condition=Q(line=None) | Q(finding__isnull=False),
            ),
            models.CheckConstraint(
                name="recommendation_factor_of_an_edition",
                condition=Q(factor="", factor_edition="") | ~Q(factor="") & ~Q(factor_edition=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def audit_case(self) -> int | None:
        return self.finding.case_id if self.finding else None

    @property
    def state_label(self) -> str:
        return RecommendationState(self.state).label

    @property
    def level_label(self) -> str:
        """The level, in the words of the edition in which it was made."""
        return editions.get(self.edition).vocabularies[LEVELS].label(self.level)

    @property
    def is_going_on(self) -> bool:
        return self.state in GOING_ON

    @property
    def area_codes(self) -> list[str]:
        return self.areas.split()


class ActionPointQuerySet(models.QuerySet["ActionPoint"]):
    def to_do(self) -> ActionPointQuerySet:
        """The open ones of recommendations that go on."""
        return self.filter(state=PointState.OPEN, recommendation__state__in=GOING_ON)

    def overdue(self, today: date) -> ActionPointQuerySet:
        return self.to_do().filter(due_on__lt=today)


class ActionPoint(Record):
    """One action that follows from a recommendation: whose it is, and by when.

    Not to be confused with what the agencies agree after one death (``rapid_response.agreed``).
    """

    STEPS = POINT_STEPS

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="action_points")
    words = models.TextField()
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    agreed_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=20, default=PointState.OPEN)
    settled_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)

    objects = ActionPointQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, seen)
        for name, meaning, sensitivity, seen in [
            ("recommendation", "Of which recommendation", Sensitivity.NONE, Seen.NOBODY),
            ("words", "What is to be done", Sensitivity.NONE, Seen.PANEL),
            ("owner", "By which organisation", Sensitivity.NONE, Seen.PANEL),
            ("sealed", "Who there, and where they are written to", Sensitivity.IDENTITY, Seen.TEAM),
            ("agreed_on", "Since when it stands", Sensitivity.NONE, Seen.PANEL),
            ("due_on", "By when", Sensitivity.NONE, Seen.PANEL),
            ("state", "Where it stands", Sensitivity.NONE, Seen.PANEL),
            ("settled_on", "When it was done, or dropped", Sensitivity.NONE, Seen.PANEL),
            ("outcome", "What shows that it is done, or why not", Sensitivity.NONE, Seen.PANEL),
            ("reminders", "Which step of chasing was taken", Sensitivity.NONE, Seen.TEAM),
            ("reminded_at", "When", Sensitivity.NONE, Seen.TEAM),
        ]
    }

    class Meta:
        verbose_name = "action"
        ordering: ClassVar = ["due_on", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], condition=Q(state="open"), name="action_point_open")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="action_point_settled_when_and_how",
                condition=Q(state="open", settled_on=None, outcome="")
                | Q(state__in=["done", "dropped"], settled_on__isnull=False) & ~Q(outcome=""),
            )
        ]

    def __str__(self) -> str:
        return f"action {self.pk} of recommendation {self.recommendation_id}"

    @property
    def audit_case(self) -> int | None:
        return self.recommendation.audit_case

    @property
    def state_label(self) -> str:
        return PointState(self.state).label

    @property
    def contact(self) -> dict[str, str]:
        """Who at the owner sees to it: ``name`` and ``email``, "" where none is known."""
        return sealing.unseal_json(self.recommendation.data_key, CONTACT, self.sealed)
