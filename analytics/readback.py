"""What a reader finds in the files of a release, read back before any of them is published.

Written by other hands than the renderers, as far as that goes: the files are opened by libraries
that only read. The auditor looks at the data file alone, so every other file must show the same
figures, the same marks, and nothing where a figure is kept back.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

import pypdfium2
from docx import Document
from python_calamine import CalamineWorkbook

TOTAL, WHOLE = "total", "Pan-Cheshire"
FIGURES = ("value", "lower", "upper", "numerator", "denominator")


def differences(
    release: Mapping[str, Any], kind: str, content: bytes, area: str | None
) -> list[str]:
    """Where a file says something else than the release, a sentence each; none is a pass.

    kind  "json", "csv", "xlsx", "ods", "docx", "pdf" or "html"
    area  of which the file shows the figures beside those of Pan-Cheshire; None for all areas
    """
    return list(READERS[kind](_of_area(release, area), content))


def _of_area(release: Mapping[str, Any], area: str | None) -> dict[str, Any]:
    wanted = (area, TOTAL)
    tables = [
        {**t, "cells": [c for c in t["cells"] if not area or c.get("area", TOTAL) in wanted]}
        for t in release["tables"]
    ]
    return {**release, "tables": tables}


def _json(release: Mapping[str, Any], content: bytes) -> Iterator[str]:
    if json.loads(content) != release:
        yield "The data file differs from the tables that were approved."


def _csv(release: Mapping[str, Any], content: bytes) -> Iterator[str]:
    lines = list(csv.DictReader(io.StringIO(content.decode())))
    found = {_place(line["table"], line): _figures_of(line) for line in lines}
    wanted = {
        _place(table["id"], cell): _figures_of(cell)
        for table in release["tables"]
        for cell in table["cells"]
    }
    if len(found) != len(lines):
        yield "The CSV file names a place twice."
    yield from _unlike("The CSV file", found, wanted)


def _place(table: str, line: Mapping[str, Any]) -> tuple[Any, ...]:
    others = {*FIGURES, "mark", "flag", "release", "version", "table", "title", "marking"}
    others |= {"basis", "period", "statistic"}
    at = {k: v for k, v in line.items() if k not in others and not k.endswith("_label") and v}
    return (table, *sorted(at.items()))


def _figures_of(line: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str("" if line.get(n) is None else line[n]) for n in (*FIGURES, "mark"))


def _workbook(release: Mapping[str, Any], content: bytes) -> Iterator[str]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    wanted = {f"Table {n}": table for n, table in enumerate(release["tables"], 1)}
    if found := set(wanted) ^ {name for name in book.sheet_names if name.startswith("Table ")}:
        yield f"The spreadsheet does not hold the tables of the release: {sorted(found)}."
        return
    for name, table in wanted.items():
        rows = book.get_sheet_by_name(name).to_python()
        filled = [row for row in rows if len([value for value in row if value != ""]) > 1]
        found_rows = [[_number(value) for value in row[1:]] for row in filled[1:]]
        expected = [[_number(value) for value in row] for row in _rows(release, table)]
        if [row[: len(expected[0])] for row in found_rows] != expected:
            yield f"{name} of the spreadsheet shows other figures than {table['id']}."


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _rows(release: Mapping[str, Any], table: Mapping[str, Any]) -> list[list[Any]]:
    """The figures of a table by line, as anybody would write them down."""
    first, *rest = table["dimensions"]
    cells = {tuple(c[d] for d in table["dimensions"]): c for c in table["cells"]}
    down = [c for c in _codes(release, first) if any(at[0] == c for at in cells)]
    if table["statistic"] != "count":
        order = ("value", "lower", "upper", "numerator", "denominator")
        return [[_said(cells[(c,)], name) for name in order] for c in down]
    if not rest:
        return [[_said(cells[(c,)], "value")] for c in down]
    across = [c for c in _codes(release, rest[0]) if any(at[1] == c for at in cells)]
    return [[_said(cells[d, a], "value") for a in across] for d in down]


def _codes(release: Mapping[str, Any], dimension: str) -> list[str]:
    return [*(value["code"] for value in release["dimensions"][dimension]), TOTAL]


def _said(cell: Mapping[str, Any], name: str) -> Any:
    return cell["mark"] if cell[name] is None else cell[name]


def _docx(release: Mapping[str, Any], content: bytes) -> Iterator[str]:
    """Each table of the document is one of the release: a section of an area has some of them."""
    expected = [_lines(release, table) for table in release["tables"]]
    for number, table in enumerate(Document(io.BytesIO(content)).tables, 1):
        found = [[cell.text for cell in row.cells][1:] for row in table.rows][1:]
        if found not in expected:
            yield f"Table {number} of the document is none of the release."


def _pdf(release: Mapping[str, Any], content: bytes) -> Iterator[str]:
    pages = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    yield from _on_paper("report", release, text)


def _html(release: Mapping[str, Any], content: bytes) -> Iterator[str]:
    parser = _Words()
    parser.feed(content.decode())
    yield from _on_paper("page", release, "".join(parser.words))


class _Words(HTMLParser):
    """What a page says, without what it looks like."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _on_paper(what: str, release: Mapping[str, Any], text: str) -> Iterator[str]:
    """Each line of figures stands there, whatever lies between its figures."""
    closed = "".join(text.split())
    for table in release["tables"]:
        for line in _lines(release, table):
            if "".join("".join(line).split()) not in closed:
                yield f"The {what} does not print a line of {table['id']} as it is."


def _lines(release: Mapping[str, Any], table: Mapping[str, Any]) -> list[list[str]]:
    """The figures of a table as they stand on paper."""
    if table["statistic"] == "count":
        return [[_printed(value) for value in row] for row in _rows(release, table)]
    unit = "%" if table["statistic"] == "percentage" else ""
    lines = []
    for row in _estimates(release, table):
        pair = [_printed(_said(row, name)) for name in ("numerator", "denominator")]
        if row["value"] is None:
            lines.append([row["mark"], row["mark"], *pair])
            continue
        flag = f" {row['flag']}" if row.get("flag") else ""
        between = f"{row['lower']:.1f} to {row['upper']:.1f}"
        lines.append([f"{row['value']:.1f}{unit}{flag}", between, *pair])
    return lines


def _estimates(release: Mapping[str, Any], table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    [only] = table["dimensions"]
    cells = {cell[only]: cell for cell in table["cells"]}
    return [cells[code] for code in _codes(release, only) if code in cells]


def _printed(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _unlike(
    what: str, found: Mapping[Any, Sequence[str]], wanted: Mapping[Any, Sequence[str]]
) -> Iterator[str]:
    if found.keys() != wanted.keys():
        yield f"{what} holds other places than the release."
    for place in wanted.keys() & found.keys():
        if found[place] != wanted[place]:
            yield f"{what} shows another figure at {' / '.join(map(str, place))}."


READERS = {
    "json": _json,
    "csv": _csv,
    "xlsx": _workbook,
    "ods": _workbook,
    "docx": _docx,
    "pdf": _pdf,
    "html": _html,
}
