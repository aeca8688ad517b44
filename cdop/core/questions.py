"""Forms made from the questionnaires of an edition, and their answers as they are kept.

Answers are a flat mapping from the code of a question to what can be written as JSON: text, a
number, a list of codes, a list of people; a date as 2026-03-27, a time as 14:30; nothing as "" or
[]. Codes are unique in a questionnaire, so the answers of its sections are laid over one another:
``answers | answers_of(form)``.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import replace
from datetime import date, time
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cdop.core.fields import (
    GAPS,
    LONG_TEXT_LIMIT,
    NOT_APPLICABLE,
    NOT_KNOWN,
    YES_NO_UNKNOWN,
    DatePartsField,
    EmailField,
    NHSNumberField,
    NumberField,
    PeopleField,
    PhoneField,
    PostcodeField,
    ProfessionalsField,
    QuestionForm,
    SeveralField,
    TextField,
    TimeField,
    WeeksField,
)
from cdop.core.jinja import day, nhs_number
from cdop.core.typed import NAME_LIMIT, DateParts, Person, Professional
from cdop.editions.conditions import Chosen
from cdop.editions.schema import Edition, Question, Section, Vocabulary

Answers = Mapping[str, Any]

COMPLETED, INCOMPLETE, NOT_STARTED = "completed", "incomplete", "not_started"
FIELDS_KEPT = 4096
"""Fields in memory: every question of every edition, with and without its condition."""
MOST_RADIOS = 10
"""Longer lists are a select: on a telephone it opens as a list of its own."""

REVEALED_KINDS = {"text", "long_text", "name", "date", "time", "number", "phone", "email"}
"""Kinds of one box that may stand inside the answer that calls for them."""

GAP = "-gap"
"""At the end of the name of the boxes that say why nothing stands in the question's own."""

LINES: dict[str, type[Person] | type[Professional]] = {
    "people": Person,
    "professionals": Professional,
}
"""Kinds that are answered by several people, and what is asked of each."""


class SectionForm(QuestionForm):
    """The questions of one section. ``answers`` of other sections decide what its conditions ask.

    Each field carries its ``question``. A question whose condition does not hold is on the page
    all the same and never required, unless it stands inside the answer that calls for it.
    """

    marks_optional = False  # nearly everything may be left out, which the section says once

    def __init__(
        self,
        section: Section,
        edition: Edition,
        data: Any = None,
        *,
        answers: Answers | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.section = section
        self.fields = _fields(section, edition)
        self.others = {
            code: answer for code, answer in (answers or {}).items() if code not in self.fields
        }
        self.reveals = _reveals(section, self.fields)  # type: ignore[misc]  # made, not declared
        self.is_page_heading = len(self.fields) == 1

    def clean(self) -> dict[str, Any]:
        known = {**self.others, **self.cleaned_data}
        for question in self.section.questions:
            if self._is_folded_away(question, known):
                self._forget(question.code)
            elif question.when and question.required and is_asked(question, known):
                self._require(question)
            if f"{question.code}{GAP}" in self.fields:
                self._take_gap(question.code)
        self._require_either()
        return self.cleaned_data

    def _take_gap(self, code: str) -> None:
        """Where "not known" or "not applicable" is chosen, that is the answer."""
        chosen = self.cleaned_data.get(f"{code}{GAP}")
        if not chosen or code in self.errors:
            return
        if self._is_blank(code):
            self.cleaned_data[code] = chosen[0]
        else:
            both = f"Either answer, or choose “{dict(GAPS)[chosen[0]]}”, not both"
            self.add_error(code, ValidationError(both))

    def _is_folded_away(self, question: Question, known: Answers) -> bool:
        return question.code in _revealed(self) and not is_asked(question, known)

    def _forget(self, code: str) -> None:
        """What stands in a box that the page does not show is no answer and no mistake."""
        for name in {code, f"{code}{GAP}"}.intersection(self.fields):
            self.errors.pop(name, None)
            self.cleaned_data[name] = None

    def _require(self, question: Question) -> None:
        if self._is_blank(question.code):
            self.add_error(question.code, ValidationError(_blank(question), code="required"))

    def _require_either(self) -> None:
        """Of some questions one has to be answered, and it does not matter which."""
        codes = [code for code in self.section.either if code in self.fields]
        if codes and all(self._is_blank(code) for code in codes):
            labels = [_lower(str(self.fields[code].label)) for code in codes]
            sentence = f"Enter {' or '.join(labels)}"
            self.add_error(codes[0], ValidationError(sentence, code="required"))

    def _is_blank(self, code: str) -> bool:
        return code not in self.errors and self.cleaned_data.get(code) in (None, "", [])


def _fields(section: Section, edition: Edition) -> dict[str, forms.Field]:
    """A copy of each field, for what a form finds out; what draws the field is shared.

    Each notifier waits for this, and nothing changes a widget.
    """
    fields: dict[str, forms.Field] = {}
    for question in section.questions:
        fields[question.code] = copy(_field(question, _vocabulary(question, edition)))
        if question.gaps and question.kind not in CHOOSERS:
            fields[f"{question.code}{GAP}"] = copy(_gap(question))
    return fields


def left_to_ask(section: Section, answers: Answers) -> Section:
    """The section without what the answers of other sections make idle to ask.

    What still depends on an answer of the section itself keeps that part of its condition.
    """
    if not any(question.when for question in section.questions):
        return section
    own = [question.code for question in section.questions]
    known = {code: answer for code, answer in answers.items() if _decides(answer)}
    asked = []
    for question in section.questions:
        left = question.when.given(known, own) if question.when else True
        if left is not False:
            when = None if left is True else left
            asked.append(question if when == question.when else replace(question, when=when))
    return replace(section, questions=tuple(asked))


def boxes_of(section: Section, answers: Answers) -> dict[str, list[str]]:
    """Kept answers as the boxes of the page hold them: name of a box → what stands in it."""
    boxes: dict[str, list[str]] = {}
    for question in section.questions:
        if is_answered(question, answers):
            boxes |= _boxes(question, answers[question.code])
    return boxes


def _boxes(question: Question, answer: Any) -> dict[str, list[str]]:
    code = question.code
    if question.kind == "date":
        parts = DateParts.of(date.fromisoformat(answer))._asdict()
        return {f"{code}-{part}": [text] for part, text in parts.items()}
    if line := LINES.get(question.kind):
        return {
            f"{code}-{row}-{part}": [text]
            for row, person in enumerate(answer)
            for part, text in line.of(person)._asdict().items()
        }
    return {code: list(answer) if isinstance(answer, list) else [str(answer)]}


def answers_of(form: SectionForm) -> dict[str, Any]:
    """The answers of a valid form, as they are kept; each of its questions has an entry."""
    cleaned = form.cleaned_data
    return {question.code: _kept(cleaned[question.code]) for question in form.section.questions}


def initial_of(section: Section, answers: Answers) -> dict[str, Any]:
    """Kept answers as the form takes them back."""
    return {
        question.code: READ_BACK.get(question.kind, _same)(answers[question.code])
        for question in section.questions
        if is_answered(question, answers)
    }


def section_state(section: Section, answers: Answers) -> str:
    """Whether the section is completed, incomplete or not started, by the answers of all sections.

    It is completed when something is answered and nothing is missing that its conditions require.
    """
    asked = [question for question in section.questions if is_asked(question, answers)]
    answered = [question for question in asked if is_answered(question, answers)]
    if not answered:
        return NOT_STARTED
    missing = [question for question in asked if question.required and question not in answered]
    neither = section.either and not any(each.code in section.either for each in answered)
    return INCOMPLETE if missing or neither else COMPLETED


def answer_in_words(question: Question, edition: Edition, answers: Answers) -> str:
    """An answer as a person reads it, "" where there is none; several lines for several people."""
    if not is_answered(question, answers):
        return ""
    answer = answers[question.code]
    if question.gaps and isinstance(answer, str) and answer in dict(GAPS):
        return dict(GAPS)[answer]
    if question.kind == "date":
        return day(date.fromisoformat(answer))
    if question.kind == "nhs_number":
        return nhs_number(answer)
    if line := LINES.get(question.kind):
        return "\n".join(line.of(person).words for person in answer)
    labels = dict(_choices(question, _vocabulary(question, edition)))
    chosen = answer if isinstance(answer, list) else [answer]
    return ", ".join(str(labels.get(each, each)) for each in chosen)


def _vocabulary(question: Question, edition: Edition) -> Vocabulary | None:
    return edition.vocabularies[question.vocabulary] if question.vocabulary else None


@lru_cache(maxsize=FIELDS_KEPT)
def _field(question: Question, vocabulary: Vocabulary | None) -> forms.Field:
    """The field of a question, made once and never changed: each form has a copy."""
    make = CHOOSERS.get(question.kind)
    field = make(question, vocabulary) if make else TYPED[question.kind](question)
    field.question = question  # type: ignore[attr-defined]
    field.label, field.help_text = question.label, question.hint
    field.required = question.required and question.when is None
    return field


def _choice(question: Question, vocabulary: Vocabulary | None) -> forms.Field:
    choices = _choices(question, vocabulary)
    if len(choices) <= MOST_RADIOS:
        widget: type[forms.Widget] = forms.RadioSelect
    else:
        widget, choices = forms.Select, [("", "Choose one"), *choices]
    # A function, because every form that is made copies a list word by word.
    return forms.ChoiceField(choices=lambda: choices, widget=widget, **_messages(question))


def _several(question: Question, vocabulary: Vocabulary | None) -> forms.Field:
    alone = [term.code for term in vocabulary.choices if term.alone] if vocabulary else []
    choices = _choices(question, vocabulary)
    alone += [NOT_KNOWN, NOT_APPLICABLE]
    return SeveralField(choices=lambda: choices, alone=alone, **_messages(question))


@lru_cache(maxsize=FIELDS_KEPT)
def _gap(question: Question) -> forms.Field:
    """Beside a box: that the answer is not known, or that the question does not fit."""
    label = f"{question.label.rstrip('?')}: if there is nothing to enter"
    field = SeveralField(
        choices=GAPS, alone=dict(GAPS), label=label, required=False, **_messages(question)
    )
    field.aside = True  # type: ignore[attr-defined]
    return field


def _choices(question: Question, vocabulary: Vocabulary | None) -> list[tuple[str, str]]:
    offered = _offered(question, vocabulary)
    return [*offered, (NOT_APPLICABLE, dict(GAPS)[NOT_APPLICABLE])] if question.gaps else offered


def _offered(question: Question, vocabulary: Vocabulary | None) -> list[tuple[str, str]]:
    if question.kind == "yes_no":
        return list(YES_NO_UNKNOWN)
    if vocabulary is None:
        return []
    terms = [(term.code, term.label) for term in vocabulary.choices]
    offered = question.required or NOT_KNOWN in dict(terms)
    return terms if offered else [*terms, (NOT_KNOWN, "Not known")]


CHOOSERS: dict[str, Callable[[Question, Vocabulary | None], forms.Field]] = {
    "choice": _choice,
    "choices": _several,
    "yes_no": _choice,
}
TYPED: dict[str, Callable[[Question], forms.Field]] = {
    "text": lambda question: TextField(blank=_blank(question)),
    "long_text": lambda question: TextField(
        limit=LONG_TEXT_LIMIT, lines=True, blank=_blank(question)
    ),
    "name": lambda question: TextField(limit=NAME_LIMIT, noun="The name", blank=_blank(question)),
    "date": lambda question: DatePartsField(noun=question.label, blank=_blank(question)),
    "time": lambda question: TimeField(blank=_blank(question)),
    "number": lambda question: NumberField(blank=_blank(question)),
    "weeks": lambda question: WeeksField(blank=_blank(question)),
    "nhs_number": lambda question: NHSNumberField(blank=_blank(question)),
    "postcode": lambda question: PostcodeField(blank=_blank(question)),
    "email": lambda question: EmailField(blank=_blank(question)),
    "phone": lambda question: PhoneField(blank=_blank(question)),
    "people": lambda question: PeopleField(blank=_blank(question)),
    "professionals": lambda question: ProfessionalsField(blank=_blank(question)),
}
READ_BACK: dict[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def _same(answer: Any) -> Any:
    return answer


def _kept(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:%H:%M}" if isinstance(value, time) else value


def _messages(question: Question) -> dict[str, Any]:
    wrong = "Choose one of the answers on the page"
    messages = {"required": _blank(question), "invalid_choice": wrong, "invalid_list": wrong}
    return {"error_messages": messages}


def _blank(question: Question) -> str:
    """The sentence for a required question left empty: its label decides how it reads."""
    if question.label.endswith("?"):
        return f"Answer the question: {question.label}"
    verb = "Choose" if question.kind in CHOOSERS else "Enter"
    label = _lower(question.label)
    return f"{verb} {label}" if label.startswith("your ") else f"{verb} the {label}"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def is_answered(question: Question, answers: Answers) -> bool:
    return answers.get(question.code) not in (None, "", [])


def is_asked(question: Question, answers: Answers) -> bool:
    """Whether the condition of a question holds; only chosen codes decide, never typed text."""
    return question.when is None or question.when.holds(
        {code: answers[code] for code in question.when.fields() if _decides(answers.get(code))}
    )


def _decides(answer: Any) -> bool:
    """Whether an answer is one code, or several."""
    codes = answer if isinstance(answer, list) else [answer]
    return all(isinstance(code, str) for code in codes)


def _reveals(
    section: Section, fields: Mapping[str, forms.Field]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Radio or list → answer → questions that stand inside it, being asked only after it."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for question in section.questions:
        if when := _called_for_by(question, fields):
            inside = found.setdefault(when.field, {})
            names = [name for name in (question.code, f"{question.code}{GAP}") if name in fields]
            for answer in when.codes:
                inside[answer] = (*inside.get(answer, ()), *names)
    return found


def _called_for_by(question: Question, fields: Mapping[str, forms.Field]) -> Chosen | None:
    """What in the same section alone calls for a question: one radio, or one of several options.

    Radios take questions of one box only: an answer inside an answer would be hard to follow.
    """
    when = question.when
    if not isinstance(when, Chosen) or when.field not in fields:
        return None
    asker = fields[when.field].widget
    if isinstance(asker, forms.RadioSelect):
        return when if question.kind in REVEALED_KINDS and len(when.codes) == 1 else None
    return when if isinstance(asker, forms.Select) else None


def _revealed(form: QuestionForm) -> Iterable[str]:
    return {name for inside in form.reveals.values() for names in inside.values() for name in names}
