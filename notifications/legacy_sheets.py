"""From a file to lines: what kind of file it is, which of its sheets count, what stands where."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import StringIO
from typing import Any

from notifications import legacy_workbooks
from notifications.legacy_columns import (
    CASES_SHEET,
    COLUMNS_SHEET,
    TOTALS,
    TOTALS_SHEET,
    Column,
    find,
    folded,
)
from notifications.legacy_values import CellError

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 300
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
# How the workbooks of Excel 2 to 4 begin, and what else is not a sheet although it is text.
VERY_OLD_WORKBOOKS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
OTHER_TEXTS = (b"%PDF-", b"{\\rtf")
SEPARATORS = ",;\t|"
A_QUOTE = '"'

EMPTY = "The file is empty."
NO_ROWS = "The file has headings and no case under them."
TOO_LONG = f"The file is larger than {MOST_BYTES // 1_000_000} megabytes."
NOT_A_SHEET = (
    "This is neither a workbook (.xlsx, .xls, .ods) nor a text file of values (.csv). Save the "
    "sheet as one of these."
)
VERY_OLD = "This workbook is in a format of before 1997. Open it and save it as .xlsx."
A_WEB_PAGE = (
    "This is a web page or XML under the name of a workbook, as some systems give it out. Open it "
    "in your spreadsheet program, save it as .xlsx, and choose that."
)
NOT_TEXT = "The letters of this text file cannot be read. Save the sheet as “CSV UTF-8”."
NO_HEADINGS = (
    "The first row with anything in it must hold the headings of the columns, such as “Old "
    "reference” and “Date of death”. None of them is there."
)
AS_WINDOWS = (
    "The text file was read as Windows text. Look whether letters with accents have come out right."
)

Value = Any
"""What stands in a cell: text, a number, a truth, a date, a moment, a time; "" for nothing."""


class NotASheet(Exception):
    """The file cannot be read as a sheet of cases; the sentence says why."""


@dataclass(frozen=True)
class Line:
    """One row of the sheet with anything in it.

    number   as the program that shows the sheet counts it, headings included
    values   by key of the column (``legacy_columns.find``); empty cells are left out
    problem  why the row cannot be taken apart; "" where it can
    """

    number: int
    values: dict[str, Value]
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    """What was found in a file.

    columns   heading and column by key, as far as they are known
    passed    headings that no column is known for, each with its letter
    remarks   what the person should know of how the file was read
    totals    rows of the sheet with the old system's totals
    """

    lines: list[Line]
    columns: dict[str, tuple[str, Column]]
    passed: list[str]
    remarks: list[str] = field(default_factory=list)
    totals: list[Line] = field(default_factory=list)


def read(content: bytes) -> Sheet:
    """The sheet of cases in a file. Raises NotASheet."""
    if not content.strip():
        raise NotASheet(EMPTY)
    if len(content) > MOST_BYTES:
        raise NotASheet(TOO_LONG)
    _refuse_others(content)
    sheet = _workbook(content) if content.startswith(WORKBOOKS) else _text(content)
    if not sheet.lines:
        raise NotASheet(NO_ROWS)
    if len(sheet.lines) > MOST_ROWS:
        raise NotASheet(f"The file has more than {MOST_ROWS:,} cases.")
    return sheet


def _refuse_others(content: bytes) -> None:
    """What is called a sheet now and then and is none: each with what to do instead."""
    begins = content[:1_000].removeprefix(codecs.BOM_UTF8).lstrip()
    if content.startswith(VERY_OLD_WORKBOOKS):
        raise NotASheet(VERY_OLD)
    if begins.startswith(b"<"):
        raise NotASheet(A_WEB_PAGE)
    if begins.startswith(OTHER_TEXTS):
        raise NotASheet(NOT_A_SHEET)


def _text(content: bytes) -> Sheet:
    text, remarks = _decoded(content)
    if not text.strip():
        raise NotASheet(EMPTY)
    first = next(line for line in text.splitlines() if line.strip())
    separator = max(SEPARATORS, key=lambda mark: _known(_split(first, mark)))
    return _sheet(list(_records(text, separator)), frozenset(), remarks)


def _decoded(content: bytes) -> tuple[str, list[str]]:
    """The text, and what is to be said of its letters."""
    if b"\0" in content:
        raise NotASheet(NOT_A_SHEET if content[:2] not in (b"\xff\xfe", b"\xfe\xff") else NOT_TEXT)
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise NotASheet(NOT_TEXT) from error
    if any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in text):
        raise NotASheet(NOT_A_SHEET)
    return text, [AS_WINDOWS]


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _known(headings: list[str]) -> int:
    return sum(find(heading) is not None for heading in headings)


def _records(text: str, separator: str) -> Iterator[tuple[int, list[Value]]]:
    """Each record with the number of the line on which it begins."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for record in reader:
            yield begins, list(record)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise NotASheet(
            f"The text file breaks off in line {begins}: perhaps a quotation mark ({A_QUOTE}) is "
            "not closed there."
        ) from error


def _workbook(content: bytes) -> Sheet:
    try:
        sheets = legacy_workbooks.read(content)
    except legacy_workbooks.Unreadable as problem:
        raise NotASheet(str(problem)) from problem
    shown = [sheet for sheet in sheets if not sheet["hidden"]]
    chosen = _named(shown, CASES_SHEET) or next(iter(_others(shown)), None)
    if chosen is None:
        raise NotASheet("Every sheet of the workbook is hidden or has another use. Show the cases.")
    totals = _named(shown, TOTALS_SHEET)
    sheet = _sheet(_rows(chosen), frozenset(chosen["merged"]), _unread(sheets, chosen))
    return Sheet(
        sheet.lines, sheet.columns, sheet.passed, sheet.remarks, _totals(totals) if totals else []
    )


def _rows(sheet: dict[str, Any]) -> list[tuple[int, list[Value]]]:
    rows = [[_value(cell) for cell in cells] for cells in sheet["rows"]]
    for row, place in map(_at, sheet["errors"]):
        _put(rows, row, place, CellError())
    return list(enumerate(rows, start=1))


def _at(cell: str) -> tuple[int, int]:
    """Row and place, both from 0, of a cell such as "B7"."""
    letters = cell.rstrip("0123456789")
    place = 0
    for each in letters:
        place = place * 26 + ord(each) - ord("A") + 1
    return int(cell[len(letters) :]) - 1, place - 1


def _put(rows: list[list[Value]], row: int, place: int, value: Value) -> None:
    """Put a value into a row that is perhaps shorter or not there; far corners are left alone."""
    if row > MOST_ROWS or place >= MOST_COLUMNS:
        return
    rows += [[] for _ in range(row + 1 - len(rows))]
    rows[row] += [""] * (place + 1 - len(rows[row]))
    rows[row][place] = value


def _named(sheets: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    return next((sheet for sheet in sheets if folded(sheet["name"]) == folded(name)), None)


def _others(sheets: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The sheets that are neither the totals nor the explanation of the columns."""
    apart = {folded(TOTALS_SHEET), folded(COLUMNS_SHEET)}
    return (sheet for sheet in sheets if folded(sheet["name"]) not in apart)


def _unread(sheets: list[dict[str, Any]], chosen: dict[str, Any]) -> list[str]:
    return [
        f"The sheet “{sheet['name']}” is hidden and was not read."
        if sheet["hidden"]
        else f"The sheet “{sheet['name']}” was not read: the cases stand in “{chosen['name']}”."
        for sheet in _others(sheets)
        if sheet is not chosen
    ]


def _value(cell: Any) -> Value:
    """A cell out of JSON; see ``legacy_workbooks.cell``."""
    if not isinstance(cell, dict):
        return cell
    if "moment" in cell:
        return datetime.fromisoformat(cell["moment"])
    if "date" in cell:
        return date.fromisoformat(cell["date"])
    return _time(cell["time"])


def _time(text: str) -> Value:
    """A time of day; a span of a day or more stays text, which no column takes for a time."""
    try:
        return time.fromisoformat(text.rjust(8, "0"))
    except ValueError:
        return text


def _sheet(
    records: list[tuple[int, list[Value]]], merged: frozenset[int], remarks: list[str]
) -> Sheet:
    filled = [(number, cells) for number, cells in records if any(map(_is_filled, cells))]
    if not filled:
        raise NotASheet(EMPTY)
    headings = [str(cell).strip() for cell in filled[0][1]]
    if len(headings) > MOST_COLUMNS:
        raise NotASheet(f"The file has more than {MOST_COLUMNS} columns.")
    if not _known(headings):
        raise NotASheet(NO_HEADINGS)
    places = _places(headings)
    return Sheet(
        lines=[_line(number, cells, places, merged) for number, cells in filled[1:]],
        columns={key: (headings[place], column) for place, (key, column) in places.items()},
        passed=_passed(headings, places, filled[1:]),
        remarks=remarks,
    )


def _places(headings: list[str]) -> dict[int, tuple[str, Column]]:
    """By place, from 0: key and column. Raises NotASheet where two headings mean one column."""
    found: dict[int, tuple[str, Column]] = {}
    for place, heading in enumerate(headings):
        if not (known := find(heading)):
            continue
        for earlier, (key, _) in found.items():
            if key == known[0]:
                both = (
                    f"{letter(earlier)} (“{headings[earlier]}”) and {letter(place)} (“{heading}”)"
                )
                raise NotASheet(f"Columns {both} mean the same. Remove or rename one.")
        found[place] = known
    return found


def _passed(
    headings: list[str],
    places: dict[int, tuple[str, Column]],
    rows: list[tuple[int, list[Value]]],
) -> list[str]:
    """The columns that are not read although something stands in them."""
    width = max([len(headings), *(len(cells) for _, cells in rows[:1])])
    named = headings + [""] * (width - len(headings))
    return [
        f"{letter(place)}: {heading or 'no heading'}"
        for place, heading in enumerate(named)
        if place not in places and (heading or _used(rows, place))
    ]


def _used(rows: list[tuple[int, list[Value]]], place: int) -> bool:
    return any(place < len(cells) and _is_filled(cells[place]) for _, cells in rows)


def _line(
    number: int,
    cells: list[Value],
    places: dict[int, tuple[str, Column]],
    merged: frozenset[int],
) -> Line:
    values = {
        key: cells[place]
        for place, (key, _) in places.items()
        if place < len(cells) and _is_filled(cells[place])
    }
    joined = (
        "Cells of this row are merged, so it is not clear what belongs to it. Part them. Until "
        "then nothing else of the row is checked."
    )
    return Line(number, values, joined if number in merged else "")


def _totals(sheet: dict[str, Any]) -> list[Line]:
    """The rows of the totals; those of a sheet with other headings are passed over."""
    by_heading = {folded(column.heading): column.code for column in TOTALS}
    rows = [(number, cells) for number, cells in _rows(sheet) if any(map(_is_filled, cells))]
    keys = [by_heading.get(folded(str(cell)), "") for cell in rows[0][1]] if rows else []
    if not set(by_heading.values()) <= set(keys):
        return []
    return [
        Line(
            number,
            {key: cell for key, cell in zip(keys, cells, strict=False) if key and _is_filled(cell)},
        )
        for number, cells in rows[1:]
    ]


def _is_filled(cell: Value) -> bool:
    return cell is not None and str(cell).strip() != ""


def letter(place: int) -> str:
    """What a spreadsheet calls the column at a place, from 0: A, B … Z, AA."""
    letters, number = "", place + 1
    while number:
        number, left = divmod(number - 1, 26)
        letters = chr(ord("A") + left) + letters
    return letters
