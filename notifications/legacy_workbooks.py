"""Reading a workbook in a process of its own: ``python -m notifications.legacy_workbooks``.

It takes the file from its standard input and writes its sheets as JSON. A damaged or hostile
file, and one with a stray cell in the last corner of its sheet, can ask for more memory than
there is, which ends the process that reads it. So that is never the one that serves pages.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess  # nosec B404
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

HOME = Path(__file__).parent.parent
MEMORY = 1_500_000_000  # bytes
SECONDS = 60
MOST_UNPACKED = 300_000_000  # bytes
ERROR_CELL = re.compile(rb'<c (?=[^>]*?\bt="e")[^>]*?\br="([A-Z]+[0-9]+)"')

PROTECTED = "The workbook is protected with a password. Save it without one."
UNREADABLE = (
    "The workbook cannot be read: it is damaged, protected with a password, or no workbook. Open "
    "it, save it as .xlsx without a password, and try once more."
)
TOO_LARGE = (
    "The workbook is larger inside than it can be for cases: perhaps something stands in a far "
    "corner of a sheet. Copy the rows into a new workbook."
)


class Unreadable(Exception):
    """The workbook cannot be read; the sentence says why."""


def read(content: bytes) -> list[dict[str, Any]]:
    """The sheets of a workbook, read by a process of its own.

    returns  per sheet: ``name``, ``hidden``, ``rows`` (cells as JSON; see ``cell``), ``merged``
             (numbers of rows, from 1), ``errors`` (cells such as "B7" that hold an error)
    Raises Unreadable.
    """
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(  # nosec B603 # this very module, with nothing of the user's
            command, cwd=HOME, input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(TOO_LARGE) from error
    if done.returncode:
        raise Unreadable(TOO_LARGE)
    said = json.loads(done.stdout)
    if "problem" in said:
        raise Unreadable(said["problem"])
    return said["sheets"]


def main() -> None:
    """Read the workbook on the standard input with bounded memory; write what it holds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        said: dict[str, Any] = {"sheets": _sheets(sys.stdin.buffer.read())}
    except PasswordError:
        said = {"problem": PROTECTED}
    except (CalamineError, zipfile.BadZipFile, KeyError):
        said = {"problem": UNREADABLE}
    except MemoryError:
        said = {"problem": TOO_LARGE}
    json.dump(said, sys.stdout)


def cell(value: Any) -> Any:
    """A cell as JSON: text, number, truth, or {"date": …}, {"moment": …}, {"time": …}."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"time": str(value)}
    return value


def _sheets(content: bytes) -> list[dict[str, Any]]:
    errors = _errors(content)
    with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        names = [(each.name, each.visible) for each in book.sheets_metadata]
        return [
            _sheet(book, name, visible != SheetVisibleEnum.Visible, errors.get(place, []))
            for place, (name, visible) in enumerate(names)
        ]


def _sheet(book: CalamineWorkbook, name: str, hidden: bool, errors: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = {"name": name, "hidden": hidden, "errors": errors}
    if hidden:
        return said | {"rows": [], "merged": []}
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False) if sheet.start else []
    merged = {
        row + 1
        for first, last in sheet.merged_cell_ranges or ()
        for row in range(first[0], min(last[0], len(rows)) + 1)
    }
    cells = [[cell(value) for value in row] for row in rows]
    return said | {"rows": cells, "merged": sorted(merged)}


def _errors(content: bytes) -> dict[int, list[str]]:
    """By place of the sheet the cells that hold an error: calamine takes those for empty."""
    if not content.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(BytesIO(content)) as book:
        if sum(each.file_size for each in book.infolist()) > MOST_UNPACKED:
            raise MemoryError
        if "xl/workbook.xml" not in book.namelist():
            return {}
        return {
            place: [ref.decode() for ref in ERROR_CELL.findall(book.read(path))]
            for place, path in enumerate(_paths(book))
            if path in book.namelist()
        }


def _paths(book: zipfile.ZipFile) -> list[str]:
    """Where the sheets of an Excel workbook lie in it, in the order of the workbook."""
    sheets = re.findall(rb"<(?:\w+:)?sheet [^>]*?\br:id=\"([^\"]+)\"", book.read("xl/workbook.xml"))
    links = re.findall(rb"<Relationship [^>]*>", book.read("xl/_rels/workbook.xml.rels"))
    targets = {_attribute(link, b"Id"): _attribute(link, b"Target") for link in links}
    found = (targets.get(sheet.decode(), "") for sheet in sheets)
    return [path.lstrip("/") if path.startswith("/") else f"xl/{path}" for path in found]


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\b" + name + rb'="([^"]*)"', tag)
    return found[1].decode() if found else ""


if __name__ == "__main__":
    main()
