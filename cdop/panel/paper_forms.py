"""What the coordinator says about papers: the text of a part, and what becomes of a place."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from cdop.cases.watching_forms import RecordForm
from cdop.core.fields import TextField
from cdop.panel.paper_models import PlaceFound

LONGEST_PART = 100_000
OTHER, KEEP = "other", "keep"


class PartField(TextField):
    """A text of several pages."""

    rows = 22


class PartForm(RecordForm):
    """The text of one part of the papers."""

    text = PartField(
        label="Text",
        limit=LONGEST_PART,
        noun="The text",
        lines=True,
        required=False,
        help_text=(
            "Leave an empty line between paragraphs. A line that begins with # is a heading. A "
            "paragraph that begins with ! may distress, and is shown behind a warning. When you "
            "save, the papers are searched for what says who somebody is, and that search is "
            "recorded."
        ),
    )


class PlaceForm(RecordForm):
    """What becomes of one place: words that are offered, other words, or a reason to stay."""

    reveals: ClassVar = {"becomes": {OTHER: ("words",), KEEP: ("why",)}}

    becomes = forms.ChoiceField(
        label="What should stand there?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what should stand there",
            "invalid_choice": "Choose one of the answers on the page",
        },
    )
    words = TextField(label="Your words", noun="Your words", limit=200, required=False)
    why = TextField(
        label="Why can it stay?",
        noun="The reason",
        limit=500,
        required=False,
        help_text="For example: May is the month here, not a name",
    )
    everywhere = forms.BooleanField(
        label="Put it wherever the same words stand in these papers",
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, place: PlaceFound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(words, f"“{words}”") for words in place.offered]
        self.fields["becomes"].choices = [  # type: ignore[attr-defined]
            *offered,
            (OTHER, "Other words"),
            (KEEP, "Keep it as it is: it says nothing about who somebody is"),
        ]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("becomes") == KEEP and not said.get("why"):
            self.add_error("why", ValidationError("Say why it can stay"))
        return said

    @property
    def now(self) -> str:
        """The words that are to stand there; may be nothing."""
        chosen = self.cleaned_data["becomes"]
        return self.cleaned_data["words"] if chosen == OTHER else chosen
