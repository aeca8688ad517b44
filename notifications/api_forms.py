"""What the team says about a trust's system: whose it is, how long a former secret lasts."""

from datetime import timedelta
from typing import Any

from django import forms

from cdop.core.fields import QuestionForm, TextField, unchosen
from cdop.core.organisations import Organisation

OVERLAPS = {
    "none": ("Now: somebody may have seen it", timedelta()),
    "day": ("In 24 hours", timedelta(hours=24)),
    "week": ("In 7 days", timedelta(days=7)),
    "month": ("In 30 days", timedelta(days=30)),
}


class RegisterForm(QuestionForm):
    """Which organisation's system it is, and what it is called there."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.in_use(),
        label="Whose system is it?",
        help_text="What it sends counts as told by this organisation.",
        empty_label="Choose one",
        error_messages=unchosen("Choose the organisation whose system it is"),
    )
    name = TextField(
        label="What is the system called?",
        help_text="For example the name of the hospital's record system. No name of a person.",
        limit=200,
        noun="The name",
        blank="Enter what the system is called",
    )


class VersionForm(QuestionForm):
    """A decision about a system, on which somebody else may decide meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class RenewForm(VersionForm):
    """Until when the former secret is good."""

    overlap = forms.ChoiceField(
        label="When does the secret that the system uses now stop working?",
        help_text="Leave the supplier time to put the new one in, unless the old one leaked.",
        choices=[(code, label) for code, (label, _) in OVERLAPS.items()],
        widget=forms.RadioSelect,
        initial="week",
        error_messages=unchosen("Choose when the former secret stops working"),
    )

    @property
    def lasting(self) -> Any:
        """For how long the former secrets stay good."""
        return OVERLAPS[self.cleaned_data["overlap"]][1]
