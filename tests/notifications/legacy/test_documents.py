"""Files of earlier cases, sealed with the notification of their row."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cdop.cases.models import Case
from cdop.core import documents
from cdop.core.audit import AuditEntry
from cdop.core.documents import Document
from cdop.core.sealing import CannotUnseal
from cdop.core.uploads import Accepted
from notifications import legacy_actions, legacy_work
from notifications.legacy_models import LegacyFile
from tests.notifications.legacy.importing import say
from tests.notifications.legacy.papers import (
    FILES,
    LETTER,
    WITH_FILES,
    brought_in,
    kept,
    notification_of,
    read,
)
from tests.notifications.legacy.sheets import CLOSED, GATHERING
from tests.notifications.legacy.test_archives import packed
from tests.pages import sign_in, text_of

pytestmark = pytest.mark.usefixtures("store")


def test_the_files_of_a_row_are_sealed_with_its_notification(coordinator, store):
    brought_in(
        [WITH_FILES, GATHERING | {"files": "other.txt"}],
        [*FILES, ("other.txt", b"O.")],
        by=coordinator,
    )

    letter, report = documents.of(notification_of(2).data_key)
    assert (letter.name, report.name, report.kind) == ("letter.txt", "report.pdf", "PDF")
    assert (letter.source, letter.kept_by) == ("The system used before", coordinator)
    assert documents.read(letter, by=coordinator, purpose="to see it") == LETTER
    assert kept(3) == ["other.txt"]
    assert not any(LETTER in file.read_bytes() for file in store.iterdir())


def test_they_show_with_the_notification_and_each_reading_is_recorded(coordinator, client):
    brought_in([WITH_FILES], FILES, by=coordinator)
    sign_in(client, coordinator)
    notification = notification_of(2)

    page = client.get(reverse("notifications:notification", args=[notification.reference]))
    assert "letter.txt" in text_of(page) and "report.pdf" in text_of(page)
    case = text_of(client.get(reverse("cases:case", args=[notification.case.reference])))
    assert notification.reference in case
    letter = documents.of(notification.data_key)[0]
    given = client.get(reverse("notifications:file", args=[notification.reference, letter.pk]))

    assert given.content == LETTER
    assert given["Content-Disposition"].startswith("attachment;")
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.actor) == ("document.read", coordinator)


def test_the_archive_waits_sealed_and_its_key_is_destroyed_with_it(coordinator):
    batch = read([WITH_FILES], FILES, by=coordinator)
    file, key = batch.file, batch.file.data_key
    assert b"letter.txt" not in bytes(file.documents) and file.archive == packed(FILES)

    legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert LegacyFile.objects.count() == 0
    key.refresh_from_db()
    assert key.wrapped is None
    file.data_key = key
    with pytest.raises(CannotUnseal):
        assert file.archive


def test_an_archive_that_nobody_brought_in_is_gone_after_a_day(coordinator):
    batch = read([WITH_FILES], FILES, by=coordinator)
    key = batch.file.data_key
    LegacyFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert legacy_work.remove_files() == "Removed 1 old import file."

    key.refresh_from_db()
    assert (LegacyFile.objects.count(), key.wrapped, Document.objects.count()) == (0, None, 0)


def test_the_files_of_a_row_that_is_left_out_stay_out(coordinator):
    same = CLOSED | {"old_reference": "again", "files": "other.txt"}
    batch = read([WITH_FILES, same], [*FILES, ("other.txt", b"O.")], by=coordinator)
    say(batch, {3: "leave_out"}, by=coordinator)

    legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert Document.objects.count() == 2


def test_undone_the_files_stay_sealed_with_their_notification(coordinator):
    batch = brought_in([WITH_FILES], FILES, by=coordinator)

    legacy_actions.undo(batch, by=coordinator, version=batch.version, reason="Invented")

    assert kept(2) == ["letter.txt", "report.pdf"]
    assert Case.objects.get().state == "withdrawn"


def test_what_is_kept_is_what_the_gate_let_in(coordinator, monkeypatch):
    monkeypatch.setattr(
        documents, "examined", lambda name, content, *, by: Accepted(name, "text/plain", b"anew")
    )
    brought_in([CLOSED | {"files": "letter.txt"}], FILES[:1], by=coordinator)

    (letter,) = documents.of(notification_of(2).data_key)
    assert documents.read(letter, by=coordinator, purpose="to see it") == b"anew"
