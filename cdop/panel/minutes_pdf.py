"""Minutes as a PDF. The same minutes give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from html import escape

from django.conf import settings
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from cdop.core.jinja import day
from cdop.panel.minutes import Minutes, Part
from cdop.panel.states import MinutesState
from cdop.rapid_response.letter_pdf import (
    BLUE,
    BODY,
    BOLD,
    FONT,
    GREY,
    HEADING,
    INK,
    MARGIN,
    MARKED,
    PANEL,
    SMALL,
    SUBJECT,
    SYNTHETIC,
)

RESTRICTED = "OFFICIAL-SENSITIVE \N{EN DASH} for the members of the panel alone"
NOT_FINAL = "Draft: not approved by the chair"


def minutes_pdf(minutes: Minutes, parts: Sequence[Part]) -> bytes:
    """The minutes as a PDF; ``parts`` as the person who asked for it reads them."""
    file = io.BytesIO()
    title = f"Minutes, {minutes.meeting}"
    marking = " \N{MIDDLE DOT} ".join(_marks(minutes))
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=20 * mm,
        bottomMargin=18 * mm,
        title=title,
        author=PANEL,
        subject=f"Minutes of a meeting of the {PANEL}",
        creator=PANEL,
        lang="en-GB",
        initialFontName=FONT,
        invariant=1,
    )
    frame = partial(_frame, marking=marking)
    document.build(_story(minutes, parts), onFirstPage=frame, onLaterPages=frame)
    return file.getvalue()


def _marks(minutes: Minutes) -> list[str]:
    draft = [] if minutes.state == MinutesState.APPROVED else [NOT_FINAL]
    return [RESTRICTED, *draft, *([SYNTHETIC] if settings.DEMONSTRATION else [])]


def _frame(canvas: Canvas, _: object, *, marking: str) -> None:
    """What stands on every page: the panel at the top, the marking and the page at the foot."""
    canvas.setFillColor(BLUE)
    canvas.rect(0, A4[1] - 12 * mm, A4[0], 12 * mm, stroke=0, fill=1)
    canvas.setFont(BOLD, 9)
    canvas.setFillColor(HexColor("#ffffff"))
    canvas.drawString(MARGIN, A4[1] - 8 * mm, PANEL)
    canvas.setFont(BOLD, 7)
    canvas.setFillColor(INK)
    canvas.drawString(MARGIN, 12 * mm, marking)
    canvas.setFont(FONT, 8)
    canvas.setFillColor(GREY)
    canvas.drawRightString(A4[0] - MARGIN, 12 * mm, f"Page {canvas.getPageNumber()}")


def _story(minutes: Minutes, parts: Sequence[Part]) -> list[Flowable]:
    meeting = minutes.meeting
    theme = f": {meeting.theme}" if meeting.theme else ""
    head = [
        *(Paragraph(escape(mark), MARKED) for mark in _marks(minutes)),
        Spacer(0, 4 * mm),
        Paragraph(escape(f"Minutes of the meeting of {day(meeting.held_on)}"), SUBJECT),
        Paragraph(escape(f"{meeting.kind_label}{theme}. {meeting.place}"), SMALL),
        Paragraph(escape(f"Reviewed by: {meeting.edition.title}"), SMALL),
    ]
    said = [flowable for part in parts for flowable in _part(part)]
    return [*head, *said, Spacer(0, 6 * mm), Paragraph(escape(_approved(minutes)), SMALL)]


def _part(part: Part) -> list[Flowable]:
    lines = [line for line in part["text"].splitlines() if line.strip()]
    return [
        Paragraph(escape(part["heading"]), HEADING),
        *(Paragraph(escape(line), BODY) for line in lines or ["Nothing recorded."]),
    ]


def _approved(minutes: Minutes) -> str:
    if minutes.approved_by is None:
        return "These minutes are not approved yet."
    return f"Approved by {minutes.approved_by} on {day(minutes.approved_at)}."
