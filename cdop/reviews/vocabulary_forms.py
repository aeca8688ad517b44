"""What is said about the list of factors, and of which months factors and agreement are counted."""

from __future__ import annotations

from typing import Any

from django import forms

from cdop.cases.watching_forms import RecordForm, version_of
from cdop.core.fields import PeriodField, QuestionForm, TextField, unchosen
from cdop.editions import Edition
from cdop.reviews.vocabulary import LABEL_LIMIT, Key, Offered
from cdop.reviews.vocabulary_models import FactorTerm


class LabelForm(RecordForm):
    """What a term is called."""

    label = TextField(
        label="What is the factor called?",
        help_text="In general words that fit more than one child",
        noun="The name",
        blank="Enter what the factor is called",
        limit=LABEL_LIMIT,
    )

    @classmethod
    def initial_of(cls, row: FactorTerm) -> dict[str, Any]:
        return {"label": row.label} | version_of(row)


class NewTermForm(LabelForm):
    """A new term: in which part of the child's life, and what it is called."""

    domain = forms.ChoiceField(
        label="In which part of the child’s life?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose a part of the child’s life"),
    )
    field_order = ("domain", "label")

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("domain", [(each.code, each.label) for each in edition.domains])

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("domain", "label")}


class IntoForm(RecordForm):
    """Under which other term something is counted from now on.

    into  the terms of the same part of the child's life that are on offer
    """

    into = forms.ChoiceField(
        label="Under which factor is it counted?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose a factor"),
    )

    def __init__(self, *args: Any, into: list[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_code = {term.code: (term.domain, term.code) for term in into}
        self.choose("into", [(term.code, term.label) for term in into])

    @property
    def said(self) -> dict[str, Any]:
        into: Key = self.by_code[self.cleaned_data["into"]]
        return {"into": into, "version": self.cleaned_data["version"]}


class MonthsForm(QuestionForm):
    """Which months a page counts."""

    marks_optional = False

    period = PeriodField()
