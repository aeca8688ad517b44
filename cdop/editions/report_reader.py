"""Read what agencies are asked: ``reports.yaml`` and the files in ``questionnaires/reports/``.

These questionnaires are long, so they say once for a section what the others say for each question:
why it is asked, and where it stood on paper. Every question can be answered with "not known" and
"not applicable"; none is required, because an agency answers what it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from cdop.editions.nodes import Fields, Value
from cdop.editions.question_reader import Askable, condition, possible, vocabulary_of
from cdop.editions.schema import (
    KINDS,
    Definition,
    Question,
    Questionnaire,
    ReportForm,
    Reports,
    Section,
    Vocabulary,
)

FOLDER = "questionnaires/reports"
QUESTION = ("code label kind", "hint vocabulary when why")
SECTION = ("code title intro why form questions", "identifying")


class ReportReader:
    """The forms of one edition while they are read: what each may ask about the ones before it."""

    def __init__(
        self,
        file: Callable[[str], Value],
        vocabularies: Mapping[str, Vocabulary],
        known: Askable,
    ) -> None:
        self.file, self.vocabularies = file, vocabularies
        self.known = known
        self.askable: dict[str, Collection[str]] = dict(known)

    def reports(self, top: Fields) -> Reports:
        power = top["power"].item("text")
        return Reports(
            power=Definition(power.text("text"), **power.origin),
            secure_mail=top.texts("secure_mail"),
            forms=top["forms"].items(self.form),
            **top.origin,
        )

    def form(self, value: Value) -> ReportForm:
        """One form; when it is asked depends on the death and the agency alone."""
        row = value.item("code supplement", "when")
        code = row["code"].code()
        return ReportForm(
            code=code,
            questionnaire=self.questionnaire(code),
            supplement=row["supplement"].flag(),
            when=condition(row["when"], self.known) if "when" in row.values else None,
            **row.origin,
        )

    def questionnaire(self, code: str) -> Questionnaire:
        top = self.file(f"{FOLDER}/{code}.yaml").item("code title sections")
        if top["code"].code() != code:
            top["code"].refuse(f'code "{top.text("code")}" is not the name of its file')
        sections = top["sections"].items(self.section)
        return Questionnaire(code, top.text("title"), sections, **top.origin)

    def section(self, value: Value) -> Section:
        row = value.item(*SECTION)
        return Section(
            code=row["code"].code(),
            title=row.text("title"),
            intro=row.text("intro"),
            questions=row["questions"].items(lambda each: self.question(each, row)),
            either=(),
            identifying="identifying" in row.values and row["identifying"].flag(),
            **row.origin,
        )

    def question(self, value: Value, section: Fields) -> Question:
        """One question; it may depend on what is known and on the questions before it."""
        row = value.item(*QUESTION)
        code = row["code"].code()
        if code in self.askable:
            value.refuse(f'the code "{code}" is used twice')
        question = Question(
            code=code,
            label=row.text("label"),
            kind=row["kind"].one_of(KINDS),
            required=False,
            why=row.text("why", section.text("why")),
            form=section.text("form"),
            hint=row.text("hint"),
            vocabulary=vocabulary_of(row, self.vocabularies),
            when=condition(row["when"], self.askable) if "when" in row.values else None,
            gaps=True,
            **row.origin,
        )
        self.askable[code] = possible(question, self.vocabularies)
        return question
