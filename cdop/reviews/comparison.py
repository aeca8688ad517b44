"""Several analyses of one case side by side, in the words of their editions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cdop import editions
from cdop.editions import Edition
from cdop.editions.schema import Domain
from cdop.panel.models import AgendaItem
from cdop.reviews import analyses, queries
from cdop.reviews.agreement import most_agreed
from cdop.reviews.content import Content, FactorLine, primary
from cdop.reviews.finding_models import PreparedFinding
from cdop.reviews.models import DraftReading, Finding, Review
from cdop.reviews.questions import FACTOR, answers, coded
from cdop.reviews.states import Stands

if TYPE_CHECKING:
    from cdop.core.users import User

Lines = tuple[str, ...]


class Labelled(Protocol):
    """Whatever has a code and is shown by its label."""

    @property
    def code(self) -> str: ...

    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class Column:
    """One analysis: whose it is, what it says, in which edition's codes.

    review  the key of the review, where a member made it alone, before the meeting
    """

    heading: str
    content: Content
    edition: Edition
    review: int | None = None

    @property
    def alone(self) -> bool:
        return self.review is not None


@dataclass(frozen=True)
class Row:
    """One question, with the lines that each column answers; ``differs`` where not all agree.

    agreed  of the reviews made alone, how many give the answer given most often, of how many;
            None where fewer than two answer, or where the answers are words
    """

    term: str
    cells: list[Lines]
    differs: bool
    agreed: tuple[int, int] | None = None


def columns_of(item: AgendaItem, user: User) -> list[Column]:
    """The reviews of a case that this person may see, and last the panel's finding."""
    columns = [reviewed(review) for review in queries.reviews(item, user)]
    if draft := queries.prepared(item, user):
        columns.append(prepared(draft))
    if found := queries.finding_at(item, user):
        columns.append(found_by_panel(found))
    return columns


def reviewed(review: Review) -> Column:
    """What one member found alone."""
    edition = editions.get(review.analysis.edition)
    content = analyses.read(review.analysis, edition)
    return Column(str(review.reviewer), content, edition, review=review.pk)


def prepared(draft: PreparedFinding) -> Column:
    """What the team put down for the panel before the meeting."""
    edition = editions.get(draft.analysis.edition)
    return Column("Draft for the panel", analyses.read(draft.analysis, edition), edition)


def found_by_panel(finding: Finding) -> Column:
    """What the panel found together."""
    edition = editions.get(finding.analysis.edition)
    return Column("The panel's finding", analyses.read(finding.analysis, edition), edition)


def found_in_words(finding: Finding) -> list[str]:
    """What the panel found, in the few sentences of the minutes."""
    column = found_by_panel(finding)
    asked = {row.term: row.cells[0] for row in rows([column])}
    said = [
        (term, "; ".join(asked[term]))
        for term in ("Category", "Modifiable factors", "Factors", "Learning", "Recommendations")
    ]
    reached = f" How it was reached: {finding.reached_label.lower()}." if finding.reached else ""
    signed = finding.signed_off_at is not None
    stands = f"The finding was {'signed off' if signed else 'recorded'}.{reached}"
    return [stands, *(f"{term}: {text}." for term, text in said if text)]


def rows(columns: Sequence[Column]) -> list[Row]:
    """Every question of the form, in its order."""
    shares = agreed(columns)
    found = [
        _row("Cause of death", columns, lambda each: _text(each.content.cause)),
        _row("Summary", columns, lambda each: _text(each.content.summary)),
        _row("Expected or not", columns, _expectedness),
        _row("Category", columns, _category),
        _row("Other categories that fit", columns, _other_categories),
        _row("Why not the highest-ranking", columns, lambda each: _text(_reason(each))),
        *(_domain_row(domain, columns) for domain in _domains(columns)),
        _row("Factors", columns, _factors),
        _row("Modifiable factors", columns, _modifiable),
        _row("Issues", columns, lambda each: _text(each.content.issues)),
        _row("Learning", columns, lambda each: _text(each.content.learning)),
        _row("Good practice", columns, lambda each: _text(each.content.good_practice)),
        _row("Recommendations", columns, _recommendations),
        _row("For the family", columns, lambda each: _text(each.content.family_follow_up)),
    ]
    return [replace(row, agreed=shares.get(row.term)) for row in found]


def agreed(columns: Sequence[Column]) -> dict[str, tuple[int, int]]:
    """By the term of a row, how many of the reviews made alone agree, and of how many."""
    alone = [(each.content, each.edition) for each in columns if each.alone]
    shares = {}
    for asked in {asked.code: asked for _, edition in alone for asked in coded(edition)}.values():
        given = answers(alone, asked.code)
        if len(given) > 1:
            shares[asked.label] = most_agreed(given)
    return shares


@dataclass(frozen=True)
class Remarked:
    """What members said to one question of the lead's draft.

    agreed      how many agree
    questioned  who questions it, and their words
    """

    term: str
    agreed: int
    questioned: list[tuple[str, str]]


def answers_by_question(
    readings: Sequence[DraftReading], columns: Sequence[Column]
) -> list[Remarked]:
    """What was said to the lead's draft, question by question, in the order of the form."""
    said = [(each, row) for each in readings for row in each.answers.all()]
    asked = [(each.review, term) for each in columns if each.alone for term in terms(each)]
    found = []
    for review, term in asked:
        about = (review, term.code)
        here = [pair for pair in said if (pair[0].review_id, pair[1].question) == about]
        questioned = [
            (str(each.reader), row.words) for each, row in here if row.stands == Stands.QUESTION
        ]
        if here:
            found.append(Remarked(term.label, len(here) - len(questioned), questioned))
    return found


class Answered(NamedTuple):
    """One question of a draft that can be agreed to, and what the draft answers."""

    code: str
    label: str
    says: str


def terms(column: Column) -> list[Answered]:
    """The questions of a draft that can be agreed to: with a coded answer, and each factor."""
    says = {row.term: "; ".join(row.cells[0]) or "Nothing said" for row in rows([column])}
    coded_ones = [
        Answered(asked.code, asked.label, says[asked.label]) for asked in coded(column.edition)
    ]
    lines = [
        Answered(f"{FACTOR}{line.line}", f"Factor {line.line + 1}", _factor(line, column.edition))
        for line in column.content.factors
    ]
    return [*coded_ones, *lines]


def _row(term: str, columns: Sequence[Column], say: Callable[[Column], Lines]) -> Row:
    cells = [say(column) for column in columns]
    return Row(term, cells, differs=len(set(cells)) > 1)


def _domains(columns: Sequence[Column]) -> list[Domain]:
    """The domains of all editions that the columns use, each once."""
    return list({d.code: d for column in columns for d in column.edition.domains}.values())


def _domain_row(domain: Domain, columns: Sequence[Column]) -> Row:
    def say(each: Column) -> Lines:
        graded = each.content.grades.get(domain.code)
        if graded is None:
            return ()
        grade = f"{graded.grade}: {_label(each.edition.grades, graded.grade)}"
        return (*((grade,) if graded.grade else ()), *_text(graded.narrative))

    return _row(domain.label, columns, say)


def _expectedness(each: Column) -> Lines:
    terms = each.edition.vocabularies["expectedness"].terms
    return _text(_label(terms, each.content.expectedness))


def _category(each: Column) -> Lines:
    return _text(_label(each.edition.categories, primary(each.content, each.edition)))


def _other_categories(each: Column) -> Lines:
    stands = primary(each.content, each.edition)
    others = [code for code in each.content.categories if code != stands]
    return tuple(_label(each.edition.categories, code) for code in others)


def _reason(each: Column) -> str:
    return each.content.override_reason if each.content.override else ""


def _factors(each: Column) -> Lines:
    return tuple(_factor(line, each.edition) for line in each.content.factors)


def _factor(line: FactorLine, edition: Edition) -> str:
    domains = [domain for domain in edition.domains if domain.code == line.domain]
    kinds = [kind for domain in domains for kind in domain.factors]
    called = line.label or _label(kinds, line.code)
    named = ": ".join(filter(None, (called, line.words)))
    return f"{named} (grade {line.grade}, {'' if line.modifiable else 'not '}modifiable)"


def _recommendations(each: Column) -> Lines:
    levels = each.edition.vocabularies["recommendation_levels"].terms
    return tuple(
        f"{_label(levels, said.level).partition(':')[0]}, to {said.to_whom}: {said.words}"
        for said in each.content.recommendations
    )


def _modifiable(each: Column) -> Lines:
    return _text(_label(each.edition.answers, each.content.modifiable))


def _label(items: Iterable[Labelled], code: str) -> str:
    """The label of a code; "" for none, the code itself where the edition does not have it."""
    return next((item.label for item in items if item.code == code), code)


def _text(text: str) -> Lines:
    return (text,) if text else ()
