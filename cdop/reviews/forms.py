"""The analysis form of an edition: for a member alone, and for the chair with the panel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from cdop.core.fields import QuestionForm
from cdop.editions import Edition
from cdop.reviews import form_fields, rules, vocabulary
from cdop.reviews.content import Content, FactorLine, Graded, Outcome, Recommendation

LINES = 6
MORE_LINES = 3
MOST_LINES = 60
RECOMMENDATIONS = 3
MOST_RECOMMENDATIONS = 20

Typed = dict[str, list[str]]


class AnalysisForm(QuestionForm):
    """The questions of an edition's analysis form. Unfinished, it is kept as typed.

    lines           how many factors have a line
    must_be_whole   whether the question on modifiable factors has to be answered (a member sends
                    once; what the chair records is looked at again before it is signed off)
    typed           what an unbound form shows
    terms           what the panel says of factors, where it was read already
    """

    marks_optional = False

    def __init__(
        self,
        *args: Any,
        edition: Edition,
        lines: int = LINES,
        must_be_whole: bool,
        typed: Typed | None = None,
        terms: vocabulary.Rows | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.edition, self.lines, self.must_be_whole = edition, lines, must_be_whole
        self.recommendations = self._recommendation_lines(typed or {})
        self.fields |= form_fields.questions(edition)
        for domain in edition.domains:
            self.fields |= form_fields.domain_fields(domain.code, domain.label, edition)
        choices = self._factor_choices(typed or {}, terms)
        for line in range(lines):
            self.fields |= form_fields.factor_fields(line, choices, edition)
        for line in range(self.recommendations):
            self.fields |= form_fields.recommendation_fields(line, edition)
        self.fields |= self.more_fields()
        if typed is not None:
            self.initial = initial(self, typed)

    def more_fields(self) -> dict[str, forms.Field]:
        """What a form on top of this one asks as well."""
        return {}

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
        return Content(
            **{name: said.get(name, "") for name in TEXTS},
            categories=tuple(said.get("categories", ())),
            grades={
                domain.code: Graded(
                    said.get(f"grade-{domain.code}", ""), said.get(f"narrative-{domain.code}", "")
                )
                for domain in self.edition.domains
            },
            factors=tuple(filter(None, map(self._factor, range(self.lines)))),
            recommendations=tuple(
                filter(None, map(self._recommended, range(self.recommendations)))
            ),
        )

    def _factor(self, line: int) -> FactorLine | None:
        parts = {part: self.cleaned_data.get(f"factor-{line}-{part}", "") for part in PARTS}
        # A radio button cannot be taken back, so the answer yes or no alone makes no factor.
        if not (parts["what"] or parts["words"] or parts["grade"]):
            return None
        domain, _, code = parts["what"].partition("/")
        told = {"yes": True, "no": False}.get(parts["modifiable"])
        return FactorLine(line, domain, code, parts["words"], parts["grade"], told)

    def _recommended(self, line: int) -> Recommendation | None:
        said = {part: self.cleaned_data.get(f"recommended-{line}-{part}", "") for part in ADVICE}
        # Nor does the level alone make a recommendation.
        if not (said["to_whom"] or said["words"]):
            return None
        return Recommendation(line, said["level"], said["to_whom"], said["words"])

    def _factor_choices(self, typed: Typed, terms: vocabulary.Rows | None) -> list[tuple[str, Any]]:
        """The factors on offer, and those that stand on the page though offered no more."""
        names = [f"factor-{line}-what" for line in range(self.lines)]
        shown = [self.data.get(self.add_prefix(name), "") for name in names]
        shown += [value for name in names for value in typed.get(name, [])]
        keep = [(domain, code) for domain, _, code in (value.partition("/") for value in shown)]
        offered = vocabulary.offered(self.edition, keep, terms)
        return form_fields.factor_choices(self.edition, offered)

    def _recommendation_lines(self, typed: Typed) -> int:
        """At least three, one more than is used, and as many as were on the page."""
        lines = range(MOST_RECOMMENDATIONS)
        posted = [n + 1 for n in lines if self.add_prefix(f"recommended-{n}-words") in self.data]
        used = [n + 2 for n in lines if any(f"recommended-{n}-{part}" in typed for part in ADVICE)]
        return min(MOST_RECOMMENDATIONS, max([RECOMMENDATIONS, *posted, *used]))


class FindingForm(AnalysisForm):
    """The panel's finding: the analysis, and how the panel came to it.

    people      names that may not stand in what was said against it
    must_say_why  whether it is another version of a finding that was signed off
    """

    def __init__(
        self, *args: Any, people: Iterable[str] = (), must_say_why: bool = False, **kwargs: Any
    ) -> None:
        self.people, self.must_say_why = list(people), must_say_why
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        why = {"why": form_fields.why_field()} if self.must_say_why else {}
        return form_fields.outcome_fields() | why

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        self.outcome = Outcome(**{name: said.get(name, "") for name in OUTCOME})
        self.why = said.get("why", "")
        for problem in rules.outcome_problems(self.outcome, self.people):
            self.add_error(problem.field, problem.sentence)
        if self.must_say_why and not self.why and "why" not in self.errors:
            self.add_error("why", "Say why the finding is changed")
        return said


TEXTS = (
    "cause",
    "summary",
    "expectedness",
    "override",
    "override_reason",
    "modifiable",
    "issues",
    "learning",
    "good_practice",
    "family_follow_up",
)
OUTCOME = ("reached", "dissent", "would_change")
PARTS = ("what", "words", "grade", "modifiable")
ADVICE = ("level", "to_whom", "words")


def typed_in(data: QueryDict, form: AnalysisForm) -> Typed:
    """What was typed, box by box, as it came; empty boxes are left out."""
    posted = {name: data.getlist(form.add_prefix(name)) for name in form.fields}
    return {name: values for name, values in posted.items() if any(values)}


def typed_of(content: Content, outcome: Outcome | None = None) -> Typed:
    """The boxes as they would have been filled for this content."""
    one = {name: getattr(content, name) for name in TEXTS}
    for domain, graded in content.grades.items():
        one |= {f"grade-{domain}": graded.grade, f"narrative-{domain}": graded.narrative}
    for line in content.factors:
        told = {True: "yes", False: "no", None: ""}[line.modifiable]
        values = (f"{line.domain}/{line.code}", line.words, line.grade, told)
        one |= {
            f"factor-{line.line}-{part}": value for part, value in zip(PARTS, values, strict=True)
        }
    for said in content.recommendations:
        one |= {f"recommended-{said.line}-{part}": getattr(said, part) for part in ADVICE}
    if outcome is not None:
        one |= {name: getattr(outcome, name) for name in OUTCOME}
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
    """The label of a box, which on a line does not say by itself which line that is."""
    kind, _, rest = name.partition("-")
    if kind not in ("factor", "recommended"):
        return str(field.label)
    called = "Factor" if kind == "factor" else "Recommendation"
    return f"{called} {int(rest.partition('-')[0]) + 1}: {field.label}"


def _said(field: forms.Field, values: list[str]) -> str:
    labels = dict(_flat(getattr(field, "choices", ())))
    return "; ".join(str(labels.get(value, value)) for value in values)


def _flat(choices: Any) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for value, label in choices:
        flat += label if isinstance(label, list | tuple) else [(value, label)]
    return flat
