"""What notifiers and triage say. Not who they are, nor what happens next."""

from typing import Any, ClassVar

from django import forms

from cdop.cases.models import Case
from cdop.cases.search import Candidate
from cdop.core.fields import QuestionForm, TextField
from cdop.core.identifiers import normalise_reference
from cdop.core.organisations import Area
from cdop.core.users import User
from notifications.decisions import DeclineReason

NO_AREA = "none"
OTHER_CASE = "other"
NO_NAMES = "Do not write names here: this is not sealed."


def _wrong(unanswered: str) -> dict[str, str]:
    """What a question says when nothing, or nothing on the page, was chosen."""
    return {"required": unanswered, "invalid_choice": "Choose one of the answers on the page"}


class WhoForm(QuestionForm):
    """Whether a professional is here to report a death, or somebody of the family."""

    is_page_heading = True

    professional = forms.ChoiceField(
        label="Are you telling us as a professional?",
        help_text="For example as a doctor, nurse, midwife, police officer or registrar.",
        choices=[("yes", "Yes, through my work"), ("no", "No, I am family or a friend")],
        widget=forms.RadioSelect,
        error_messages=_wrong("Choose whether you are telling us as a professional"),
    )


class DecisionForm(QuestionForm):
    """A decision on a notification, on which somebody else may decide meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def decision(self) -> dict[str, Any]:
        """What a valid form says, as the decision takes it."""
        return self.cleaned_data


class AcceptForm(DecisionForm):
    """Where the child lived, and whether the panel reviews the death.

    proposed_scope  what the edition's rules propose, True for in scope
    """

    area = forms.ChoiceField(
        label="Where did the child normally live?",
        widget=forms.RadioSelect,
        error_messages=_wrong("Choose the area where the child normally lived"),
    )
    in_scope = forms.ChoiceField(
        label="Does the panel review this death?",
        choices=[
            ("yes", "Yes"),
            ("no", "No, but keep a case, for example for a joint response"),
        ],
        widget=forms.RadioSelect,
        error_messages=_wrong("Choose whether the panel reviews this death"),
    )
    reason = TextField(
        label="If that is not what the rules propose, why?",
        help_text=NO_NAMES,
        noun="The reason",
        lines=True,
        required=False,
    )

    def __init__(self, *args: Any, proposed_scope: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed_scope = proposed_scope
        areas = [(area.code, area.name) for area in Area.objects.all()]
        self.fields["area"].choices = [*areas, (NO_AREA, "None of the four, or not known")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        otherwise = "in_scope" in said and (said["in_scope"] == "yes") != self.proposed_scope
        if otherwise and not said.get("reason"):
            self.add_error("reason", "Say why you decide otherwise than the rules propose")
        return said

    @property
    def decision(self) -> dict[str, Any]:
        said = self.cleaned_data
        area = Area.objects.filter(code=said["area"]).first()
        return {**said, "area": area, "in_scope": said["in_scope"] == "yes"}


class AttachForm(DecisionForm):
    """The case that is about the same child: one of those that look alike, or another."""

    case = forms.ChoiceField(
        label="Which case is about the same child?",
        widget=forms.RadioSelect,
        error_messages=_wrong("Choose the case that is about the same child"),
    )
    reference = TextField(
        label="Reference of the case", limit=40, noun="The reference", required=False
    )
    note = TextField(label="Note", help_text=NO_NAMES, noun="The note", lines=True, required=False)
    reveals: ClassVar = {"case": {OTHER_CASE: ("reference",)}}

    def __init__(self, *args: Any, candidates: list[Candidate], by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        alike = [
            (each.case.reference, f"{each.case.reference}: {', '.join(each.alike)}")
            for each in candidates
        ]
        self.fields["case"].choices = [*alike, (OTHER_CASE, "Another case")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "case" not in said or self.has_error("reference"):
            return said
        typed = said["reference"] if said["case"] == OTHER_CASE else said["case"]
        said["chosen"] = self._find(typed)
        if said["chosen"] is None:
            self.add_error("reference", "Enter the reference of a case, such as C-4K7M-2QX9")
        return said

    @property
    def decision(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"version": said["version"], "case": said["chosen"], "note": said["note"]}

    def _find(self, typed: str) -> Case | None:
        reference = normalise_reference(typed)
        return Case.objects.visible_to(self.by).filter(reference=reference).first()


class DeclineForm(DecisionForm):
    """Why no case is opened here, and who reviews the death instead."""

    reason = forms.ChoiceField(
        label="Why does this notification lead to no case here?",
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages=_wrong("Choose why this notification leads to no case here"),
    )
    note = TextField(
        label="Who reviews this death instead, or what else should be known",
        help_text=NO_NAMES,
        noun="The note",
        lines=True,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("reason") == DeclineReason.ELSEWHERE and not said.get("note"):
            self.add_error("note", "Say which panel reviews this death")
        return said
