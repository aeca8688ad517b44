"""What people say about a family and to it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.timezone import localdate

from cdop.cases.conversations import ConversationRecord, How, Verified
from cdop.cases.families import NAME_LIMIT, Family, FamilyRecord
from cdop.cases.watching_forms import RecordForm
from cdop.core.comparing import VERSION
from cdop.core.dates import at_london
from cdop.core.fields import (
    DatePartsField,
    PeopleField,
    PhoneField,
    QuestionForm,
    TextField,
    unchosen,
)

SOMEBODY_ELSE = "somebody else"
NOON = time(12, 0)
LONG = 4000


class CallForm(QuestionForm):
    """Who rings: a name, or the number on the display."""

    who = TextField(
        label="Name or telephone number",
        help_text="The parent’s name or number, or the child’s name. The search is recorded.",
        limit=NAME_LIMIT,
        noun="What you look for",
        blank="Enter a name or a telephone number",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "width": 30}),
    )


class FamilyForm(RecordForm):
    """Who they are, what may not be said, and who is there for them."""

    people = PeopleField(
        label="Parents and others who may ring or be rung",
        help_text="With telephone numbers: they are found by them",
        required=False,
    )
    limits = TextField(
        label="What may not be said, to whom, and by whose word?",
        help_text="For example that the police ask for nothing to be said about the post-mortem",
        lines=True,
        limit=LONG,
        noun="The answer",
        required=False,
    )
    wishes = TextField(
        label="How do they want to be spoken to?",
        help_text="Language, interpreter, times, who opens the post",
        lines=True,
        limit=LONG,
        noun="The answer",
        required=False,
    )
    key_worker = TextField(
        label="Who is the family’s key worker?", limit=NAME_LIMIT, noun="The name", required=False
    )
    key_worker_at = TextField(
        label="Where do they work?", limit=NAME_LIMIT, noun="The answer", required=False
    )
    key_worker_phone = PhoneField(label="Their telephone number", required=False)

    @classmethod
    def initial_of(cls, family: Family, known: FamilyRecord) -> dict[str, Any]:
        """What the form shows of what is there."""
        staff = ("key_worker", "key_worker_at", "key_worker_phone")
        told = {"people": known.people, "limits": known.limits, "wishes": known.wishes}
        return {**told, **{name: getattr(family, name) for name in staff}, VERSION: family.version}


class ConversationForm(QuestionForm):
    """A conversation, in under a minute: who, how we knew them, what was said."""

    marks_optional = False

    spoken_with = forms.ChoiceField(
        label="Who was it?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose who it was"),
    )
    other = TextField(
        label="Who, and what are they to the child?",
        limit=NAME_LIMIT,
        noun="The name",
        required=False,
    )
    verified = forms.ChoiceField(
        label="How did we know that it was them?",
        choices=Verified.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose how we knew that it was them"),
    )
    told = TextField(
        label="What were they told?", lines=True, limit=LONG, noun="The answer", required=False
    )
    asked = TextField(
        label="What did they ask, or want the review to answer?",
        lines=True,
        limit=LONG,
        noun="The answer",
        required=False,
    )
    not_said = TextField(
        label="What was kept back, and why?",
        help_text="Or anything else to know about this conversation",
        lines=True,
        limit=LONG,
        noun="The answer",
        required=False,
    )
    next_on = DatePartsField(
        label="When do they hear from us next?", noun="The next day", required=False
    )
    how = forms.ChoiceField(
        label="How did you speak?",
        choices=How.choices,
        widget=forms.RadioSelect,
        initial=How.THEY_RANG,
        error_messages=unchosen("Choose how you spoke"),
    )
    spoken_on = DatePartsField(label="On which day, if not today?", noun="The day", required=False)
    reveals: ClassVar = {"spoken_with": {SOMEBODY_ELSE: ("other",)}}

    def __init__(self, *args: Any, people: list[dict[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each["name"], _who(each)) for each in people if each.get("name")]
        choices = [*dict(known).items(), (SOMEBODY_ELSE, "Somebody else")]
        self.fields["spoken_with"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("spoken_with") == SOMEBODY_ELSE and not said.get("other"):
            self._say("other", "Enter who it was")
        self._clean_days(said)
        if said.get("verified") == Verified.NOT and said.get("told"):
            self._say("told", "Nothing is told to somebody whom we did not recognise")
        if not (said.get("told") or said.get("asked") or said.get("not_said")):
            self._say("told", "Say what they were told, or below what they asked")
        return said

    @property
    def record(self) -> ConversationRecord:
        """What was said, as it is sealed."""
        said = self.cleaned_data
        named = said["spoken_with"]
        return ConversationRecord(
            spoken_with=said["other"] if named == SOMEBODY_ELSE else named,
            told=said["told"],
            asked=said["asked"],
            not_said=said["not_said"],
        )

    @property
    def at(self) -> datetime:
        """When it was: now, or at noon of an earlier day."""
        on = self.cleaned_data["spoken_on"]
        return timezone.now() if on in (None, localdate()) else at_london(on, NOON)

    def _clean_days(self, said: dict[str, Any]) -> None:
        today = localdate()
        if said.get("next_on") and said["next_on"] < today:
            self._say("next_on", "The day must be today or in the future")
        if said.get("spoken_on") and said["spoken_on"] > today:
            self._say("spoken_on", "The day must be today or in the past")

    def _say(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)


def _who(person: dict[str, str]) -> str:
    return ", ".join(filter(None, [person["name"], person.get("relationship", "").lower()]))
