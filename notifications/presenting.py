"""Answers and notifications as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from cdop.core.comparing import typed_in_words
from cdop.core.questions import answer_in_words
from cdop.editions.schema import Edition, Question, Section
from notifications.rules import Remark

Row = dict[str, Any]


def rows(
    section: Section, edition: Edition, answers: Mapping[str, Any], remarks: Iterable[Remark]
) -> list[Row]:
    """Each question that was asked, with its answer in words: ``term text remarks anchor``."""
    return [
        {
            "term": question.label,
            "text": answer_in_words(question, edition, answers),
            "remarks": [each for each in remarks if each.fields[0] == question.code],
            # The first box, where Change leads to.
            "anchor": f"id_{question.code}{'-day' if question.kind == 'date' else ''}",
        }
        for question in section.questions
        if _was_asked(question, answers)
    ]


def _was_asked(question: Question, answers: Mapping[str, Any]) -> bool:
    if question.when is None or answers.get(question.code):
        return True
    return question.when.holds({name: answers.get(name) or "" for name in question.when.fields()})


def typed(form: forms.Form) -> list[Row]:
    """What stands in the boxes of a page, the empty ones left out: ``term text lines``."""
    boxes = [{"term": box.label, "text": typed_in_words(box), "lines": True} for box in form]
    return [row for row in boxes if row["text"]]
