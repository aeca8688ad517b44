"""Form fields for what people know about a child and a death, as they know it and as they type it.

A field refuses only what cannot be kept or would be misread; what merely looks wrong (a check
digit, an unusual postcode) is kept as typed and answered with a warning. Whatever is refused
comes back in its box unchanged.
"""

from collections.abc import Collection, Mapping
from datetime import date, time
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.utils.timezone import localdate

from cdop.core.identifiers import nhs_number_problem, normalise_nhs_number
from cdop.core.mailing import is_address
from cdop.core.periods import Period
from cdop.core.postcodes import normalise_postcode
from cdop.core.typed import (
    DateParts,
    Person,
    Professional,
    read_date,
    read_person,
    read_time,
    read_weeks,
    says_not_known,
    tidy,
)

TEXT_LIMIT = 500
LONG_TEXT_LIMIT = 8000
PEOPLE_LINES = 6
KEPT = "It is kept as you typed it: check it when you can."
YES, NO, NOT_KNOWN = "yes", "no", "not_known"
NOT_APPLICABLE = "not_applicable"
GAPS = ((NOT_KNOWN, "Not known"), (NOT_APPLICABLE, "Not applicable"))
"""Answers that say that the question was considered although nothing stands in its box."""
YES_NO_UNKNOWN = ((YES, "Yes"), (NO, "No"), (NOT_KNOWN, "Not known"))


def unchosen(sentence: str) -> dict[str, str]:
    """What a choice says when nothing, or nothing on the page, was chosen."""
    return {"required": sentence, "invalid_choice": "Choose one of the answers on the page"}


class TextField(forms.CharField):
    """Text of at most ``limit`` characters; longer text is refused whole, never cut.

    noun   what the sentence calls it, such as "The name"
    blank  the sentence for a required field left empty
    lines  whether it has more than one line
    """

    # A box for a number or an address: "not known" in it is as good as nothing. In free text the
    # words stay, since they answer the question.
    words_are_nothing: ClassVar[bool] = False

    def __init__(
        self,
        *,
        limit: int = TEXT_LIMIT,
        noun: str = "The answer",
        blank: str = "",
        lines: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("widget", forms.Textarea() if lines else forms.TextInput())
        super().__init__(**_with_blank(kwargs, blank))
        self.limit, self.noun, self.lines = limit, noun, lines

    def to_python(self, value: Any) -> str:
        typed = "" if value in EMPTY_VALUES else tidy(value, lines=self.lines)
        return "" if self.words_are_nothing and says_not_known(typed) else typed

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                f"{self.noun} must be {self.limit:,} characters or fewer. You typed {len(value):,}."
            )


class Warns:
    """A field that remarks on what it accepts. ``warning`` is the sentence of the last cleaning."""

    warning = ""


class QuestionForm(forms.Form):
    """A form whose fields may warn without refusing.

    is_page_heading  whether the one question is the heading of its page
    reveals          name of a radio field → code of its answer → names of the fields that the
                     page shows with that answer
    """

    is_page_heading = False
    reveals: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = {}

    @property
    def warnings(self) -> dict[str, str]:
        """Name of a field → what to look at again; nothing here stops the form."""
        fields = self.fields.items() if self.is_bound and self.errors is not None else ()
        found = {name: getattr(field, "warning", "") for name, field in fields}
        return {name: sentence for name, sentence in found.items() if sentence}


class NHSNumberField(Warns, TextField):
    """An NHS number as it was read out; one that cannot be right is kept, with a warning."""

    words_are_nothing = True

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "width": 10, "spellcheck": "false"})
        super().__init__(**_with(kwargs, limit=40, noun="The NHS number", widget=widget))

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        problem = nhs_number_problem(typed) if typed else ""
        self.warning = problem and f"{problem} {KEPT}"
        return normalise_nhs_number(typed) or typed


class PostcodeField(Warns, TextField):
    """A postcode, written as CW1 2AB. One that is not complete, or not British, only warns."""

    words_are_nothing = True

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"width": 10, "autocomplete": "off"})
        super().__init__(**_with(kwargs, limit=40, noun="The postcode", widget=widget))

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        whole = normalise_postcode(typed)
        self.warning = (
            f"This is not a whole postcode, such as CW1 2AB. {KEPT}" if typed and not whole else ""
        )
        return whole or typed


class PhoneField(TextField):
    """A telephone number in any way of writing it; refused only when nobody could dial it."""

    words_are_nothing = True

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "width": 20, "autocomplete": "off"})
        super().__init__(**_with(kwargs, limit=40, noun="The telephone number", widget=widget))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and sum(character.isdigit() for character in value) < 3:
            raise ValidationError("Enter a telephone number in figures, such as 01632 960001")


class EmailField(TextField):
    """An e-mail address."""

    words_are_nothing = True

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.EmailInput(attrs={"spellcheck": "false", "width": 30})
        kwargs.setdefault("error_messages", {}).setdefault(
            "invalid", "Enter an email address in the usual form, such as name@example.org"
        )
        super().__init__(**_with(kwargs, limit=254, noun="The email address", widget=widget))

    def run_validators(self, value: str) -> None:
        if value not in self.empty_values and not is_address(value):
            raise ValidationError(self.error_messages["invalid"])


class NumberField(forms.IntegerField):
    """A whole number in figures, from ``least`` to ``most``."""

    def __init__(
        self, *, least: int = 0, most: int = 100_000, blank: str = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "width": 5}))
        messages = kwargs.setdefault("error_messages", {})
        messages["invalid"] = "Enter a whole number in figures"
        outside = f"The number must be from {least:,} to {most:,}"
        messages["min_value"] = messages["max_value"] = outside
        super().__init__(min_value=least, max_value=most, **_with_blank(kwargs, blank))

    def to_python(self, value: Any) -> int | None:
        return None if says_not_known(str(value)) else super().to_python(value)


class WeeksField(Warns, forms.Field):
    """Completed weeks of a pregnancy; days are understood, and said to be left out. Or None."""

    def __init__(self, *, blank: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"width": 5, "autocomplete": "off"}))
        super().__init__(**_with_blank(kwargs, blank))

    def to_python(self, value: Any) -> int | None:
        self.warning = ""
        typed = tidy("" if value is None else value).lower()
        if not typed or says_not_known(typed):
            return None
        weeks, days = read_weeks(typed)
        if days:
            self.warning = f"{weeks}+{days} is kept as {weeks} completed weeks."
        return weeks


class SeveralField(forms.MultipleChoiceField):
    """Several answers out of a list; those in ``alone`` cannot stand beside another."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, alone: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alone = frozenset(alone)

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        alone = [code for code in value if code in self.alone]
        if alone and len(value) > 1:
            label = dict(self.choices)[alone[0]]  # type: ignore[arg-type]
            raise ValidationError(f"Choose either “{label}” or the answers that apply, not both")


class RowsField(forms.ModelMultipleChoiceField):
    """Several of the rows that are offered. A number too large for the database is none of them."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError("Choose only among the answers on the page") from None


class DatePartsInput(forms.Widget):
    """Three boxes named ``NAME-day``, ``NAME-month`` and ``NAME-year``."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> DateParts:
        return _date_parts(data, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}-{part}" not in data for part in DateParts._fields)


class DatePartsField(forms.Field):
    """A date in three boxes; the month in figures or as a word. Gives a ``date`` or None.

    noun   what sentences call it, such as "Date of birth"
    blank  the sentence for a required date left empty, such as "Enter the date the child died"

    Each mistake names the boxes it is about (``params["parts"]``); only those are marked.
    """

    widget = DatePartsInput

    def __init__(self, *, noun: str = "The date", blank: str = "", **kwargs: Any) -> None:
        super().__init__(**_with_blank(kwargs, blank))
        self.noun = noun

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date):
            return value
        parts = DateParts.of(value)
        typed = [part for part in parts if part]
        return None if all(map(says_not_known, typed)) else read_date(parts, self.noun)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return DateParts.of(initial) != DateParts.of(data)


class TimeField(forms.Field):
    """A time of day as people write it: 14:30, 14.30, 1430, 2.30pm. Gives a ``time`` or None."""

    def __init__(self, *, blank: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"width": 5, "autocomplete": "off"}))
        kwargs.setdefault("help_text", "For example, 14:30")
        super().__init__(**_with_blank(kwargs, blank))

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, time):
            return value
        typed = tidy(value or "").lower()
        return read_time(typed) if typed and not says_not_known(typed) else None


class PeopleInput(forms.Widget):
    """Lines of several boxes, ``NAME-0-name``, ``NAME-0-relationship`` and so on, as ``line`` says.

    All lines are on the page from the start, each folded inside the one before: another person is
    one touch away, with or without scripts, and nothing is sent before the whole page is.
    """

    line: ClassVar[type[Person] | type[Professional]] = Person

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        parts = self.line._fields
        return [
            self.line(*(tidy(data.get(f"{name}-{row}-{part}") or "") for part in parts))
            for row in range(PEOPLE_LINES)
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-0-name" not in data


class PeopleField(forms.Field):
    """At most six people. Gives a list of {"name", "relationship", "details"}, all text."""

    widget: type[PeopleInput] = PeopleInput

    def __init__(self, *, blank: str = "", **kwargs: Any) -> None:
        super().__init__(**_with_blank(kwargs, blank))

    def prepare_value(self, value: Any) -> list[Any]:
        """The lines for the page, from what was typed or from an answer that was kept."""
        line = type(self).widget.line
        return [person if isinstance(person, line) else line.of(person) for person in value or []]

    def to_python(self, value: Any) -> list[dict[str, str]]:
        people, mistakes = [], []
        for row, person in enumerate(self.prepare_value(value)):
            try:
                people.append(read_person(person, row))
            except ValidationError as mistake:
                mistakes.append(mistake)
        if mistakes:
            raise ValidationError(mistakes)
        return [person for person in people if any(person.values())]

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, after = self.prepare_value(initial), self.prepare_value(data)
        return list(filter(any, before)) != list(filter(any, after))


class PeriodField(forms.CharField):
    """Whole months, written as a year, a quarter, pooled years or months; gives a ``Period``."""

    def __init__(self) -> None:
        super().__init__(
            label="Which months?",
            help_text=(
                "A year such as 2014-15, a quarter such as 2014-15-Q1, or several years such as "
                "2010-11--2014-15. Years run from April to March."
            ),
            max_length=40,
            error_messages={
                "required": "Enter the months to count, such as 2014-15",
                "max_length": "A period is written in 40 characters or fewer, such as 2014-15",
            },
            widget=forms.TextInput(attrs={"width": 20, "autocomplete": "off"}),
        )

    def clean(self, value: str) -> Period:
        try:
            period = Period.parse(super().clean(value))
        except ValueError as problem:
            raise ValidationError(str(problem)) from None
        if period.first_month > localdate():
            raise ValidationError(f"{period} has not begun yet.")
        return period


class ProfessionalsInput(PeopleInput):
    """Lines of the boxes of a ``Professional``; whether they were told is chosen, not typed."""

    line = Professional


class ProfessionalsField(PeopleField):
    """At most six professionals. Gives a list of {"name", "role", "organisation", "telephone",
    "told"}, all text; ``told`` is yes, no, not_known or ""."""

    widget = ProfessionalsInput


def _date_parts(data: Any, prefix: str) -> DateParts:
    return DateParts(*(tidy(data.get(f"{prefix}-{part}") or "") for part in DateParts._fields))


def _with(kwargs: dict[str, Any], **defaults: Any) -> dict[str, Any]:
    return defaults | kwargs


def _with_blank(kwargs: dict[str, Any], blank: str) -> dict[str, Any]:
    messages = {"required": blank} if blank else {}
    return kwargs | {"error_messages": messages | kwargs.get("error_messages", {})}
