"""What somebody says of a file of populations or births."""

from django import forms
from django.utils import timezone

from analytics.populations import KINDS
from cdop.core.fields import QuestionForm

FIRST_YEAR = 1990
MOST_BYTES = 20_000_000
MEGABYTE = 1_000_000


class PopulationForm(QuestionForm):
    """Which year, from whom, and the file."""

    kind = forms.ChoiceField(
        label="What does the file count?",
        choices=[(kind, words.capitalize()) for kind, words in KINDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the file counts"},
    )
    year = forms.IntegerField(
        label="Of which calendar year?",
        help_text="For example, 2014: the residents of the middle of 2014, or the births of 2014.",
        error_messages={
            "required": "Enter the calendar year",
            "invalid": "Enter the calendar year in four digits, like 2014",
        },
        widget=forms.NumberInput(attrs={"width": 4}),
    )
    source = forms.CharField(
        label="Who published it, under which name and when?",
        help_text="This is printed with every rate that is made of it.",
        max_length=300,
        error_messages={
            "required": "Say who published the numbers",
            "max_length": "The source must be 300 characters or fewer",
        },
    )
    file = forms.FileField(
        label="The file",
        help_text=(
            "A workbook or CSV file of the Office for National Statistics with a line for each "
            "area and a column for each age, or a tidy one with the columns gss_code, sex, "
            "age_from, age_to and population. Births: gss_code and births."
        ),
        error_messages={
            "required": "Choose the file with the numbers",
            "empty": "The file is empty. Choose the file with the numbers",
        },
    )

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not FIRST_YEAR <= year <= timezone.localdate().year:
            raise forms.ValidationError(
                f"The year must be from {FIRST_YEAR} to {timezone.localdate().year}"
            )
        return year

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                f"The file is larger than {MOST_BYTES // MEGABYTE} megabytes. Keep the lines of "
                "these areas and try again."
            )
        return file
