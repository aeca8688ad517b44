"""The file of an import while it waits: sealed, and gone once it was brought in, left, or old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from cdop.core import sealing
from cdop.core.audit import act
from notifications.legacy_checks import Checked, Choices
from notifications.legacy_models import (
    DOCUMENTS_PURPOSE,
    FILE_PURPOSE,
    FOUND_PURPOSE,
    LegacyFile,
    LegacyImport,
)

KEPT = timedelta(days=1)


def keep(
    batch: LegacyImport, content: bytes, checked: Checked, archive: bytes | None = None
) -> LegacyFile:
    """Keep the sheet of an import and its archive, sealed under a key of their own, for a day."""
    key = sealing.new_key()
    return LegacyFile.objects.create(
        batch=batch,
        data_key=key,
        sealed=sealing.seal(key, FILE_PURPOSE, content),
        documents=None if archive is None else sealing.seal(key, DOCUMENTS_PURPOSE, archive),
        found=sealing.seal_json(key, FOUND_PURPOSE, checked.kept),
        expires_at=timezone.now() + KEPT,
    )


def of(batch: LegacyImport) -> LegacyFile | None:
    """The file of an import; None where it is gone, or its day is over."""
    live = LegacyFile.objects.filter(batch=batch, expires_at__gt=timezone.now())
    return live.select_related("data_key").first()


def choose(file: LegacyFile, choices: Choices) -> None:
    """Keep what was said of rows that look alike, over what was said of them before."""
    with act():
        row = LegacyFile.objects.select_for_update().get(pk=file.pk)
        row.choices = {**row.choices, **choices}
        row.save(update_fields=["choices"])


def find_again(file: LegacyFile, checked: Checked) -> None:
    """Keep what was found now over what was found before."""
    file.found = sealing.seal_json(file.data_key, FOUND_PURPOSE, checked.kept)
    file.save(update_fields=["found"])


def remove(batch: LegacyImport) -> None:
    """Remove the file of an import and destroy its key."""
    _remove(LegacyFile.objects.filter(batch=batch).select_related("data_key"))


def remove_expired() -> int:
    """Remove the files whose day is over; say how many."""
    with act():
        old = LegacyFile.objects.filter(expires_at__lte=timezone.now())
        return _remove(old.select_related("data_key").select_for_update(of=("self",)))


def _remove(files: Iterable[LegacyFile]) -> int:
    removed = list(files)
    for file in removed:
        file.delete()
        sealing.destroy(file.data_key)
    return len(removed)
