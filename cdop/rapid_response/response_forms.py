"""What people say of whether the response to an unexpected death was started."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from cdop.core.comparing import VERSION
from cdop.core.dates import at_london, in_london
from cdop.core.fields import (
    DatePartsField,
    QuestionForm,
    SeveralField,
    TextField,
    TimeField,
    unchosen,
)
from cdop.editions.schema import Edition
from cdop.rapid_response.response_models import Response
from cdop.rapid_response.responses import NOT_RECORDED, why_incomplete
from cdop.rapid_response.states import ResponseState
from cdop.rapid_response.visit_forms import NOT_SEALED

NONE = "none"


class ResponseForm(QuestionForm):
    """Which criteria apply, whether the response was started, who decided so, when and why."""

    criteria = SeveralField(
        label="Which of these apply?",
        help_text="One is enough. When unsure, start one.",
        alone=[NONE],
        error_messages=unchosen("Choose what applies, or none of these"),
    )
    state = forms.ChoiceField(
        label="What was decided?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what was decided"),
    )
    decided_by = TextField(
        label="Who decided it?",
        help_text="By role and agency, for example consultant with detective sergeant",
        noun="Who decided it",
        blank="Enter who decided it",
        limit=200,
    )
    decided_on = DatePartsField(
        label="On which day?",
        help_text="It may have begun before the death was notified.",
        noun="The day",
        blank="Enter the day on which it was decided",
    )
    decided_time = TimeField(label="At what time?", blank="Enter the time, as near as you know it")
    why = TextField(
        label="Why?",
        help_text=(
            "Needed where it was not started, and where it was although none of these applies. "
            f"{NOT_SEALED}"
        ),
        noun="The reason",
        lines=True,
        limit=4000,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, edition: Edition, not_before: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.not_before = not_before
        name = edition.words["unexpected_response"]
        offered = [(each.code, each.label) for each in edition.criteria]
        self.fields["criteria"].choices = [*offered, (NONE, "None of these")]  # type: ignore[attr-defined]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (ResponseState.STARTED, f"A {name} was started"),
            (ResponseState.NOT_NEEDED, f"No {name} was needed"),
        ]

    @classmethod
    def initial_of(cls, response: Response | None) -> dict[str, Any]:
        """What the form shows of a decision that was recorded, or of none."""
        if response is None:
            return {VERSION: NOT_RECORDED}
        decided = in_london(response.decided_at)
        return {
            "criteria": response.criteria or [NONE],
            "state": response.state,
            "decided_by": response.decided_by,
            "decided_on": decided.date(),
            "decided_time": decided.time(),
            "why": response.why,
            VERSION: response.version,
        }

    @property
    def decision(self) -> dict[str, Any]:
        """The decision as ``responses.record`` takes it."""
        said = self.cleaned_data
        return {
            "to": ResponseState(said["state"]),
            "criteria": self._criteria(said),
            "decided_at": at_london(said["decided_on"], said["decided_time"]),
            "decided_by": said["decided_by"],
            "why": said["why"],
            "version": said[VERSION],
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("state") and "criteria" in said and "why" in said:
            to, criteria = ResponseState(said["state"]), self._criteria(said)
            if missing := why_incomplete(to, criteria, said["why"]):
                self.add_error("why", missing.removesuffix("."))
        if said.get("decided_on") and said.get("decided_time"):
            self._clean_time(at_london(said["decided_on"], said["decided_time"]))
        return said

    def _clean_time(self, decided_at: datetime) -> None:
        if decided_at < self.not_before:
            self.add_error("decided_on", "This is before the day on which the child died")
        elif decided_at > timezone.now():
            self.add_error("decided_on", "This is in the future. Enter when it was decided")

    @staticmethod
    def _criteria(said: dict[str, Any]) -> list[str]:
        return [code for code in said["criteria"] if code != NONE]
