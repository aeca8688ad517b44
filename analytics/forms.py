"""What people choose about statistics: which months, which deaths, what for."""

from django import forms

from analytics.models import LARGEST_THRESHOLD, SMALLEST_THRESHOLD, USUAL_THRESHOLD
from analytics.tables import BASES, TABLES
from cdop.core.fields import PeriodField

PURPOSES = [
    "Prepare an annual or quarterly report",
    "Check that the records are complete",
    "Plan the panel's work",
    "Answer a partner who may be told exact counts",
]

OFFERED = [
    (code, basis.label)
    for code, basis in BASES.items()
    if any(table.basis == code for table in TABLES)
]


class ExactCountsForm(forms.Form):
    """Which exact counts to see, and why."""

    period = PeriodField()
    basis = forms.ChoiceField(
        label="Which deaths?",
        choices=OFFERED,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which deaths to count"},
    )
    purpose = forms.ChoiceField(
        label="What do you need the exact counts for?",
        help_text="Your answer is kept with the record that you saw them.",
        choices=[(purpose, purpose) for purpose in PURPOSES],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you need the exact counts for"},
    )


class DraftForm(forms.Form):
    """Which months to release, and from which count on figures are shown."""

    period = PeriodField()
    threshold = forms.IntegerField(
        label="From which count on are figures shown?",
        help_text=(
            f"{USUAL_THRESHOLD} is usual: counts of 1 to {USUAL_THRESHOLD - 1} are hidden. "
            f"{SMALLEST_THRESHOLD} to {LARGEST_THRESHOLD} can be chosen."
        ),
        initial=USUAL_THRESHOLD,
        min_value=SMALLEST_THRESHOLD,
        max_value=LARGEST_THRESHOLD,
        error_messages={
            "required": "Enter the smallest count to show",
            "invalid": "Enter the smallest count to show as a whole number",
            "min_value": f"The smallest count to show must be {SMALLEST_THRESHOLD} or more",
            "max_value": f"The smallest count to show must be {LARGEST_THRESHOLD} or less",
        },
        widget=forms.NumberInput(attrs={"width": 2}),
    )


class WithdrawForm(forms.Form):
    """Why a release will not be published."""

    reason = forms.CharField(
        label="Why is this release withdrawn?",
        help_text="For example, a review that was signed off late is missing.",
        max_length=300,
        error_messages={
            "required": "Say why this release is withdrawn",
            "max_length": "The reason must be 300 characters or fewer",
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )
