"""What people say of a meeting of the agencies: when it was, who came, what was decided."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.timezone import localdate

from cdop.core.comparing import VERSION
from cdop.core.dates import at_london, in_london
from cdop.core.documents import UploadField
from cdop.core.fields import (
    DatePartsField,
    QuestionForm,
    SeveralField,
    TextField,
    TimeField,
    unchosen,
)
from cdop.core.users import User
from cdop.editions.schema import Edition
from cdop.rapid_response.discussion_models import Decided, Discussion
from cdop.rapid_response.discussions import NOT_RECORDED
from cdop.rapid_response.states import AgreedState, DiscussionState
from cdop.rapid_response.visit_forms import NOT_SEALED

D = DiscussionState
LONGEST_BEFORE = timedelta(days=366)
"""A child may have lived on for long after what led to the death; a year before it is a slip."""


class DiscussionForm(QuestionForm):
    """A meeting that is planned, was held, or was cancelled."""

    marks_optional = False
    reveals = {
        "state": {
            D.HELD: ("chair", "agencies", "present", "decisions"),
            D.CANCELLED: ("why",),
        }
    }
    kind = forms.ChoiceField(
        label="What kind of meeting?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what kind of meeting"),
    )
    on = DatePartsField(label="On which day?", noun="The day", blank="Enter the day of the meeting")
    time = TimeField(label="At what time?", blank="Enter the time, as near as you know it")
    state = forms.ChoiceField(
        label="Where does it stand?",
        choices=[
            (D.PLANNED, "It is planned"),
            (D.HELD, "It was held"),
            (D.CANCELLED, "It was cancelled, or recorded by mistake"),
        ],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose where it stands"),
    )
    chair = TextField(
        label="Who led it?",
        help_text="By role, for example designated doctor",
        noun="Who led it",
        limit=200,
        required=False,
    )
    agencies = SeveralField(
        label="Which agencies were there?",
        required=False,
        error_messages=unchosen("Choose which agencies were there"),
    )
    present = TextField(
        label="Who was there, by role?",
        help_text=NOT_SEALED,
        noun="The list of who was there",
        lines=True,
        limit=2000,
        required=False,
    )
    decisions = TextField(
        label="What was decided?",
        help_text="This is encrypted, and each reading of it is recorded. Actions come afterwards.",
        noun="What was decided",
        lines=True,
        limit=8000,
        required=False,
    )
    why = TextField(
        label="Why?", help_text=NOT_SEALED, noun="The reason", limit=500, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, edition: Edition, died_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.died_on = died_on
        kinds = [(each.code, each.label) for each in edition.discussions]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        offered = [(each.code, each.label) for each in edition.attending]
        self.fields["agencies"].choices = offered  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: Discussion | None, decided: Decided) -> dict[str, Any]:
        """What the form shows of a meeting that was recorded, or of a new one."""
        if row is None:
            return {VERSION: NOT_RECORDED}
        at = row.held_at or row.planned_for
        return {
            "kind": row.kind,
            "on": in_london(at).date() if at else None,
            "time": in_london(at).time() if at else None,
            "state": row.state,
            "chair": row.chair,
            "agencies": row.agencies,
            "present": row.present,
            "decisions": decided.decisions,
            "why": row.why,
            VERSION: row.version,
        }

    def said(self, there: Discussion | None) -> dict[str, Any]:
        """The meeting as ``discussions.save`` takes it; what it was planned for stays known."""
        said = self.cleaned_data
        held, at = said["state"] == D.HELD, self._at(said)
        return {
            "to": D(said["state"]),
            "planned_for": (there.planned_for if there else None) if held else at,
            "held_at": at if held else None,
            **{name: said[name] for name in ("kind", "chair", "agencies", "present")},
            **{name: said[name] for name in ("decisions", "why", VERSION)},
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("state") == D.HELD:
            self._ask_for("chair", "Enter who led it", said)
            self._ask_for("agencies", "Choose which agencies were there", said)
        if said.get("state") == D.CANCELLED:
            self._ask_for("why", "Say why", said)
        if said.get("on") and said.get("time"):
            self._clean_time(said)
        return said

    def _clean_time(self, said: dict[str, Any]) -> None:
        if said["on"] < self.died_on - LONGEST_BEFORE:
            self.add_error("on", "This is more than a year before the day on which the child died")
        elif said.get("state") == D.HELD and self._at(said) > timezone.now():
            self.add_error("on", "This is in the future. Enter when it was held")

    def _ask_for(self, name: str, sentence: str, said: dict[str, Any]) -> None:
        if name not in self.errors and not said.get(name):
            self.add_error(name, sentence)

    @staticmethod
    def _at(said: dict[str, Any]) -> datetime:
        return at_london(said["on"], said["time"])


class MinutesForm(QuestionForm):
    """The file of the minutes."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = UploadField(by=by, label="Choose the file of the minutes")


class CoronerForm(QuestionForm):
    """On which day the minutes went to the coroner."""

    sent_on = DatePartsField(
        label="On which day were the minutes sent to the coroner?",
        help_text="Leave it empty if they were not sent after all",
        noun="The day",
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, not_before: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.not_before = not_before

    def clean_sent_on(self) -> date | None:
        sent_on: date | None = self.cleaned_data["sent_on"]
        if sent_on and sent_on > localdate():
            raise forms.ValidationError("This is in the future. Enter when they were sent")
        if sent_on and sent_on < self.not_before:
            raise forms.ValidationError("This is before the day of the meeting")
        return sent_on


class ActionForm(QuestionForm):
    """Something that the meeting agreed: what, which agency, by when."""

    what = TextField(
        label="What is to be done?",
        help_text="This is encrypted, and each reading of it is recorded.",
        noun="What is to be done",
        blank="Enter what is to be done",
        lines=True,
        limit=2000,
    )
    lead = forms.ChoiceField(
        label="Which agency does it?", error_messages=unchosen("Choose which agency does it")
    )
    due_on = DatePartsField(label="By which day?", noun="The day", blank="Enter by which day")

    def __init__(self, *args: Any, edition: Edition, not_before: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.not_before = not_before
        offered = [(each.code, each.label) for each in edition.attending]
        self.fields["lead"].choices = [("", "Choose an agency"), *offered]  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.not_before:
            raise forms.ValidationError("This is before the day of the meeting")
        return due_on


class SettleActionForm(QuestionForm):
    """What came of an action."""

    state = forms.ChoiceField(
        label="What came of it?",
        choices=[
            (AgreedState.DONE, "It was done"),
            (AgreedState.DROPPED, "It is no longer needed"),
        ],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what came of it"),
    )
    settled_on = DatePartsField(label="Since which day?", noun="The day", blank="Enter the day")
    note = TextField(
        label="In a few words",
        help_text=f"Needed where it is no longer needed. {NOT_SEALED}",
        noun="The note",
        lines=True,
        limit=2000,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_settled_on(self) -> date:
        settled_on: date = self.cleaned_data["settled_on"]
        if settled_on > localdate():
            raise forms.ValidationError("This is in the future. Enter when it was done")
        return settled_on

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        dropped = said.get("state") == AgreedState.DROPPED
        if dropped and not said.get("note") and "note" not in self.errors:
            self.add_error("note", "Say why it is no longer needed")
        return said
