"""To whom a letter of figures goes, about what, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate

from cdop.core.comparing import VERSION
from cdop.core.fields import (
    DatePartsField,
    PeriodField,
    QuestionForm,
    SeveralField,
    TextField,
    unchosen,
)
from cdop.core.organisations import Area, Organisation
from cdop.rapid_response import letters
from cdop.rapid_response.states import LetterState

USUAL = (
    "Please look at these figures with those who work in these hours, and tell us by the next "
    "meeting of the panel what you will do so that police and health visit together, and each task "
    "is done in its time."
)


class LetterForm(QuestionForm):
    """The addressee, the months and the area."""

    organisation = SeveralField(
        label="To which organisations?",
        help_text="Each gets a letter of its own. Its kind decides which figures are its own.",
        error_messages=unchosen("Choose an organisation"),
    )
    attention = TextField(
        label="To whom there?",
        help_text="By role or name, for example director of nursing; by role for several",
        noun="The addressee",
        blank="Enter to whom the letter goes",
        limit=200,
    )
    period = PeriodField()
    area = forms.ModelChoiceField(
        Area.objects.all(),
        label="Children of which area?",
        empty_label="The area that each serves, or all four together",
        required=False,
        error_messages=unchosen("Choose an area"),
    )
    purpose = TextField(
        label="What is the letter for?",
        help_text="These words stand in the letter. Say nothing of a single child.",
        noun="The purpose",
        blank="Say what the letter is for",
        initial=USUAL,
        lines=True,
        limit=2000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Organisation.objects.in_use().filter(
            kind__in=[kind.value for kind in letters.OWN]
        )
        self.offered = {str(each.pk): each for each in offered.select_related("area")}
        choices = [(key, str(each)) for key, each in self.offered.items()]
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]

    @property
    def letters(self) -> dict[str, Any]:
        """What ``letters.write_to_all`` takes."""
        said = dict(self.cleaned_data)
        chosen = said.pop("organisation")
        return said | {"organisations": [self.offered[key] for key in chosen]}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if {"organisation", "period", "area"} <= set(said):
            for each in (self.offered[key] for key in said["organisation"]):
                area = said["area"] or each.area
                if why := letters.why_not_write(each, said["period"], area):
                    self.add_error("area" if "serves" in why else "period", why)
                    break
        return said


class LetterOutcomeForm(QuestionForm):
    """Whether a letter was sent, when and how; or why it never was."""

    state = forms.ChoiceField(
        label="What became of the letter?",
        choices=[(LetterState.SENT, "It was sent"), (LetterState.DISCARDED, "It is not sent")],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what became of it"),
    )
    settled_on = DatePartsField(label="On which day?", noun="The day", blank="Enter the day")
    note = TextField(
        label="How was it sent, or why not?",
        help_text="For example, by secure e-mail",
        noun="The note",
        blank="Say how it was sent, or why not",
        limit=200,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, not_before: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.not_before = not_before

    @property
    def outcome(self) -> dict[str, Any]:
        """What ``letters.settle`` takes."""
        said = self.cleaned_data
        to = LetterState(said["state"])
        return {"to": to, "on": said["settled_on"], "note": said["note"], "version": said[VERSION]}

    def clean_settled_on(self) -> date:
        settled_on: date = self.cleaned_data["settled_on"]
        if settled_on > localdate():
            raise forms.ValidationError("This is in the future. Enter when it was sent")
        if settled_on < self.not_before:
            raise forms.ValidationError("This is before the day on which it was written")
        return settled_on
