"""What people say about where a death belongs and whether it is true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from cdop.cases.confirmation import ASKED, NAME_LIMIT, Source, Way
from cdop.cases.placement import (
    NOT_LOOKED_AFTER,
    PLACES,
    OutOfScope,
    Placement,
    ResidenceOf,
    Response,
    Where,
    why_not_agree,
)
from cdop.cases.states import PLACEMENT_STEPS, PlacementState
from cdop.core.comparing import VERSION
from cdop.core.dates import at_london, london_date
from cdop.core.fields import DatePartsField, QuestionForm, TextField, TimeField, unchosen
from cdop.core.organisations import Area

NO_AREA = "none"
NO_NAMES = "Do not write the names of the child or the family here: this is not sealed."
UNANSWERED = ("", "Not said yet")


def area_choices() -> list[tuple[str, str]]:
    """The four areas."""
    return [(area.code, area.name) for area in Area.objects.all()]


def where_choices() -> list[tuple[str, str]]:
    """Every place: the four areas, then what lies outside them."""
    return [*area_choices(), *Where.choices]


def _authority(label: str = "Name of the authority there") -> TextField:
    return TextField(
        label=label,
        help_text="If it is none of the four areas",
        limit=NAME_LIMIT,
        noun="The name",
        required=False,
    )


class PlacesForm(QuestionForm):
    """The places of a death, each by itself, and the area for which it counts."""

    marks_optional = False

    residence_of = forms.ChoiceField(
        label="Whose home decides?",
        help_text="For a newborn baby it is the mother’s",
        choices=ResidenceOf.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    residence = forms.ChoiceField(label="Where was that home?", required=False)
    residence_name = _authority()
    looked_after = forms.ChoiceField(
        label="If the child was looked after, where is the authority that did?", required=False
    )
    looked_after_name = _authority("Name of that authority")
    event = forms.ChoiceField(label="Where did what led to the death happen?", required=False)
    event_name = _authority()
    death = forms.ChoiceField(label="Where did the child die?", required=False)
    death_name = _authority()
    coroner = TextField(
        label="Which coroner’s area, if a coroner was told?",
        help_text="In Scotland the procurator fiscal’s",
        limit=NAME_LIMIT,
        noun="The name",
        required=False,
    )
    response = forms.ChoiceField(
        label="Who leads the immediate response?",
        choices=Response.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    response_name = TextField(
        label="Which team?", limit=NAME_LIMIT, noun="The name", required=False
    )
    area = forms.ChoiceField(
        label="For which area does the death count?",
        help_text="It is counted where the child normally lived, wherever the death happened.",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose the area for which the death counts"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    reveals: ClassVar = {"response": {Response.ELSEWHERE: ("response_name",)}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = [UNANSWERED, *where_choices()]
        for name in ("residence", "event", "death"):
            self._choose(name, where)
        self._choose(
            "looked_after", [*where[:1], (NOT_LOOKED_AFTER, "Not looked after"), *where[1:]]
        )
        self._choose("area", [*area_choices(), (NO_AREA, "None of the four, or not known")])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("response") == Response.ELSEWHERE and not said.get("response_name"):
            self.add_error("response_name", "Enter which team leads the response")
        return said

    @property
    def places(self) -> dict[str, str]:
        """What a valid form says of the places."""
        return {name: self.cleaned_data[name] for name in PLACES}

    @property
    def counts_for(self) -> Area | None:
        """The area for which the death counts."""
        return Area.objects.filter(code=self.cleaned_data["area"]).first()

    @classmethod
    def initial_of(cls, row: Placement | None, area: str | None) -> dict[str, Any]:
        """What the form shows of what is there."""
        places = {name: getattr(row, name) for name in PLACES} if row else {}
        return {**places, "area": area or NO_AREA, VERSION: row.version if row else 0}

    def in_words(self, posted: dict[str, Any]) -> dict[str, str]:
        """Posted codes as the labels that stand beside them on the page."""
        return {
            name: str(dict(getattr(self.fields[name], "choices", ())).get(code, code))
            for name, code in posted.items()
        }

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class AgreementForm(QuestionForm):
    """Who reviews a death, by whose word, and what came of it elsewhere."""

    marks_optional = False

    state = forms.ChoiceField(
        label="Who reviews this death?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose who reviews this death"),
    )
    reviewed_by = TextField(
        label="Which panel?", limit=NAME_LIMIT, noun="The name of the panel", required=False
    )
    outcome_on = DatePartsField(label="When did its outcome come?", required=False)
    outcome = TextField(
        label="The outcome in a few words",
        help_text=NO_NAMES,
        noun="The outcome",
        lines=True,
        limit=2000,
        required=False,
    )
    agreed_by = TextField(
        label="Who agreed on this?",
        help_text="For example the coordinators of both panels, by name",
        limit=NAME_LIMIT,
        noun="The names",
        required=False,
    )
    agreed_on = DatePartsField(label="When did they agree?", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    reveals: ClassVar = {
        "state": {
            PlacementState.ELSEWHERE: ("reviewed_by",),
            PlacementState.OUTCOME: ("outcome_on", "outcome"),
        }
    }
    LABELS: ClassVar = {
        PlacementState.OURS: "This panel",
        PlacementState.AGREEING: "This is still being agreed with another panel",
        PlacementState.ELSEWHERE: "Another panel, whose outcome we await",
        PlacementState.OUTCOME: "Another panel, and its outcome is here",
    }
    ABOUT: ClassVar = {"panel": "reviewed_by", "agreed": "agreed_by", "outcome": "outcome_on"}

    def __init__(self, *args: Any, row: Placement | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        here = PlacementState(row.state) if row else PlacementState.OURS
        onward = [to for to in PlacementState if (here, to) in PLACEMENT_STEPS]
        self.fields["state"].choices = [(to, self.LABELS[to]) for to in onward]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        for name in ("agreed_on", "outcome_on"):
            if said.get(name) and said[name] > london_date(timezone.now()):
                self.add_error(name, "The date must be today or in the past")
        if not self.errors:
            self._ask_for_the_rest(said)
        return said

    @property
    def agreement(self) -> dict[str, Any]:
        """What a valid form says, as ``placement.agree`` takes it."""
        said = dict(self.cleaned_data)
        to = PlacementState(said.pop("state"))
        return {**said, "to": to}

    def _ask_for_the_rest(self, said: dict[str, Any]) -> None:
        names = ("reviewed_by", "agreed_by", "agreed_on")
        known: dict[str, Any] = {
            name: said[name] or getattr(self.row, name, None) or "" for name in names
        }
        known["agreed_on"] = known["agreed_on"] or None
        to = PlacementState(said["state"])
        if why := why_not_agree(to, outcome_on=said["outcome_on"], **known):
            field = next(name for word, name in self.ABOUT.items() if word in why)
            self.add_error(field, why.rstrip("."))


class ConfirmForm(QuestionForm):
    """How a death was confirmed: by a second notification, or by a call back."""

    marks_optional = False

    way = forms.ChoiceField(
        label="How was the death confirmed?",
        choices=[(way, way.label) for way in ASKED],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose how the death was confirmed"),
    )
    source = forms.ChoiceField(
        label="Which notification confirms it?", widget=forms.RadioSelect, required=False
    )
    organisation = TextField(
        label="Which organisation did you ring?",
        limit=NAME_LIMIT,
        noun="The name",
        required=False,
    )
    number_from = TextField(
        label="Where did you look its number up?",
        help_text="Not in the notification: for example on its website or in the directory",
        limit=NAME_LIMIT,
        noun="The answer",
        required=False,
    )
    spoke_to = TextField(
        label="Who there confirmed it?",
        help_text="Name and role of the person who works there",
        limit=NAME_LIMIT,
        noun="The answer",
        required=False,
    )
    rung_on = DatePartsField(label="On which day?", required=False)
    rung_time = TimeField(label="At what time?", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    CALL: ClassVar = {
        "organisation": "Enter which organisation you rang",
        "number_from": "Enter where you looked its number up",
        "spoke_to": "Enter who confirmed it",
        "rung_on": "Enter the day of the call",
        "rung_time": "Enter the time of the call",
    }
    reveals: ClassVar = {"way": {Way.SECOND_SOURCE: ("source",), Way.CALL_BACK: tuple(CALL)}}

    def __init__(self, *args: Any, others: Iterable[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        second = [(each.reference, each.words) for each in others if not each.is_same]
        self.fields["source"].choices = second  # type: ignore[attr-defined]
        if not second:
            self.fields["way"].choices = [(Way.CALL_BACK, Way.CALL_BACK.label)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("way") == Way.SECOND_SOURCE and not said.get("source"):
            self.add_error("source", "Choose which notification confirms it")
        if said.get("way") == Way.CALL_BACK:
            for name, sentence in self.CALL.items():
                if not said.get(name) and not self.has_error(name):
                    self.add_error(name, sentence)
        if not self.errors and said["way"] == Way.CALL_BACK and self.rung_at > timezone.now():
            self.add_error("rung_on", "The call must be in the past")
        return said

    @property
    def rung_at(self) -> datetime:
        """The moment of the call."""
        on: date = self.cleaned_data["rung_on"]
        return at_london(on, self.cleaned_data["rung_time"])

    @property
    def call(self) -> dict[str, Any]:
        """What a valid form says of a call, as ``confirmation.confirm_by_call`` takes it."""
        said = self.cleaned_data
        names = ("organisation", "number_from", "spoke_to")
        return {**{name: said[name] for name in names}, "rung_at": self.rung_at}


class ScopeForm(QuestionForm):
    """Whether this panel reviews the death; if not, why, and what becomes of the tasks."""

    marks_optional = False

    in_scope = forms.ChoiceField(
        label="Does this panel review the death?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages=unchosen("Select whether this panel reviews the death"),
    )
    rule = forms.ChoiceField(
        label="Why not?",
        choices=OutOfScope.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages=unchosen("Select why this panel does not review the death"),
    )
    stop = forms.ChoiceField(
        label="What becomes of the tasks of the first days?",
        choices=[
            ("yes", "They stop: nothing more is asked of anybody"),
            ("no", "They go on, for example because it is still being looked into"),
        ],
        widget=forms.RadioSelect,
        required=False,
        error_messages=unchosen("Select what becomes of the tasks"),
    )
    reason = TextField(
        label="What else is to be known about this decision?",
        help_text=NO_NAMES,
        lines=True,
        limit=NAME_LIMIT,
        noun="The reason",
        blank="Say why you decide so",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    reveals: ClassVar = {"in_scope": {"no": ("rule", "stop")}}

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("in_scope") == "no":
            for name in ("rule", "stop"):
                if not said.get(name) and not self.has_error(name):
                    self.add_error(name, self.fields[name].error_messages["required"])
        return said

    @property
    def decision(self) -> dict[str, Any]:
        """What a valid form says, as ``actions.change_scope`` takes it."""
        said = self.cleaned_data
        no = said["in_scope"] == "no"
        told = {"in_scope": not no, "reason": said["reason"], VERSION: said[VERSION]}
        return {**told, "rule": said["rule"] if no else "", "stop": no and said["stop"] == "yes"}
