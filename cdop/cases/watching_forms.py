"""What every form about something waited for asks: whose it is, and when they look again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate

from cdop.cases import watching
from cdop.core.comparing import VERSION
from cdop.core.fields import DatePartsField, QuestionForm
from cdop.core.users import User
from cdop.editions.schema import Edition

NO_NAMES = "Do not write the names of the child or the family here: this is not sealed."
THREE_MONTHS = "At most three months ahead, however long it may last."


class RecordForm(QuestionForm):
    """A form about one row, or about one that is still to be made (version 0)."""

    marks_optional = False

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_version(self) -> int:
        """The version on the page; 0, which no record has, where somebody left it out."""
        return self.cleaned_data["version"] or 0

    @property
    def said(self) -> dict[str, Any]:
        """What a valid form says, as the acts take it, with the version of the page."""
        return dict(self.cleaned_data)

    def in_words(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values as the page shows them: codes by their labels."""
        return {name: self._label(name, value) for name, value in values.items()}

    def _label(self, name: str, value: Any) -> Any:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField):
            return value
        choices: Any = field.choices
        return {str(code): label for code, label in choices}.get(str(value), value)

    def refuse_future(self, *names: str) -> None:
        """A mistake beside each date that has not come yet."""
        for name in names:
            on = self.cleaned_data.get(name)
            if on and on > localdate():
                self.add_error(name, "The date must be today or in the past")

    def ask_for(self, name: str, sentence: str) -> None:
        """A mistake beside a box that was left empty, unless it has one already."""
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        """Give a field its choices."""
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def choose_term(self, name: str, edition: Edition, vocabulary: str) -> None:
        """Give a field the terms of a vocabulary of the edition."""
        terms = edition.vocabularies[vocabulary].choices
        self.choose(name, [(term.code, term.label) for term in terms])


class OwnerField(forms.ModelChoiceField):
    """Somebody of the team."""

    def __init__(self, label: str) -> None:
        super().__init__(
            User.objects.none(),
            label=label,
            empty_label="Choose a person",
            error_messages={
                "required": "Choose who looks after it",
                "invalid_choice": "Choose one of the people of the team",
            },
        )


class NextCheckField(DatePartsField):
    """The day on which somebody looks again."""

    def __init__(self, label: str = "When do they look again?", **kwargs: Any) -> None:
        super().__init__(
            label=label,
            help_text=kwargs.pop("help_text", THREE_MONTHS),
            noun="The next check",
            blank="Enter the day of the next check",
            **kwargs,
        )

    def clean(self, value: Any) -> date | None:
        on: date | None = super().clean(value)
        if on and (why := watching.why_not_next(on)):
            raise forms.ValidationError(why)
        return on


class OwnedForm(RecordForm):
    """A form that names an owner, out of the team."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = watching.owners()  # type: ignore[attr-defined]


def version_of(row: Any) -> dict[str, Any]:
    """What a form about a row begins with."""
    return {VERSION: row.version}
