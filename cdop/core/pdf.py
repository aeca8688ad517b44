"""What every PDF shares: colours, embedded fonts, styles, and the frame of a document of text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib
from django.conf import settings
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, SimpleDocTemplate

from cdop.core.marks import PANEL, SYNTHETIC

BLUE, INK, GREY, PALE, BAND = map(HexColor, ("#005eb8", "#212b32", "#4c6272", "#d8dde0", "#f0f4f5"))
FONT, BOLD = "DejaVuSans", "DejaVuSans-Bold"
MARGIN = 22 * mm


def _register_fonts() -> None:
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(fonts / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)


_register_fonts()


def style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    """A style of text: its size and the height of its line in points."""
    given = {"fontName": FONT, "textColor": INK, **more}
    return ParagraphStyle(name, fontSize=size, leading=leading, **given)


BODY = style("body", 9.5, 14, spaceAfter=6)
SMALL = style("small", 8, 11.5, textColor=GREY, spaceAfter=4)
SUBJECT = style("subject", 12, 16, fontName=BOLD, spaceBefore=6, spaceAfter=8)
HEADING = style("heading", 10.5, 14, fontName=BOLD, spaceBefore=8, spaceAfter=2)
MARKED = style("marked", 9, 13, fontName=BOLD, textColor=BLUE, spaceAfter=2)


def marks(*said: str) -> list[str]:
    """What a document is marked as; in a demonstration also that it is invented."""
    return [*said, *([SYNTHETIC] if settings.DEMONSTRATION else [])]


def document(
    story: Sequence[Flowable], *, title: str, subject: str, marked: Sequence[str], foot: str
) -> bytes:
    """A document of text on A4. The same story gives the same bytes.

    marked  stands at the foot of every page, and ``foot`` before the number of the page
    """
    file = io.BytesIO()
    made = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=20 * mm,
        bottomMargin=18 * mm,
        title=title,
        author=PANEL,
        subject=subject,
        creator=PANEL,
        lang="en-GB",
        initialFontName=FONT,
        invariant=1,
    )
    frame = partial(_frame, marked=" \N{MIDDLE DOT} ".join(marked), foot=foot)
    made.build([*story], onFirstPage=frame, onLaterPages=frame)
    return file.getvalue()


def _frame(canvas: Canvas, _: Any, *, marked: str, foot: str) -> None:
    """What stands on every page: the panel at the top, the marking and the page at the foot."""
    canvas.setFillColor(BLUE)
    canvas.rect(0, A4[1] - 12 * mm, A4[0], 12 * mm, stroke=0, fill=1)
    canvas.setFont(BOLD, 9)
    canvas.setFillColor(HexColor("#ffffff"))
    canvas.drawString(MARGIN, A4[1] - 8 * mm, PANEL)
    canvas.setFont(BOLD, 7)
    canvas.setFillColor(INK)
    canvas.drawString(MARGIN, 12 * mm, marked)
    canvas.setFont(FONT, 8)
    canvas.setFillColor(GREY)
    canvas.drawRightString(A4[0] - MARGIN, 12 * mm, f"{foot} {canvas.getPageNumber()}")
