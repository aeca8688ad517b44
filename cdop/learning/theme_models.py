"""Themes across deaths: what belongs to them, which cases, and what the panel wrote about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from cdop.cases.models import Case
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.learning.theme_states import (
    REVIEW_STEPS,
    THEME_STEPS,
    ReviewState,
    Standing,
    ThemeState,
)

if TYPE_CHECKING:
    from cdop.core.users import User

FACTORS, CATEGORIES, AGE_BANDS = "factors", "categories", "age_bands"
"""The kinds of codes of a rule."""
Rule = dict[str, dict[str, list[str]]]
"""By the code of an edition and the kind of code: the codes of that edition."""


class ThemeQuerySet(models.QuerySet["Theme"]):
    def visible_to(self, user: User) -> ThemeQuerySet:
        """All of them, or none."""
        return self if user.can(Permission.LEARNING_READ) else self.none()

    def going_on(self) -> ThemeQuerySet:
        return self.filter(state=ThemeState.GOING_ON)


class Theme(Record):
    """What several deaths have in common, in words and as a rule in the codes of the editions.

    rule  see ``Rule``; codes of one edition are never read as another's
    """

    STEPS = THEME_STEPS

    title = models.CharField(max_length=120)
    belongs = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    rule = models.JSONField(default=dict)
    state = models.CharField(max_length=20, default=ThemeState.GOING_ON)
    ended_on = models.DateField(null=True)
    why_ended = models.TextField(blank=True)

    objects = ThemeQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "title": Note("What it is called", "", Sensitivity.NONE, Seen.PANEL),
        "belongs": Note("What belongs to it, in words", "", Sensitivity.NONE, Seen.PANEL),
        "source": Note("Why the panel follows it, or who asks", "", Sensitivity.NONE, Seen.PANEL),
        "rule": Note(
            "The codes of each edition by which cases are proposed",
            "",
            Sensitivity.NONE,
            Seen.PANEL,
        ),
        "state": Note("Where it stands", "", Sensitivity.NONE, Seen.PANEL),
        "ended_on": Note("When it was ended", "", Sensitivity.NONE, Seen.PANEL),
        "why_ended": Note("Why", "", Sensitivity.NONE, Seen.PANEL),
    }

    class Meta:
        ordering: ClassVar = ["title"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("title"), name="theme_title_once_whatever_capitals"),
            models.CheckConstraint(
                name="theme_ended_when_and_why",
                condition=Q(state="ended", ended_on__isnull=False) & ~Q(why_ended="")
                | ~Q(state="ended") & Q(ended_on=None, why_ended=""),
            ),
        ]

    audit_case = None

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return ThemeState(self.state).label

    @property
    def goes_on(self) -> bool:
        return self.state == ThemeState.GOING_ON


class ThemeCase(Record):
    """What the team decided by hand about one case and one theme, with the reason."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="by_hand")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    standing = models.CharField(max_length=20, choices=Standing.choices)
    reason = models.TextField()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "theme": Note("Which theme", "", Sensitivity.NONE, Seen.TEAM),
        "case": Note("Which case", "", Sensitivity.NONE, Seen.TEAM),
        "standing": Note(
            "Whether it was added, left out or left to the rule", "", Sensitivity.NONE, Seen.TEAM
        ),
        "reason": Note("Why", "", Sensitivity.PERSONAL, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["theme_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theme", "case"], name="theme_case_once"),
            models.CheckConstraint(name="theme_case_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} in theme {self.theme_id}"


class ThematicReviewQuerySet(models.QuerySet["ThematicReview"]):
    def visible_to(self, user: User) -> ThematicReviewQuerySet:
        """All for the team; for the chair what was put to them; for members what was approved."""
        if user.can(Permission.LEARNING_MANAGE):
            return self
        if user.can(Permission.THEMATIC_REVIEWS_APPROVE):
            return self.exclude(state=ReviewState.DRAFT)
        if user.can(Permission.LEARNING_READ):
            return self.filter(state=ReviewState.APPROVED)
        return self.none()


class ThematicReview(Record):
    """One version of what the panel wrote about a theme. Approved, it stays as it is.

    digest  SHA-256 of an approved version, so that a copy can be held against it
    """

    STEPS = REVIEW_STEPS

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    question = models.TextField(blank=True)
    looked_at = models.TextField(blank=True)
    found = models.TextField(blank=True)
    recommend = models.TextField(blank=True)
    state = models.CharField(max_length=20, default=ReviewState.DRAFT)
    remark = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    digest = models.CharField(max_length=64, blank=True)

    objects = ThematicReviewQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, Seen.PANEL)
        for name, meaning, sensitivity in [
            ("theme", "On which theme", Sensitivity.NONE),
            ("number", "Which version", Sensitivity.NONE),
            ("question", "What the panel wanted to know", Sensitivity.NONE),
            ("looked_at", "What it looked at", Sensitivity.PERSONAL),
            ("found", "What it found", Sensitivity.PERSONAL),
            ("recommend", "What it recommends", Sensitivity.NONE),
            ("state", "Where it stands", Sensitivity.NONE),
            ("remark", "Why the chair gave it back", Sensitivity.STAFF),
            ("approved_at", "When it was approved", Sensitivity.NONE),
            ("approved_by", "Who approved it", Sensitivity.STAFF),
            ("digest", "Its digest", Sensitivity.NONE),
        ]
    }

    class Meta:
        ordering: ClassVar = ["theme_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theme", "number"], name="thematic_review_number_once"),
            models.UniqueConstraint(
                fields=["theme"],
                condition=~Q(state="approved"),
                name="thematic_review_one_open_version",
            ),
            models.CheckConstraint(
                name="thematic_review_approved_when_and_by_whom",
                condition=Q(state="approved", approved_at__isnull=False)
                & Q(approved_by__isnull=False)
                & ~Q(digest="")
                | ~Q(state="approved") & Q(approved_at=None, approved_by=None, digest=""),
            ),
        ]

    audit_case = None

    def __str__(self) -> str:
        return f"thematic review {self.number} of theme {self.theme_id}"

    @property
    def state_label(self) -> str:
        return ReviewState(self.state).label
