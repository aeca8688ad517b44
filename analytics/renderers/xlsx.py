"""A release as a spreadsheet after the good-practice guidance, by the guidance's own library."""

import io
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from gptables import Cover, GPTable, produce_workbook

from analytics.renderers import packed
from analytics.renderers.sheets import Sheet, Workbook, workbook
from cdop.core.marks import PANEL

# A file that is frozen carries no time of its making.
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
WIDE = 160  # letters: so that no line of the cover is cut or runs into the next
ONE_TABLE = "This worksheet contains one table. Notes are on the worksheet named Notes."


def render(release: Mapping[str, Any], area: str | None = None) -> bytes:
    """Cover, contents, notes and a sheet per table."""
    return _written(workbook(release, area))


def _written(book: Workbook) -> bytes:
    file = io.BytesIO()
    numbers = {note: number for number, note in enumerate(book.notes, 1)}
    with warnings.catch_warnings():
        # The library warns where no note is used (such a release has no sheet of notes), and of
        # what it asks of pandas that a later pandas will not do.
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        made = produce_workbook(
            file,
            {sheet.name: _table(sheet, numbers, book.legend) for sheet in book.sheets},
            cover=Cover(
                title=book.title, intro=list(book.cover), about=list(book.legend), width=WIDE
            ),
            notes_table=_notes(numbers),
            workbook_options={"strings_to_formulas": False, "strings_to_urls": False},
        )
    made.set_properties({"title": book.title, "author": PANEL, "created": CREATED})
    made.close()
    return packed.repacked(file.getvalue(), _in_english)


def _table(sheet: Sheet, numbers: Mapping[str, int], legend: tuple[str, ...]) -> GPTable:
    """The table; a note's number stands behind the title, never in a cell."""
    marks = "".join(f"$$note{numbers[note]}$$" for note in sheet.notes)
    return GPTable(
        table=pd.DataFrame(list(sheet.rows), columns=list(sheet.columns), dtype=object),
        table_name=sheet.name.replace(" ", "_").lower(),
        title=f"{sheet.title} {marks}".rstrip(),
        subtitles=list(sheet.about),
        instructions=ONE_TABLE,
        legend=list(legend),
        index_columns={2: 0},
    )


def _notes(numbers: Mapping[str, int]) -> pd.DataFrame | None:
    if not numbers:
        return None
    rows = [(f"note{number}", note) for note, number in numbers.items()]
    return pd.DataFrame(rows, columns=["Note number", "Note text"])


def _in_english(name: str, content: bytes) -> bytes:
    """The library has no way to name the language of a workbook."""
    if name != "docProps/core.xml":
        return content
    language = f"<dc:language>{packed.LANGUAGE}</dc:language>".encode()
    return content.replace(b"</cp:coreProperties>", language + b"</cp:coreProperties>")
