"""Imports of earlier cases: what was read, who brought it in, and which case is which row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.cases.models import Case
from cdop.core import sealing
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.core.sealing import DataKey
from notifications.legacy_states import STEPS, ImportState

if TYPE_CHECKING:
    from cdop.core.users import User

FILE_PURPOSE = "legacy file"
DOCUMENTS_PURPOSE = "legacy documents"
FOUND_PURPOSE = "legacy findings"


class ImportQuerySet(models.QuerySet["LegacyImport"]):
    def visible_to(self, user: User) -> ImportQuerySet:
        return self if user.can(Permission.CASES_MANAGE) else self.none()


class LegacyImport(Record):
    """One sheet of earlier cases: what was counted in it, and what became of it.

    ``counts`` and ``old_totals`` are lists of [year, area, stage, number]; ``report`` is a list of
    [line, column, reason] without anything that stood in a cell.
    """

    STEPS = STEPS

    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, default=ImportState.CHECKED)
    fingerprint = models.CharField(max_length=64, db_index=True)
    read_at = models.DateTimeField()
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    rows = models.PositiveIntegerField()
    report = models.JSONField(default=list)
    counts = models.JSONField(default=list)
    old_totals = models.JSONField(default=list)
    brought_in = models.PositiveIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ImportQuerySet.as_manager()
    audit_case = None

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "reference": Note("What the team calls the import", "", Sensitivity.NONE, Seen.TEAM),
        "state": Note("Where it stands", "", Sensitivity.NONE, Seen.TEAM),
        "fingerprint": Note(
            "A trace of the file under a secret key, to know it again; none where it came in twice",
            "",
            Sensitivity.NONE,
            Seen.NOBODY,
        ),
        "read_at": Note("When the file was read", "", Sensitivity.NONE, Seen.TEAM),
        "read_by": Note("Who gave the file", "", Sensitivity.STAFF, Seen.TEAM),
        "rows": Note("How many rows it has", "", Sensitivity.NONE, Seen.TEAM),
        "report": Note(
            "What is wrong with it: line, column, reason", "", Sensitivity.NONE, Seen.TEAM
        ),
        "counts": Note(
            "Cases by year of notification, area and stage", "", Sensitivity.PERSONAL, Seen.TEAM
        ),
        "old_totals": Note(
            "The same as the old system counts", "", Sensitivity.PERSONAL, Seen.TEAM
        ),
        "brought_in": Note("How many cases were brought in", "", Sensitivity.NONE, Seen.TEAM),
        "decided_at": Note("When it was brought in or left", "", Sensitivity.NONE, Seen.TEAM),
        "decided_by": Note("Who decided that", "", Sensitivity.STAFF, Seen.TEAM),
        "undone_at": Note("When it was undone", "", Sensitivity.NONE, Seen.TEAM),
        "undone_by": Note("Who undid it", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["-read_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(state="imported") & ~Q(fingerprint=""),
                name="import_of_a_file_once",
            )
        ]

    @property
    def outcome(self) -> str:
        """How many cases were brought in, in words."""
        return (
            f"{self.brought_in} {'case was' if self.brought_in == 1 else 'cases were'} brought in"
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def state_label(self) -> str:
        return ImportState(self.state).label


class LegacyFile(models.Model):
    """A file that was read and waits: sealed, until it is brought in, left, or a day has passed."""

    batch = models.OneToOneField(LegacyImport, models.PROTECT, related_name="file")
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    documents = models.BinaryField(null=True)
    found = models.BinaryField()
    choices = models.JSONField(default=dict)
    expires_at = models.DateTimeField()

    catalogue: ClassVar[dict[str, Note]] = {
        "batch": Note("Of which import", "", Sensitivity.NONE, Seen.NOBODY),
        "data_key": Note("The key of the file", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note("The file, sealed", "A1–A22", Sensitivity.IDENTITY, Seen.NOBODY),
        "documents": Note(
            "The archive of files that came with it, sealed", "", Sensitivity.IDENTITY, Seen.NOBODY
        ),
        "found": Note(
            "What is wrong with it and what looks alike, with the cells, sealed",
            "",
            Sensitivity.IDENTITY,
            Seen.TEAM,
        ),
        "choices": Note(
            "By line what was said of rows that look alike, and what they were like then",
            "",
            Sensitivity.NONE,
            Seen.TEAM,
        ),
        "expires_at": Note("When it is removed", "", Sensitivity.NONE, Seen.TEAM),
    }

    def __str__(self) -> str:
        return f"file of import {self.batch_id}"

    @property
    def content(self) -> bytes:
        """The file as it was given."""
        return sealing.unseal(self.data_key, FILE_PURPOSE, self.sealed)

    @property
    def archive(self) -> bytes | None:
        """The archive of files that came with it; None where none came."""
        if self.documents is None:
            return None
        return sealing.unseal(self.data_key, DOCUMENTS_PURPOSE, self.documents)

    @property
    def findings(self) -> dict[str, Any]:
        """What was found in it; see ``legacy_checks.Checked.kept``."""
        return sealing.unseal_json(self.data_key, FOUND_PURPOSE, self.found)


class LegacyCase(Record):
    """Which row of which import a case came from, and which agencies had answered there.

    ``time_given`` is None of cases that were brought in before it was kept.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="+")
    batch = models.ForeignKey(LegacyImport, models.PROTECT, related_name="cases")
    line = models.PositiveIntegerField()
    old_reference = models.CharField(max_length=64, db_index=True)
    returns = models.JSONField(default=list)
    time_given = models.BooleanField(null=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Which case", "", Sensitivity.NONE, Seen.TEAM),
        "batch": Note("By which import it came", "", Sensitivity.NONE, Seen.TEAM),
        "line": Note("From which line of the sheet", "", Sensitivity.NONE, Seen.TEAM),
        "old_reference": Note(
            "A trace of its reference in the old system, under a secret key",
            "",
            Sensitivity.PERSONAL,
            Seen.NOBODY,
        ),
        "returns": Note(
            "Which agencies were asked and answered, and when",
            "",
            Sensitivity.PERSONAL,
            Seen.TEAM,
        ),
        "time_given": Note(
            "Whether the row said at what time the panel was told; else that time is made up",
            "",
            Sensitivity.NONE,
            Seen.TEAM,
        ),
    }

    class Meta:
        ordering: ClassVar = ["batch", "line"]

    def __str__(self) -> str:
        return f"line {self.line} of {self.batch_id}"
