"""Documents: sealed before they are written, read on record, no file or row without the other."""

import signal
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings as project
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models
from django.test import RequestFactory
from django.utils import timezone

from cdop.core import audit, documents, drafts, reminders, sealing, uploads, viruses
from cdop.core.audit import AuditEntry, act
from cdop.core.documents import Document, FileMissing, FilesMissing, UploadField
from cdop.core.refusals import Refused
from cdop.core.sealing import CannotUnseal
from cdop.core.uploads import Accepted
from tests.cast import TESTS
from tests.cdop.core.files import pdf, picture
from tests.databases import environment

PLANTED = b"Planted-Words-of-a-Letter"
NAME = "Planted-Name Invented-Child.txt"
LETTER = Accepted(NAME, "text/plain", b"Dear all, " + PLANTED + b"\n" * 100)
LATER = timedelta(days=1, seconds=1)


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    """The folder of sealed files, for this test alone."""
    settings.STORAGES = settings.STORAGES | {
        documents.STORE: {
            "BACKEND": "cdop.core.document_store.SyncedFolder",
            "OPTIONS": {"location": str(tmp_path / "documents")},
        }
    }
    return tmp_path / "documents"


@pytest.fixture
def key(db):
    return sealing.new_key()


@pytest.fixture
def letter(key, coordinator):
    return documents.keep(LETTER, key=key, by=coordinator, source="letter")


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))


# Keeping and reading


def test_what_is_kept_is_what_is_read(letter, key, coordinator):
    kept = documents.of(key).get()

    assert (kept.name, kept.media_type, kept.kind) == (NAME, "text/plain", "TXT")
    assert (kept.size, kept.source, kept.kept_by) == (len(LETTER.content), "letter", coordinator)
    assert documents.read(kept, by=coordinator, purpose="triage") == LETTER.content


def test_keeping_and_reading_are_recorded_without_the_name(letter, coordinator):
    documents.read(letter, by=coordinator, purpose="triage")

    kept, read = AuditEntry.objects.order_by("-number")[:2][::-1]
    assert (kept.action, kept.actor, kept.subject) == (
        "document.kept",
        coordinator,
        f"document:{letter.pk}",
    )
    assert (read.action, read.actor, read.subject, read.purpose) == (
        "document.read",
        coordinator,
        f"document:{letter.pk}",
        "triage",
    )
    assert "Planted" not in f"{kept.detail}{read.detail}"
    assert audit.verify().broken == ""


@pytest.mark.parametrize("purpose", ["", " ", "\n"])
def test_nobody_reads_without_a_purpose(letter, coordinator, purpose):
    with pytest.raises(Refused, match="Say why you need this file"):
        documents.read(letter, by=coordinator, purpose=purpose)

    assert "document.read" not in actions()


def test_a_reading_that_cannot_be_recorded_does_not_happen(letter, coordinator, monkeypatch):
    def broken(*args, **kwargs):
        raise IntegrityError("the chain is locked")

    monkeypatch.setattr(documents, "record", broken)

    with pytest.raises(IntegrityError):
        documents.read(letter, by=coordinator, purpose="triage")


def test_documents_of_one_owner_are_not_those_of_another(letter, key):
    other = sealing.new_key()
    documents.keep(LETTER, key=other, by=TESTS)

    assert [list(documents.of(each)) for each in (key, sealing.new_key())] == [[letter], []]


# Sealed


def test_no_word_of_a_document_lies_in_the_clear(letter, store):
    files = [path.read_bytes() for path in store.rglob("*") if path.is_file()]
    rows = [
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for model in apps.get_models()
        if model.__module__.startswith("cdop")
        for row in model._base_manager.values_list()
        for value in row
    ]

    assert len(files) == 1 and len(rows) > 50
    for planted in (PLANTED, b"Planted-Name", b"Planted"):
        assert not [content for content in files + rows if planted in content]


def test_its_file_has_a_random_name_that_only_the_owner_may_open(letter, store):
    (file,) = store.iterdir()

    assert file.name == letter.pk.hex
    assert (oct(file.stat().st_mode)[-3:], oct(store.stat().st_mode)[-3:]) == ("600", "700")


def test_the_same_file_twice_leaves_two_that_do_not_look_alike(key, store):
    for _ in range(2):
        documents.keep(LETTER, key=key, by=TESTS)

    first, second = (path.read_bytes() for path in store.iterdir())
    assert first != second


def test_another_key_does_not_open_it(letter, coordinator):
    letter.data_key = sealing.new_key()

    with pytest.raises(CannotUnseal):
        documents.read(letter, by=coordinator, purpose="triage")
    with pytest.raises(CannotUnseal):
        _ = letter.name


def test_a_file_put_in_the_place_of_another_does_not_open(key, store, coordinator):
    """Sealed bytes are bound to their document, even under one key."""
    one, two = (documents.keep(LETTER, key=key, by=TESTS) for _ in range(2))
    (store / one.pk.hex).write_bytes((store / two.pk.hex).read_bytes())

    with pytest.raises(CannotUnseal):
        documents.read(one, by=coordinator, purpose="triage")
    assert documents.read(two, by=coordinator, purpose="triage") == LETTER.content


@pytest.mark.parametrize(
    "harm", [lambda b: b[:-1], lambda b: b"", lambda b: b[:50] + bytes([b[50] ^ 1]) + b[51:]]
)
def test_a_file_that_was_changed_does_not_open(letter, store, coordinator, harm):
    file = store / letter.pk.hex
    file.write_bytes(harm(file.read_bytes()))

    with pytest.raises(CannotUnseal):
        documents.read(letter, by=coordinator, purpose="triage")


def test_a_destroyed_key_makes_it_unreadable_for_good(letter, key, coordinator):
    sealing.destroy(key)

    with pytest.raises(CannotUnseal):
        documents.read(documents.of(key).get(), by=coordinator, purpose="triage")


# Downloads


def test_a_download_is_saved_and_never_shown(key, coordinator):
    kept = documents.keep(Accepted('a"b\\é 👶.pdf', "application/pdf", pdf()), key=key, by=TESTS)

    answer = documents.download(kept, by=coordinator, purpose="triage")

    assert answer.content == pdf()
    assert dict(answer.headers) == {
        "Content-Type": "application/pdf",
        "Content-Disposition": (
            'attachment; filename="a_b__ _.pdf"; '
            "filename*=UTF-8''a%22b%5C%C3%A9%20%F0%9F%91%B6.pdf"
        ),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
    }


def test_a_name_cannot_break_out_of_the_header(key, coordinator):
    kept = documents.keep(Accepted("a\r\nSet-Cookie: b=c", "text/plain", b"x"), key=key, by=TESTS)

    header = documents.download(kept, by=coordinator, purpose="triage")["Content-Disposition"]

    assert header == (
        "attachment; filename=\"a__Set-Cookie_ b_c\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b%3Dc"
    )


# File and row


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


# Owned by whoever owns the key


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


def test_no_model_but_documents_and_messages_says_that_it_owns_no_key():
    belonging = {
        model.__name__
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if column.related_model is sealing.DataKey and not sealing._owns_its_key(model)
    }

    assert belonging == {"Document", "HistoricalDocument", "Message"}
    assert isinstance(Document._meta.get_field("data_key"), models.ForeignKey)


# The field


class OneFile(forms.Form):
    letter = UploadField()


def sent(content: bytes, name: str = "letter.pdf") -> OneFile:
    return OneFile({}, {"letter": SimpleUploadedFile(name, content)})


def test_the_field_gives_a_file_that_may_be_kept(db):
    form = sent(pdf(), "../letter.PDF")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["letter"] == Accepted("letter.PDF", "application/pdf", pdf())


def test_a_picture_is_drawn_anew_on_its_way_in(db):
    form = sent(picture(where="Invented Street"), "a.jpg")

    assert form.is_valid()
    assert b"Invented Street" not in form.cleaned_data["letter"].content


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "Choose a file"),
        ({"letter": SimpleUploadedFile("a.pdf", b"")}, "The file is empty."),
        ({"letter": SimpleUploadedFile("a.exe", b"MZ" + b"\0" * 99)}, "This is a program"),
        ({"letter": "not a file"}, "The file did not arrive."),
    ],
)
def test_the_field_says_what_to_do_instead(db, files, said):
    form = OneFile({}, files)

    assert form.errors["letter"][0].startswith(said)


def test_a_file_may_be_left_out_where_it_is_not_asked_for(db):
    form = type("Form", (forms.Form,), {"letter": UploadField(required=False)})({}, {})

    assert form.is_valid() and form.cleaned_data["letter"] is None


def test_the_page_says_what_may_be_sent_and_whether_it_is_searched(settings):
    settings.UPLOAD_MAX_BYTES, settings.CLAMD = 3_000_000, ""
    kinds = "PDF, JPEG, PNG, DOCX, XLSX, ODT, ODS, TXT or CSV, at most 3 MB."

    assert str(OneFile().fields["letter"].help_text) == (
        f"{kinds} Files are not searched for viruses on this system."
    )
    settings.CLAMD = "127.0.0.1:3310"
    assert str(OneFile().fields["letter"].help_text) == f"{kinds} It is searched for viruses."


def test_a_virus_is_refused_and_recorded_by_name_of_the_virus(coordinator, settings, monkeypatch):
    settings.CLAMD = "127.0.0.1:3310"
    monkeypatch.setattr(viruses, "found_in", lambda content: "Invented.Test-1")

    with pytest.raises(ValidationError, match="found a virus in this file"):
        UploadField(by=coordinator).clean(SimpleUploadedFile("Planted-Name.pdf", pdf()))

    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.actor, entry.detail) == (
        "upload.infected",
        coordinator,
        '{"after": {"found": "Invented.Test-1"}}',
    )
    assert not Document.objects.exists()


def test_without_an_answer_of_the_scanner_nothing_is_let_in(db, settings):
    settings.CLAMD = "unix:/nothing/here"

    assert "cannot be searched for viruses now" in sent(pdf()).errors["letter"][0]


# On the way in


def received(*contents: bytes):
    """The files of one request, as the server reads them."""
    files = {f"file{n}": SimpleUploadedFile(f"{n}.txt", each) for n, each in enumerate(contents)}
    return RequestFactory().post("/", files).FILES


def test_a_file_on_its_way_in_never_touches_a_disk(monkeypatch, tmp_path):
    """Django's own way writes what is larger than 2.5 MB to a temporary file."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))

    (file,) = received(PLANTED * 200_000).values()

    assert file.size == len(PLANTED) * 200_000 > 4_000_000
    assert file.read() == PLANTED * 200_000
    assert isinstance(file.file, BytesIO)


def test_more_than_may_be_sent_is_let_go_of_and_told(settings, db):
    settings.UPLOAD_MAX_BYTES = 100_000
    (file,) = received(b"x" * 500_000).values()

    assert file.size == 500_000 > 100_000 >= len(file.read())
    assert OneFile({}, {"letter": file}).errors["letter"] == [uploads.too_large()]


def test_many_files_in_one_request_take_no_more_room_than_one(settings):
    settings.UPLOAD_MAX_BYTES = 100_000

    files = received(b"x" * 60_000, b"y" * 60_000, b"z" * 30_000)

    held = sum(len(file.read()) for file in files.values())
    assert held <= 100_000
    assert [file.size for file in files.values()] == [60_000, 100_001, 30_000]


def test_nothing_that_reads_uploads_writes_them_to_a_disk():
    assert project.FILE_UPLOAD_HANDLERS == ["cdop.core.upload_handler.InMemory"]
    assert Path(storages[documents.STORE].location).is_absolute()
