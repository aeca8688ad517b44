"""The sheet to fill in: headings, an explanation of each column, and no case."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from html import escape
from io import BytesIO

from cdop.core import delimited
from notifications import legacy_words
from notifications.legacy_columns import (
    AGENCY,
    CASES_SHEET,
    COLUMNS,
    COLUMNS_SHEET,
    GROUPS,
    TOTALS,
    TOTALS_SHEET,
    Column,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPLAINED = ("Column", "What it holds", "Needed", "How to write it", "Example", "Words")
HOW = {
    "text": "Text",
    "lines": "Text, several lines if need be",
    "date": "A date: day, month, year in four figures",
    "time": "Hours and minutes, such as 14:30",
    "number": "A whole number",
    "nhs_number": "Ten digits, with or without spaces",
    "postcode": "A postcode",
    "yes_no": "yes or no",
    "files": "Names of files, with ; between them",
    "word": "One of the words of the column",
}
FOR_AGENCIES = "Agency returns"
MOST_WORDS = 30

OFFICE = "http://schemas.openxmlformats.org"
SHEET = f"{OFFICE}/spreadsheetml/2006/main"
LINKS = f"{OFFICE}/package/2006/relationships"
KINDS = f"{OFFICE}/officeDocument/2006/relationships"
TYPES = f"{OFFICE}/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
# The second format of the styles is bold.
STYLES = (
    f'{HEAD}<styleSheet xmlns="{SHEET}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
    '<xf fontId="1" applyFont="1"/></cellXfs></styleSheet>'
)


def headings() -> list[str]:
    """The headings of the sheet to fill in, with those of one agency."""
    return [column.heading for column in (*COLUMNS, *AGENCY)]


def explained() -> list[list[str]]:
    """A row for each column: ``EXPLAINED``."""
    groups = [(group.title, group.columns) for group in GROUPS] + [(FOR_AGENCIES, AGENCY)]
    return [row for _, columns in groups for row in map(explanation, columns)]


def explanation(column: Column) -> list[str]:
    """One column in words."""
    words = legacy_words.in_the_guide(column) if column.words else []
    some = "; ".join(words[:MOST_WORDS]) + ("; and others" if len(words) > MOST_WORDS else "")
    return [
        column.heading,
        column.meaning or f"{column.heading} as it was recorded.",
        column.needed or "no",
        HOW[column.kind],
        column.example,
        some,
    ]


def workbook() -> bytes:
    """The workbook to fill in: the sheets for cases and totals, and one that explains them."""
    return _written(
        {
            CASES_SHEET: [headings()],
            TOTALS_SHEET: [[column.heading for column in TOTALS]],
            COLUMNS_SHEET: [EXPLAINED, *explained()],
        }
    )


def text_file() -> bytes:
    """The same headings as a text file of values."""
    return delimited.written(headings(), [])


def _written(sheets: dict[str, Sequence[Sequence[str]]]) -> bytes:
    """A workbook of texts, its first rows in bold."""
    names = list(sheets)
    parts = {
        "[Content_Types].xml": _types(len(names)),
        "_rels/.rels": _links([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(names),
        "xl/_rels/workbook.xml.rels": _links(
            [("worksheet", f"worksheets/sheet{place}.xml") for place in _places(names)]
            + [("styles", "styles.xml")]
        ),
        "xl/styles.xml": STYLES,
    }
    for place, rows in zip(_places(names), sheets.values(), strict=True):
        parts[f"xl/worksheets/sheet{place}.xml"] = _sheet(rows)
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        for path, part in parts.items():
            book.writestr(path, part)
    return content.getvalue()


def _places(names: Sequence[str]) -> range:
    return range(1, len(names) + 1)


def _types(sheets: int) -> str:
    parts = [("workbook", "sheet.main"), ("styles", "styles")]
    parts += [(f"worksheets/sheet{place}", "worksheet") for place in range(1, sheets + 1)]
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{SPREADSHEET}.{kind}+xml"/>'
        for part, kind in parts
    )
    links = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="{links}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _links(targets: Iterable[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{place}" Type="{KINDS}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{LINKS}">{links}</Relationships>'


def _book(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{place}" r:id="rId{place}"/>'
        for place, name in zip(_places(names), names, strict=True)
    )
    return f'{HEAD}<workbook xmlns="{SHEET}" xmlns:r="{KINDS}"><sheets>{sheets}</sheets></workbook>'


def _sheet(rows: Sequence[Sequence[str]]) -> str:
    widths = f'<cols><col min="1" max="{len(rows[0])}" width="24" customWidth="1"/></cols>'
    said = "".join(_row(number, row) for number, row in enumerate(rows, start=1))
    return f'{HEAD}<worksheet xmlns="{SHEET}">{widths}<sheetData>{said}</sheetData></worksheet>'


def _row(number: int, row: Sequence[str]) -> str:
    style = ' s="1"' if number == 1 else ""
    cells = "".join(
        f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        for text in row
    )
    return f'<row r="{number}">{cells}</row>'
