"""Files of earlier cases of which one cannot be taken: all are refused, and each is named."""

import pytest

from cdop.cases.models import Case
from cdop.core import documents, viruses
from cdop.core.audit import AuditEntry
from cdop.core.documents import Document
from cdop.core.refusals import Refused
from notifications import legacy_actions, legacy_files
from notifications.legacy_archives import NotAnArchive
from notifications.legacy_models import LegacyImport
from notifications.models import Notification
from tests.notifications.legacy import sheets
from tests.notifications.legacy.papers import FILES, LETTER, WITH_FILES, brought_in, kept, read
from tests.notifications.legacy.sheets import CLOSED, REVIEWED

pytestmark = pytest.mark.usefixtures("store")


def wrong(rows, files, by):
    """(line, what stands there, reason) of all that is wrong with the files."""
    batch = read(rows, files, by=by)
    found = batch.file.findings["problems"]
    assert {column for _, column, _, _ in found} <= {"Files"}
    return [(line, value, reason) for line, _, reason, value in found]


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
