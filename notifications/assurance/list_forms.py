"""What people say about a list of deaths. Not who they are, nor what happens next."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from cdop.cases.models import Case
from cdop.core.fields import (
    DatePartsField,
    QuestionForm,
    TextField,
    unchosen,
)
from cdop.core.identifiers import normalise_reference
from cdop.core.organisations import Area, Organisation
from cdop.core.users import User
from notifications.assurance.listed import Listed
from notifications.assurance.lists import About, Absence, Kind
from notifications.assurance.reading import MOST_BYTES, NotReadable, Parsed, read
from notifications.assurance.settling import (
    Proposals,
    Reason,
    why_not_explain,
    why_note_is_missing,
)
from notifications.forms import NO_NAMES, DecisionForm
from notifications.models import Notification

OTHER = "other"
EVERY_AREA = "all"


class ListForm(QuestionForm):
    """A file, whose it is and what it covers. ``parsed`` is what a valid form has read."""

    kind = forms.ChoiceField(
        label="Whose list is it?",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose whose list it is"),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.in_use(),
        label="Which registrar or hospital?",
        help_text=(
            "Chosen for a hospital, only deaths of which it told us are expected on its list."
        ),
        empty_label="Not named here",
        required=False,
        error_messages={"invalid_choice": "Choose one of the organisations on the page"},
    )
    area = forms.ChoiceField(
        label="Which area does it cover?",
        widget=forms.RadioSelect,
        initial=EVERY_AREA,
        error_messages=unchosen("Choose which area it covers"),
    )
    first_day = DatePartsField(
        label="First day that it covers",
        noun="The first day",
        blank="Enter the first day that it covers",
    )
    last_day = DatePartsField(
        label="Last day that it covers",
        noun="The last day",
        blank="Enter the last day that it covers",
    )
    file = forms.FileField(
        label="The list, as CSV",
        help_text=(
            "The first row names the columns. Needed: date of death, and NHS number or name. Also "
            "read: date of birth, age, sex, address, postcode, place of death, reference."
        ),
        widget=forms.FileInput,
        error_messages={"required": "Choose the file", "empty": "The file is empty"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [(area.code, area.name) for area in Area.objects.all()]
        self.fields["area"].choices = [(EVERY_AREA, "All four areas"), *areas]  # type: ignore[attr-defined]

    def clean_file(self) -> Parsed:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                f"The file is larger than {MOST_BYTES // 1_000_000} MB. Send it in parts."
            )
        try:
            return read(file.read())
        except NotReadable as problem:
            raise ValidationError(str(problem)) from None

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        first, last = said.get("first_day"), said.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day must be on or after the first day")
        return said

    @property
    def about(self) -> About:
        """What a valid form says of its file."""
        said = self.cleaned_data
        return About(
            kind=said["kind"],
            organisation=said["organisation"].pk if said["organisation"] else None,
            area=None if said["area"] == EVERY_AREA else said["area"],
            first_day=said["first_day"].isoformat(),
            last_day=said["last_day"].isoformat(),
        )


class MatchForm(DecisionForm):
    """Which case, or which waiting notification, is about the listed death."""

    which = forms.ChoiceField(
        label="Which case or notification is about the same child?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose the case or notification that is about the same child"),
    )
    reference = TextField(label="Its reference", limit=40, noun="The reference", required=False)
    marks_optional = False
    reveals: ClassVar = {"which": {OTHER: ("reference",)}}

    def __init__(self, *args: Any, proposed: Proposals, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        found = [
            (each.case.reference, f"Case {each.case.reference}: {', '.join(each.alike)}")
            for each in (*proposed.cases, *proposed.family)
        ]
        for each in proposed.waiting:
            reference, alike = each.notification.reference, ", ".join(each.match.reasons)
            found.append((reference, f"Notification {reference}, waiting for triage: {alike}"))
        self.fields["which"].choices = [*found, (OTHER, "Another one")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "which" not in said or self.has_error("reference"):
            return said
        typed = said["reference"] if said["which"] == OTHER else said["which"]
        reference = normalise_reference(typed)
        case = Case.objects.visible_to(self.by).filter(reference=reference).first()
        waiting = Notification.objects.visible_to(self.by).filter(reference=reference).first()
        if waiting and waiting.case:
            case, waiting = waiting.case, None
        if case is None and waiting is None:
            sentence = "Enter the reference of a case or a notification, such as C-4K7M-2QX9"
            self.add_error("reference", sentence)
        said["found"] = {"case": case, "notification": waiting}
        return said

    @property
    def decision(self) -> dict[str, Any]:
        return {"version": self.cleaned_data["version"], **self.cleaned_data["found"]}


class ExplainForm(DecisionForm):
    """Why a listed death needs no notification. What its line says speaks against some reasons."""

    marks_optional = False

    reason = forms.ChoiceField(
        label="Why does this death need no notification here?",
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose why this death needs no notification here"),
    )
    note = TextField(
        label="Which panel, which line, or what it is",
        help_text=f"Needed where another panel reviews the death, where it stands on another line, "
        f"and for something else. {NO_NAMES}",
        noun="The note",
        lines=True,
        required=False,
    )

    def __init__(self, *args: Any, listed: Listed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = listed

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if why := why_not_explain(self.listed, reason):
            raise ValidationError(why)
        return reason

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "note" in said and (why := why_note_is_missing(said.get("reason", ""), said["note"])):
            self.add_error("note", why)
        return said


class AbsentForm(QuestionForm):
    """Why a death that was notified need not stand on the list."""

    marks_optional = False

    reason = forms.ChoiceField(
        label="Why is this death not on the list?",
        choices=Absence.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose why this death is not on the list"),
    )
    note = TextField(
        label="What else should be known",
        help_text=f"Needed for something else. {NO_NAMES}",
        noun="The note",
        lines=True,
        required=False,
    )
