"""Short forms beside a finding: what is said to a draft, why a point stays open, queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.timezone import localdate

from cdop.cases.watching_forms import RecordForm
from cdop.core.comparing import VERSION
from cdop.core.fields import LONG_TEXT_LIMIT, DatePartsField, QuestionForm, TextField
from cdop.reviews.comparison import Answered
from cdop.reviews.draft_readings import Answers
from cdop.reviews.finding_models import NationalQuery
from cdop.reviews.states import Stands

NO_NAMES = "Do not write who the child or the family is: use “the child”, “the mother”."


class DraftAnswersForm(QuestionForm):
    """One line for each question of the lead's draft: agree, question it in words, or leave it out.

    asked  each question with what the draft answers, in the order of the page
    """

    marks_optional = False

    def __init__(self, *args: Any, asked: Sequence[Answered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        self.reveals = {  # type: ignore[misc]
            f"{each.code}-stands": {Stands.QUESTION.value: (f"{each.code}-words",)}
            for each in self.asked
        }
        for code, label, says in self.asked:
            self.fields[f"{code}-stands"] = forms.ChoiceField(
                label=label,
                help_text=f"The draft: {says}",
                choices=Stands.choices,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"{code}-words"] = TextField(
                label="What you question, and why",
                noun="The text",
                limit=LONG_TEXT_LIMIT,
                lines=True,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Words where something is questioned, and at least one answer."""
        said = self.cleaned_data
        for code, *_ in self.asked:
            stands, words = said.get(f"{code}-stands"), said.get(f"{code}-words")
            if stands == Stands.QUESTION and not words and f"{code}-words" not in self.errors:
                self.add_error(f"{code}-words", "Say what you question")
            if words and stands != Stands.QUESTION and f"{code}-stands" not in self.errors:
                self.add_error(
                    f"{code}-stands", "You wrote what you question. Choose “I question it”"
                )
        if not self.errors and not self.answers:
            raise forms.ValidationError("Answer at least one question")
        return said

    @property
    def answers(self) -> Answers:
        """What was said, by the code of the question; what was left out is not in it."""
        said = self.cleaned_data
        return {
            code: (Stands(said[f"{code}-stands"]), said[f"{code}-words"])
            for code, *_ in self.asked
            if said.get(f"{code}-stands")
        }


class ExplainForm(RecordForm):
    """Why a point of the gate stays as it is; the point is the one that was on the page."""

    point = forms.CharField(widget=forms.HiddenInput)
    words = TextField(
        label="Why does it stay as it is?",
        help_text="The national database is told so. " + NO_NAMES,
        noun="The reason",
        blank="Say why it stays as it is",
        limit=1000,
        lines=True,
    )

    @property
    def said(self) -> dict[str, Any]:
        code, _, about = self.cleaned_data["point"].partition("|")
        return {"code": code, "about": about, "words": self.cleaned_data["words"]}


class QueryForm(RecordForm):
    """What was asked of the national database, or by it."""

    asked_on = DatePartsField(
        label="On which day was it asked?", noun="The day", blank="Enter the day"
    )
    words = TextField(
        label="What was asked?",
        help_text=NO_NAMES,
        noun="The question",
        blank="Enter what was asked",
        limit=LONG_TEXT_LIMIT,
        lines=True,
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("asked_on")
        return said

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("asked_on", "words")}


class AnsweredForm(RecordForm):
    """The answer to a query."""

    answered_on = DatePartsField(
        label="On which day was it answered?", noun="The day", blank="Enter the day"
    )
    answer = TextField(
        label="What was the answer?",
        help_text=NO_NAMES,
        noun="The answer",
        blank="Enter the answer",
        limit=LONG_TEXT_LIMIT,
        lines=True,
    )

    def __init__(self, *args: Any, row: NationalQuery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("answered_on")
        on = said.get("answered_on")
        if on and on < self.row.asked_on:
            self.add_error("answered_on", "This is before the day on which it was asked")
        return said

    @classmethod
    def initial_of(cls, row: NationalQuery) -> dict[str, Any]:
        answered_on = row.answered_on or localdate()
        return {"answered_on": answered_on, "answer": row.answer, VERSION: row.version}
