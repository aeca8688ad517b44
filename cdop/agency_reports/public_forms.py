"""What people at an agency say besides the answers: the code, a colleague, that nothing is held."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cdop.agency_reports.invitations import CODE_DIGITS
from cdop.core.documents import UploadField
from cdop.core.fields import EmailField, QuestionForm, TextField
from cdop.core.typed import NAME_LIMIT

NOT_SEALED = "Do not write the name of the child or of anybody in the family here."


class CodeForm(QuestionForm):
    """The code from the letter, with spaces or without."""

    is_page_heading = False
    code = TextField(
        label="Your code",
        help_text=f"{CODE_DIGITS} figures, from the email that we sent you just now",
        limit=40,
        noun="The code",
        blank="Enter the code from the email",
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "width": 10, "autocomplete": "one-time-code"}
        ),
    )

    def clean_code(self) -> str:
        typed = "".join(self.cleaned_data["code"].split())
        if not (typed.isascii() and typed.isdigit() and len(typed) == CODE_DIGITS):
            raise ValidationError(f"The code is {CODE_DIGITS} figures, such as 012345")
        return typed


class ColleagueForm(QuestionForm):
    """Who answers instead."""

    name = TextField(
        label="Name of your colleague",
        limit=NAME_LIMIT,
        noun="The name",
        blank="Enter the name of your colleague",
    )
    email = EmailField(
        label="Their work email address",
        help_text="They get a link of their own and a code, both at this address",
        blank="Enter the email address of your colleague",
    )


class AssignForm(ColleagueForm):
    """Who answers, and whether the contact reads it before it is returned."""

    approves = forms.BooleanField(
        label="I want to read the report before it is returned", required=False
    )


class NothingForm(QuestionForm):
    """That the agency holds nothing, and how it knows."""

    is_page_heading = False
    why = TextField(
        label="Where did you look?",
        help_text=f"For example: our records by name, date of birth and NHS number. {NOT_SEALED}",
        noun="The answer",
        lines=True,
        limit=500,
        blank="Say where you looked",
    )


class RemarkForm(QuestionForm):
    """What the respondent is asked to change."""

    remark = TextField(
        label="What should be changed?",
        noun="The remark",
        lines=True,
        limit=2_000,
        blank="Say what should be changed",
    )


class FileForm(QuestionForm):
    """A file that goes with the answers."""

    is_page_heading = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = UploadField(label="Choose a file")
