"""What is said about a meeting: when and where, who sits where, who came, what a case is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cdop.cases.models import Case
from cdop.core.fields import DatePartsField, TextField
from cdop.core.users import User
from cdop.editions import Edition
from cdop.panel import redaction
from cdop.panel.models import Attendance


class VersionedForm(forms.Form):
    """A form that knows which version of the record was on the page when it was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_version(self) -> int:
        """The version on the page; 0, which no record has, where somebody left it out."""
        return self.cleaned_data["version"] or 0


class PlanForm(VersionedForm):
    """When and where the panel meets."""

    held_on = DatePartsField(
        label="Day of the meeting",
        noun="The day of the meeting",
        blank="Enter the day of the meeting",
        help_text="For example, 27 3 2019",
    )
    place = TextField(
        label="Place",
        limit=200,
        noun="The place",
        blank="Enter where the panel meets",
        help_text="A room, or “online”",
    )


class InvitationForm(forms.Form):
    """Who is invited, and for which part of the core membership they sit there."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label="Person",
        empty_label="Choose a person",
        error_messages={
            "required": "Choose the person to invite",
            "invalid_choice": "Choose a person who holds a role of the panel on that day",
        },
    )
    sits_as = forms.ChoiceField(
        label="Sits for",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose for which part of the membership they sit"},
    )

    def __init__(self, *args: Any, people: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        seats = [(seat.code, seat.label) for seat in edition.core_membership]
        self.fields["sits_as"].choices = seats  # type: ignore[attr-defined]


class AttendanceForm(forms.Form):
    """Who is in the room."""

    present = forms.TypedMultipleChoiceField(
        label="Who is here?",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Select everybody who takes part, in the room or online",
    )

    def __init__(self, *args: Any, invited: Iterable[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(row.user_id, f"{row.user}, {row.seat}") for row in invited]  # type: ignore[attr-defined]
        self.fields["present"].choices = people  # type: ignore[attr-defined]


class SummaryForm(VersionedForm):
    """The case in a few words that name nobody. What identity knows is looked for and refused."""

    summary = TextField(
        label="Anonymised summary",
        limit=8000,
        noun="The summary",
        lines=True,
        required=False,
        help_text=(
            "What the panel needs to know, without names, dates, addresses or numbers. Give ages "
            "and days before or after the death instead. When you save, the text is searched for "
            "what the case's identity knows, and that search is recorded."
        ),
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.by = case, by

    def clean_summary(self) -> str:
        summary = self.cleaned_data["summary"]
        if hits := redaction.check(summary, self.case, by=self.by):
            raise ValidationError([hit.sentence for hit in hits])
        return summary
