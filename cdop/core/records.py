"""What people edit: a counted version, a row history, and one writer (``core.steps``)."""

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from cdop.core.catalogue import Note, Seen, Sensitivity


class Record(models.Model):
    """Base of every model that people edit. Saved by ``core.steps`` alone."""

    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords(
        inherit=True,
        history_change_reason_field=models.CharField(max_length=200, blank=True),
    )

    catalogue: ClassVar[dict[str, Note]] = {
        "version": Note(
            "How often the row was saved; a page opened before is refused",
            "",
            Sensitivity.NONE,
            Seen.NOBODY,
        )
    }

    class Meta:
        abstract = True

    @property
    def audit_case(self) -> int | None:
        """The case to which an audit entry about this row belongs."""
        return getattr(self, "case_id", None)
