"""A letter about a recommendation as a PDF, ready to be signed. The same letter, the same bytes."""

from __future__ import annotations

from html import escape

from django.conf import settings
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer

from cdop.core.jinja import day
from cdop.core.marks import PANEL
from cdop.core.pdf import BODY, HEADING, MARKED, SMALL, SUBJECT, document, marks
from cdop.learning.letter_models import LearningLetter
from cdop.learning.states import LetterState

NOT_APPROVED = "Draft: not approved, not to be sent"


def letter_pdf(letter: LearningLetter) -> bytes:
    """The letter as a PDF; one that nobody has approved says so on every page."""
    return document(
        _story(letter),
        title=f"Letter {letter.reference}: {letter.organisation}",
        subject=f"Recommendation {letter.recommendation.reference}",
        marked=_marks(letter),
        foot=f"{letter.reference}, page",
    )


def _marks(letter: LearningLetter) -> list[str]:
    draft = [] if letter.state in (LetterState.APPROVED, LetterState.SENT) else [NOT_APPROVED]
    return marks("OFFICIAL", *draft)


def _story(letter: LearningLetter) -> list[Flowable]:
    on = letter.settled_on or letter.approved_at
    to = [letter.to.attention, str(letter.organisation), "", day(on) or "Not dated yet"]
    return [
        *(Paragraph(escape(mark), MARKED) for mark in _marks(letter)),
        Spacer(0, 4 * mm),
        Paragraph("<br/>".join(map(escape, to)), BODY),
        Paragraph("A recommendation of the panel", SUBJECT),
        Paragraph(f"The {escape(PANEL)} recommends:", BODY),
        Paragraph(escape(letter.recommends), HEADING),
        Spacer(0, 2 * mm),
        *(Paragraph(escape(line), BODY) for line in letter.paragraphs),
        *([Paragraph(_answer(letter), BODY)] if letter.answer_by else []),
        _foot(letter),
    ]


def _answer(letter: LearningLetter) -> str:
    return (
        f"Please answer by {day(letter.answer_by)}, and name this letter: {letter.reference}. Tell "
        "us whether you accept the recommendation, what you will do, who sees to it, and by when."
    )


def _foot(letter: LearningLetter) -> Flowable:
    who = letter.approved_by or "Not approved yet"
    signed = f"{escape(str(who))}<br/>for the {escape(PANEL)}<br/>{escape(str(settings.CONTACT))}"
    said = (
        "A recommendation comes from what the panel has learned over time. It names no child, and "
        f"says nothing of any one death. This letter is recorded as a disclosure to you under the "
        f"reference {letter.reference}. Recommendation {letter.recommendation.reference}."
    )
    return KeepTogether([Spacer(0, 8 * mm), Paragraph(signed, BODY), Paragraph(said, SMALL)])
