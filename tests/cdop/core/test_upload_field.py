"""The field of a form that takes a file, and the file on its way in."""

from io import BytesIO
from pathlib import Path

import pytest
from django import forms
from django.conf import settings as project
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from cdop.core import documents, uploads, viruses
from cdop.core.audit import AuditEntry
from cdop.core.documents import Document, UploadField
from cdop.core.uploads import Accepted
from tests.cdop.core.files import PLANTED, pdf, picture

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
