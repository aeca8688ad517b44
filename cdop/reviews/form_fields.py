"""The boxes of the analysis form, made from an edition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from cdop.core.fields import LONG_TEXT_LIMIT, TextField
from cdop.editions import Edition
from cdop.reviews.states import Reached
from cdop.reviews.vocabulary import Offered

YES_NO = (("yes", "Yes"), ("no", "No"))
BY_RULE = ("", "The highest-ranking category that fits (the rule)")


def questions(edition: Edition) -> dict[str, forms.Field]:
    return {
        "cause": _long("Cause of death as it is understood now", "The cause"),
        "summary": _long(
            "Summary of the case", "The summary", "A few paragraphs at most, without names"
        ),
        "expectedness": _one_of(
            "Was the death expected?",
            [(term.code, term.label) for term in edition.vocabularies["expectedness"].choices],
            help_text=edition.definitions["unexpected"].text,
        ),
        "categories": forms.MultipleChoiceField(
            label="Which categories of death fit?",
            help_text=edition.definitions["category_rule"].text,
            choices=[(each.code, f"{each.rank}. {each.label}") for each in edition.categories],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        ),
        "override": forms.ChoiceField(
            label="Which of them stands?",
            choices=[BY_RULE, *((each.code, each.label) for each in edition.categories)],
            required=False,
        ),
        "override_reason": _long(
            "Why another category than the rule gives", "The reason", "Only if you chose another"
        ),
        "modifiable": _one_of(
            edition.definitions["modifiable_question"].text,
            [(answer.code, answer.label) for answer in edition.answers],
            help_text=edition.definitions["modifiable"].text,
        ),
        "issues": _long("Issues that were identified", "The issues"),
        "learning": _long("What can be learned", "The learning"),
        "good_practice": _long(
            "What was done well", "The text", "Good practice that others can use"
        ),
        "family_follow_up": _long(
            "What is still to be done for the family",
            "The text",
            "Who tells them what, and which support goes on. Without names",
        ),
    }


def domain_fields(code: str, label: str, edition: Edition) -> dict[str, forms.Field]:
    return {
        f"grade-{code}": _one_of(f"{label}: how much does it explain?", _grades(edition)),
        f"narrative-{code}": _long(f"{label}: in words", "The text"),
    }


def factor_fields(
    line: int, choices: list[tuple[str, Any]], edition: Edition
) -> dict[str, forms.Field]:
    return {
        f"factor-{line}-what": forms.ChoiceField(
            label="Which factor",
            choices=choices,
            widget=forms.Select(attrs={"class": "nhsuk-select"}),
            required=False,
        ),
        f"factor-{line}-words": TextField(
            label="In your own words", noun="The words", limit=300, required=False
        ),
        f"factor-{line}-grade": forms.ChoiceField(
            label="How much it contributed",
            choices=[("", "Select a grade"), *_grades(edition)],
            required=False,
        ),
        f"factor-{line}-modifiable": _one_of("Is it modifiable?", YES_NO),
    }


def factor_choices(edition: Edition, offered: Iterable[Offered]) -> list[tuple[str, Any]]:
    """The factors on offer by domain; the last of each domain stands for one's own words."""
    known: dict[str, list[tuple[str, str]]] = {domain.code: [] for domain in edition.domains}
    for each in offered:
        known[each.domain].append((f"{each.domain}/{each.code}", each.label))
    listed: list[tuple[str, Any]] = [("", "Select a factor")]
    for domain in edition.domains:
        own_words = (f"{domain.code}/", "None of these: own words")
        listed.append((domain.label, [*known[domain.code], own_words]))
    return listed


def recommendation_fields(line: int, edition: Edition) -> dict[str, forms.Field]:
    """One recommendation: at which level, to whom, in words."""
    levels = edition.vocabularies["recommendation_levels"].choices
    return {
        f"recommended-{line}-words": _long("What do you recommend?", "The recommendation"),
        f"recommended-{line}-to_whom": TextField(
            label="To whom?",
            noun="The name",
            limit=300,
            required=False,
            help_text="An organisation, a board or a service, never a person",
        ),
        f"recommended-{line}-level": _one_of(
            "At which level?", [(term.code, term.label) for term in levels]
        ),
    }


def outcome_fields() -> dict[str, forms.Field]:
    """How the panel came to its finding."""
    return {
        "reached": _one_of("How was the finding reached?", Reached.choices),
        "dissent": _long(
            "What was said against it",
            "The text",
            "In words, and not by whom. Needed where it was reached by a majority.",
        ),
        "would_change": _long(
            "What evidence would change it?",
            "The text",
            "For example the result of an inquest that is still open",
        ),
    }


def why_field() -> forms.Field:
    """Why a finding that was signed off has another version."""
    return _long(
        "Why is it changed?",
        "The reason",
        "The version that was signed off stays readable, and the month in which it counts.",
    )


def _grades(edition: Edition) -> list[tuple[str, str]]:
    return [(grade.code, f"{grade.code}: {grade.label}") for grade in edition.grades]


def _one_of(label: str, choices: Any, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        required=False,
        help_text=help_text,
    )


def _long(label: str, noun: str, help_text: str = "") -> TextField:
    return TextField(
        label=label,
        noun=noun,
        help_text=help_text,
        limit=LONG_TEXT_LIMIT,
        lines=True,
        required=False,
    )
