"""To whom a letter goes and what it says, how it went, and what was answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.timezone import localdate

from cdop.cases.watching_forms import RecordForm, version_of
from cdop.core.documents import UploadField
from cdop.core.fields import DatePartsField, EmailField, TextField, unchosen
from cdop.learning.forms import LONG, NOBODY, NamelessForm, OrganisationField
from cdop.learning.letter_models import LearningLetter
from cdop.learning.models import NAME_LIMIT, Recommendation
from cdop.learning.states import LetterState

USUAL = (
    "We ask you to consider this recommendation, to tell us whether you accept it, and to agree "
    "with us what you will do, who sees to it, and by when."
)


class LetterForm(NamelessForm):
    """The addressee, the words and the day by which an answer is asked for."""

    searched = ("words",)

    organisation = OrganisationField("To which organisation or board?")
    attention = TextField(
        label="To whom there?",
        help_text="By role or name, for example the chair of the board",
        limit=NAME_LIMIT,
        noun="The addressee",
        blank="Enter to whom the letter goes",
    )
    email = EmailField(
        label="Their email address",
        help_text="Left empty, the letter goes by post: you say when it went",
        required=False,
    )
    words = TextField(
        label="What does the letter say?",
        help_text=f"The recommendation stands above these words. {NOBODY}",
        lines=True,
        limit=LONG,
        noun="The letter",
        blank="Say what the letter says",
    )
    answer_by = DatePartsField(
        label="By when do we ask for an answer?",
        help_text="Left empty, none is asked for",
        noun="The day",
        required=False,
    )

    def __init__(self, *args: Any, kept: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].offer(kept)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, letter: LearningLetter) -> dict[str, Any]:
        return {
            "organisation": letter.organisation,
            "attention": letter.to.attention,
            "email": letter.to.email,
            "words": letter.words,
            "answer_by": letter.answer_by,
        } | version_of(letter)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        by = said.get("answer_by")
        if by and by <= localdate():
            self.add_error("answer_by", "The day must be in the future")
        return said


class PostedForm(RecordForm):
    """When and how an approved letter went."""

    settled_on = DatePartsField(
        label="On which day did it go?", noun="The day", blank="Enter the day on which it went"
    )
    how = TextField(
        label="How was it sent?",
        help_text="For example, by post",
        limit=NAME_LIMIT,
        noun="The note",
        blank="Say how it was sent",
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("settled_on")
        return said


class DiscardForm(RecordForm):
    """Why a letter is not sent."""

    how = TextField(
        label="Why is it not sent?", limit=NAME_LIMIT, noun="The reason", blank="Say why"
    )


class ResponseForm(NamelessForm):
    """An answer that came, with its scan."""

    searched = ("words",)

    organisation = OrganisationField("Whose answer is it?")
    letter = forms.ModelChoiceField(
        LearningLetter.objects.none(),
        label="Which letter does it answer?",
        empty_label="None of ours",
        required=False,
        error_messages=unchosen("Choose one of the letters"),
    )
    received_on = DatePartsField(
        label="On which day did it come?", noun="The day", blank="Enter the day on which it came"
    )
    words = TextField(
        label="What does it say, in a few words?",
        help_text=NOBODY,
        lines=True,
        limit=LONG,
        noun="The text",
        blank="Say what the answer says",
    )

    def __init__(self, *args: Any, row: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].offer()  # type: ignore[attr-defined]
        sent = row.letters.filter(state=LetterState.SENT).select_related("organisation")
        field = self.fields["letter"]
        field.queryset = sent  # type: ignore[attr-defined]
        field.label_from_instance = lambda each: f"{each} to {each.organisation}"  # type: ignore[attr-defined]
        label = "The letter, scanned"
        self.fields["file"] = UploadField(by=self.by, label=label, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("received_on")
        return said
