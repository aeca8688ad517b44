"""What a member thinks alone and what the panel finds together: the same analysis, two owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.cases.models import Case
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.panel.declarations import Declaration
from cdop.panel.models import AgendaItem
from cdop.panel.states import JUDGES, MeetingState
from cdop.reviews.states import STEPS, FindingState

if TYPE_CHECKING:
    from cdop.core.users import User


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
    words = models.CharField(max_length=300, blank=True)
    grade = models.CharField(max_length=5)
    modifiable = models.BooleanField()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "analysis": Note("Of which analysis", "", Sensitivity.NONE, Seen.NOBODY),
        "position": Note("Line", "", Sensitivity.NONE, Seen.NOBODY),
        "domain": Note("Domain of the factor", "C", Sensitivity.NONE, Seen.PANEL),
        "code": Note(
            "Factor of the edition's list, if listed", "C", Sensitivity.PERSONAL, Seen.PANEL
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
        return self.words or self.code


class ReviewQuerySet(models.QuerySet["Review"]):
    def of(self, user: User) -> ReviewQuerySet:
        return self.filter(reviewer=user)

    def visible_to(self, user: User) -> ReviewQuerySet:
        """One's own; others' once one's own is sent or the meeting was opened."""
        if not user.can(Permission.PACKS_READ):
            return self.none()
        opened = ~Q(item__meeting__state=MeetingState.PLANNED)
        own_is_sent = Q(item__in=Review.objects.of(user).values("item"))
        read = self.filter(opened | own_is_sent, item__in=AgendaItem.objects.readable_by(user))
        return read.filter(Q(reviewer=user) | Q(pk__in=Review.objects.judging().values("pk")))

    def judging(self) -> ReviewQuerySet:
        """Without those of people whose declared interest keeps them from judging the case."""
        apart = Declaration.objects.exclude(state__in=JUDGES).filter(
            item=models.OuterRef("item"), user=models.OuterRef("reviewer")
        )
        return self.exclude(models.Exists(apart))


class Review(Record):
    """What one member found alone, before the meeting; sent once, then fixed."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    analysis = models.OneToOneField(Analysis, models.PROTECT, related_name="review")
    sent_at = models.DateTimeField()

    objects = ReviewQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "item": Note("Of which case at which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "reviewer": Note("By whom", "", Sensitivity.STAFF, Seen.PANEL),
        "analysis": Note("What the member found", "C", Sensitivity.NONE, Seen.PANEL),
        "sent_at": Note("When it was sent", "", Sensitivity.STAFF, Seen.PANEL),
    }

    class Meta:
        ordering: ClassVar = ["item_id", "sent_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "reviewer"], name="review_once_per_member")
        ]

    def __str__(self) -> str:
        return f"review of {self.item_id} by {self.reviewer_id}"

    @property
    def audit_case(self) -> int | None:
        return self.item.case_id


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User) -> FindingQuerySet:
        """The findings of the meetings to which one is invited; all for the team.

        Not those on cases in which one declared an interest and leaves, or awaits the decision.
        """
        return self.filter(item__in=AgendaItem.objects.readable_by(user))


class Finding(Record):
    """What the panel found; signed off by the chair, then frozen. A change is a new number."""

    STEPS = STEPS

    case = models.ForeignKey(Case, models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField(default=1)
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="findings")
    analysis = models.OneToOneField(Analysis, models.PROTECT, related_name="finding")
    state = models.CharField(max_length=20, default=FindingState.RECORDED)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_off_at = models.DateTimeField(null=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = FindingQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.TEAM),
        "number": Note("Which version of the finding", "", Sensitivity.NONE, Seen.PANEL),
        "item": Note("At which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "analysis": Note("What the panel found", "C", Sensitivity.NONE, Seen.PANEL),
        "state": Note("Whether it is signed off", "", Sensitivity.NONE, Seen.PANEL),
        "recorded_at": Note("When it was recorded", "", Sensitivity.NONE, Seen.PANEL),
        "recorded_by": Note("Who recorded it", "", Sensitivity.STAFF, Seen.PANEL),
        "signed_off_at": Note("When it was signed off", "C", Sensitivity.NONE, Seen.PANEL),
        "signed_off_by": Note("Who signed it off", "C", Sensitivity.STAFF, Seen.PANEL),
    }

    class Meta:
        ordering: ClassVar = ["case_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="finding_number_once"),
            models.CheckConstraint(
                name="finding_signed_off_when_and_by_whom",
                condition=Q(state="recorded", signed_off_at=None, signed_off_by=None)
                | Q(state="signed_off", signed_off_at__isnull=False, signed_off_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"finding {self.number} on case {self.case_id}"

    @property
    def state_label(self) -> str:
        return FindingState(self.state).label
