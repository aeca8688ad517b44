"""The questions of an edition as data, so that a supplier knows codes and lists of choices."""

from __future__ import annotations

from typing import Any

from cdop.core.questions import SectionForm
from cdop.editions.conditions import All, AnyOf, Chosen, Condition, Not
from cdop.editions.schema import Edition, Question, Section
from notifications.unfinished import QUESTIONNAIRE


def as_data(edition: Edition) -> dict[str, Any]:
    """Every question of the notification form, section by section."""
    return {
        "edition": edition.code,
        "title": edition.title,
        "sections": [
            _section(section, edition) for section in edition.questionnaires[QUESTIONNAIRE].sections
        ],
    }


def _section(section: Section, edition: Edition) -> dict[str, Any]:
    fields = SectionForm(section, edition).fields
    return {
        "code": section.code,
        "title": section.title,
        "either": list(section.either),
        "questions": [_question(each, fields[each.code]) for each in section.questions],
    }


def _question(question: Question, field: Any) -> dict[str, Any]:
    return {
        "code": question.code,
        "label": question.label,
        "hint": question.hint,
        "why": question.why,
        "kind": question.kind,
        "required": question.required,
        "when": condition_as_data(question.when) if question.when else None,
        "choices": [
            {"code": code, "label": label} for code, label in getattr(field, "choices", ()) if code
        ],
    }


def condition_as_data(condition: Condition) -> dict[str, Any]:
    """A condition as the files of the edition write it."""
    match condition:
        case Chosen(field=field, codes=codes):
            return {"field": field, "in": sorted(codes)}
        case Not(part=part):
            return {"not": condition_as_data(part)}
        case All(parts=parts):
            return {"all": [condition_as_data(part) for part in parts]}
        case AnyOf(parts=parts):
            return {"any": [condition_as_data(part) for part in parts]}
    raise TypeError(f"{condition} is no condition that can be written down.")
