"""Answers and notifications as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

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


def compared(mine: forms.Form, theirs: forms.Form) -> list[Row]:
    """What two windows hold in the boxes of one page, where they differ: ``term yours now``."""
    both = [
        {"term": box.label, "yours": typed_in_words(box), "now": typed_in_words(theirs[box.name])}
        for box in mine
    ]
    return [row for row in both if row["yours"] != row["now"]]


def typed(form: forms.Form) -> list[Row]:
    """What stands in the boxes of a page, the empty ones left out: ``term text lines``."""
    boxes = [{"term": box.label, "text": typed_in_words(box), "lines": True} for box in form]
    return [row for row in boxes if row["text"]]


def typed_in_words(box: BoundField) -> str:
    """What stands in the boxes of a field, right or wrong, as a person reads it."""
    value = box.value()
    labels = dict(getattr(box.field, "choices", ()))
    if value in (None, ""):
        return ""
    if not isinstance(value, list | tuple):
        return str(labels.get(value, value))
    if value and isinstance(value[0], tuple):
        return "\n".join(filter(None, (line.words for line in value)))
    between = ", " if labels else " "
    return between.join(str(labels.get(part, part)) for part in value if part)
