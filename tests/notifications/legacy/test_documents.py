"""Files of earlier cases: named by a row, let in, sealed with its notification; or all refused."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from cdop.cases.models import Case
from cdop.core import documents, viruses
from cdop.core.audit import AuditEntry
from cdop.core.documents import Document
from cdop.core.refusals import Refused
from cdop.core.sealing import CannotUnseal
from cdop.core.uploads import Accepted
from notifications import legacy_actions, legacy_files, legacy_work
from notifications.legacy_archives import NotAnArchive
from notifications.legacy_models import LegacyCase, LegacyFile, LegacyImport
from notifications.models import Notification
from tests.cdop.core.files import pdf
from tests.notifications.legacy import sheets
from tests.notifications.legacy.importing import say
from tests.notifications.legacy.sheets import CLOSED, GATHERING, REVIEWED
from tests.notifications.legacy.test_archives import packed
from tests.pages import sign_in, text_of

LETTER = b"An invented letter."
FILES = [("papers/letter.txt", LETTER), ("papers/2012/report.pdf", pdf())]
WITH_FILES = CLOSED | {"files": "letter.txt; 2012/report.pdf"}
LIST = reverse("notifications:imports")


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    """The store of documents, in a folder of this test."""
    settings.STORAGES = settings.STORAGES | {
        "documents": {
            "BACKEND": "cdop.core.document_store.SyncedFolder",
            "OPTIONS": {"location": tmp_path / "documents"},
        }
    }
    return tmp_path / "documents"


def read(rows, files, *, by):
    return legacy_actions.read(sheets.as_csv(rows), by=by, archive=packed(files))


def wrong(rows, files, by):
    """(line, what stands there, reason) of all that is wrong with the files."""
    batch = read(rows, files, by=by)
    found = batch.file.findings["problems"]
    assert {column for _, column, _, _ in found} <= {"Files"}
    return [(line, value, reason) for line, _, reason, value in found]


def brought_in(rows, files, by):
    batch = read(rows, files, by=by)
    return legacy_actions.bring_in(batch, by=by, version=batch.version)


def notification_of(line):
    return Notification.objects.get(case=LegacyCase.objects.get(line=line).case)


def kept(line):
    return [each.name for each in documents.of(notification_of(line).data_key)]


# Brought in


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


# What is wrong


@pytest.mark.parametrize(
    ("rows", "files", "expected"),
    [
        (
            [WITH_FILES],
            FILES[:1],
            [(2, "2012/report.pdf", "File 2 of this cell: This file did not come with the sheet.")],
        ),
        (
            [CLOSED | {"files": "letter.txt"}],
            FILES,
            [
                (
                    0,
                    "papers/2012/report.pdf",
                    "File 2 of 2 that came: no row names it. Name it in its row, or leave it out.",
                )
            ],
        ),
        (
            [WITH_FILES, REVIEWED | {"files": "papers/letter.txt"}],
            FILES,
            [
                (
                    3,
                    "papers/letter.txt",
                    "Line 2 has this file too. A file belongs to one case: give each its own copy, "
                    "under a name of its own.",
                )
            ],
        ),
        (
            [CLOSED | {"files": "tool.exe"}],
            [("tool.exe", b"MZ" + bytes(range(256)) * 8)],
            [(2, "tool.exe", "This is a program, not a document. Programs are not kept here.")],
        ),
        (
            [CLOSED | {"files": "empty.txt"}],
            [("empty.txt", b"")],
            [(2, "empty.txt", "The file is empty. Choose one that holds something.")],
        ),
        (
            [CLOSED | {"files": "letter.txt"}],
            [("a/letter.txt", LETTER), ("b/letter.txt", b"B.")],
            [
                (
                    0,
                    "a/letter.txt",
                    "File 1 of 2 that came: no row names it. Name it in its row, or leave it out.",
                ),
                (
                    0,
                    "b/letter.txt",
                    "File 2 of 2 that came: no row names it. Name it in its row, or leave it out.",
                ),
                (
                    2,
                    "letter.txt",
                    "More than one file has this name. Write the folder before it, such as "
                    "2012/letter.pdf.",
                ),
            ],
        ),
    ],
    ids=["not there", "not named", "named twice", "refused", "empty", "several"],
)
def test_what_is_wrong_with_a_file_is_named(coordinator, rows, files, expected):
    assert wrong(rows, files, coordinator) == sorted(expected)


def test_files_are_looked_at_whatever_else_is_wrong_with_the_row(coordinator):
    batch = read([CLOSED | {"sex": "boy", "files": "none.txt"}], FILES[:0], by=coordinator)

    assert [column for _, column, _ in batch.report] == ["Files", "Sex"]


def test_a_file_twice_in_one_cell_is_kept_once(coordinator):
    named = CLOSED | {"files": "letter.txt; LETTER.TXT; papers/letter.txt; letter.txt;"}

    brought_in([named], FILES[:1], by=coordinator)

    assert kept(2) == ["letter.txt"]


def test_a_sheet_that_names_files_needs_them(coordinator):
    batch = legacy_actions.read(sheets.as_csv([WITH_FILES]), by=coordinator)

    with pytest.raises(Refused, match="something is wrong with 1 row"):
        legacy_actions.bring_in(batch, by=coordinator, version=batch.version)


def test_a_virus_is_refused_and_recorded_by_name_of_whoever_brought_it(
    coordinator, settings, monkeypatch
):
    settings.CLAMD = "127.0.0.1:1"
    monkeypatch.setattr(
        viruses, "found_in", lambda content: "Eicar" if b"letter" in content else ""
    )

    found = wrong([WITH_FILES], FILES, coordinator)

    assert [(line, value) for line, value, _ in found] == [(2, "letter.txt")]
    assert "The scanner found a virus in this file" in found[0][2]
    assert AuditEntry.objects.get(action="upload.infected").actor == coordinator


def test_nothing_comes_in_while_a_file_is_refused(coordinator, store):
    batch = read([WITH_FILES, REVIEWED], [*FILES, ("more.txt", b"M.")], by=coordinator)

    with pytest.raises(Refused, match="something is wrong with the files"):
        legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert (Case.objects.count(), Document.objects.count()) == (0, 0)
    assert legacy_files.of(batch) is not None


def test_a_file_that_turns_out_infected_at_the_last_moment_leaves_nothing(coordinator, monkeypatch):
    batch = read([REVIEWED, WITH_FILES], FILES, by=coordinator)
    real, seen = documents.examined, []

    def later(name, content, *, by):
        seen.append(name)
        if len(seen) == 4:
            return real("x.exe", b"MZ" * 600, by=by)
        return real(name, content, by=by)

    monkeypatch.setattr(documents, "examined", later)
    with pytest.raises(Refused, match="A file of line 3 cannot be taken now. The name of the"):
        legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert (Case.objects.count(), Document.objects.count()) == (0, 0)
    assert Notification.objects.count() == 0


def test_an_archive_that_cannot_be_read_keeps_nothing(coordinator):
    with pytest.raises(NotAnArchive):
        legacy_actions.read(sheets.as_csv([WITH_FILES]), by=coordinator, archive=b"no archive")

    assert LegacyImport.objects.count() == 0


# The pages


def upload(client, rows, archive):
    return client.post(
        LIST,
        {
            "file": SimpleUploadedFile("cases.csv", sheets.as_csv(rows)),
            "documents": SimpleUploadedFile("papers.zip", archive),
        },
        follow=True,
    )


def test_from_sheet_and_archive_to_cases_with_their_files(coordinator, client):
    page = text_of(upload(sign_in(client, coordinator), [WITH_FILES], packed(FILES)))
    assert "2 files came with the sheet." in page and "What is wrong" not in page

    batch = LegacyImport.objects.get()
    client.post(
        reverse("notifications:import_bring_in", args=[batch.reference]), {"version": batch.version}
    )

    assert kept(2) == ["letter.txt", "report.pdf"]


def test_the_page_names_the_files_and_the_report_to_take_along_does_not(coordinator, client):
    sign_in(client, coordinator)
    files = [("Secretname letter.txt", LETTER), *FILES]
    page = text_of(upload(client, [WITH_FILES], packed(files)))

    assert "1 mistake. Mend them and read the sheet again, with its files." in page
    assert "None Files Secretname letter.txt File 1 of 3 that came: no row names it." in page
    batch = LegacyImport.objects.get()
    report = client.get(reverse("notifications:import_report", args=[batch.reference]))
    assert b"Secretname" not in report.content and b"no row names it" in report.content
    assert "Secretname" not in str(batch.report)


@pytest.mark.parametrize(
    ("archive", "sentence"),
    [
        (b"%PDF-1.7", "This is not a ZIP that can be read."),
        (packed([("../a.txt", LETTER)]), "Names in the ZIP lead out of it"),
        (b"PK\x03\x04" + b"x" * 1_100_000, "together are larger than 1 megabytes."),
    ],
    ids=["none", "astray", "too large"],
)
def test_an_archive_that_is_not_taken_is_told_beside_its_box(
    coordinator, client, settings, archive, sentence
):
    settings.UPLOAD_MAX_BYTES = 1_000_000

    page = upload(sign_in(client, coordinator), [CLOSED], archive)

    problem = text_of(page).partition("There is a problem")[2]
    assert problem.count(sentence) == 2
    assert LegacyImport.objects.count() == 0


# The command


def command(tmp_path, rows, *arguments):
    sheet, folder = tmp_path / "cases.csv", tmp_path / "papers"
    sheet.write_bytes(sheets.as_csv(rows))
    (folder / "2012").mkdir(parents=True, exist_ok=True)
    (folder / "letter.txt").write_bytes(LETTER)
    (folder / "2012" / "report.pdf").write_bytes(pdf())
    call_command("import_cases", str(sheet), "--documents", str(folder), *arguments)


def test_the_command_takes_the_files_of_a_folder(tmp_path, coordinator):
    command(tmp_path, [WITH_FILES], "--by", coordinator.email)

    assert kept(2) == ["letter.txt", "report.pdf"]
    assert (tmp_path / "papers" / "letter.txt").read_bytes() == LETTER


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_the_command_says_what_is_wrong_without_a_name(tmp_path, db, capsys, arguments):
    with pytest.raises(CommandError, match="something is wrong with the files"):
        command(tmp_path, [CLOSED | {"files": "letter.txt"}], *arguments)

    said = capsys.readouterr().out
    assert "No line, Files: File 2 of 2 that came: no row names it." in said
    assert "report" not in said
    assert Document.objects.count() == 0


def test_the_command_says_that_the_folder_is_not_there(tmp_path, db):
    sheet = tmp_path / "cases.csv"
    sheet.write_bytes(sheets.as_csv([CLOSED]))

    with pytest.raises(CommandError, match="This folder is not there."):
        call_command("import_cases", str(sheet), "--documents", str(tmp_path / "none"))


def test_what_is_kept_is_what_the_gate_let_in(coordinator, monkeypatch):
    monkeypatch.setattr(
        documents, "examined", lambda name, content, *, by: Accepted(name, "text/plain", b"anew")
    )
    brought_in([CLOSED | {"files": "letter.txt"}], FILES[:1], by=coordinator)

    (letter,) = documents.of(notification_of(2).data_key)
    assert documents.read(letter, by=coordinator, purpose="to see it") == b"anew"
