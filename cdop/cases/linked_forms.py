"""What people say about another review of the same death."""

from __future__ import annotations

from typing import Any

from django import forms

from cdop.cases.holds import NAME_LIMIT
from cdop.cases.linked import KINDS, LinkedReview, Origin
from cdop.cases.watching_forms import NO_NAMES, NextCheckField, OwnedForm, OwnerField, RecordForm
from cdop.core.fields import DatePartsField, TextField, unchosen
from cdop.editions.schema import Edition


def _words(label: str, help_text: str, *, blank: str = "", limit: int = 2000) -> TextField:
    return TextField(
        label=label,
        help_text=f"{help_text} {NO_NAMES}".strip(),
        lines=True,
        limit=limit,
        noun="The answer",
        blank=blank,
        required=bool(blank),
    )


class LinkedForm(OwnedForm):
    """Which review, who leads it, and who asks how it stands."""

    kind = forms.ChoiceField(
        label="What is it?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what it is"),
    )
    led_by = TextField(
        label="Who leads it?",
        help_text="The body, and whom to ask there",
        limit=NAME_LIMIT,
        noun="The answer",
        blank="Enter who leads it",
    )
    origin = forms.ChoiceField(
        label="How did it come together with this case?",
        choices=Origin.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose how it came together with this case"),
    )
    why = _words("Why?", "Needed where this panel refers the death.")
    asked_on = DatePartsField(
        label="When was it asked for, or when were we told?", blank="Enter the day"
    )
    effect = _words(
        "What does it mean for our review?",
        "For example that we wait for its report, or that both go on side by side.",
    )
    owner = OwnerField("Who of the team asks how it stands?")
    next_check_on = NextCheckField("When do they ask again?", required=False)

    def __init__(
        self, *args: Any, edition: Edition, review: LinkedReview | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.review = review
        self.choose_term("kind", edition, KINDS)
        if review and not review.is_waiting:
            del self.fields["next_check_on"]

    @classmethod
    def initial_of(cls, review: LinkedReview) -> dict[str, Any]:
        """What the form shows of a review that is there."""
        return {name: getattr(review, name) for name in cls.base_fields}

    @property
    def said(self) -> dict[str, Any]:
        said = super().said
        return {"next_check_on": None, **said, "origin": Origin(said["origin"])}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("asked_on")
        if said.get("origin") == Origin.REFERRED:
            self.ask_for("why", "Say why this panel refers the death")
        if self.review and self.review.state == "ended":
            self.ask_for("effect", "Say what it means for our review")
        if "next_check_on" in self.fields:
            self.ask_for("next_check_on", "Enter the day on which they ask again")
        return said


class StartedForm(RecordForm):
    """It is held: since when, and what was decided."""

    began_on = DatePartsField(label="When did it begin?", blank="Enter when it began")
    decided_on = DatePartsField(label="When was that decided?", required=False)
    decision = _words("What was decided?", "")
    next_check_on = NextCheckField("When does somebody ask again how it stands?")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("began_on", "decided_on")
        return said


class DeclinedForm(RecordForm):
    """It is not held, and why."""

    decided_on = DatePartsField(label="When was that decided?", blank="Enter when it was decided")
    decision = _words("What was decided, and why?", "", blank="Say what was decided, and why")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("decided_on")
        return said


class EndedForm(RecordForm):
    """It ended, and what that means for ours."""

    ended_on = DatePartsField(label="When did it end?", blank="Enter when it ended")
    outcome = _words("What came of it?", "In a few words.")
    effect = _words(
        "What does that mean for our review?",
        "Say so too where it means nothing.",
        blank="Say what it means for our review",
    )

    def __init__(self, *args: Any, review: LinkedReview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("ended_on")
        ended = said.get("ended_on")
        if ended and self.review.began_on and ended < self.review.began_on:
            self.add_error("ended_on", "This is before the day on which it began")
        return said


class BackForm(RecordForm):
    """The last step is taken back."""

    next_check_on = NextCheckField("When does somebody ask again how it stands?")
