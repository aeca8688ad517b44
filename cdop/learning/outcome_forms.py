"""What people say of the actions that follow from a recommendation, and of what became of both."""

from __future__ import annotations

from typing import Any

from django import forms

from cdop.cases.watching_forms import RecordForm, version_of
from cdop.core.documents import UploadField
from cdop.core.fields import DatePartsField, EmailField, TextField, unchosen
from cdop.core.users import User
from cdop.learning.forms import LONG, NOBODY, NamelessForm, OrganisationField
from cdop.learning.models import NAME_LIMIT, ActionPoint, Recommendation


class PointForm(NamelessForm):
    """What an organisation does by a day, and who there sees to it."""

    searched = ("words",)

    words = TextField(
        label="What is to be done?",
        help_text=f"{NOBODY} Whoever sees to it reads these words in the reminders.",
        lines=True,
        limit=LONG,
        noun="The action",
        blank="Say what is to be done",
    )
    owner = OrganisationField("Which organisation does it?")
    contact_name = TextField(
        label="Who there sees to it?", limit=NAME_LIMIT, noun="The name", blank="Enter the name"
    )
    contact_email = EmailField(
        label="Their email address",
        help_text="For reminders before and after the day. Without one nobody is reminded.",
        required=False,
    )
    agreed_on = DatePartsField(
        label="On which day was it agreed?", noun="The day", blank="Enter the day"
    )
    due_on = DatePartsField(label="By when?", noun="The day", blank="Enter by when it is due")

    def __init__(self, *args: Any, kept: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(kept)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, point: ActionPoint) -> dict[str, Any]:
        contact = point.contact
        return {
            "words": point.words,
            "owner": point.owner,
            "contact_name": contact["name"],
            "contact_email": contact["email"],
            "agreed_on": point.agreed_on,
            "due_on": point.due_on,
        } | version_of(point)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("agreed_on")
        agreed, due = said.get("agreed_on"), said.get("due_on")
        if agreed and due and due < agreed:
            self.add_error("due_on", "This is before the day on which it was agreed")
        return said


class AcceptForm(RecordForm):
    """Who accepted a recommendation, and when."""

    accepted_by = TextField(
        label="Who accepted it?",
        help_text="Such as the board, or the director of nursing",
        limit=NAME_LIMIT,
        noun="Who accepted it",
        blank="Say who accepted it",
    )
    accepted_on = DatePartsField(label="On which day?", noun="The day", blank="Enter the day")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("accepted_on")
        return said


class OutcomeForm(NamelessForm):
    """What became of a recommendation or an action, and on which day."""

    searched = ("outcome",)

    outcome = TextField(
        label="Why?",
        help_text=NOBODY,
        lines=True,
        limit=LONG,
        noun="The text",
        blank="Say why",
    )
    ended_on = DatePartsField(label="On which day?", noun="The day", blank="Enter the day")

    def __init__(self, *args: Any, done: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if done:
            self.fields["outcome"].label = "What was done, and what shows it?"
            self.fields["outcome"].error_messages["required"] = "Say what shows that it is done"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("ended_on")
        return said


class SupersedeForm(OutcomeForm):
    """Which recommendation, or what else, has taken its place."""

    superseded_by = forms.ModelChoiceField(
        Recommendation.objects.none(),
        label="Which recommendation takes its place?",
        empty_label="None: something else does",
        required=False,
        error_messages=unchosen("Choose one of the recommendations"),
    )
    field_order = ("superseded_by", "outcome", "ended_on")

    def __init__(self, *args: Any, row: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Recommendation.objects.exclude(pk=row.pk).order_by("-made_on", "-pk")
        field = self.fields["superseded_by"]
        field.queryset = others  # type: ignore[attr-defined]
        field.label_from_instance = in_short  # type: ignore[attr-defined]


def in_short(row: Recommendation) -> str:
    """A recommendation on one line of a list."""
    words = " ".join(row.words.split())
    return f"{row.reference}: {words[:80]}{'…' if len(words) > 80 else ''}"


class NoteForm(NamelessForm):
    """What somebody has learned of a recommendation or of one of its actions."""

    searched = ("words",)

    words = TextField(
        label="What happened?",
        help_text=f"{NOBODY} It is kept as you write it and never changed.",
        lines=True,
        limit=LONG,
        noun="The note",
        blank="Say what happened",
    )
    point = forms.ModelChoiceField(
        ActionPoint.objects.none(),
        label="About which action?",
        empty_label="The recommendation as a whole",
        required=False,
        error_messages=unchosen("Choose one of its actions"),
    )
    on = DatePartsField(label="On which day?", noun="The day", blank="Enter the day")

    def __init__(self, *args: Any, row: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["point"]
        field.queryset = row.action_points.all()  # type: ignore[attr-defined]
        field.label_from_instance = lambda point: point.words[:80]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("on")
        return said


class EvidenceForm(RecordForm):
    """A file that shows what was done."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = UploadField(by=by, label="The file")
