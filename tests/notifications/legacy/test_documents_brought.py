"""Files of earlier cases by page and by command."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from cdop.core.documents import Document
from notifications.legacy_models import LegacyImport
from tests.cdop.core.files import pdf
from tests.notifications.legacy import sheets
from tests.notifications.legacy.papers import FILES, LETTER, WITH_FILES, kept
from tests.notifications.legacy.sheets import CLOSED
from tests.notifications.legacy.test_archives import packed
from tests.pages import sign_in, text_of

pytestmark = pytest.mark.usefixtures("store")
LIST = reverse("notifications:imports")


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

    assert "1 mistake. Mend it and read the sheet again , with its files." in page
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
