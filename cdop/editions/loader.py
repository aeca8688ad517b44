"""Read one edition of the guidance from its folder of plain YAML files.

A file may state ``source`` and ``certainty`` at its top; they hold for everything below that does
not state its own. The same goes for a vocabulary and its terms, a section and its questions.
Files are read in an order that lets every reference be checked where it stands: sources first,
then vocabularies, then what refers to them. The first fault raises ``BadEdition``.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cdop.editions import item_reader
from cdop.editions.nodes import CodedItem, Fields, File, Value, read
from cdop.editions.question_reader import Askable, condition, possible, vocabulary_of
from cdop.editions.report_reader import ReportReader
from cdop.editions.schema import (
    CHILDHOOD_YEARS,
    DEFINITIONS,
    FACTS,
    KINDS,
    OF_REPORTS,
    QUESTIONNAIRES,
    WORDS,
    AgeBand,
    Alert,
    Category,
    Definition,
    Domain,
    Edition,
    FactorKind,
    Phase,
    Question,
    Questionnaire,
    Reports,
    Section,
    Task,
    Term,
    Vocabulary,
)

TERM = ("code label", "parent opens alone office")
REPORTS = ("power secure_mail forms", "vocabularies")
EDITION_KEYS = "code title from words definitions scope core_membership sources"


def load(folder: Path, to_date: date | None = None) -> Edition:
    """The edition in ``folder``; ``to_date`` is its last day, None while it is in force.

    Raises BadEdition for the first fault found.
    """
    return _Folder(folder).edition(to_date)


def first_day(folder: Path) -> Value:
    """The ``from`` of an edition, with its place, without reading the rest of the folder."""
    return _read(folder, "edition.yaml").fields(EDITION_KEYS, "source certainty")["from"]


def day(value: Value) -> date:
    """A date written as 2019-04-01."""
    try:
        return date.fromisoformat(value.text())
    except ValueError:
        value.refuse(f'{value.name} "{value.text()}" must be a date such as 2019-04-01')


def _read(folder: Path, name: str, sources: Collection[str] = ()) -> Value:
    return read(folder / name, File(f"cdop/editions/{folder.name}/{name}", sources))


class _Folder:
    """One folder while it is being read: what is known so far, and a reader for each file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources = _sources(_read(folder, "edition.yaml"))
        self.top = self.file("edition.yaml").item(EDITION_KEYS)
        self.vocabularies: dict[str, Vocabulary] = {}
        self.listed("vocabularies", self.vocabulary)

    def file(self, name: str) -> Value:
        return _read(self.folder, name, self.sources)

    def listed(self, name: str, reader: Callable[[Value], CodedItem]) -> tuple[CodedItem, ...]:
        """The one list of the file of the same name."""
        return self.file(f"{name}.yaml").item(name)[name].items(reader)

    def vocabulary(self, value: Value) -> Vocabulary:
        """One vocabulary; it may point at those before it."""
        row = value.item("code title terms")
        headings = [
            entry.item(*TERM).text("code")
            for entry in row["terms"].entries()
            if "parent" not in entry.item(*TERM).values
        ]
        terms = row["terms"].items(lambda term: self.term(term.item(*TERM), headings))
        vocabulary = Vocabulary(row["code"].code(), row.text("title"), terms, **row.origin)
        return self.vocabularies.setdefault(vocabulary.code, vocabulary)

    def term(self, row: Fields, headings: Collection[str]) -> Term:
        """A term stands under a heading of its vocabulary, or under none."""
        parent = opens = None
        if "parent" in row.values:
            parent = row["parent"].one_of(headings, "a heading of this vocabulary")
        if "opens" in row.values:
            forms = self.choices("supplementary_forms", row["opens"])
            opens = row["opens"].one_of(forms, 'a code of the vocabulary "supplementary_forms"')
        return item_reader.term(row, parent, opens)

    def edition(self, to_date: date | None) -> Edition:
        top = self.top
        if top["code"].code() != self.folder.name:
            top["code"].refuse(f'code "{top.text("code")}" is not the name of its folder')
        age_groups, age_bands = self.ages()
        phases, checklist = self.checklist(age_bands)
        response = self.response([task.code for task in checklist])
        return Edition(
            code=top.text("code"),
            title=top.text("title"),
            from_date=day(top["from"]),
            to_date=to_date,
            words=_words(top["words"]),
            definitions=_definitions(top["definitions"]),
            sources=MappingProxyType(self.sources),
            categories=self.categories(),
            domains=self.domains(),
            grades=self.listed("grades", item_reader.grade),
            answers=self.listed("answers", item_reader.answer),
            phases=phases,
            checklist=checklist,
            **response,
            standards=self.listed("standards", item_reader.standard),
            alerts=self.alerts(age_bands),
            age_groups=age_groups,
            age_bands=age_bands,
            scope=top["scope"].items(item_reader.scope_rule),
            core_membership=top["core_membership"].items(item_reader.core_member),
            vocabularies=MappingProxyType(self.vocabularies),
            questionnaires=MappingProxyType(self.questionnaires()),
            reports=self.reports(age_bands),
            source=top.origin["source"],
            certainty=top.origin["certainty"],
        )

    def categories(self) -> tuple[Category, ...]:
        """The categories, highest rank first, ranks 1, 2, 3 … without a gap."""
        ranks: list[int] = []

        def reader(value: Value) -> Category:
            category = item_reader.category(value)
            ranks.append(category.rank)
            if category.rank != len(ranks):
                value.refuse(f"rank is {category.rank}, but {len(ranks)} is next in the list")
            return category

        return self.listed("categories", reader)

    def domains(self) -> tuple[Domain, ...]:
        """The domains, each with its factors; a factor's code is unique across all of them."""
        rows = self.file("domains.yaml").item("domains")["domains"]
        known = [entry.item("code label description") for entry in rows.entries()]
        factors = self.factors({row.text("code") for row in known})
        return rows.items(lambda value: item_reader.domain(value, factors))

    def factors(self, domains: Collection[str]) -> dict[str, tuple[FactorKind, ...]]:
        found: dict[str, list[FactorKind]] = {domain: [] for domain in domains}

        def reader(value: Value) -> FactorKind:
            row = value.item("domain code label")
            factor = FactorKind(row["code"].code(), row.text("label"), **row.origin)
            found[row["domain"].one_of(domains, "a code in domains.yaml")].append(factor)
            return factor

        self.listed("factors", reader)
        return {domain: tuple(factors) for domain, factors in found.items()}

    def ages(self) -> tuple[tuple[Term, ...], tuple[AgeBand, ...]]:
        """Age groups, and the bands within them, which cover childhood once and end to end."""
        top = self.file("age_bands.yaml").item("age_groups age_bands")
        groups = top["age_groups"].items(lambda value: item_reader.term(value.item("code label")))
        codes = [group.code for group in groups]
        bands = top["age_bands"].items(lambda value: item_reader.age_band(value, codes))
        item_reader.refuse_gaps(top["age_bands"], bands)
        return groups, bands

    def checklist(
        self, age_bands: tuple[AgeBand, ...]
    ) -> tuple[tuple[Phase, ...], tuple[Task, ...]]:
        """Phases, and the tasks in their order; conditions speak of ``FACTS`` alone."""
        top = self.file("checklist.yaml").item("phases checklist")
        phases = top["phases"].items(item_reader.phase)
        facts = self.facts(age_bands, top["checklist"])
        leads = self.choices("leads", top["checklist"])
        codes = [phase.code for phase in phases]
        return phases, top["checklist"].items(
            lambda value: item_reader.task(value, codes, leads, facts)
        )

    def response(self, tasks: Collection[str]) -> dict[str, Any]:
        """What starts the response, the tasks that belong to it, its meetings, who comes to them.

        Columns of ``Edition`` by their names.
        """
        top = self.file("response.yaml").item("criteria tasks attending discussions")
        return {
            "criteria": top["criteria"].items(item_reader.criterion),
            "response_tasks": tuple(
                each.one_of(tasks, item_reader.TASK) for each in top["tasks"].entries()
            ),
            "attending": top["attending"].items(
                lambda value: item_reader.term(value.item("code label"))
            ),
            "discussions": top["discussions"].items(
                lambda value: item_reader.discussion(value, tasks)
            ),
        }

    def alerts(self, age_bands: tuple[AgeBand, ...]) -> tuple[Alert, ...]:
        """Who is told of a new case; conditions speak of ``FACTS`` alone."""
        top = self.file("alerts.yaml").item("alerts")
        facts = self.facts(age_bands, top["alerts"])
        return top["alerts"].items(lambda value: item_reader.alert(value, facts))

    def facts(self, age_bands: tuple[AgeBand, ...], needed_by: Value) -> Askable:
        """What a condition about a case may ask, and the codes that can answer."""
        known = {
            "expectedness": self.choices("expectedness", needed_by),
            "age_band": [band.code for band in age_bands],
            "completed_years": [str(years) for years in range(CHILDHOOD_YEARS)],
        }
        return {fact: known[fact] for fact in FACTS}

    def questionnaires(self) -> dict[str, Questionnaire]:
        """Every file in ``questionnaires/``, by the code that it is named after."""
        files = (self.folder / "questionnaires").glob("*.yaml")
        codes = QUESTIONNAIRES.union(file.stem for file in files)
        return {code: self.questionnaire(code) for code in sorted(codes)}

    def questionnaire(self, code: str) -> Questionnaire:
        top = self.file(f"questionnaires/{code}.yaml").item("code title sections")
        if top["code"].code() != code:
            top["code"].refuse(f'code "{top.text("code")}" is not the name of its file')
        askable: dict[str, Collection[str]] = {}
        sections = top["sections"].items(lambda value: self.section(value, askable))
        return Questionnaire(code, top.text("title"), sections, **top.origin)

    def reports(self, age_bands: tuple[AgeBand, ...]) -> Reports:
        """What agencies are asked of which deaths, and by which power."""
        top = self.file("reports.yaml").item(*REPORTS)
        if "vocabularies" in top.values:
            top["vocabularies"].items(self.own_vocabulary)
        known = dict(self.facts(age_bands, top["forms"]))
        for fact, code in OF_REPORTS.items():
            if vocabulary := self.vocabularies.get(code):
                known[fact] = [term.code for term in vocabulary.choices]
        return ReportReader(self.file, self.vocabularies, known).reports(top)

    def own_vocabulary(self, value: Value) -> Vocabulary:
        """A list that only the reports choose from."""
        if (code := value.item("code title terms").text("code")) in self.vocabularies:
            value.refuse(f'the code "{code}" is used twice')
        return self.vocabulary(value)

    def section(self, value: Value, askable: dict[str, Collection[str]]) -> Section:
        row = value.item("code title intro questions", "either")
        questions = row["questions"].items(lambda question: self.question(question, askable))
        return Section(
            code=row["code"].code(),
            title=row.text("title"),
            intro=row.text("intro"),
            questions=questions,
            either=_either(row, [question.code for question in questions]),
            identifying=False,
            **row.origin,
        )

    def question(self, value: Value, askable: dict[str, Collection[str]]) -> Question:
        """One question; it may depend on those before it, and is then known to those after it."""
        row = value.item("code label kind required why form", "hint vocabulary when")
        code = row["code"].code()
        if code in askable:
            value.refuse(f'the code "{code}" is used twice')
        question = Question(
            code=code,
            label=row.text("label"),
            kind=row["kind"].one_of(KINDS),
            required=row["required"].flag(),
            why=row.text("why"),
            form=row.text("form"),
            hint=row.text("hint"),
            vocabulary=vocabulary_of(row, self.vocabularies),
            when=condition(row["when"], askable) if "when" in row.values else None,
            gaps=False,
            **row.origin,
        )
        askable[code] = possible(question, self.vocabularies)
        return question

    def choices(self, code: str, needed_by: Value) -> list[str]:
        """The codes of a vocabulary without which another file makes no sense."""
        if code not in self.vocabularies:
            needed_by.refuse(f'{needed_by.name} needs a vocabulary "{code}"')
        return [term.code for term in self.vocabularies[code].choices]


def _sources(top: Value) -> dict[str, str]:
    entry = top.fields(EDITION_KEYS, "source certainty")["sources"]
    return {key.text(): title.text() for key, title in entry.pairs()}


def _words(value: Value) -> Mapping[str, str]:
    words = value.fields(" ".join(WORDS))
    return MappingProxyType({name: words[name].text() for name in WORDS})


def _definitions(value: Value) -> Mapping[str, Definition]:
    rows = value.fields(" ".join(DEFINITIONS))
    return MappingProxyType({name: _definition(rows[name]) for name in DEFINITIONS})


def _definition(value: Value) -> Definition:
    row = value.item("text")
    return Definition(row.text("text"), **row.origin)


def _either(row: Fields, codes: Collection[str]) -> tuple[str, ...]:
    """Questions of the section itself, of which one has to be answered."""
    if "either" not in row.values:
        return ()
    entries = row["either"].entries()
    return tuple(entry.one_of(codes, "a question of this section") for entry in entries)
