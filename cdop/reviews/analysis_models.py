"""The content of one analysis form, whoever owns it: a member, the team, the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record


class Analysis(Record):
    """The content of one analysis form, in the codes of its edition.

    ``category`` is the highest-ranking of the categories chosen, unless ``override_reason``
    says why another one stands.
    """

    # Set by whoever creates one, so that the audit chain says of which case it is.
    audit_case: int | None = None

    edition = models.CharField(max_length=20)
    cause = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    expectedness = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=40, blank=True)
    override_reason = models.TextField(blank=True)
    modifiable = models.CharField(max_length=20, blank=True)
    issues = models.TextField(blank=True)
    learning = models.TextField(blank=True)
    good_practice = models.TextField(blank=True)
    family_follow_up = models.TextField(blank=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "edition": Note("The guidance it follows", "", Sensitivity.NONE, Seen.PANEL),
        "cause": Note("Cause of death as understood", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "summary": Note("The case in a few words", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "expectedness": Note("Expected or unexpected", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "category": Note("Category of death", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "override_reason": Note(
            "Why the category is not the highest-ranking one", "C", Sensitivity.PERSONAL, Seen.PANEL
        ),
        "modifiable": Note("Answer on modifiable factors", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "issues": Note("Issues identified", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "learning": Note("What can be learned", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "good_practice": Note("What was done well", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "family_follow_up": Note(
            "What is still to be done for the family", "C", Sensitivity.PERSONAL, Seen.PANEL
        ),
    }

    class Meta:
        verbose_name_plural = "analyses"

    def __str__(self) -> str:
        return f"analysis {self.pk}"


class PartOfAnalysis(Record):
    """A row of an analysis that may have several of its kind."""

    if TYPE_CHECKING:
        analysis: models.ForeignKey[Analysis, Analysis]

    class Meta:
        abstract = True

    @property
    def audit_case(self) -> int | None:
        return self.analysis.audit_case


class ChosenCategory(PartOfAnalysis):
    """One category that fits, of possibly several."""

    analysis = models.ForeignKey(Analysis, models.PROTECT, related_name="chosen_categories")
    code = models.CharField(max_length=40)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "analysis": Note("Of which analysis", "", Sensitivity.NONE, Seen.NOBODY),
        "code": Note("A category that fits", "C", Sensitivity.PERSONAL, Seen.PANEL),
    }

    class Meta:
        verbose_name_plural = "chosen categories"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["analysis", "code"], name="chosen_category_once")
        ]

    def __str__(self) -> str:
        return self.code


class DomainGrade(PartOfAnalysis):
    """How much one domain of the edition explains, with the words for it."""

    analysis = models.ForeignKey(Analysis, models.PROTECT, related_name="domain_grades")
    domain = models.CharField(max_length=40)
    grade = models.CharField(max_length=5)
    narrative = models.TextField(blank=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "analysis": Note("Of which analysis", "", Sensitivity.NONE, Seen.NOBODY),
        "domain": Note("Domain of factors", "C", Sensitivity.NONE, Seen.PANEL),
        "grade": Note(
            "Level of influence; text, for 1* is a grade", "C", Sensitivity.PERSONAL, Seen.PANEL
        ),
        "narrative": Note("The words for it", "C", Sensitivity.PERSONAL, Seen.PANEL),
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["analysis", "domain"], name="domain_graded_once")
        ]

    def __str__(self) -> str:
        return f"{self.domain}: {self.grade}"


class Factor(PartOfAnalysis):
    """One contributory factor on a line of its own, with its own grade and modifiability."""

    analysis = models.ForeignKey(Analysis, models.PROTECT, related_name="factors")
    position = models.PositiveSmallIntegerField()
    domain = models.CharField(max_length=40)
    code = models.CharField(max_length=60, blank=True)
    label = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=300, blank=True)
    grade = models.CharField(max_length=5)
    modifiable = models.BooleanField()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "analysis": Note("Of which analysis", "", Sensitivity.NONE, Seen.NOBODY),
        "position": Note("Line", "", Sensitivity.NONE, Seen.NOBODY),
        "domain": Note("Domain of the factor", "C", Sensitivity.NONE, Seen.PANEL),
        "code": Note(
            "Factor of the edition's or the panel's list, if listed",
            "C",
            Sensitivity.PERSONAL,
            Seen.PANEL,
        ),
        "label": Note(
            "What the panel's own term was called then", "C", Sensitivity.PERSONAL, Seen.PANEL
        ),
        "words": Note("The factor in the panel's words", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "grade": Note("Its own level of influence", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "modifiable": Note("Whether it could be modified", "C", Sensitivity.PERSONAL, Seen.PANEL),
    }

    class Meta:
        ordering: ClassVar = ["analysis_id", "position"]
        constraints: ClassVar = [
            models.CheckConstraint(name="factor_is_named", condition=~Q(code="") | ~Q(words=""))
        ]

    def __str__(self) -> str:
        return self.words or self.label or self.code


class Recommended(PartOfAnalysis):
    """One recommendation: at which level, to whom, in words."""

    analysis = models.ForeignKey(Analysis, models.PROTECT, related_name="recommendations")
    position = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=20)
    to_whom = models.CharField(max_length=300)
    words = models.TextField()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "analysis": Note("Of which analysis", "", Sensitivity.NONE, Seen.NOBODY),
        "position": Note("Line", "", Sensitivity.NONE, Seen.NOBODY),
        "level": Note("Local, regional or national", "C", Sensitivity.NONE, Seen.PANEL),
        "to_whom": Note("Who should act on it", "C", Sensitivity.NONE, Seen.PANEL),
        "words": Note("What is recommended", "C", Sensitivity.PERSONAL, Seen.PANEL),
    }

    class Meta:
        verbose_name_plural = "recommendations"
        ordering: ClassVar = ["analysis_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["analysis", "position"], name="recommended_line_once")
        ]

    def __str__(self) -> str:
        return self.words
