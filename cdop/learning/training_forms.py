"""What is said about training and campaigns, and which months are shown."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from cdop.cases.watching_forms import RecordForm, version_of
from cdop.core.fields import (
    DatePartsField,
    NumberField,
    PeriodField,
    QuestionForm,
    RowsField,
    TextField,
    unchosen,
)
from cdop.core.organisations import Area, Organisation
from cdop.learning.theme_models import Theme
from cdop.learning.training import MOST_PEOPLE, Kind, Training

RECORDED, NOT_RECORDED = "recorded", "not_recorded"


class YearForm(QuestionForm):
    """Which months of training are shown."""

    period = PeriodField()


class TrainingForm(RecordForm):
    """What was held against which theme, when, for whom."""

    reveals: ClassVar = {"known": {RECORDED: ("people",)}}

    theme = forms.ModelChoiceField(
        Theme.objects.none(),
        label="Against which theme?",
        empty_label="Choose a theme",
        error_messages=unchosen("Choose a theme"),
    )
    kind = forms.ChoiceField(
        label="What kind was it?",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what kind it was"),
    )
    what = TextField(
        label="What was it?",
        help_text="For example, safe sleeping for foster carers. Name no child.",
        limit=200,
        noun="The answer",
        blank="Say what it was",
    )
    held_on = DatePartsField(
        label="When was it held, or when did it begin?", noun="The day", blank="Enter the day"
    )
    known = forms.ChoiceField(
        label="How many people did it reach?",
        choices=[(RECORDED, "A number was recorded"), (NOT_RECORDED, "Not recorded")],
        widget=forms.RadioSelect,
        error_messages=unchosen("Say whether a number was recorded"),
    )
    people = NumberField(label="How many?", least=1, most=MOST_PEOPLE, required=False)
    organisations = RowsField(
        Organisation.objects.none(),
        label="From which organisations did they come?",
        help_text="Choose all that apply",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    areas = RowsField(
        Area.objects.all(),
        label="For which areas was it?",
        help_text="Choose all that apply",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, training: Training | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = training.organisations if training else []
        there = Organisation.objects.in_use() | Organisation.objects.filter(pk__in=kept)
        going_on = Theme.objects.going_on()
        own = Theme.objects.filter(pk=training.theme_id) if training else Theme.objects.none()
        self.fields["organisations"].queryset = there.order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["theme"].queryset = going_on | own  # type: ignore[attr-defined]

    @property
    def said(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        known = said.pop("known")
        return said | {"people": said["people"] if known == RECORDED else None}

    def clean_organisations(self) -> list[Organisation]:
        return list(self.cleaned_data["organisations"])

    def clean_areas(self) -> list[Area]:
        return list(self.cleaned_data["areas"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("held_on")
        if said.get("known") == RECORDED:
            self.ask_for("people", "Enter how many people it reached")
        return said

    @classmethod
    def initial_of(cls, row: Training) -> dict[str, Any]:
        """What the form shows of what was recorded."""
        return {
            "theme": row.theme,
            "kind": row.kind,
            "what": row.what,
            "held_on": row.held_on,
            "known": NOT_RECORDED if row.people is None else RECORDED,
            "people": row.people,
            "organisations": list(Organisation.objects.filter(pk__in=row.organisations)),
            "areas": list(Area.objects.filter(code__in=row.areas)),
        } | version_of(row)


class StrikeOutForm(RecordForm):
    """Why something was recorded by mistake."""

    why = TextField(
        label="Why was it recorded by mistake?",
        limit=300,
        noun="The reason",
        blank="Say why it was recorded by mistake",
    )
