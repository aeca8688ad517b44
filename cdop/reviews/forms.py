"""The analysis form of an edition: for a member alone, and for the chair with the panel."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from cdop.core.fields import LONG_TEXT_LIMIT, QuestionForm, TextField
from cdop.editions import Edition
from cdop.reviews import rules
from cdop.reviews.content import Content, FactorLine, Graded

LINES = 6
MORE_LINES = 3
MOST_LINES = 60
YES_NO = (("yes", "Yes"), ("no", "No"))
BY_RULE = ("", "The highest-ranking category that fits (the rule)")

Typed = dict[str, list[str]]


class AnalysisForm(QuestionForm):
    """The questions of an edition's analysis form. Unfinished, it is kept as typed.

    lines           how many factors have a line
    must_be_whole   whether the question on modifiable factors has to be answered (a member sends
                    once; what the chair records is looked at again before it is signed off)
    """

    marks_optional = False

    def __init__(
        self, *args: Any, edition: Edition, lines: int = LINES, must_be_whole: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.edition, self.lines, self.must_be_whole = edition, lines, must_be_whole
        self.fields |= _questions(edition)
        for domain in edition.domains:
            self.fields |= _domain(domain.code, domain.label, edition)
        for line in range(lines):
            self.fields |= _factor(line, edition)

    def clean(self) -> dict[str, Any]:
        """Puts the sentence of every rule that the analysis breaks beside its field."""
        self.content = self._content()
        if self.must_be_whole and not self.content.modifiable and "modifiable" not in self.errors:
            self.add_error("modifiable", "Answer the question on modifiable factors")
        for problem in rules.problems(self.content, self.edition):
            if problem.field not in self.errors:
                self.add_error(problem.field, problem.sentence)
        return self.cleaned_data

    def _content(self) -> Content:
        said = self.cleaned_data
        names = ("cause", "summary", "expectedness", "override", "override_reason", "modifiable")
        return Content(
            **{name: said.get(name, "") for name in (*names, "issues", "learning")},
            categories=tuple(said.get("categories", ())),
            grades={
                domain.code: Graded(
                    said.get(f"grade-{domain.code}", ""), said.get(f"narrative-{domain.code}", "")
                )
                for domain in self.edition.domains
            },
            factors=tuple(filter(None, map(self._factor, range(self.lines)))),
        )

    def _factor(self, line: int) -> FactorLine | None:
        parts = {part: self.cleaned_data.get(f"factor-{line}-{part}", "") for part in PARTS}
        # A radio button cannot be taken back, so the answer yes or no alone makes no factor.
        if not (parts["what"] or parts["words"] or parts["grade"]):
            return None
        domain, _, code = parts["what"].partition("/")
        told = {"yes": True, "no": False}.get(parts["modifiable"])
        return FactorLine(line, domain, code, parts["words"], parts["grade"], told)


PARTS = ("what", "words", "grade", "modifiable")


def typed_in(data: QueryDict, form: AnalysisForm) -> Typed:
    """What was typed, box by box, as it came; empty boxes are left out."""
    return {name: data.getlist(name) for name in form.fields if any(data.getlist(name))}


def typed_of(content: Content) -> Typed:
    """The boxes as they would have been filled for this content."""
    one = {
        "cause": content.cause,
        "summary": content.summary,
        "expectedness": content.expectedness,
        "override": content.override,
        "override_reason": content.override_reason,
        "modifiable": content.modifiable,
        "issues": content.issues,
        "learning": content.learning,
    }
    for domain, graded in content.grades.items():
        one |= {f"grade-{domain}": graded.grade, f"narrative-{domain}": graded.narrative}
    for line in content.factors:
        told = {True: "yes", False: "no", None: ""}[line.modifiable]
        values = (f"{line.domain}/{line.code}", line.words, line.grade, told)
        one |= {
            f"factor-{line.line}-{part}": value for part, value in zip(PARTS, values, strict=True)
        }
    chosen = {"categories": list(content.categories)} if content.categories else {}
    return {name: [value] for name, value in one.items() if value} | chosen


def lines_of(typed: Typed) -> int:
    """How many lines for factors the page needs for what was typed: six, or more."""
    used = [int(name.split("-")[1]) + 1 for name in typed if name.startswith("factor-")]
    return max([LINES, *used])


def initial(form: AnalysisForm, typed: Typed) -> dict[str, Any]:
    """What an unbound form shows for what was typed."""
    data = MultiValueDict(typed)
    return {
        name: field.widget.value_from_datadict(data, MultiValueDict(), name)
        for name, field in form.fields.items()
    }


def said(form: AnalysisForm, typed: Typed) -> dict[str, str]:
    """What was typed in words, by the name of the box: labels for codes."""
    return {name: _said(form.fields[name], values) for name, values in typed.items()}


def compared(form: AnalysisForm, yours: Typed, now: Typed) -> list[dict[str, str]]:
    """The boxes in which two versions differ, each with its label and both versions in words."""
    mine, theirs = said(form, yours), said(form, now)
    return [
        {"term": _term(name, field), "yours": mine.get(name, ""), "now": theirs.get(name, "")}
        for name, field in form.fields.items()
        if mine.get(name, "") != theirs.get(name, "")
    ]


def _term(name: str, field: forms.Field) -> str:
    """The label of a box, which for a factor does not say by itself on which line it stands."""
    if not name.startswith("factor-"):
        return str(field.label)
    return f"Factor {int(name.split('-')[1]) + 1}: {field.label}"


def _said(field: forms.Field, values: list[str]) -> str:
    labels = dict(_flat(getattr(field, "choices", ())))
    return "; ".join(str(labels.get(value, value)) for value in values)


def _flat(choices: Any) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for value, label in choices:
        flat += label if isinstance(label, list | tuple) else [(value, label)]
    return flat


def _questions(edition: Edition) -> dict[str, forms.Field]:
    return {
        "cause": _long("Cause of death as it is understood now", "The cause"),
        "summary": _long(
            "Summary of the case", "The summary", "A few paragraphs at most, without names"
        ),
        "expectedness": _one_of(
            "Was the death expected?",
            [(term.code, term.label) for term in edition.vocabularies["expectedness"].choices],
            help_text=edition.definitions["unexpected"].text,
        ),
        "categories": forms.MultipleChoiceField(
            label="Which categories of death fit?",
            help_text=edition.definitions["category_rule"].text,
            choices=[(each.code, f"{each.rank}. {each.label}") for each in edition.categories],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        ),
        "override": forms.ChoiceField(
            label="Which of them stands?",
            choices=[BY_RULE, *((each.code, each.label) for each in edition.categories)],
            required=False,
        ),
        "override_reason": _long(
            "Why another category than the rule gives", "The reason", "Only if you chose another"
        ),
        "modifiable": _one_of(
            edition.definitions["modifiable_question"].text,
            [(answer.code, answer.label) for answer in edition.answers],
            help_text=edition.definitions["modifiable"].text,
        ),
        "issues": _long("Issues that were identified", "The issues"),
        "learning": _long("What can be learned", "The learning"),
    }


def _domain(code: str, label: str, edition: Edition) -> dict[str, forms.Field]:
    return {
        f"grade-{code}": _one_of(f"{label}: how much does it explain?", _grades(edition)),
        f"narrative-{code}": _long(f"{label}: in words", "The text"),
    }


def _factor(line: int, edition: Edition) -> dict[str, forms.Field]:
    return {
        f"factor-{line}-what": forms.ChoiceField(
            label="Which factor",
            choices=_factor_choices(edition),
            widget=forms.Select(attrs={"class": "nhsuk-select"}),
            required=False,
        ),
        f"factor-{line}-words": TextField(
            label="In your own words", noun="The words", limit=300, required=False
        ),
        f"factor-{line}-grade": forms.ChoiceField(
            label="How much it contributed",
            choices=[("", "Select a grade"), *_grades(edition)],
            required=False,
        ),
        f"factor-{line}-modifiable": _one_of("Is it modifiable?", YES_NO),
    }


def _factor_choices(edition: Edition) -> list[tuple[str, Any]]:
    """The edition's factors by domain; the last of each domain stands for one's own words."""
    listed: list[tuple[str, Any]] = [("", "Select a factor")]
    for domain in edition.domains:
        known = [(f"{domain.code}/{factor.code}", factor.label) for factor in domain.factors]
        listed.append((domain.label, [*known, (f"{domain.code}/", "None of these: own words")]))
    return listed


def _grades(edition: Edition) -> list[tuple[str, str]]:
    return [(grade.code, f"{grade.code}: {grade.label}") for grade in edition.grades]


def _one_of(label: str, choices: Any, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        required=False,
        help_text=help_text,
    )


def _long(label: str, noun: str, help_text: str = "") -> TextField:
    return TextField(
        label=label,
        noun=noun,
        help_text=help_text,
        limit=LONG_TEXT_LIMIT,
        lines=True,
        required=False,
    )
