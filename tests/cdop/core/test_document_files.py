"""The files of documents: no file or row without the other, through a kill as well."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.core.files.storage import storages
from django.utils import timezone

from cdop.core import documents, drafts, reminders, sealing
from cdop.core.audit import act
from cdop.core.documents import Document, FileMissing, FilesMissing
from cdop.core.sealing import CannotUnseal
from tests.cast import TESTS
from tests.cdop.core.entries import actions
from tests.cdop.core.files import LETTER
from tests.databases import environment

pytestmark = pytest.mark.usefixtures("store")

LATER = timedelta(days=1, seconds=1)


def test_a_file_whose_row_was_never_written_is_removed_after_a_day(key, store):
    with pytest.raises(ZeroDivisionError), act():
        documents.keep(LETTER, key=key, by=TESTS)
        raise ZeroDivisionError
    assert not Document.objects.exists()

    assert documents.tidy() == ""
    assert len(list(store.iterdir())) == 1
    assert documents.tidy(timezone.now() + LATER) == "Removed 1 file of a document nobody can read."
    assert list(store.iterdir()) == []


def test_what_is_not_ours_is_never_removed(letter, store):
    for name in ("README", "lost+found", "x" * 32, "A" * 32, "a" * 31):
        (store / name).write_text("not a document")

    assert documents.tidy(timezone.now() + LATER) == ""
    assert len(list(store.iterdir())) == 6


def test_the_files_of_a_destroyed_key_are_removed_and_no_fault(letter, key, store):
    sealing.destroy(key)

    assert documents.tidy(timezone.now() + LATER) == "Removed 1 file of a document nobody can read."
    assert documents.tidy(timezone.now() + LATER) == ""
    assert list(store.iterdir()) == []


def test_a_document_taken_out_again_loses_its_row_at_once_and_its_file_later(
    letter, store, coordinator
):
    documents.remove(letter, by=coordinator)

    assert not Document.objects.exists()
    assert actions()[-1] == "document.removed"
    documents.tidy(timezone.now() + LATER)
    assert list(store.iterdir()) == []


def test_a_row_without_a_file_is_a_fault_that_is_told_each_time(letter, store, coordinator):
    assert letter.is_there
    (store / letter.pk.hex).unlink()

    assert not letter.is_there
    with pytest.raises(FileMissing, match="missing from the store of documents"):
        documents.read(letter, by=coordinator, purpose="triage")
    for _ in range(2):
        with pytest.raises(FilesMissing, match=f"1 document has lost its file: {letter.pk.hex}"):
            documents.tidy()
    failed = [outcome.job for outcome in reminders.run_due() if outcome.failed]
    assert failed == ["files of documents"]


def test_before_anything_was_kept_there_is_nothing_to_do(db, store):
    assert not store.exists()
    assert documents.tidy() == ""


def test_a_file_that_another_round_removed_first_is_no_fault(letter, key, store, monkeypatch):
    sealing.destroy(key)
    listed = storages[documents.STORE].listdir("")
    (store / letter.pk.hex).unlink()
    monkeypatch.setattr(type(storages[documents.STORE]), "listdir", lambda self, path: listed)

    assert documents.tidy(timezone.now() + LATER) == ""


KILLED = """
import os, signal, django
django.setup()
from cdop.core import documents, sealing, steps
from cdop.core.audit import Job
from cdop.core.uploads import Accepted
def killed(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
key = sealing.new_key()
steps.create = killed
documents.keep(Accepted("a.txt", "text/plain", b"Planted"), key=key, by=Job("tests"))
"""


def test_a_kill_between_file_and_row_leaves_a_file_that_remind_removes(
    committed_database, store, tmp_path
):
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        cwd=project.BASE_DIR,
        env=environment(committed_database, DOCUMENTS_DIR=str(store)),
        capture_output=True,
        check=False,
    )

    assert done.returncode == -signal.SIGKILL, done.stderr
    (file,) = store.iterdir()
    assert b"Planted" not in file.read_bytes()
    assert not Document.objects.exists()
    assert documents.tidy() == ""
    assert documents.tidy(timezone.now() + LATER) == "Removed 1 file of a document nobody can read."
    assert list(store.iterdir()) == []


def test_an_expired_draft_takes_its_documents_with_it(store, coordinator):
    key = sealing.new_key()
    draft = drafts.keep(coordinator, "invented", "", {}, key)
    letter = documents.keep(LETTER, key=key, by=coordinator)
    type(draft).objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    drafts.remove_expired()

    with pytest.raises(CannotUnseal):
        documents.read(Document.objects.get(), by=coordinator, purpose="triage")
    assert documents.tidy(timezone.now() + LATER).startswith("Removed 1 file")
    assert Document.objects.get() == letter
