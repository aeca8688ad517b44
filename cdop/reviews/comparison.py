"""Several analyses of one case side by side, in the words of their editions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cdop import editions
from cdop.editions import Edition
from cdop.editions.schema import Domain
from cdop.panel.models import AgendaItem
from cdop.reviews import analyses, queries
from cdop.reviews.content import Content, FactorLine, primary
from cdop.reviews.models import Finding, Review

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
    """One analysis: whose it is, what it says, in which edition's codes."""

    heading: str
    content: Content
    edition: Edition


@dataclass(frozen=True)
class Row:
    """One question, with the lines that each column answers; ``differs`` where not all agree."""

    term: str
    cells: list[Lines]
    differs: bool


def columns_of(item: AgendaItem, user: User) -> list[Column]:
    """The reviews of a case that this person may see, and last the panel's finding."""
    found = queries.finding_at(item, user)
    columns = [reviewed(review) for review in queries.reviews(item, user)]
    return [*columns, found_by_panel(found)] if found else columns


def reviewed(review: Review) -> Column:
    """What one member found alone."""
    edition = editions.get(review.analysis.edition)
    return Column(str(review.reviewer), analyses.read(review.analysis, edition), edition)


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
        for term in ("Category", "Modifiable factors", "Factors", "Learning")
    ]
    stands = f"The finding was recorded; it is {finding.state_label}."
    return [stands, *(f"{term}: {text}." for term, text in said if text)]


def rows(columns: Sequence[Column]) -> list[Row]:
    """Every question of the form, in its order."""
    return [
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
    ]


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
    named = ": ".join(filter(None, (_label(kinds, line.code), line.words)))
    return f"{named} (grade {line.grade}, {'' if line.modifiable else 'not '}modifiable)"


def _modifiable(each: Column) -> Lines:
    return _text(_label(each.edition.answers, each.content.modifiable))


def _label(items: Iterable[Labelled], code: str) -> str:
    """The label of a code; "" for none, the code itself where the edition does not have it."""
    return next((item.label for item in items if item.code == code), code)


def _text(text: str) -> Lines:
    return (text,) if text else ()
