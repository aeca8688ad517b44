"""Minutes as a PDF. The same minutes give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer

from cdop.core.jinja import day
from cdop.core.marks import PANEL
from cdop.core.pdf import BODY, HEADING, MARKED, SMALL, SUBJECT, document, marks
from cdop.panel.minutes import Minutes, Part
from cdop.panel.states import MinutesState

RESTRICTED = "OFFICIAL-SENSITIVE \N{EN DASH} for the members of the panel alone"
NOT_FINAL = "Draft: not approved by the chair"


def minutes_pdf(minutes: Minutes, parts: Sequence[Part]) -> bytes:
    """The minutes as a PDF; ``parts`` as the person who asked for it reads them."""
    return document(
        _story(minutes, parts),
        title=f"Minutes, {minutes.meeting}",
        subject=f"Minutes of a meeting of the {PANEL}",
        marked=_marks(minutes),
        foot="Page",
    )


def _marks(minutes: Minutes) -> list[str]:
    draft = [] if minutes.state == MinutesState.APPROVED else [NOT_FINAL]
    return marks(RESTRICTED, *draft)


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
