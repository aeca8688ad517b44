"""The row of a letter about a recommendation: to whom, its words, who approved it, when it went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cdop.core import sealing
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.organisations import Organisation
from cdop.core.records import Record
from cdop.learning.models import NAME_LIMIT, Recommendation
from cdop.learning.states import LETTER_STEPS, LetterState

S = LetterState
ADDRESSEE = "addressee of a letter"


@dataclass(frozen=True)
class Addressee:
    """To whom a letter goes, sealed with the recommendation's key.

    email  "" where it goes by post
    """

    attention: str = ""
    email: str = ""

    catalogue: ClassVar[dict[str, Note]] = {
        "attention": Note("To whom there", "", Sensitivity.IDENTITY, Seen.TEAM),
        "email": Note("The address, if by e-mail", "", Sensitivity.IDENTITY, Seen.TEAM),
    }


class LearningLetterQuerySet(models.QuerySet["LearningLetter"]):
    def to_approve(self) -> LearningLetterQuerySet:
        return self.filter(state=S.WRITTEN)

    def unanswered(self) -> LearningLetterQuerySet:
        """Sent, with an answer asked for, and none has come."""
        return self.filter(state=S.SENT, answer_by__isnull=False, responses=None)


class LearningLetter(Record):
    """One letter about one recommendation: to whom, its words, who approved it, when it went."""

    STEPS = LETTER_STEPS

    reference = models.CharField(max_length=20, unique=True)
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="letters")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    recommends = models.TextField()
    words = models.TextField()
    answer_by = models.DateField(null=True)
    state = models.CharField(max_length=20, default=S.WRITTEN)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    settled_on = models.DateField(null=True)
    how = models.CharField(max_length=NAME_LIMIT, blank=True)

    objects = LearningLetterQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, Seen.TEAM)
        for name, meaning, sensitivity in [
            ("reference", "What the letter is called", Sensitivity.NONE),
            ("recommendation", "About which recommendation", Sensitivity.NONE),
            ("organisation", "To which organisation", Sensitivity.NONE),
            ("sealed", "To whom there, and their address", Sensitivity.IDENTITY),
            ("recommends", "The recommendation as the letter has it", Sensitivity.NONE),
            ("words", "What it says besides", Sensitivity.NONE),
            ("answer_by", "By when an answer is asked for, if one is", Sensitivity.NONE),
            ("state", "Where it stands", Sensitivity.NONE),
            ("written_by", "Who wrote it last", Sensitivity.STAFF),
            ("approved_at", "When it was approved", Sensitivity.NONE),
            ("approved_by", "Who approved it", Sensitivity.STAFF),
            ("settled_on", "When it went, or was discarded", Sensitivity.NONE),
            ("how", "How it went, or why not", Sensitivity.NONE),
        ]
    }

    class Meta:
        verbose_name = "letter"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="learning_letter_approved_by_a_second_person",
                condition=Q(approved_by=None) | ~Q(approved_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="learning_letter_approved_when_and_by_whom",
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="learning_letter_goes_once_it_is_approved",
                condition=~Q(state__in=["approved", "sent"]) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="learning_letter_settled_when_and_how",
                condition=Q(state__in=["written", "approved"], settled_on=None, how="")
                | Q(state__in=["sent", "discarded"], settled_on__isnull=False) & ~Q(how=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def audit_case(self) -> int | None:
        return self.recommendation.audit_case

    @property
    def state_label(self) -> str:
        return LetterState(self.state).label

    @property
    def to(self) -> Addressee:
        return Addressee(
            **sealing.unseal_json(self.recommendation.data_key, ADDRESSEE, self.sealed)
        )

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.words.splitlines() if line.strip()]
