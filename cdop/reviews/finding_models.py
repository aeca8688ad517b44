"""What stands beside a finding: its draft, what was asked nationally, what the gate was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.panel.models import AgendaItem
from cdop.reviews.analysis_models import Analysis
from cdop.reviews.models import Finding, others_are_open

if TYPE_CHECKING:
    from cdop.core.users import User


class PreparedQuerySet(models.QuerySet["PreparedFinding"]):
    def visible_to(self, user: User) -> PreparedQuerySet:
        """The team; of the panel whoever sees what others thought of the case."""
        read = self.filter(item__in=AgendaItem.objects.readable_by(user))
        if user.can(Permission.MEETINGS_ARRANGE):
            return read
        panel = user.can(Permission.PACKS_READ)
        return read.filter(others_are_open(user)) if panel else self.none()


class PreparedFinding(Record):
    """A draft of the finding that the team made before the meeting; the panel ratifies it or not.

    Written anew it points to another analysis; its history says which it was before.
    """

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="prepared")
    analysis = models.OneToOneField(Analysis, models.PROTECT, related_name="prepared")
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PreparedQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "item": Note("Of which case at which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "analysis": Note("What the draft says", "C", Sensitivity.NONE, Seen.PANEL),
        "prepared_at": Note("When it was prepared", "", Sensitivity.NONE, Seen.PANEL),
        "prepared_by": Note("Who prepared it", "", Sensitivity.STAFF, Seen.PANEL),
    }

    class Meta:
        verbose_name = "draft of a finding"
        verbose_name_plural = "drafts of findings"

    def __str__(self) -> str:
        return f"draft of the finding on {self.item_id}"

    @property
    def audit_case(self) -> int | None:
        return self.item.case_id


class PartOfFinding(Record):
    """Something that stands with one finding."""

    if TYPE_CHECKING:
        finding: models.ForeignKey[Finding, Finding]

    class Meta:
        abstract = True

    @property
    def audit_case(self) -> int | None:
        return self.finding.case_id


class NationalQuery(PartOfFinding):
    """What the national database asked about a finding, or was asked, and the answer.

    It is no part of what the signature freezes: queries come after it, too.
    """

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="national_queries")
    asked_on = models.DateField()
    words = models.TextField()
    answered_on = models.DateField(null=True)
    answer = models.TextField(blank=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "finding": Note("About which finding", "", Sensitivity.NONE, Seen.PANEL),
        "asked_on": Note("When it was asked", "", Sensitivity.NONE, Seen.PANEL),
        "words": Note("What was asked", "", Sensitivity.PERSONAL, Seen.PANEL),
        "answered_on": Note("When it was answered", "", Sensitivity.NONE, Seen.PANEL),
        "answer": Note("The answer", "", Sensitivity.PERSONAL, Seen.PANEL),
    }

    class Meta:
        verbose_name = "query to the national database"
        verbose_name_plural = "queries to the national database"
        ordering: ClassVar = ["asked_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="query_answered_when_and_what",
                condition=Q(answered_on=None, answer="")
                | Q(answered_on__gte=F("asked_on")) & ~Q(answer=""),
            )
        ]

    def __str__(self) -> str:
        return f"query {self.pk}"


class Explained(PartOfFinding):
    """Why something that the national database would complain of stays as it is.

    point  the code of what is complained of, as ``gate`` gives it
    about  the words that it was about then: where these change, it is asked again
    """

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="explained")
    point = models.CharField(max_length=60)
    about = models.CharField(max_length=300, blank=True)
    words = models.TextField()
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "finding": Note("In which finding", "", Sensitivity.NONE, Seen.PANEL),
        "point": Note("What is missing or doubtful", "", Sensitivity.NONE, Seen.PANEL),
        "about": Note("In which words", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "words": Note("Why it stays as it is", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "explained_by": Note("Who explained it", "", Sensitivity.STAFF, Seen.PANEL),
    }

    class Meta:
        verbose_name = "explanation"
        ordering: ClassVar = ["finding_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["finding", "point", "about"], name="explained_once_in_a_finding"
            )
        ]

    def __str__(self) -> str:
        return f"{self.point}: {self.words}"
