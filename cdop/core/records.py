"""What people edit: a counted version, a row history, and one writer (``core.steps``)."""

from functools import cache
from typing import Any, ClassVar

from django.db import models
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from cdop.core.catalogue import Note, Seen, Sensitivity


class RowHistoryManager(HistoryManager):
    """The manager of a row's history, as a class that is made once and not for every row saved."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class RowHistory(HistoricalRecords):
    """A history row for every save, each with its reason.

    ``core.steps`` gives one. A library that saves a row itself gives none: Django does so where it
    renews the hash of a password at sign-in. Then the reason is "".
    """

    def __init__(self, **options: Any) -> None:
        reason = models.CharField(max_length=200, blank=True)
        options = {"history_manager": RowHistoryManager, **options}
        super().__init__(history_change_reason_field=reason, **options)

    def get_change_reason_for_object(self, instance: Any, history_type: str, using: Any) -> str:
        return getattr(instance, "_change_reason", None) or ""


class Record(models.Model):
    """Base of every model that people edit. Saved by ``core.steps`` alone."""

    version = models.PositiveIntegerField(default=1, editable=False)
    history = RowHistory(inherit=True)

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
