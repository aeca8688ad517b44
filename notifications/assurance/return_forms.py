"""What people say about monthly returns. Not who they are, nor what happens next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from cdop.core.fields import (
    YES_NO_UNKNOWN,
    DatePartsField,
    EmailField,
    NHSNumberField,
    PhoneField,
    QuestionForm,
    TextField,
    unchosen,
)
from cdop.core.jinja import month as month_in_words
from cdop.core.organisations import Organisation
from cdop.core.periods import Period
from cdop.core.typed import NAME_LIMIT
from notifications.assurance.listed import Listed
from notifications.assurance.models import ReturningOrganisation
from notifications.assurance.returns import Answer

MOST_DEATHS = 50
MONTHS_BACK = 12
MONTHS_AHEAD = 3


class AskedForm(QuestionForm):
    """To whom it is written, about which wards, and until when."""

    email = EmailField(
        label="To which email address is it written?",
        help_text="An address of a team is better than one of a person who may leave.",
        blank="Enter the email address",
    )
    adult_wards = TextField(
        label="Wards for adults, to be named in the question",
        help_text="One on each line, as the people there call them. Deaths at 16 and 17 years "
        "on such wards are missed most easily.",
        noun="The names of the wards",
        limit=2_000,
        lines=True,
        required=False,
    )
    last_month = forms.ChoiceField(label="Last month to ask about", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_month"].choices = [("", "No end"), *_months()]  # type: ignore[attr-defined]

    def clean_last_month(self) -> date | None:
        return _month(self.cleaned_data["last_month"])


class NewAskedForm(AskedForm):
    """Which organisation returns, and from when."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Which organisation?",
        empty_label="Choose one",
        error_messages=unchosen("Choose the organisation"),
    )
    first_month = forms.ChoiceField(
        label="First month to ask about",
        help_text="If it is past, each month since is asked for at once.",
        error_messages=unchosen("Choose the first month"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(("organisation", "email", "adult_wards", "first_month", "last_month"))
        asked = ReturningOrganisation.objects.values("organisation")
        offered = Organisation.objects.in_use().exclude(pk__in=asked)
        self.fields["organisation"].queryset = offered  # type: ignore[attr-defined]
        self.fields["first_month"].choices = _months()  # type: ignore[attr-defined]
        this = localdate().replace(day=1)
        self.fields["first_month"].initial = Period(this, this).previous().first_month.isoformat()

    def clean_first_month(self) -> date | None:
        return _month(self.cleaned_data["first_month"])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        first, last = said.get("first_month"), said.get("last_month")
        if first and last and last < first:
            self.add_error("last_month", "The last month must not be before the first")
        return said


class AnswerForm(QuestionForm):
    """Whether a child died there in the month, and who says so."""

    died = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("none", "No, none"), ("these", "Yes")],
        error_messages=unchosen("Choose whether a child died"),
    )
    name = TextField(label="Your name", limit=NAME_LIMIT, noun="Your name", blank="Enter your name")
    role = TextField(label="Your role", limit=NAME_LIMIT, noun="Your role", blank="Enter your role")
    phone = PhoneField(label="Your telephone number", required=False)

    def __init__(self, *args: Any, question: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["died"].label = question

    def answer(self, deaths: Iterable[Listed]) -> Answer:
        """What a valid form says, with the deaths that stand beside it."""
        said = self.cleaned_data
        return Answer(tuple(deaths), said["name"], said["role"], said["phone"])


class DeathForm(QuestionForm):
    """One death in a monthly return: what it takes to know it from others, and no name."""

    marks_optional = False

    date_of_death = DatePartsField(
        label="Date of death", noun="The date of death", blank="Enter the date of death"
    )
    nhs_number = NHSNumberField(label="NHS number", required=False)
    initials = TextField(
        label="Initials, if there is no NHS number", limit=20, noun="The initials", required=False
    )
    date_of_birth = DatePartsField(label="Date of birth", noun="The date of birth", required=False)
    age = TextField(
        label="Age, if the date of birth is not known",
        help_text="For example, 16 years or 3 days",
        limit=40,
        noun="The age",
        required=False,
    )
    place = TextField(label="Ward or department", limit=200, noun="The ward", required=False)
    adult_ward = forms.ChoiceField(
        label="Was that a ward for adults?",
        choices=YES_NO_UNKNOWN,
        widget=forms.RadioSelect,
        required=False,
    )
    notified = forms.ChoiceField(
        label="Has the death been notified to us?",
        choices=YES_NO_UNKNOWN,
        widget=forms.RadioSelect,
        required=False,
    )
    notified_as = TextField(
        label="Reference of the notification, if you have it",
        limit=40,
        noun="The reference",
        required=False,
    )
    reveals: ClassVar = {"notified": {"yes": ("notified_as",)}}

    def __init__(self, *args: Any, month: date, **kwargs: Any) -> None:
        # A block that nobody touched is no death and no mistake.
        kwargs |= {"empty_permitted": True, "use_required_attribute": False}
        super().__init__(*args, **kwargs)
        self.month = month

    def clean_date_of_death(self) -> date:
        died_on: date = self.cleaned_data["date_of_death"]
        if not Period(self.month, self.month).contains(died_on):
            raise ValidationError(
                f"The date of death must be in {month_in_words(self.month)}. For another month, "
                "please ring us."
            )
        if died_on > localdate():
            raise ValidationError("The date of death must be today or in the past")
        return died_on

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not (said.get("nhs_number") or said.get("initials")) and "initials" in said:
            self.add_error("nhs_number", "Enter the NHS number, or the initials below it")
        born, died = said.get("date_of_birth"), said.get("date_of_death")
        if born and died and born > died:
            self.add_error("date_of_birth", "The date of birth must not be after the date of death")
        if not born and not said.get("age") and not self.has_error("date_of_birth"):
            self.add_error("date_of_birth", "Enter the date of birth, or the age below it")
        return said

    @property
    def listed(self) -> Listed:
        """What a valid form says."""
        said = self.cleaned_data
        return Listed(**{name: _text(value) for name, value in said.items()})


def deaths_of(deaths: Iterable[Listed]) -> list[dict[str, Any]]:
    """Deaths that were answered before, as the boxes of ``DeathForm`` take them back."""
    return [
        {
            name: date.fromisoformat(text) if text and name.startswith("date_") else text
            for name in DeathForm.base_fields
            for text in [getattr(death, name)]
        }
        for death in deaths
    ]


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


def _months() -> list[tuple[str, str]]:
    """The months that can be chosen: a year back, and a few ahead."""
    this = localdate().replace(day=1)
    period = Period(this, this)
    months = [period.first_month]
    for _ in range(MONTHS_BACK):
        months.insert(0, Period(months[0], months[0]).previous().first_month)
    for _ in range(MONTHS_AHEAD):
        months.append(Period(months[-1], months[-1]).next().first_month)
    return [(month.isoformat(), month_in_words(month)) for month in months]


def _month(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
