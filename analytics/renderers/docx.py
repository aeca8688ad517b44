"""A release as a document that people edit further, with headings, header rows and captions.

Of one area it is a section to paste into that area's own annual report: what the figures say in
sentences, then the few tables that they come from. Of Pan-Cheshire it is the whole report.
"""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from analytics import charts, funnels, sentences
from analytics.renderers import layout, packed
from analytics.renderers.layout import Grid, Row, how_to_read, label, marking
from cdop.core.marks import PANEL

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
INK = RGBColor(0x21, 0x2B, 0x32)
LABELS, BREADTH = Cm(5.0), Cm(16.0)
SECTION = ("notified-age-area", "reviewed-age-area", "reviewed-sex-area", "reviewed-category-area")


def render(release: Mapping[str, Any], area: str | None = None) -> bytes:
    """The report of Pan-Cheshire, or the section of one area."""
    return _section(release, area) if area else _report(release)


def _report(release: Mapping[str, Any]) -> bytes:
    paper = _paper(release, layout.WHOLE)
    _begin(paper, release)
    for table, grid in zip(release["tables"], layout.grids(release), strict=True):
        _table(paper, grid)
        for drawn in funnels.drawings(release, table, None):
            _chart(paper, drawn)
    paper.add_heading("What was checked", 1)
    for sentence in release["checks"]:
        paper.add_paragraph(sentence, "List Bullet")
    return _bytes(paper)


def _section(release: Mapping[str, Any], area: str) -> bytes:
    shown = layout.for_area(release, area)
    paper = _paper(release, label(release, "area", area))
    _begin(paper, shown)
    paper.add_heading("In short", 1)
    for sentence in sentences.of_area(release, area):
        paper.add_paragraph(sentence)
    for grid in layout.grids(shown):
        if grid.id.startswith(SECTION):
            _table(paper, grid)
    return _bytes(paper)


def _paper(release: Mapping[str, Any], place: str) -> Paper:
    paper = Document()
    about = release["release"]
    said = paper.core_properties
    said.title = f"Child deaths {about['period']}: {place}"
    said.author = said.last_modified_by = PANEL
    said.language, said.comments = packed.LANGUAGE, marking(release)
    said.created = said.modified = CREATED
    _faces(paper)
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.footer.paragraphs[0].text = marking(release)
    paper.add_heading(f"Child deaths {about['period']}: {place}", 0)
    return paper


def _faces(paper: Paper) -> None:
    sizes = {"Normal": 11, "Title": 22, "Heading 1": 16, "Heading 2": 12.5}
    for name, size in sizes.items():
        style = paper.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
    spoken = paper.styles["Normal"].element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), packed.LANGUAGE)
    spoken.append(language)


def _begin(paper: Paper, release: Mapping[str, Any]) -> None:
    about = release["release"]
    if said := marking(release):
        paper.add_paragraph().add_run(said).bold = True
    paper.add_paragraph(f"{PANEL}. Release {about['id']}, version {about['version']}.")
    for sentence in (*layout.bases(release), *layout.sources(release)):
        paper.add_paragraph(sentence)
    paper.add_paragraph(how_to_read(release))


def _table(paper: Paper, grid: Grid) -> None:
    paper.add_heading(f"Table {grid.number}. {grid.title}", 2)
    _small(paper, grid.caption).paragraph_format.keep_with_next = True
    table = paper.add_table(1 + len(grid.rows), 1 + len(grid.columns), "Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _described(table, grid.title)
    width = (BREADTH - LABELS) // len(grid.columns)
    for at, name in enumerate([grid.heading, *grid.columns]):
        _write(table.cell(0, at), name, bold=True, number=bool(at))
    for down, row in enumerate(grid.rows, 1):
        for at, words in enumerate([_name(row), *row.figures]):
            _write(table.cell(down, at), words, bold=row.is_total, number=bool(at))
    for at, column in enumerate(table.columns):
        column.width = width if at else LABELS
    for line in table.rows:
        _kept_whole(line)
        for at, cell in enumerate(line.cells):
            cell.width = width if at else LABELS
    _repeats(table.rows[0])
    for note in grid.notes:
        _small(paper, note)


def _name(row: Row) -> str:
    """How deep a row stands is said with spaces that do not break, for there is no other way."""
    return "\N{NO-BREAK SPACE}" * 4 * row.depth + row.label


def _write(cell: _Cell, words: str, *, bold: bool, number: bool) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(words)
    run.bold, run.font.size = bold, Pt(9)
    paragraph.paragraph_format.space_after = Pt(0)
    if number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _small(paper: Paper, words: str) -> Paragraph:
    paragraph = paper.add_paragraph()
    paragraph.add_run(words).font.size = Pt(9)
    return paragraph


def _kept_whole(row: Any) -> None:
    """No line of a table goes on overleaf."""
    whole = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(whole)


def _repeats(row: Any) -> None:
    """The row of names stands again on each page, and is read out as a header."""
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)


def _described(table: Any, words: str) -> None:
    """What a screen reader says of the table before it reads it."""
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), words)
    table._tbl.tblPr.append(caption)


def _chart(paper: Paper, drawn: charts.Drawing) -> None:
    shape = paper.add_picture(io.BytesIO(charts.png(drawn)), width=BREADTH)
    shape._inline.docPr.set("descr", drawn.text)
    _small(paper, f"{drawn.title}. {drawn.about_hidden}".rstrip())


def _bytes(paper: Paper) -> bytes:
    file = io.BytesIO()
    paper.save(file)
    return packed.repacked(file.getvalue())
