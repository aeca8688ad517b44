"""What is said about something that was shared with another panel."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cdop.cases.watching_forms import RecordForm, version_of
from cdop.core.fields import DatePartsField, TextField, unchosen
from cdop.core.organisations import Organisation, OrganisationKind
from cdop.core.users import User
from cdop.learning import briefing_search
from cdop.learning.exchange import Direction, Exchange, Shared
from cdop.learning.theme_models import Theme

FIELDS = (
    "shared_on",
    "direction",
    "kind",
    "what",
    "panel",
    "panel_name",
    "theme",
    "by_whom",
    "basis",
)


class ExchangeForm(RecordForm):
    """What was shared, which way, with whom, when, by whom and on what basis."""

    direction = forms.ChoiceField(
        label="Which way did it go?",
        choices=Direction.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose which way it went"),
    )
    kind = forms.ChoiceField(
        label="What was shared?",
        choices=Shared.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what was shared"),
    )
    what = TextField(
        label="What exactly?",
        help_text="Name no child, and nobody of the family.",
        limit=2000,
        noun="The answer",
        lines=True,
        blank="Say what was shared",
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label="On which theme?",
        help_text="The answer above is then searched for whom its cases know. That is recorded.",
        empty_label="On none of them",
        required=False,
        error_messages=unchosen("Choose a theme"),
    )
    panel = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="With which panel?",
        empty_label="Another one",
        required=False,
        error_messages=unchosen("Choose a panel"),
    )
    panel_name = TextField(
        label="What is the other panel called, if it is not on the list?",
        limit=200,
        noun="The name",
        required=False,
    )
    shared_on = DatePartsField(label="When?", noun="The day", blank="Enter the day")
    by_whom = TextField(
        label="Who gave it?",
        help_text="The person or the office",
        limit=200,
        noun="The answer",
        blank="Enter who gave it",
    )
    basis = TextField(
        label="On what basis?",
        help_text="For example, an agreement between the panels, or that it is published",
        limit=300,
        noun="The answer",
        blank="Say on what basis it was shared",
    )

    def __init__(self, *args: Any, by: User, kept: Exchange | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        panels = Organisation.objects.in_use().filter(kind=OrganisationKind.PANEL)
        own = Organisation.objects.filter(pk__in=[kept.panel_id] if kept else [])
        self.fields["panel"].queryset = (panels | own).order_by("name", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Puts a sentence beside what names somebody of the theme's cases."""
        said = super().clean() or self.cleaned_data
        self.refuse_future("shared_on")
        if bool(said.get("panel")) == bool(said.get("panel_name")) and "panel" not in self.errors:
            sentence = "Choose a panel, or enter the name of another one, but not both"
            self.add_error("panel_name", sentence)
        if said.get("theme") and said.get("what"):
            found = briefing_search.search({"what": said["what"]}, said["theme"], by=self.by)
            if found.named:
                self.add_error("what", ValidationError([each.sentence for each in found.named]))
        return said

    @classmethod
    def initial_of(cls, row: Exchange) -> dict[str, Any]:
        """What the form shows of what was recorded."""
        return {name: getattr(row, name) for name in FIELDS} | version_of(row)
