"""Answers of an agency as pages show them."""

from __future__ import annotations

from typing import Any

from cdop.agency_reports.papers import Page, Paper
from cdop.core.questions import answer_in_words

Row = dict[str, Any]


def parts_of(paper: Paper) -> list[tuple[Page, list[Row], int]]:
    """Each page with its answers as rows of a summary list, and how many questions are blank."""
    return [
        (page, rows, sum(not row["text"] for row in rows))
        for page in paper.pages.values()
        for rows in [_rows(page)]
    ]


def _rows(page: Page) -> list[Row]:
    paper = page.paper
    return [
        {
            "term": question.label,
            "text": answer_in_words(question, paper.edition, paper.answers),
            "lines": True,
        }
        for question in page.asked
    ]
