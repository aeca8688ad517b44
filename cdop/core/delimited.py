"""Delimited text (CSV) that a spreadsheet opens without taking anything in it for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CONTENT_TYPE = "text/csv; charset=utf-8"


def safe(value: Any) -> Any:
    """Text that no spreadsheet takes for a formula; numbers stay numbers, None is empty."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def written(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 text with a header line and a line per row, every cell made safe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([safe(value) for value in row] for row in rows)
    return text.getvalue().encode()


def download(name: str, content: bytes) -> HttpResponse:
    """The file to be saved, never to be run or shown inside a page."""
    given = HttpResponse(content, content_type=CONTENT_TYPE)
    given["Content-Disposition"] = f'attachment; filename="{name}"'
    return given
