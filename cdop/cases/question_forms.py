"""What people say about a question of a family."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.timezone import localdate

from cdop.cases import family_questions
from cdop.cases.families import NAME_LIMIT
from cdop.cases.family_questions import Asked, FamilyQuestion
from cdop.cases.models import Case
from cdop.cases.watching_forms import RecordForm
from cdop.core.comparing import VERSION
from cdop.core.fields import DatePartsField, TextField, unchosen
from cdop.core.users import User

LONG = 4000
SEALED = "This is encrypted, and each reading of it is recorded."


class QuestionForm(RecordForm):
    """One question, who asked it and when, and in which words the panel reads it."""

    question = TextField(
        label="What do they ask?",
        help_text=f"One question at a time, in their words. {SEALED}",
        lines=True,
        limit=LONG,
        noun="The question",
        blank="Enter what they ask",
    )
    asked_by = TextField(
        label="Who asked?", limit=NAME_LIMIT, noun="The name", blank="Enter who asked"
    )
    asked_on = DatePartsField(
        label="On which day?", noun="The day", blank="Enter the day on which they asked"
    )
    for_panel = TextField(
        label="How does the panel read it?",
        help_text=(
            "In words that name nobody. What the record knows of the child and the family is "
            "looked for when you save. Leave it empty while the panel is not to read it."
        ),
        lines=True,
        limit=LONG,
        noun="The question for the panel",
        required=False,
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.by = case, by

    @classmethod
    def initial_of(cls, asked: Asked) -> dict[str, Any]:
        """What the form shows of a question that is there."""
        return {
            "question": asked.said.question,
            "asked_by": asked.said.asked_by,
            "asked_on": asked.row.asked_on,
            "for_panel": asked.for_panel,
            VERSION: asked.row.version,
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("asked_on")
        return said

    def clean_for_panel(self) -> str:
        words: str = self.cleaned_data["for_panel"]
        if named := family_questions.why_not_for_panel(words, self.case, by=self.by):
            raise forms.ValidationError(named)
        return words


class AnswerForm(RecordForm):
    """What the review can answer, and whether they may be told."""

    answer = TextField(
        label="What is the answer?",
        help_text=f"As it can be said to them. {SEALED}",
        lines=True,
        limit=LONG,
        noun="The answer",
        blank="Enter the answer",
    )
    answered_on = DatePartsField(
        label="On which day was it known?", noun="The day", blank="Enter the day"
    )
    may_tell = forms.ChoiceField(
        label="May the family be told?",
        choices=[("yes", "Yes, once the answer is approved"), ("no", "Not yet")],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose whether the family may be told"),
    )
    why_not = TextField(
        label="Why not, and by whose word?",
        help_text="For example that the coroner asks to wait for the inquest",
        limit=NAME_LIMIT,
        noun="The reason",
        required=False,
    )
    reveals = {"may_tell": {"no": ("why_not",)}}

    def __init__(self, *args: Any, row: FamilyQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row

    @classmethod
    def initial_of(cls, asked: Asked) -> dict[str, Any]:
        """What the form shows of an answer that is there, or of none."""
        known = bool(asked.said.answer)
        return {
            "answer": asked.said.answer,
            "answered_on": asked.row.answered_on,
            "may_tell": ("yes" if asked.row.may_tell else "no") if known else None,
            "why_not": asked.said.why_not,
            VERSION: asked.row.version,
        }

    @property
    def said(self) -> dict[str, Any]:
        return super().said | {"may_tell": self.cleaned_data["may_tell"] == "yes"}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("answered_on")
        on = said.get("answered_on")
        if on and on < self.row.asked_on:
            self.add_error("answered_on", "This is before the day on which it was asked")
        if said.get("may_tell") == "no":
            self.ask_for("why_not", "Say why they may not be told yet, and by whose word")
        return said


class ToldForm(RecordForm):
    """On which day the family heard the answer."""

    told_on = DatePartsField(
        label="On which day were they told?", noun="The day", blank="Enter the day"
    )

    def __init__(self, *args: Any, row: FamilyQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("told_on")
        on, since = said.get("told_on"), self.row.approved_on
        if on and since and on < since:
            self.add_error("told_on", "This is before the day on which the answer was approved")
        return said

    @classmethod
    def initial_of(cls, row: FamilyQuestion) -> dict[str, Any]:
        """Today, unless a day was recorded already."""
        return {"told_on": row.told_on or localdate(), VERSION: row.version}
