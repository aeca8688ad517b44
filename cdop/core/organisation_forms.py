"""What the team says about an organisation. Not who says it, nor what happens next."""

from __future__ import annotations

from typing import Any

from django import forms

from cdop.core import organisation_actions
from cdop.core.fields import QuestionForm, TextField, unchosen
from cdop.core.organisations import Area, Organisation, OrganisationKind
from cdop.core.typed import NAME_LIMIT

NO_AREA = "none"


class OrganisationForm(QuestionForm):
    """What it is called, what it does, which area it serves.

    there  the one that is changed; None for a new one
    A name that is like another is refused until ``sure`` is posted with it.
    """

    name = TextField(
        label="What is it called?",
        help_text="Its full name, as its letters have it. No name of a person.",
        limit=NAME_LIMIT,
        noun="The name",
        blank="Enter what the organisation is called",
    )
    kind = forms.ChoiceField(
        label="What does it do?",
        choices=[("", "Choose one"), *OrganisationKind.choices],
        error_messages=unchosen("Choose what the organisation does"),
    )
    area = forms.ChoiceField(
        label="Does it serve one of the four areas alone?",
        widget=forms.RadioSelect,
        initial=NO_AREA,
        error_messages=unchosen("Choose the area, or that it serves more than one"),
    )

    def __init__(self, *args: Any, there: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there, self.asked_for = there, ""
        areas = [(area.code, f"Yes, {area.name}") for area in Area.objects.all()]
        self.fields["area"].choices = [*areas, (NO_AREA, "No, several areas or none")]  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, organisation: Organisation) -> dict[str, Any]:
        """What stands in the boxes for one that is there."""
        return {
            "name": organisation.name,
            "kind": organisation.kind,
            "area": organisation.area_id or NO_AREA,
        }

    def clean_name(self) -> str:
        name = organisation_actions.one_line(self.cleaned_data["name"])
        if same := organisation_actions.of_the_name(name, but=self.there):
            raise forms.ValidationError(organisation_actions.there_already(same))
        if self._is_asked(name) and (near := organisation_actions.alike(name, but=self.there)):
            self.asked_for = name
            raise forms.ValidationError(_is_it_one_of(near))
        return name

    def _is_asked(self, name: str) -> bool:
        """Whether a likely name is asked about: not one that stays, nor one that was asked for."""
        stays = self.there is not None and self.there.name == name
        return not stays and self.data.get("sure") != name

    @property
    def said(self) -> dict[str, Any]:
        """What a valid form says."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "kind": said["kind"],
            "area": Area.objects.filter(code=said["area"]).first(),
        }


def _is_it_one_of(near: list[Organisation]) -> str:
    named = "; ".join(
        f"{each} ({each.kind_label.lower()}{', no longer in use' if each.ended_at else ''})"
        for each in near
    )
    return f"This name is like one that is there: {named}. Is it another organisation?"
