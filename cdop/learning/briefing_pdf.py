"""A briefing as a PDF of one page, and by how much a text is longer than the page."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph

from cdop.core.jinja import day
from cdop.core.marks import PANEL
from cdop.core.pdf import BLUE, BOLD, GREY, MARGIN, SMALL, document, marks, style
from cdop.learning.briefing_models import PublishedBriefing
from cdop.learning.briefing_text import Said

PADDING = 12
"""Points that a frame of ReportLab leaves inside itself, both sides together."""
WIDTH = A4[0] - 2 * MARGIN - PADDING
HEIGHT = A4[1] - 38 * mm - PADDING
"""What ``core.pdf.document`` leaves for text on one page, in points."""
TITLE = style("title", 19, 24, fontName=BOLD, spaceAfter=4)
AUDIENCE = style("audience", 10.5, 15, textColor=GREY, spaceAfter=6)
HEADING = style("briefing heading", 13, 18, fontName=BOLD, textColor=BLUE, spaceBefore=10)
TEXT = style("briefing text", 10.5, 15, spaceAfter=5)
POINT = style("point", 10.5, 15, spaceAfter=3, leftIndent=14, bulletIndent=2)
DRAFT = "Draft: not published"
PUBLIC = "Published. May be copied and shared"
LONGEST_FOOT = "Version 99, published on 30 September 2099. Digest 0123456789abcdef."


def lines_too_many(said: Said) -> int:
    """By how many lines a text is longer than one page; 0 where it fits."""
    over = _height([*_story(said), Paragraph(LONGEST_FOOT, SMALL)]) - HEIGHT
    return math.ceil(over / TEXT.leading) if over > 0 else 0


def briefing_pdf(said: Said, version: PublishedBriefing | None) -> bytes:
    """The briefing as a PDF; a draft without a version. The same gives the same bytes."""
    foot = (
        f"Version {version.number}, published on {day(version.published_at)}. "
        f"Digest {version.digest[:16]}."
        if version
        else f"{DRAFT}."
    )
    return document(
        [*_story(said), Paragraph(escape(foot), SMALL)],
        title=said.title,
        subject=f"A briefing of the {PANEL}",
        marked=marks(PUBLIC if version else DRAFT),
        foot="Page",
    )


def _story(said: Said) -> Iterator[Flowable]:
    yield Paragraph(escape(said.title), TITLE)
    yield Paragraph(escape(f"For {said.audience}"), AUDIENCE)
    for heading, blocks in said.sections:
        yield Paragraph(escape(heading), HEADING)
        for block in blocks:
            if block.text:
                yield Paragraph(escape(block.text), TEXT)
            for point in block.points:
                yield Paragraph(escape(point), POINT, bulletText="\N{BULLET}")


def _height(story: list[Flowable]) -> float:
    """How high a story stands, in points; of the spaces between two pieces the wider one counts."""
    height = after = 0.0
    for number, piece in enumerate(story):
        before = piece.getSpaceBefore() if number else 0
        height += max(after, before) + piece.wrap(WIDTH, HEIGHT)[1]
        after = piece.getSpaceAfter()
    return height
