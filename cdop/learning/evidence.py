"""Evidence for an action: files that show what was done, sealed with the recommendation's key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import QuerySet

from cdop.core import documents, steps
from cdop.core.audit import act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.documents import Document
from cdop.core.records import Record
from cdop.core.refusals import refuse_unless
from cdop.core.roles import Permission
from cdop.core.uploads import Accepted
from cdop.learning import progress
from cdop.learning.models import ActionPoint, Recommendation

if TYPE_CHECKING:
    from cdop.core.users import User

PURPOSE = "to see what became of a recommendation"
SOURCE = "evidence for an action"


class ActionEvidence(Record):
    """One file that shows what was done of an action."""

    point = models.ForeignKey(ActionPoint, models.PROTECT, related_name="evidence")
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "point": Note("Of which action", "", Sensitivity.NONE, Seen.TEAM),
        "document": Note("Which file", "", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        verbose_name_plural = "evidence for actions"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"file of action {self.point_id}"

    @property
    def audit_case(self) -> int | None:
        return self.point.audit_case


def attach(point: ActionPoint, accepted: Accepted, *, by: User) -> ActionEvidence:
    """Keep a file with an action, before or after it is done."""
    refuse_unless(by, Permission.RECOMMENDATIONS_MANAGE, otherwise=progress.NOT_YOURS)
    key = point.recommendation.data_key
    with act():
        kept = documents.keep(accepted, key=key, by=by, source=SOURCE)
        return steps.create(ActionEvidence(point=point, document=kept), by=by)


def of(recommendation: Recommendation) -> QuerySet[ActionEvidence]:
    """The files of all its actions, the oldest first."""
    rows = ActionEvidence.objects.filter(point__recommendation=recommendation)
    return rows.select_related("document__data_key", "document__kept_by")
