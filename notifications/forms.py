"""What notifiers and triage say. Not who they are, nor what happens next."""

from collections.abc import Callable
from datetime import date, time
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from cdop.cases.models import Case
from cdop.cases.placement import OutOfScope
from cdop.cases.placement_forms import where_choices
from cdop.cases.search import Candidate
from cdop.cases.states import UNTRUE, ConfirmationState
from cdop.core.dates import at_london
from cdop.core.fields import DatePartsField, QuestionForm, TextField, TimeField, unchosen
from cdop.core.identifiers import normalise_reference
from cdop.core.organisations import Area, Organisation
from cdop.core.users import User
from notifications import against_dates, tellers
from notifications.decisions import DeclineReason

OTHER_CASE = "other"
OTHER_PANEL = "other"
NO_NAMES = "Do not write names here: this is not sealed."


class WhoForm(QuestionForm):
    """Whether a professional is here to report a death, or somebody of the family."""

    is_page_heading = True

    professional = forms.ChoiceField(
        label="Are you telling us as a professional?",
        help_text="For example as a doctor, nurse, midwife, police officer or registrar.",
        choices=[("yes", "Yes, through my work"), ("no", "No, I am family or a friend")],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose whether you are telling us as a professional"),
    )


class LinkForm(QuestionForm):
    """Where a link goes by which the notifier can come back. Whatever is typed is taken."""

    is_page_heading = False

    email = forms.CharField(
        label="Your work email address",
        help_text="Whoever reads the letter first can open what you typed.",
        required=False,
        widget=forms.EmailInput(attrs={"spellcheck": "false", "autocomplete": "email"}),
    )


class DecisionForm(QuestionForm):
    """A decision on a notification, on which somebody else may decide meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def decision(self) -> dict[str, Any]:
        """What a valid form says, as the decision takes it."""
        return self.cleaned_data


class TriageForm(DecisionForm):
    """A decision that also says which organisation told us.

    wrote  where the notifier said that they work
    maybe  the organisation with a name like that: asked about, never chosen by itself
    """

    marks_optional = False

    organisation = forms.ChoiceField(label="Which organisation told us?", required=False)

    def __init__(
        self, *args: Any, wrote: str = "", maybe: Organisation | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["organisation"]
        box.choices = tellers.choices(self.initial.get("organisation", ""))  # type: ignore[attr-defined]
        said = f"The notifier wrote: “{wrote}”." if wrote else "The notifier did not say."
        asked = f" Is it {maybe}? Then choose it." if maybe else ""
        box.help_text = f"{said}{asked} Promptness is counted for the organisation that you choose."
        self.order_fields([*(name for name in self.fields if name != "organisation")])

    @property
    def decision(self) -> dict[str, Any]:
        chosen = self.cleaned_data["organisation"]
        found = Organisation.objects.filter(pk=chosen).first() if chosen else None
        return {**self.said, "version": self.cleaned_data["version"], "organisation": found}

    @property
    def said(self) -> dict[str, Any]:
        """What the form says beside version and organisation."""
        raise NotImplementedError


class AcceptForm(TriageForm):
    """Where the child lived, and whether the panel reviews the death.

    proposed_scope  what the edition's rules propose, True for in scope
    """

    area = forms.ChoiceField(
        label="Where did the child normally live?",
        help_text="For a newborn baby, where the mother lives",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose where the child normally lived"),
    )
    in_scope = forms.ChoiceField(
        label="Does the panel review this death?",
        choices=[
            ("yes", "Yes"),
            ("no", "No, but keep a case, for example for a joint response"),
        ],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose whether the panel reviews this death"),
    )
    rule = forms.ChoiceField(
        label="Why not?",
        choices=OutOfScope.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages=unchosen("Choose why the panel does not review this death"),
    )
    reason = TextField(
        label="If that is not what the rules propose, why?",
        help_text=NO_NAMES,
        noun="The reason",
        lines=True,
        limit=200,
        required=False,
    )
    reveals: ClassVar = {"in_scope": {"no": ("rule",)}}

    def __init__(self, *args: Any, proposed_scope: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed_scope = proposed_scope
        self.fields["area"].choices = where_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        otherwise = "in_scope" in said and (said["in_scope"] == "yes") != self.proposed_scope
        if otherwise and not said.get("reason"):
            self.add_error("reason", "Say why you decide otherwise than the rules propose")
        if said.get("in_scope") == "no" and not said.get("rule") and not self.has_error("rule"):
            self.add_error("rule", self.fields["rule"].error_messages["required"])
        return said

    @property
    def said(self) -> dict[str, Any]:
        said = self.cleaned_data
        in_scope = said["in_scope"] == "yes"
        return {
            "area": Area.objects.filter(code=said["area"]).first(),
            "residence": said["area"],
            "in_scope": in_scope,
            "rule": "" if in_scope else said["rule"],
            "reason": said["reason"],
        }


class AttachForm(TriageForm):
    """The case that is about the same child: one of those that look alike, or another.

    unlike  says what speaks against a case, "" where nothing does; then it is asked once more
    """

    case = forms.ChoiceField(
        label="Which case is about the same child?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose the case that is about the same child"),
    )
    reference = TextField(
        label="Reference of the case", limit=40, noun="The reference", required=False
    )
    note = TextField(
        label="What else should be known, if anything",
        help_text=NO_NAMES,
        noun="The note",
        lines=True,
        required=False,
    )
    reveals: ClassVar = {"case": {OTHER_CASE: ("reference",)}}

    def __init__(
        self,
        *args: Any,
        candidates: list[Candidate],
        by: User,
        unlike: Callable[[Case], str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.unlike, self.asked_for = by, unlike, ""
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
        elif not self._is_sure(said["chosen"]) and (why := self.unlike(said["chosen"])):
            self.asked_for = said["chosen"].reference
            field = "reference" if said["case"] == OTHER_CASE else "case"
            self.add_error(field, f"{why} Attach it all the same?")
        return said

    @property
    def said(self) -> dict[str, Any]:
        return {"case": self.cleaned_data["chosen"], "note": self.cleaned_data["note"]}

    def _is_sure(self, case: Case) -> bool:
        """Whether the button was pressed that stands there once the form has asked again."""
        return self.data.get("sure") == case.reference

    def _find(self, typed: str) -> Case | None:
        reference = normalise_reference(typed)
        return Case.objects.visible_to(self.by).filter(reference=reference).first()


class PassOnForm(TriageForm):
    """The panel to which a notification is passed on."""

    panel = forms.ChoiceField(
        label="To which panel do you pass it on?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose the panel to which you pass it on"),
    )
    other_panel = TextField(
        label="Name of the panel", limit=200, noun="The name of the panel", required=False
    )
    note = TextField(
        label="How it was passed on, and to whom",
        help_text=f"For example by secure email to its coordinator. {NO_NAMES}",
        noun="The note",
        lines=True,
        required=False,
    )
    reveals: ClassVar = {"panel": {OTHER_PANEL: ("other_panel",)}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["panel"].choices = [*tellers.panels(), (OTHER_PANEL, "Another panel")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        unnamed = said.get("panel") == OTHER_PANEL and not said.get("other_panel")
        if unnamed and not self.has_error("other_panel"):
            self.add_error("other_panel", "Enter the name of the panel")
        return said

    @property
    def said(self) -> dict[str, Any]:
        said = self.cleaned_data
        named = said["other_panel"] if said["panel"] == OTHER_PANEL else said["panel"]
        return {"panel": named, "note": said["note"]}


class ReceiptForm(DecisionForm):
    """Who at the other panel said that the notification arrived, and when."""

    receipt_from = TextField(
        label="Who there confirmed that it arrived?",
        help_text="Name and role",
        limit=200,
        noun="The answer",
        blank="Enter who confirmed that it arrived",
    )
    on = DatePartsField(label="On which day?", blank="Enter the day on which they confirmed it")
    time = TimeField(label="At what time?", required=False)

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.decision["at"] > timezone.now():
            self.add_error("on", "The day and time must be in the past")
        return self.cleaned_data

    @property
    def decision(self) -> dict[str, Any]:
        said = self.cleaned_data
        at = at_london(said["on"], said["time"] or time.min)
        return {"version": said["version"], "receipt_from": said["receipt_from"], "at": at}


class DeclineForm(TriageForm):
    """Why no case is opened here, and who reviews the death instead."""

    reason = forms.ChoiceField(
        label="Why does this notification lead to no case here?",
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose why this notification leads to no case here"),
    )
    note = TextField(
        label="Who reviews this death instead, or what else should be known",
        help_text=f"Needed where another panel reviews the death. {NO_NAMES}",
        noun="The note",
        lines=True,
        required=False,
    )

    def __init__(
        self, *args: Any, born: date | None = None, died: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.born, self.died = born, died

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        reason, note = said.get("reason", ""), said.get("note")
        if reason == DeclineReason.ELSEWHERE and not note:
            self.add_error("note", "Say which panel reviews this death")
        age = against_dates.age_against(reason, self.born, self.died)
        if age and not note:
            self.add_error(
                "reason",
                f"By the dates that were given the child died at the age of {age}. Choose another "
                "reason, or say in the note which date is wrong",
            )
        return said

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reason", "note")}


class UndoForm(DecisionForm):
    """Why a decision is undone."""

    reason = TextField(
        label="Why do you undo it?",
        help_text=NO_NAMES,
        lines=True,
        limit=200,
        noun="The reason",
        blank="Say why you undo the decision",
    )


class WithdrawForm(DecisionForm):
    """What a report turned out to be."""

    what = forms.ChoiceField(
        label="What was the report?",
        choices=[(state, state.label.capitalize()) for state in UNTRUE],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what the report was"),
    )
    reason = TextField(
        label="How do you know?",
        help_text=NO_NAMES,
        lines=True,
        limit=150,
        noun="The answer",
        blank="Say how you know",
    )

    @property
    def decision(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {**said, "what": ConfirmationState(said["what"])}
