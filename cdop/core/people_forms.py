"""What is asked to give somebody an account or a role, and to take it away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.timezone import localdate

from cdop.core import organisations
from cdop.core.fields import DatePartsField, EmailField, QuestionForm, TextField, unchosen
from cdop.core.organisations import Area, Organisation
from cdop.core.people_actions import NewRole, why_not_area
from cdop.core.roles import ROLES, Role
from cdop.core.typed import NAME_LIMIT

ALL_AREAS = "all"


class RoleForm(QuestionForm):
    """Which role, for which area, until when."""

    role = forms.ChoiceField(
        label="Which role?",
        choices=[("", "Choose one"), *((role.value, rule.label) for role, rule in ROLES.items())],
        error_messages=unchosen("Choose the role"),
    )
    area = forms.ChoiceField(
        label="For which area?",
        help_text="Area readers and board managers have one. Every other role is for all areas.",
        widget=forms.RadioSelect,
        initial=ALL_AREAS,
        error_messages=unchosen("Choose the area, or all areas"),
    )
    starts_on = DatePartsField(
        label="First day of the role",
        help_text="Leave it empty for today. For planned cover, give the days beforehand.",
        noun="The first day",
        required=False,
    )
    ends_on = DatePartsField(
        label="Last day of the role",
        help_text="Leave it empty if none is known. People of other agencies have one.",
        noun="The last day",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [(area.code, area.name) for area in Area.objects.all()]
        self.fields["area"].choices = [(ALL_AREAS, "All areas"), *areas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        role, area = said.get("role"), said.get("area")
        if role and area and (why := why_not_area(Role(role), one=area != ALL_AREAS)):
            self.add_error("area", why)
        ends_on = said.get("ends_on")
        starts_on = said.get("starts_on")
        if starts_on and starts_on < localdate():
            self.add_error("starts_on", "The first day must be today or later")
        if ends_on and ends_on < (starts_on or localdate()):
            what = "the first day" if starts_on else "today"
            self.add_error("ends_on", f"The last day must be {what} or later")
        return said

    @property
    def given(self) -> NewRole:
        """The role, once the form is valid."""
        said = self.cleaned_data
        area = None if said["area"] == ALL_AREAS else Area.objects.get(code=said["area"])
        return NewRole(Role(said["role"]), area, said["starts_on"] or localdate(), said["ends_on"])


class InvitationForm(RoleForm):
    """Who is invited, and the first role."""

    name = TextField(label="Name", limit=NAME_LIMIT, noun="The name", blank="Enter their name")
    email = EmailField(
        label="Email address",
        help_text="Their own, at work. Nobody shares an account.",
        blank="Enter their email address",
    )
    organisation = forms.ChoiceField(label="Where do they work?", required=False)
    field_order = ("name", "email", "organisation", "role", "area", "starts_on", "ends_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", "Not on the list"), *organisations.choices()]
        self.fields["organisation"].choices = offered  # type: ignore[attr-defined]

    @property
    def workplace(self) -> Organisation | None:
        chosen = self.cleaned_data["organisation"]
        return Organisation.objects.filter(pk=chosen).first() if chosen else None


class ReasonForm(QuestionForm):
    """Why something is done, in words that stay in the record."""

    reason = TextField(label="Why?", limit=200, noun="The reason", blank="Say why", lines=True)

    def __init__(self, *args: Any, label: str, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text
