"""The report of a release as a PDF: for Pan-Cheshire, or for one area beside it.

The same release gives the same bytes. Fonts are embedded. What must be said of the figures
(synthetic, restricted) stands on every page.
"""

import io
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import inch, mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as Lines
from reportlab.platypus.tableofcontents import TableOfContents

from analytics import charts, funnels
from analytics.renderers.layout import (
    WHOLE,
    Grid,
    Row,
    for_area,
    grids,
    how_to_read,
    label,
    legend,
    marking,
    sources,
)
from analytics.tables import BASES
from cdop.core.marks import PANEL
from cdop.core.pdf import BAND, BLUE, BOLD, FONT, GREY, INK, PALE, style

MARGIN = 20 * mm
WIDTH, HEIGHT = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN
NARROWEST_LABELS, WIDEST_LABELS = 0.16 * WIDTH, 0.36 * WIDTH
WIDEST_COLUMN = 0.2 * WIDTH
INDENT = 10
# Without it a table names Helvetica, which is not embedded.
FACE = ("FONTNAME", (0, 0), (-1, -1), FONT)
NO_PADDING = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]

BODY = style("body", 9.5, 14.5, spaceAfter=6)
SMALL = style("small", 8, 11.5, textColor=GREY, spaceAfter=3)
CELL = style("cell", 8, 10.5)
CELL_BOLD = style("cell-bold", 8, 10.5, fontName=BOLD)
FIGURE = style("figure", 8, 10.5, alignment=TA_RIGHT)
FIGURE_BOLD = style("figure-bold", 8, 10.5, alignment=TA_RIGHT, fontName=BOLD)
COLUMN_NAME = style("column-name", 7.5, 10, alignment=TA_RIGHT, fontName=BOLD, splitLongWords=0)
TITLE = style("title", 27, 34, fontName=BOLD, spaceAfter=10)
SUBTITLE = style("subtitle", 15, 21, textColor=GREY, spaceAfter=4)
HEADING = style("heading", 15, 20, fontName=BOLD, spaceAfter=8)
TABLE_TITLE = style("table-title", 11.5, 16, fontName=BOLD, spaceAfter=2, spaceBefore=12 * mm)
CHART_TITLE = style("chart-title", 8, 11.5, textColor=GREY, spaceAfter=3, spaceBefore=4 * mm)
CONTENTS = style("contents", 9.5, 15, rightIndent=24)
MARKED = style("marked", 10.5, 15, fontName=BOLD, textColor=BLUE, spaceAfter=0)


def report_pdf(
    release: Mapping[str, Any],
    area: str | None = None,
    commentary: Mapping[str, str] | None = None,
) -> bytes:
    """The report as a PDF.

    release     as ``release_json.build`` or ``build_internal`` makes it
    area        a GSS code; None is the report of Pan-Cheshire
    commentary  plain text by table id, printed under the table

    Raises ValueError if the release does not hold the area.
    """
    shown = for_area(release, area) if area else release
    file = io.BytesIO()
    document = _Report(file, shown, area)
    document.multiBuild(_story(shown, area, commentary or {}))
    return file.getvalue()


class _Report(BaseDocTemplate):
    """The pages: a cover, and the rest with a header line. Titles go to contents and outline."""

    def __init__(self, file: io.BytesIO, release: Mapping[str, Any], area: str | None) -> None:
        about = release["release"]
        self.pages = self.reached = 0
        self.marking = marking(release)
        self.period = about["period"]
        self.place = label(release, "area", area) if area else WHOLE
        super().__init__(
            file,
            pagesize=A4,
            title=f"Child deaths {self.period}: {self.place}",
            author=PANEL,
            subject=f"Release {about['id']}, version {about['version']}",
            creator=PANEL,
            lang="en-GB",
            initialFontName=FONT,
            invariant=1,
        )
        frame = Frame(MARGIN, MARGIN, WIDTH, HEIGHT, 0, 0, 0, 0)
        self.addPageTemplates(
            [
                PageTemplate("cover", [frame], onPage=self._cover),
                PageTemplate("inside", [frame], onPage=self._inside),
            ]
        )

    def afterFlowable(self, flowable: Flowable) -> None:
        """Enter headings into the contents and the outline."""
        if not isinstance(flowable, Paragraph) or flowable.style not in (HEADING, TABLE_TITLE):
            return
        text = flowable.getPlainText()
        key = f"at-{self.seq.nextf('heading')}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, 0)
        self.notify("TOCEntry", (0, escape(text), self.page, key))

    def beforeDocument(self) -> None:
        """The layout runs until the contents stand still; the last run but one knows how many
        pages there are."""
        self.pages, self.reached = self.reached, 0

    def afterPage(self) -> None:
        self.reached = self.page

    def _cover(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setFillColor(BLUE)
        canvas.rect(0, A4[1] - 14 * mm, A4[0], 14 * mm, stroke=0, fill=1)
        self._foot(canvas)

    def _inside(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setFont(FONT, 8)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, A4[1] - 13 * mm, PANEL)
        canvas.drawRightString(A4[0] - MARGIN, A4[1] - 13 * mm, f"{self.place}, {self.period}")
        canvas.setStrokeColor(PALE)
        canvas.line(MARGIN, A4[1] - 15.5 * mm, A4[0] - MARGIN, A4[1] - 15.5 * mm)
        self._foot(canvas)

    def _foot(self, canvas: Canvas) -> None:
        canvas.setFont(BOLD, 8)
        canvas.setFillColor(INK)
        canvas.drawString(MARGIN, 12 * mm, self.marking)
        canvas.setFont(FONT, 8)
        canvas.setFillColor(GREY)
        number = f"Page {canvas.getPageNumber()} of {self.pages}"
        canvas.drawRightString(A4[0] - MARGIN, 12 * mm, number)


def _story(
    release: Mapping[str, Any], area: str | None, commentary: Mapping[str, str]
) -> list[Flowable]:
    story = [*_cover(release, area), NextPageTemplate("inside"), PageBreak()]
    story += [Paragraph("Contents", style("contents-title", 15, 20, fontName=BOLD)), Spacer(0, 8)]
    contents = TableOfContents(
        levelStyles=[CONTENTS], dotsMinLevel=0, tableStyle=TableStyle([FACE, *NO_PADDING])
    )
    story += [contents, PageBreak()]
    figures = 0
    for table, grid in zip(release["tables"], grids(release), strict=True):
        story += _table(grid, commentary.get(grid.id, ""))
        for drawn in funnels.drawings(release, table, area):
            figures += 1
            story += _chart(drawn, figures)
    return [*story, PageBreak(), *_about(release)]


def _cover(release: Mapping[str, Any], area: str | None) -> list[Flowable]:
    place = label(release, "area", area) if area else WHOLE
    beside = f"{place}, beside {WHOLE}" if area else "Four areas together, and each"
    bases = list(dict.fromkeys(table["basis"] for table in release["tables"]))
    said = [Paragraph(escape(text), MARKED) for text in marking(release).split(" · ") if text]
    return [
        Spacer(0, 28 * mm),
        Paragraph(escape(PANEL), SUBTITLE),
        Paragraph(f"Child deaths<br/>{escape(release['release']['period'])}", TITLE),
        Paragraph(escape(beside), SUBTITLE),
        Spacer(0, 10 * mm),
        *([_inset(said), Spacer(0, 8 * mm)] if said else []),
        Paragraph("How to read this report", HEADING),
        *(Paragraph(_basis(basis), BODY) for basis in bases),
        Paragraph(
            "These are different sets of children. Every table names its own, and figures of "
            "one are never set against figures of another.",
            BODY,
        ),
        Paragraph(escape(how_to_read(release)), BODY),
        Paragraph(
            "Numbers this small move from year to year by chance alone. Counts come first; "
            "percentages are printed with both of their numbers and a range.",
            BODY,
        ),
        Paragraph("Behind every figure is a child, and a family that grieves.", BODY),
    ]


def _basis(code: str) -> str:
    return f"<b>{escape(BASES[code].label)}.</b> {escape(BASES[code].meaning)}"


def _inset(lines: Sequence[Flowable]) -> Flowable:
    """A block with a blue line at its left, as on the pages of the service."""
    block = Lines([[list(lines)]], colWidths=[WIDTH])
    block.setStyle(
        TableStyle(
            [
                FACE,
                ("BACKGROUND", (0, 0), (-1, -1), BAND),
                ("LINEBEFORE", (0, 0), (0, -1), 4, BLUE),
                ("LEFTPADDING", (0, 0), (-1, -1), 14),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
            ]
        )
    )
    return block


def _table(grid: Grid, commentary: str) -> list[Flowable]:
    after = [Paragraph(escape(note), SMALL) for note in grid.notes]
    if grid.hidden:
        cells = "1 cell is" if grid.hidden == 1 else f"{grid.hidden} cells are"
        after.append(Paragraph(f"{cells} kept back, marked [c].", SMALL))
    written = [Paragraph(escape(text), BODY) for text in commentary.splitlines() if text.strip()]
    return [
        KeepTogether(
            [
                Paragraph(f"Table {grid.number}. {escape(grid.title)}", TABLE_TITLE),
                Paragraph(escape(grid.caption), SMALL),
                _lines(grid),
                Spacer(0, 4),
                *after,
                *written,
            ]
        )
    ]


def _lines(grid: Grid) -> Flowable:
    labels = _label_width(grid)
    column = min((WIDTH - labels) / len(grid.columns), WIDEST_COLUMN)
    header = [Paragraph(escape(grid.heading), CELL_BOLD)]
    header += [Paragraph(escape(name), COLUMN_NAME) for name in grid.columns]
    lines = Lines(
        [header, *(_row(row) for row in grid.rows)],
        colWidths=[labels, *([column] * len(grid.columns))],
        repeatRows=1,
        hAlign="LEFT",
    )
    lines.setStyle(_rules(grid))
    return lines


def _label_width(grid: Grid) -> float:
    """As wide as the longest label, within reason; longer ones take two lines."""
    longest = max(
        pdfmetrics.stringWidth(words, BOLD, CELL.fontSize) + INDENT * depth
        for words, depth in [(grid.heading, 0), *((row.label, row.depth) for row in grid.rows)]
    )
    return min(max(longest + 8, NARROWEST_LABELS), WIDEST_LABELS)


def _row(row: Row) -> list[Flowable]:
    label_style, figure_style = (CELL_BOLD, FIGURE_BOLD) if row.is_total else (CELL, FIGURE)
    indent = style("indented", 8, 10.5, leftIndent=INDENT * row.depth)
    named = Paragraph(escape(row.label), indent if row.depth else label_style)
    return [named, *(Paragraph(escape(figure), figure_style) for figure in row.figures)]


def _rules(grid: Grid) -> TableStyle:
    rules = [
        FACE,
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 1.2, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, PALE),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 3.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
    ]
    totals = [at for at, row in enumerate(grid.rows, 1) if row.is_total]
    rules += [("BACKGROUND", (0, at), (-1, at), BAND) for at in totals]
    return TableStyle(rules)


def _chart(drawn: charts.Drawing, number: int) -> list[Flowable]:
    wide, high = drawn.inches
    image = Image(io.BytesIO(charts.png(drawn)), wide * inch, high * inch, hAlign="LEFT")
    hidden = f" {drawn.about_hidden}".rstrip()
    return [
        KeepTogether(
            [
                Paragraph(f"<b>Figure {number}.</b> {escape(drawn.title)}.{hidden}", CHART_TITLE),
                image,
                Paragraph(f"In words: {escape(drawn.text)}", SMALL),
            ]
        )
    ]


def _about(release: Mapping[str, Any]) -> list[Flowable]:
    about = release["release"]
    facts = [
        f"Release {about['id']}, version {about['version']}, for {about['period']}.",
        f"Replaces {about['supersedes']}." if about["supersedes"] else "",
        f"Counted from the records as they stood at {about['snapshot']}.",
        f"Reviewed under: {', '.join(about['editions'])}.",
        "Ages follow birthdays. Periods are whole months, by London time.",
        *sources(release),
        *legend(release),
    ]
    checks = release["checks"]
    return [
        Paragraph("About these figures", HEADING),
        *(Paragraph(escape(fact), BODY) for fact in facts if fact),
        *([Spacer(0, 6 * mm), Paragraph("What was checked", HEADING)] if checks else []),
        *(Paragraph(escape(check), SMALL) for check in checks),
    ]
