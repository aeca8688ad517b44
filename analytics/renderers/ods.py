"""A release as an open document spreadsheet: the same sheets as in the other kind."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from odfdo import Cell, Column, Document, Element, Row, Style, Table

from analytics.renderers import packed
from analytics.renderers.sheets import Sheet, Value, Workbook, workbook
from cdop.core.marks import PANEL

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
TITLE, LINE, NAMES, WORDS, FIGURE = "title", "line", "names", "words", "figure"
# Of each kind of cell: size, weight, and whether text goes on in a second line of the cell.
FACES = {
    TITLE: ("16pt", "bold", "no-wrap"),
    LINE: ("12pt", "normal", "no-wrap"),
    NAMES: ("12pt", "bold", "wrap"),
    WORDS: ("12pt", "normal", "wrap"),
    FIGURE: ("12pt", "normal", "no-wrap"),
}
WIDEST, NARROWEST, CENTIMETRES_A_LETTER = 20.0, 3.0, 0.25


def render(release: Mapping[str, Any], area: str | None = None) -> bytes:
    """Cover, contents, notes and a sheet per table."""
    return _written(workbook(release, area))


def _written(book: Workbook) -> bytes:
    document = Document("spreadsheet")
    document.language = packed.LANGUAGE
    document.body.clear()
    for name in FACES:
        document.insert_style(_face(name), automatic=True)
    for table in _tables(book):
        _size(document, table)
        document.body.append(table)
    meta = document.meta
    meta.title, meta.creator, meta.initial_creator = book.title, PANEL, PANEL
    meta.creation_date = meta.date = CREATED
    file = io.BytesIO()
    document.save(file)
    return packed.repacked(file.getvalue())


def _tables(book: Workbook) -> list[Table]:
    contents = [("Table", "What it shows"), *((s.name, s.title) for s in book.sheets)]
    numbered = {note: number for number, note in enumerate(book.notes, 1)}
    tables = [
        _lines("Cover", [book.title], [], [(line,) for line in (*book.cover, *book.legend)]),
        _lines("Contents", ["Contents"], [], contents),
    ]
    if numbered:
        rows: list[Sequence[Value]] = [("Note", "What it says")]
        rows += [(number, note) for note, number in numbered.items()]
        tables.append(_lines("Notes", ["Notes"], [], rows))
    return [*tables, *(_sheet(sheet, numbered, book.legend) for sheet in book.sheets)]


def _sheet(sheet: Sheet, numbered: Mapping[str, int], legend: Sequence[str]) -> Table:
    marks = "".join(f" [note {numbered[note]}]" for note in sheet.notes)
    return _lines(
        sheet.name, [f"{sheet.title}{marks}"], [*sheet.about, *legend], [sheet.columns, *sheet.rows]
    )


def _lines(
    name: str,
    titles: Sequence[str],
    about: Sequence[str],
    rows: Sequence[Sequence[Value]] = (),
) -> Table:
    """Titles and lines of text, then a table whose first row names its columns."""
    table = Table(name)
    for text in titles:
        table.append_row(_row([text], TITLE))
    for text in about:
        table.append_row(_row([text], LINE))
    for at, values in enumerate(rows):
        table.append_row(_row(values, WORDS if at or len(values) == 1 else NAMES))
    return table


def _row(values: Sequence[Value], style: str) -> Row:
    """The first cell is words; after it stand names, figures and marks, at the right."""
    row = Row()
    for at, value in enumerate(values):
        figure = at and (not isinstance(value, str) or value.startswith("["))
        row.append_cell(Cell(value, style=FIGURE if figure else style))
    return row


def _face(name: str) -> Style:
    size, weight, wrapped = FACES[name]
    style = Style("table-cell", name=name)
    face = {"style:font-name": "Arial", "fo:font-size": size, "fo:font-weight": weight}
    style.set_properties(face, area="text")
    style.set_properties({"fo:wrap-option": wrapped}, area="table-cell")
    if name == FIGURE:
        style.set_properties({"fo:text-align": "end"}, area="paragraph")
    return style


def _size(document: Document, table: Table) -> None:
    """Columns as wide as what stands in the table itself; the lines above it may run over."""
    filled = [[value for value in row if value is not None] for row in table.get_values()]
    rows = [row for row in filled if len(row) > 1] or filled
    for at in range(max(map(len, rows), default=1)):
        longest = max(len(str(row[at])) for row in rows if at < len(row))
        wide = min(max(longest * CENTIMETRES_A_LETTER, NARROWEST), WIDEST)
        style = Style("table-column", width=f"{wide:.1f}cm")
        named: Element | str = document.insert_style(style, automatic=True)
        column = Column(style=str(named))
        table.set_column(at, column)
