"""Earlier cases in a browser: the workbook taken, filled in, mended, brought in and undone."""

import zipfile
from html import escape
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from notifications.legacy_columns import COLUMNS
from notifications.legacy_sheets import letter
from tests.journeys.conftest import Journey
from tests.journeys.pages import follow, press, write

pytestmark = pytest.mark.pages

WORKBOOK = "Workbook with an explanation of each column (.xlsx)"
MADE_BY_HAND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXAMPLES = {column.heading: column.example for column in COLUMNS if column.kind != "files"}
OLD = {"Old reference": "2012/J-1", "Family name": "Invented-Journey-Import", "NHS number": ""}


def test_a_workbook_is_filled_in_mended_and_brought_in(journey: Journey):
    page = journey.person("Cora Coordinator")

    workbook = when_the_workbook_is_taken(journey, page)
    when_a_sheet_with_a_mistake_is_read(journey, page, filled_in(workbook, EXAMPLES | OLD | WRONG))
    when_the_mended_sheet_is_read_from_there(journey, page, filled_in(workbook, EXAMPLES | OLD))
    when_it_is_brought_in(journey, page)
    then_it_can_be_undone(journey, page)


WRONG = {"Date of death": "06/05/12"}


def filled_in(workbook: bytes, row: dict[str, str]) -> bytes:
    """The workbook with one case typed under the headings, as a spreadsheet program saves it."""
    with zipfile.ZipFile(BytesIO(workbook)) as empty:
        parts = {name: empty.read(name).decode() for name in empty.namelist()}
    cases = "xl/worksheets/sheet1.xml"
    cells = "".join(
        f'<c r="{letter(place)}2" t="inlineStr"><is><t>{escape(row[column.heading])}</t></is></c>'
        for place, column in enumerate(COLUMNS)
        if row.get(column.heading)
    )
    typed = f'<row r="2">{cells}</row></sheetData>'
    parts[cases] = parts[cases].replace("</sheetData>", typed)
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as saved:
        for name, part in parts.items():
            saved.writestr(name, part)
    return content.getvalue()


def when_the_workbook_is_taken(journey: Journey, page: Page) -> bytes:
    follow(page, "Notifications")
    page.get_by_role("link", name="earlier cases").click()
    journey.look(page, "choose a sheet")
    with page.expect_download() as saved:
        follow(page, WORKBOOK)
    assert saved.value.suggested_filename == "earlier-cases.xlsx"
    return Path(saved.value.path()).read_bytes()


def read(page: Page, content: bytes) -> None:
    file = {"name": "earlier-cases.xlsx", "mimeType": MADE_BY_HAND, "buffer": content}
    page.locator("input[type=file][name=file]").set_input_files(file)
    press(page, "Read the sheet")


def when_a_sheet_with_a_mistake_is_read(journey: Journey, page: Page, content: bytes) -> None:
    read(page, content)
    wrong = page.get_by_role("table", name="What is wrong")
    expect(wrong).to_contain_text("Write the year in four figures")
    journey.look(page, "what is wrong with it")


def when_the_mended_sheet_is_read_from_there(journey: Journey, page: Page, content: bytes) -> None:
    follow(page, "read the sheet again")
    read(page, content)
    expect(page.get_by_role("table", name="What is wrong")).to_have_count(0)
    journey.look(page, "nothing is wrong")


def when_it_is_brought_in(journey: Journey, page: Page) -> None:
    page.get_by_role("button", name="Bring in 1").click()
    expect(page.get_by_text("1 case was brought in.")).to_be_visible()
    journey.look(page, "brought in")


def then_it_can_be_undone(journey: Journey, page: Page) -> None:
    follow(page, "Undo this import")
    write(page, "Why is this import undone?", "Invented reason")
    press(page, "Undo the import")
    expect(page.get_by_text("The import is undone.")).to_be_visible()
    journey.look(page, "undone")
