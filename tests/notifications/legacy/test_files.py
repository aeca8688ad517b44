"""The file of an import: sealed, kept for a day, and gone with its key."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cdop.core import sealing
from cdop.core.refusals import Refused
from cdop.core.sealing import CannotUnseal, DataKey
from notifications import legacy_actions, legacy_work
from notifications.legacy_models import LegacyFile, LegacyImport
from notifications.legacy_sheets import NotASheet
from tests.notifications.legacy import sheets
from tests.notifications.legacy.importing import everything, read
from tests.notifications.legacy.sheets import ALL


def test_the_file_is_sealed_and_gone_with_its_key_once_it_was_brought_in(coordinator):
    batch = read(by=coordinator)
    file = LegacyFile.objects.get()
    assert b"Invented" not in bytes(file.sealed) + bytes(file.found)
    assert file.content == sheets.as_csv(ALL)

    legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert LegacyFile.objects.count() == 0
    with pytest.raises(CannotUnseal):
        sealing.unseal(DataKey.objects.get(pk=file.data_key_id), "legacy file", file.sealed)


def test_a_file_is_removed_after_a_day(coordinator, monkeypatch):
    batch = read(by=coordinator)
    later = timezone.now() + timedelta(days=1, minutes=1)
    assert legacy_work.remove_files() == ""

    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(Refused, match="kept for a day"):
        legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert legacy_work.remove_files() == "Removed 1 old import file."
    assert LegacyFile.objects.count() == 0
    assert [job.name for job in legacy_work.due_jobs()] == ["files of imports"]


def test_an_import_that_is_left_keeps_no_file(coordinator):
    batch = read(by=coordinator)

    left = legacy_actions.leave(batch, by=coordinator, version=batch.version)

    assert (left.state, left.decided_by, LegacyFile.objects.count()) == ("left", coordinator, 0)


def test_a_file_that_cannot_be_read_leaves_nothing(coordinator):
    before = everything()

    with pytest.raises(NotASheet):
        legacy_actions.read(b"%PDF-1.7", by=coordinator)

    assert everything() == before
    assert LegacyImport.objects.count() == 0
