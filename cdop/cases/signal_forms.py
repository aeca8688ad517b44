"""What people say about a signal, and about what cannot wait."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.timezone import localdate

from cdop.cases import signals, urgent
from cdop.cases.holds import NAME_LIMIT
from cdop.cases.signals import Signal
from cdop.cases.watching_forms import NO_NAMES, NextCheckField, OwnedForm, OwnerField, RecordForm
from cdop.core.dates import at_london, in_london
from cdop.core.fields import DatePartsField, QuestionForm, TextField, TimeField, unchosen
from cdop.editions.schema import Edition

AGAIN = "When does somebody look at it again?"


def _words(label: str, blank: str, help_text: str = NO_NAMES) -> TextField:
    return TextField(
        label=label, help_text=help_text, lines=True, limit=4000, noun="The answer", blank=blank
    )


class SignalForm(OwnedForm):
    """What was noticed, whose it is, and by when it is decided."""

    kind = forms.ChoiceField(
        label="What does it point to?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what it points to"),
    )
    about = _words("What was noticed?", "Say what was noticed")
    owner = OwnerField("Who of the team sees to it?")
    due_on = NextCheckField("By when is it decided, or looked at again?")

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_term("kind", edition, signals.KINDS)

    @classmethod
    def initial_of(cls, signal: Signal) -> dict[str, Any]:
        """What the form shows of a signal that is there."""
        return {name: getattr(signal, name) for name in cls.base_fields}


class DecideForm(RecordForm):
    """What is done about a signal."""

    decision = _words("What was decided, and why?", "Say what was decided, and why")
    decided_by = TextField(
        label="Who decided it?", limit=NAME_LIMIT, noun="The answer", blank="Enter who decided it"
    )
    decided_on = DatePartsField(label="When?", blank="Enter when it was decided")
    due_on = NextCheckField(AGAIN)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("decided_on")
        return said


class EscalateForm(DecideForm):
    """To whom a signal is taken."""

    escalated_to = TextField(
        label="To whom is it taken?",
        help_text="For example the medical director of the trust, or the national body",
        limit=NAME_LIMIT,
        noun="The answer",
        blank="Enter to whom it is taken",
    )
    field_order = ("escalated_to",)


class CloseForm(RecordForm):
    """What came of a signal."""

    outcome = _words("What came of it?", "Say what came of it")


class TakeUpForm(RecordForm):
    """A signal is open again."""

    due_on = NextCheckField("By when is it decided?")


class AddCaseForm(QuestionForm):
    """Another death that belongs to a signal."""

    reference = TextField(
        label="Add a case by its reference",
        limit=40,
        noun="The reference",
        blank="Enter the reference of a case",
        widget=forms.TextInput(attrs={"width": 10, "autocomplete": "off"}),
    )


class UrgentForm(OwnedForm):
    """What cannot wait, and since when that is known."""

    kind = forms.ChoiceField(
        label="What cannot wait?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what cannot wait"),
    )
    about = _words("Why can it not wait?", "Say why it cannot wait")
    known_on = DatePartsField(
        label="On which day did somebody know?",
        help_text="Its time runs from then",
        blank="Enter the day on which it was known",
    )
    known_time = TimeField(label="At what time?", blank="Enter the time, as near as you know it")
    owner = OwnerField("Who of the team sees to it?")

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_term("kind", edition, urgent.KINDS)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors and self._known_at > timezone.now():
            self.add_error("known_on", "This is in the future. Enter when it was known")
        return said

    @property
    def said(self) -> dict[str, Any]:
        given = super().said
        kept = {name: given[name] for name in ("kind", "about", "owner", "version")}
        return {**kept, "known_at": self._known_at}

    @property
    def _known_at(self) -> datetime:
        return at_london(self.cleaned_data["known_on"], self.cleaned_data["known_time"])


class GivenForm(RecordForm):
    """An urgent notice was given."""

    sent_to = TextField(
        label="To whom was it given?",
        limit=NAME_LIMIT,
        noun="The answer",
        blank="Enter to whom it was given",
    )
    sent_on = DatePartsField(label="On which day?", blank="Enter the day on which it was given")
    sent_time = TimeField(label="At what time?", blank="Enter the time, as near as you know it")

    def __init__(self, *args: Any, known_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_at = known_at

    @classmethod
    def initial_now(cls, version: dict[str, Any]) -> dict[str, Any]:
        """It is mostly recorded when it was given."""
        now = in_london(timezone.now())
        return version | {"sent_on": localdate(), "sent_time": now.time().replace(microsecond=0)}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors and self._sent_at > timezone.now():
            self.add_error("sent_on", "This is in the future. Enter when it was given")
        if not self.errors and self._sent_at < self.known_at.replace(second=0, microsecond=0):
            self.add_error("sent_on", "This is before it was known that it could not wait")
        return said

    @property
    def said(self) -> dict[str, Any]:
        given = super().said
        sent_at = max(self._sent_at, self.known_at)
        return {"sent_to": given["sent_to"], "version": given["version"], "sent_at": sent_at}

    @property
    def _sent_at(self) -> datetime:
        return at_london(self.cleaned_data["sent_on"], self.cleaned_data["sent_time"])


class NotNeededForm(RecordForm):
    """An urgent notice is not needed."""

    why_not = _words("Why is it not needed?", "Say why it is not needed")


class StillToGiveForm(RecordForm):
    """What was recorded of a notice was wrong."""
