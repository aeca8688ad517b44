"""A letter of figures as a PDF, ready to be signed. The same letter gives the same bytes."""

from __future__ import annotations

from html import escape

from django.conf import settings
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from cdop.core.jinja import day
from cdop.core.marks import PANEL
from cdop.core.pdf import (
    BODY,
    BOLD,
    FONT,
    HEADING,
    INK,
    MARGIN,
    MARKED,
    PALE,
    SMALL,
    SUBJECT,
    document,
    marks,
    style,
)
from cdop.core.periods import Period
from cdop.rapid_response.letters import Letter, Section

RESTRICTED = "OFFICIAL-SENSITIVE \N{EN DASH} for the addressee alone"
WIDTH = A4[0] - 2 * MARGIN
FIGURES = 62
"""Width of a column of shares, and of one of plain numbers."""
NUMBERS = 44

CELL = style("cell", 8.5, 11.5)
FIGURE = style("figure", 8.5, 11.5, alignment=TA_RIGHT)
COLUMN = style("column", 8, 10.5, fontName=BOLD, alignment=TA_RIGHT, splitLongWords=0)
FIRST_COLUMN = style("first-column", 8, 10.5, fontName=BOLD)


def letter_pdf(letter: Letter) -> bytes:
    """The letter as a PDF."""
    return document(
        _story(letter),
        title=f"Letter {letter.reference}: {letter.organisation}",
        subject=f"Figures of the first weeks, {letter.period}",
        marked=marks(RESTRICTED),
        foot=f"{letter.reference}, page",
    )


def _story(letter: Letter) -> list[Flowable]:
    period = Period.parse(letter.period)
    to = [letter.attention, str(letter.organisation), "", day(letter.written_at)]
    said = [
        *(Paragraph(escape(mark), MARKED) for mark in marks(RESTRICTED)),
        Spacer(0, 4 * mm),
        Paragraph("<br/>".join(map(escape, to)), BODY),
        Paragraph(f"The first weeks after the deaths of children, {escape(period.label)}", SUBJECT),
        Paragraph(
            f"These are the figures of what is asked of you after the death of a child. They count "
            f"the deaths of {escape(period.label)} that this panel reviews, of children who lived "
            f"in {escape(letter.place)}, as our records stood on {day(letter.written_at)}. The "
            "records say which kind of service leads a task, not which organisation: where more "
            "than one serves the area, the figures are of all of them.",
            BODY,
        ),
        *(Paragraph(escape(line), BODY) for line in letter.purpose.splitlines() if line.strip()),
    ]
    return [*said, *(_section(each) for each in letter.sections), *_foot(letter)]


def _section(section: Section) -> Flowable:
    shares = len(section.head) == 2
    figures = FIGURES if shares else NUMBERS
    widths = [WIDTH - figures * (len(section.head) - 1), *[figures] * (len(section.head) - 1)]
    head = [Paragraph(escape(section.head[0]), FIRST_COLUMN)]
    head += [Paragraph(escape(text), COLUMN) for text in section.head[1:]]
    rows = [
        [Paragraph(escape(row[0]), CELL), *(Paragraph(escape(cell), FIGURE) for cell in row[1:])]
        for row in section.rows
    ]
    lines = Table([head, *rows], colWidths=widths, repeatRows=1, hAlign="LEFT")
    lines.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), FONT),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 1.1, INK),
                ("LINEBELOW", (0, 1), (-1, -1), 0.5, PALE),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    said = [Paragraph(escape(section.heading), HEADING), Paragraph(escape(section.basis), SMALL)]
    # A table longer than a page cannot be kept on one.
    return KeepTogether([*said, lines, Spacer(0, 3 * mm)])


def _foot(letter: Letter) -> list[Flowable]:
    sentences = [
        "These are exact counts, and some are small. They are given to you alone, to look at and "
        "improve what your service does. Do not publish them, do not pass them on, and do not use "
        "them to find out about a single child. Behind every figure is a child, and a family that "
        "grieves.",
        f"This letter is recorded as a disclosure to you under the reference {letter.reference}. "
        "If a figure surprises you, ring us: we will look at the records with you.",
    ]
    signed = f"{letter.written_by}<br/>for the {PANEL}<br/>{escape(str(settings.CONTACT))}"
    first, last = (Paragraph(escape(each), BODY) for each in sentences)
    # A signature never stands on a page of its own.
    together = KeepTogether([last, Spacer(0, 10 * mm), Paragraph(signed, BODY)])
    return [Spacer(0, 2 * mm), first, together]
