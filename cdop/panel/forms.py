"""What is said about a meeting: when and where, who sits where, who came."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.timezone import localdate

from cdop import editions
from cdop.cases.watching_forms import RecordForm
from cdop.core.fields import DatePartsField, TextField, TimeField, unchosen
from cdop.core.users import User
from cdop.editions import Edition
from cdop.panel import rules
from cdop.panel.models import KINDS, THEMED, Attendance


class PlanForm(RecordForm):
    """When and where the panel meets, for what, and when its papers are due."""

    reveals: ClassVar = {"kind": {THEMED: ("theme",)}}

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
    begins = TimeField(
        label="When does it begin?",
        help_text="For example, 9:30. Without it the agenda gives no times",
        required=False,
    )
    kind = forms.ChoiceField(
        label="What kind of meeting is it?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose the kind of meeting"),
    )
    theme = TextField(label="Theme", limit=200, noun="The theme", required=False)
    papers_due_on = DatePartsField(
        label="When are the papers due?",
        noun="The day on which the papers are due",
        required=False,
        help_text="Leave it empty for the time that the guidance gives: ten working days before",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = editions.in_force(localdate()).vocabularies[KINDS].choices
        self.fields["kind"].choices = [(term.code, term.label) for term in terms]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A themed meeting says its theme; papers are due before the meeting, not after it."""
        said = self.cleaned_data
        said["theme"] = said.get("theme", "") if said.get("kind") == THEMED else ""
        if (why := rules.why_not_plan(said.get("kind", ""), said["theme"])) and not self.errors:
            self.add_error("theme", why)
        held_on, due = said.get("held_on"), said.get("papers_due_on")
        if held_on and due and due > held_on:
            self.add_error(
                "papers_due_on", "The papers are due on the day of the meeting or before"
            )
        return said


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
    stands_in_for = forms.ModelChoiceField(
        User.objects.none(),
        label="In whose place, if in somebody's?",
        help_text="At this meeting alone",
        empty_label="In nobody's place",
        required=False,
    )

    def __init__(self, *args: Any, people: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["stands_in_for"].queryset = people  # type: ignore[attr-defined]
        seats = [(seat.code, seat.label) for seat in edition.core_membership]
        self.fields["sits_as"].choices = seats  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nobody takes their own place."""
        said = self.cleaned_data
        if said.get("user") and said.get("user") == said.get("stands_in_for"):
            self.add_error("stands_in_for", "Nobody takes their own place")
        return said


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
