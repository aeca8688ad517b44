"""The panel's own list of factors beside that of the guidance, and what counts as the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User


class ForTheTeam(models.QuerySet):
    """Rows that those who arrange meetings see."""

    def visible_to(self, user: User) -> ForTheTeam:
        return self if user.can(Permission.MEETINGS_ARRANGE) else self.none()


class FactorTerm(Record):
    """A factor of the panel's own, or what the panel says about one of the guidance.

    ``code`` stays whatever the term is called later. A term of the guidance has a row only where
    the panel ended it or counts it under another.
    """

    edition = models.CharField(max_length=20)
    domain = models.CharField(max_length=40)
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    of_edition = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    objects = ForTheTeam.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "edition": Note("Of which guidance", "", Sensitivity.NONE, Seen.PANEL),
        "domain": Note("In which part of the child's life", "", Sensitivity.NONE, Seen.PANEL),
        "code": Note("The code that findings keep", "", Sensitivity.NONE, Seen.NOBODY),
        "label": Note("What it is called", "", Sensitivity.NONE, Seen.PANEL),
        "of_edition": Note("Whether the guidance lists it", "", Sensitivity.NONE, Seen.TEAM),
        "ended_on": Note("Since when it is no longer offered", "", Sensitivity.NONE, Seen.TEAM),
        "merged_into": Note("Under which term it is counted", "", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        verbose_name = "term for a factor"
        verbose_name_plural = "terms for factors"
        ordering: ClassVar = ["edition", "domain", "label", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "domain", "code"], name="factor_term_code_once"
            ),
            # The first term of an edition has no row before it that two who add could lock.
            models.UniqueConstraint(
                "edition",
                "domain",
                Lower("label"),
                condition=Q(of_edition=False),
                name="factor_term_of_one_name_once",
            ),
            models.CheckConstraint(
                name="factor_term_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    audit_case = None

    @property
    def offered(self) -> bool:
        """Whether it stands among the factors to choose from."""
        return self.ended_on is None and self.merged_into_id is None


class FoldedWords(Record):
    """Free words for a factor that are counted under a term; the lines keep the words.

    ``term`` is None where the words were taken out again.
    """

    edition = models.CharField(max_length=20)
    domain = models.CharField(max_length=40)
    words = models.CharField(max_length=300)
    term = models.ForeignKey(FactorTerm, models.PROTECT, null=True, related_name="+")

    objects = ForTheTeam.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "edition": Note("Of which guidance", "", Sensitivity.NONE, Seen.TEAM),
        "domain": Note("In which part of the child's life", "", Sensitivity.NONE, Seen.TEAM),
        "words": Note("The words, in small letters", "C", Sensitivity.PERSONAL, Seen.TEAM),
        "term": Note("Under which term they are counted", "", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        verbose_name = "words counted under a term"
        verbose_name_plural = "words counted under terms"
        ordering: ClassVar = ["edition", "domain", "words"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "domain", "words"], name="folded_words_once")
        ]

    def __str__(self) -> str:
        return self.words

    audit_case = None
