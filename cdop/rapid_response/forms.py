"""What people say about a task or about the times of a death."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cdop.cases.models import Clocks
from cdop.core.dates import at_london, in_london, start_of
from cdop.core.documents import UploadField
from cdop.core.fields import DatePartsField, QuestionForm, SeveralField, TextField, TimeField
from cdop.core.jinja import moment
from cdop.core.refusals import Refused
from cdop.core.users import User
from cdop.rapid_response.queries import Line
from cdop.rapid_response.states import ItemState

OF_VERSION = ":"
_TICK = re.compile(rf"\w+{OF_VERSION}[0-9]{{1,9}}")
NOTHING_RECORDED = "Nothing was recorded, because somebody else changed some of these meanwhile:"


class TickedField(SeveralField):
    """Ticks that may be of a page which is old by now: the form says what became of each."""

    def valid_value(self, value: str) -> bool:
        return _TICK.fullmatch(value) is not None


class SettleForm(QuestionForm):
    """What happened with a task: done and when, or not, and why."""

    marks_optional = False

    reveals = {
        "outcome": {
            ItemState.DONE: ("done_on", "done_time", "present"),
        }
    }
    outcome = forms.ChoiceField(
        label="What happened?",
        choices=[
            (ItemState.DONE, "It was done"),
            (ItemState.NOT_DONE, "It was not done"),
            (ItemState.NOT_APPLICABLE, "It does not apply to this death"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what happened"},
    )
    done_on = DatePartsField(label="On which day was it done?", noun="The day", required=False)
    done_time = TimeField(label="At what time?", required=False)
    present = TextField(
        label="Who was there?",
        help_text="By role, for example detective sergeant",
        noun="The list of who was there",
        required=False,
    )
    note = TextField(
        label="What was found, or why it was not done",
        help_text="Needed where it was not done or does not apply.",
        noun="The note",
        required=False,
        lines=True,
        limit=4000,
    )

    def __init__(self, *args: Any, not_before: datetime, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.not_before = not_before
        self.fields["file"] = UploadField(by=by, label="Attach a file", required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("outcome") == ItemState.DONE:
            self._clean_done(said)
        elif said.get("outcome") and not said.get("note") and "note" not in self.errors:
            self.add_error("note", "Say why")
        return said

    @property
    def done_at(self) -> datetime:
        """The moment of being done; without a time, the start of the day."""
        return _moment(self.cleaned_data["done_on"], self.cleaned_data.get("done_time"))

    def _clean_done(self, said: dict[str, Any]) -> None:
        if {"done_on", "done_time"} & set(self.errors):
            return
        if not said.get("done_on"):
            self.add_error("done_on", "Enter the day on which it was done")
        elif self.done_at > timezone.now():
            self.add_error("done_on", "This is in the future. Enter when it was done")
        elif said["done_on"] < in_london(self.not_before).date():
            self.add_error("done_on", "This is before the day on which the child died")
        elif not said.get("done_time"):
            self.add_error("done_time", "Enter the time, as near as you know it")


class SettleSeveralForm(QuestionForm):
    """Which tasks were not done or do not apply, for one reason. When one was done is for its page.

    lines  the tasks that were due before this system was told; the open ones can be ticked
    Each tick brings back the version of its task that was on the page.
    """

    tasks = TickedField(
        label="Which tasks?",
        error_messages={"required": "Tick the tasks", "invalid_choice": "Tick the tasks again"},
    )
    outcome = forms.ChoiceField(
        label="What is known of them?",
        choices=[
            (ItemState.NOT_DONE, "They were not done"),
            (ItemState.NOT_APPLICABLE, "They do not apply to this death"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what is known of them"},
    )
    note = TextField(
        label="Why?",
        help_text="It is kept with each of the tasks.",
        noun="The reason",
        blank="Say why",
        lines=True,
        limit=4000,
    )

    def __init__(
        self, *args: Any, lines: Sequence[Line], all_of_them: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.show(lines)
        if all_of_them:
            self.initial["tasks"] = [_tick(line) for line in lines if line.is_open]

    def show(self, lines: Sequence[Line]) -> None:
        """Offer the tasks that are open, as they stand in ``lines``."""
        self.lines = lines
        offered = [(_tick(line), _in_words(line)) for line in lines if line.is_open]
        self.fields["tasks"].choices = offered  # type: ignore[attr-defined]

    def clean_tasks(self) -> dict[str, int]:
        """By code of each task that was ticked, the version that was on the page."""
        known = {line.item.task for line in self.lines}
        ticks = (each.split(OF_VERSION) for each in self.cleaned_data["tasks"])
        seen = {task: int(version) for task, version in ticks}
        if not set(seen) <= known:
            raise forms.ValidationError("Tick the tasks again")
        return seen

    def come_back(self, refusal: Refused, now: Sequence[Line]) -> None:
        """Show what was ticked over what is there now, and which of it somebody else changed."""
        seen = self.cleaned_data["tasks"]
        ticked = [line for line in now if line.item.task in seen]
        moved = [line for line in ticked if line.item.version != seen[line.item.task]]
        self.show(now)
        self.data = cast(QueryDict, self.data).copy()
        still = [_tick(line) for line in ticked if line.is_open]
        self.data.setlist(self.add_prefix("tasks"), still)
        named = "; ".join(f"“{line.task.label}” ({line.standing})" for line in moved)
        self.add_error(None, f"{NOTHING_RECORDED} {named}." if moved else refusal.reason)


class EvidenceForm(QuestionForm):
    """One file more for a task."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = UploadField(by=by, label="Choose a file")


class ClocksForm(QuestionForm):
    """When the child died, and when this was confirmed."""

    died_on = DatePartsField(
        label="Date of death", noun="Date of death", blank="Enter the date the child died"
    )
    died_time = TimeField(label="Time of death, if known", required=False)
    confirmed_on = DatePartsField(
        label="Date on which the death was confirmed, if another day",
        noun="The date",
        required=False,
    )
    confirmed_time = TimeField(label="Time at which the death was confirmed", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, born_on: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.born_on = born_on

    @classmethod
    def initial_of(cls, clocks: Clocks) -> dict[str, Any]:
        """What the form shows of the clocks as they stand."""
        died = in_london(clocks.died_at) if clocks.died_at else None
        confirmed = in_london(clocks.confirmed_at) if clocks.confirmed_at else None
        return {
            "died_on": clocks.died_on,
            "died_time": died.time() if died else None,
            "confirmed_on": confirmed.date() if confirmed else None,
            "confirmed_time": confirmed.time() if confirmed else None,
            "version": clocks.version,
        }

    @property
    def times(self) -> dict[str, Any]:
        """The clocks as ``correct_clocks`` takes them."""
        said = self.cleaned_data
        died_on, died, confirmed = said["died_on"], said["died_time"], said["confirmed_time"]
        return {
            "died_on": died_on,
            "died_at": at_london(died_on, died) if died else None,
            "confirmed_at": (
                at_london(said["confirmed_on"] or died_on, confirmed) if confirmed else None
            ),
        }

    def clean_died_on(self) -> date:
        died_on = self.cleaned_data["died_on"]
        if start_of(died_on) > timezone.now():
            raise forms.ValidationError("The date of death must be today or in the past")
        if self.born_on and died_on < self.born_on:
            raise forms.ValidationError("The date of death must be on or after the date of birth")
        return died_on

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.errors:
            return said
        if said["confirmed_on"] and said["confirmed_on"] < said["died_on"]:
            self.add_error("confirmed_on", "The death cannot be confirmed before the day of death")
        elif (died_at := self.times["died_at"]) and died_at > timezone.now():
            self.add_error("died_time", "The time of death must be in the past")
        elif (confirmed := self.times["confirmed_at"]) and confirmed > timezone.now():
            self.add_error("confirmed_time", "The time of confirmation must be in the past")
        return said


def _tick(line: Line) -> str:
    return f"{line.item.task}{OF_VERSION}{line.item.version}"


def _in_words(line: Line) -> str:
    return f"{line.task.label}. {line.lead}, was due {moment(line.item.due_at)}"


def _moment(day: date, time: Any) -> datetime:
    return at_london(day, time) if time else start_of(day)
