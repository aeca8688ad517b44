"""What people say of the visit to the home or the place of a death."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from cdop.core.comparing import VERSION
from cdop.core.dates import at_london, in_london
from cdop.core.fields import DatePartsField, QuestionForm, TextField, TimeField, unchosen
from cdop.rapid_response.models import Visit
from cdop.rapid_response.states import MADE, VisitOutcome
from cdop.rapid_response.visits import NOT_RECORDED

NOT_SEALED = "Name people by their role. Do not write the names of the child or the family here."


class VisitForm(QuestionForm):
    """Who visited and when; or that nobody did, who decided so, and why.

    Nothing is folded away: the same boxes belong to three of the answers, and a page can fold a box
    away under one only.
    """

    marks_optional = False

    outcome = forms.ChoiceField(
        label="Who visited the home, or the place where the child died?",
        choices=[(each, each.label.capitalize()) for each in VisitOutcome],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose who visited"),
    )
    visited_on = DatePartsField(
        label="On which day was the visit?",
        help_text="Leave day, time and who was there empty where nobody visited",
        noun="The day",
        required=False,
    )
    visited_time = TimeField(label="At what time?", required=False)
    present = TextField(
        label="Who was there?",
        help_text="By role and agency, for example lead health professional, detective sergeant",
        noun="The list of who was there",
        required=False,
    )
    decided_by = TextField(
        label="Who decided whether to visit?",
        help_text="By role and agency. Needed where no visit was indicated.",
        noun="Who decided it",
        limit=200,
        required=False,
    )
    why = TextField(
        label="Why was it not made together?",
        help_text=f"Needed unless police and a health professional went together. {NOT_SEALED}",
        noun="The reason",
        lines=True,
        limit=4000,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, not_before: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.not_before = not_before

    @classmethod
    def initial_of(cls, visit: Visit | None) -> dict[str, Any]:
        """What the form shows of a visit that was recorded, or of none."""
        if visit is None:
            return {VERSION: NOT_RECORDED}
        made = in_london(visit.visited_at) if visit.visited_at else None
        return {
            "outcome": visit.outcome,
            "visited_on": made.date() if made else None,
            "visited_time": made.time() if made else None,
            "present": visit.present,
            "decided_by": visit.decided_by,
            "why": visit.why,
            VERSION: visit.version,
        }

    @property
    def said(self) -> dict[str, Any]:
        """The visit as ``visits.record`` takes it."""
        said = self.cleaned_data
        return {
            "outcome": VisitOutcome(said["outcome"]),
            "visited_at": self._visited_at(said),
            "present": said["present"],
            "decided_by": said["decided_by"],
            "why": said["why"],
            "version": said[VERSION],
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        outcome = said.get("outcome")
        if outcome in MADE:
            self._clean_time(said)
        if outcome == VisitOutcome.NOT_INDICATED and not said.get("decided_by"):
            self._ask_for("decided_by", "Enter who decided that no visit was indicated")
        if outcome and outcome != VisitOutcome.JOINTLY and not said.get("why"):
            self._ask_for("why", "Say why it was not made together")
        return said

    def _clean_time(self, said: dict[str, Any]) -> None:
        if {"visited_on", "visited_time"} & set(self.errors):
            return
        if not said.get("visited_on"):
            self.add_error("visited_on", "Enter the day of the visit")
        elif said["visited_on"] < in_london(self.not_before).date():
            self.add_error("visited_on", "This is before the day on which the child died")
        elif not said.get("visited_time"):
            self.add_error("visited_time", "Enter the time, as near as you know it")
        elif (made := self._visited_at(said)) and made > timezone.now():
            self.add_error("visited_on", "This is in the future. Enter when the visit was made")

    def _ask_for(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)

    @staticmethod
    def _visited_at(said: dict[str, Any]) -> datetime | None:
        day, time = said.get("visited_on"), said.get("visited_time")
        return at_london(day, time) if day and time else None
