"""What people say about something that holds up a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.timezone import localdate

from cdop.cases.holds import KINDS, NAME_LIMIT, Hold, Meanwhile
from cdop.cases.watching_forms import NO_NAMES, NextCheckField, OwnedForm, OwnerField, RecordForm
from cdop.core.comparing import VERSION
from cdop.core.fields import DatePartsField, TextField, unchosen
from cdop.editions.schema import Edition

OWNER = "Who of the team looks after it?"
FAMILY = "When does the family hear from us next?"


def _family() -> DatePartsField:
    return DatePartsField(
        label=FAMILY,
        help_text="Leave it empty only where they will not, and say why below",
        noun="The next word to the family",
        required=False,
    )


def _why_no_family() -> TextField:
    return TextField(
        label="If the family will not hear from us, why?",
        help_text="For example that the police ask for it. " + NO_NAMES,
        limit=NAME_LIMIT,
        noun="The reason",
        required=False,
    )


class FamilyHears(RecordForm):
    """A form that asks when the family hears next, or why not."""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        hears = said.get("next_family_on")
        if hears and hears < localdate():
            self.add_error("next_family_on", "The day must be today or in the future")
        if not hears and not said.get("why_no_family") and "next_family_on" not in self.errors:
            self.add_error(
                "next_family_on", "Enter when the family hears from us next, or say below why not"
            )
        return said


class HoldForm(OwnedForm, FamilyHears):
    """What a case waits for, since when, whose it is."""

    kind = forms.ChoiceField(
        label="What holds up the case?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what holds up the case"),
    )
    reason = TextField(
        label="What exactly does it wait for?",
        help_text=NO_NAMES,
        lines=True,
        limit=2000,
        noun="The answer",
        blank="Say what it waits for",
    )
    began_on = DatePartsField(label="Since when?", blank="Enter since when it waits")
    owner = OwnerField(OWNER)
    next_check_on = NextCheckField()
    next_family_on = _family()
    why_no_family = _why_no_family()

    def __init__(self, *args: Any, edition: Edition, died_on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.died_on = died_on
        self.choose_term("kind", edition, KINDS)

    @classmethod
    def initial_of(cls, hold: Hold) -> dict[str, Any]:
        """What the form shows of a hold that is there."""
        return {name: getattr(hold, name) for name in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        self.refuse_future("began_on")
        began = said.get("began_on")
        if began and began < self.died_on:
            self.add_error("began_on", "This is before the day on which the child died")
        return said


class CheckForm(OwnedForm, FamilyHears):
    """What somebody found when they looked again, and when they do so next."""

    found = TextField(
        label="What did you find?",
        help_text=f"For example that the inquest is listed for a day. {NO_NAMES}",
        lines=True,
        limit=2000,
        noun="The answer",
        blank="Say what you found",
    )
    meanwhile = forms.ChoiceField(
        label="May the panel review the death meanwhile?",
        help_text="Ask the coroner, or whoever else the case waits for",
        choices=Meanwhile.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose whether the panel may review the death meanwhile"),
    )
    view_of = TextField(
        label="Who said so?",
        help_text="By role and name, for example the coroner’s officer. Leave it empty if nobody "
        "was asked.",
        limit=NAME_LIMIT,
        noun="The answer",
        required=False,
    )
    view_on = DatePartsField(label="When did they say so?", required=False)
    owner = OwnerField(OWNER)
    next_check_on = NextCheckField()
    next_family_on = _family()
    why_no_family = _why_no_family()

    @classmethod
    def initial_of(cls, hold: Hold) -> dict[str, Any]:
        """What the form begins with: the next days are for the person to say."""
        names = ("meanwhile", "view_of", "view_on", "owner", "why_no_family", VERSION)
        return {name: getattr(hold, name) for name in names}

    @classmethod
    def now(cls, hold: Hold) -> dict[str, Any]:
        """What is there, to be compared with what was typed."""
        names = ("meanwhile", "view_of", "view_on", "owner", "next_check_on", "next_family_on")
        shown = {name: getattr(hold, name) for name in (*names, "why_no_family")}
        return {"found": hold.check_found, **shown}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        self.refuse_future("view_on")
        if said.get("meanwhile") in (Meanwhile.AGREES, Meanwhile.WAIT):
            self.ask_for("view_of", "Enter who said so")
            self.ask_for("view_on", "Enter when they said so")
        return said


class EndHoldForm(RecordForm):
    """The case waits no longer."""

    ended_on = DatePartsField(label="When did it end?", noun="The day", blank="Enter when it ended")
    how_ended = TextField(
        label="How did it end?",
        help_text=f"For example the conclusion of the inquest. {NO_NAMES}",
        lines=True,
        limit=2000,
        noun="The answer",
        blank="Say how it ended",
    )

    def __init__(self, *args: Any, hold: Hold, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hold = hold

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("ended_on")
        ended = said.get("ended_on")
        if ended and ended < self.hold.began_on:
            self.add_error("ended_on", "This is before the day on which it began")
        return said


class AgainForm(RecordForm):
    """It had not ended after all."""

    next_check_on = NextCheckField("When does somebody look at it again?")
