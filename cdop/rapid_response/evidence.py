"""Evidence for a task: files that somebody attached to it, sealed under the key of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import QuerySet

from cdop.core import documents, steps
from cdop.core.audit import act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.documents import Document
from cdop.core.records import Record
from cdop.core.uploads import Accepted
from cdop.rapid_response import actions
from cdop.rapid_response.models import ChecklistItem

if TYPE_CHECKING:
    from cdop.core.users import User

PURPOSE = "to work on the response to the death"
SOURCE = "evidence for a task of the checklist"


class Evidence(Record):
    """One file that shows what was done of a task."""

    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="evidence")
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "item": Note("Of which task", "", Sensitivity.NONE, Seen.RESPONDERS),
        "document": Note("Which file", "", Sensitivity.NONE, Seen.RESPONDERS),
    }

    class Meta:
        verbose_name_plural = "evidence"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"file of task {self.item_id}"

    @property
    def audit_case(self) -> int | None:
        return self.item.case_id


def attach(item: ChecklistItem, accepted: Accepted, *, by: User) -> Evidence:
    """Keep a file with a task. Raises Refused where the task is not this person's."""
    actions.refuse_unless_theirs(item, by)
    with act():
        kept = documents.keep(accepted, key=item.case.data_key, by=by, source=SOURCE)
        return steps.create(Evidence(item=item, document=kept), by=by)


def of(item: ChecklistItem) -> QuerySet[Evidence]:
    """The files of a task, the oldest first."""
    return Evidence.objects.filter(item=item).select_related(
        "document__data_key", "document__kept_by"
    )
