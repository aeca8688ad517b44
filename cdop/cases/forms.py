"""What people say about a case. Not who they are, nor what happens next."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate

from cdop.cases.models import CaseFacts
from cdop.core.fields import (
    DatePartsField,
    NHSNumberField,
    NumberField,
    PeopleField,
    PostcodeField,
    QuestionForm,
    SeveralField,
    TextField,
    unchosen,
)
from cdop.core.identifiers import normalise_reference
from cdop.core.organisations import Area
from cdop.core.users import User
from cdop.editions.schema import Edition

NOT_DECIDED = ("", "Not decided yet")

PURPOSES = (
    ("family_contact", "To speak or write to the family"),
    ("agency_request", "To ask an agency for its records"),
    ("record_check", "To check or correct the record"),
    ("panel_preparation", "To prepare the case for the panel"),
    ("response", "To respond to the death"),
)


class PurposeForm(QuestionForm):
    """Why somebody needs to know who the child was."""

    is_page_heading = True
    purpose = forms.ChoiceField(
        label="Why do you need to know who the child was?",
        help_text="Your answer is recorded with your name.",
        choices=PURPOSES,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why you need to know who the child was"},
    )

    @property
    def words(self) -> str:
        """The purpose as it is recorded."""
        return dict(PURPOSES)[self.cleaned_data["purpose"]]


class IdentityForm(QuestionForm):
    """Who the child was."""

    given_names = TextField(label="Given names", limit=200, noun="The name", required=False)
    family_name = TextField(label="Family name", limit=200, noun="The name", required=False)
    other_names = TextField(label="Other names", limit=200, noun="The name", required=False)
    date_of_birth = DatePartsField(label="Date of birth", noun="Date of birth", required=False)
    nhs_number = NHSNumberField(label="NHS number", required=False)
    address = TextField(label="Home address", lines=True, noun="The address", required=False)
    postcode = PostcodeField(label="Postcode", required=False)
    mother_name = TextField(label="Mother's name", limit=200, noun="The name", required=False)
    carers = PeopleField(label="People with parental responsibility", required=False)
    siblings = PeopleField(label="Brothers, sisters and others at home", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, died_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.died_on = died_on

    def clean_date_of_birth(self) -> date | None:
        born_on = self.cleaned_data["date_of_birth"]
        if born_on and born_on > self.died_on:
            raise forms.ValidationError("Date of birth must be on or before the date of death")
        return born_on


class FactsForm(QuestionForm):
    """The facts that are counted, in the codes of the case's edition."""

    area = forms.ModelChoiceField(
        Area.objects.all(),
        label="Area in which the child normally lived",
        required=False,
        empty_label="None of the four areas, or not known",
    )
    sex = forms.ChoiceField(label="Sex", required=False)
    expectedness = forms.ChoiceField(label="Was the death expected?", required=False)
    ethnic_group = forms.ChoiceField(label="Ethnic group", required=False)
    place_of_death = forms.ChoiceField(label="Where the child died", required=False)
    place_of_event = forms.ChoiceField(
        label="Where the event that led to the death happened", required=False
    )
    gestation_weeks = NumberField(
        label="Completed weeks of pregnancy at birth", least=10, most=45, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    VOCABULARIES = {
        "sex": "sex",
        "expectedness": "expectedness",
        "ethnic_group": "ethnic_group",
        "place_of_death": "places",
        "place_of_event": "places",
    }

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, vocabulary in self.VOCABULARIES.items():
            terms = edition.vocabularies[vocabulary].choices
            choices = [NOT_DECIDED, *((term.code, term.label) for term in terms)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, facts: CaseFacts) -> dict[str, Any]:
        """What the form shows of the facts as they stand."""
        return {name: cls.value_of(facts, name) for name in cls.base_fields}

    @staticmethod
    def value_of(facts: CaseFacts, name: str) -> Any:
        """One fact as the form posts it."""
        value = facts.area_id if name == "area" else getattr(facts, name)
        return "" if value is None else value

    def in_words(self, posted: dict[str, str]) -> dict[str, str]:
        """Posted codes as the labels that stand beside them on the page."""
        return {name: self._label(name, code) for name, code in posted.items()}

    def _label(self, name: str, code: str) -> str:
        choices = getattr(self.fields[name], "choices", ())
        return next((str(label) for value, label in choices if str(value) == code), code)


EVERY_TASK = "all"


class ReferenceField(TextField):
    """The reference of a case, however it was typed; whether there is one is asked elsewhere."""

    def __init__(self) -> None:
        super().__init__(
            label="Reference of the case",
            help_text="For example, C-4K7M-2QX9",
            blank="Enter the reference",
            noun="The reference",
            limit=20,
        )

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        return normalise_reference(typed) or typed


class OpenAtOnceForm(QuestionForm):
    """Which case, and why at once."""

    reference = ReferenceField()
    reason = TextField(
        label="Why must you open it now?",
        help_text="Such as: called to the ward tonight, the colleague on the case cannot be "
        "reached. No name of the child.",
        blank="Say why",
        noun="The reason",
        limit=300,
        lines=True,
    )


class AccessForm(QuestionForm):
    """Who of another agency may work on this case, on whose tasks, and until when."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label="Who may see and work on this case?",
        empty_label="Choose a person",
        error_messages={"required": "Choose a person"},
    )
    leads = SeveralField(
        label="Which tasks are theirs?",
        help_text="They see the whole checklist of this case, and record their own tasks alone.",
        alone=[EVERY_TASK],
        error_messages=unchosen("Choose which tasks are theirs"),
    )
    ends_on = DatePartsField(
        label="Last day on which they need it", noun="The last day", blank="Enter the last day"
    )

    def __init__(self, *args: Any, people: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        name = edition.words["unexpected_response"]
        leading = (EVERY_TASK, f"Every task: they lead the {name}")
        leads = edition.vocabularies["leads"].choices
        offered = [(term.code, term.label) for term in leads if not term.office]
        self.fields["leads"].choices = [leading, *offered]  # type: ignore[attr-defined]

    def clean_leads(self) -> list[str]:
        return [code for code in self.cleaned_data["leads"] if code != EVERY_TASK]

    def clean_ends_on(self) -> date:
        ends_on = self.cleaned_data["ends_on"]
        if ends_on < localdate():
            raise forms.ValidationError("The last day must be today or in the future")
        return ends_on


class ReasonForm(QuestionForm):
    """Why a case goes back to gathering information."""

    reason = TextField(
        label="What is still needed?",
        lines=True,
        limit=200,
        noun="The reason",
        blank="Say what is still needed",
    )


class ReopenForm(QuestionForm):
    """Why a case that the panel has reviewed is open again."""

    reason = TextField(
        label="Why is it reopened?",
        help_text="For example what the inquest concluded. "
        "Do not write the names of the child or the family here: this is not sealed.",
        lines=True,
        limit=200,
        noun="The reason",
        blank="Say why the case is reopened",
    )
