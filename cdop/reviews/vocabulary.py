"""The list of factors: the guidance's, the panel's own, and what counts as the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cdop.editions import Edition
from cdop.editions.schema import Domain
from cdop.reviews.content import FactorLine
from cdop.reviews.vocabulary_models import FactorTerm, FoldedWords

OWN = "own_"
LABEL_LIMIT = 120

Key = tuple[str, str]
"""Domain and code of a factor."""
Rows = Mapping[Key, FactorTerm]
"""What the panel says of factors of one edition."""


@dataclass(frozen=True)
class Offered:
    """One factor to choose from."""

    domain: str
    code: str
    label: str


@dataclass(frozen=True)
class Counted:
    """Under what a line of a finding is counted: a term, or the words alone (code "")."""

    domain: str
    code: str
    label: str


def offered(edition: Edition, keep: Iterable[Key] = (), terms: Rows | None = None) -> list[Offered]:
    """The factors to choose from, by domain: the guidance's, then the panel's own.

    keep   what a page shows already: offered there although it is ended or merged meanwhile
    terms  what the panel says of factors, where it was read already
    """
    kept = set(keep)
    said = dict(rows(edition) if terms is None else terms)
    found: list[Offered] = []
    for domain in edition.domains:
        for kind in domain.factors:
            row = said.pop((domain.code, kind.code), None)
            if row is None or row.offered or (domain.code, kind.code) in kept:
                found.append(Offered(domain.code, kind.code, kind.label))
        own = [row for (where, _), row in said.items() if where == domain.code]
        found += [
            Offered(row.domain, row.code, row.label)
            for row in own
            if row.offered or (row.domain, row.code) in kept
        ]
    return found


def labelled(lines: Iterable[FactorLine], edition: Edition) -> list[FactorLine]:
    """The lines, each of the panel's own terms with what it is called now."""
    lines = list(lines)
    if not any(line.code.startswith(OWN) for line in lines):
        return lines
    labels = {key: row.label for key, row in rows(edition).items()}
    return [
        replace(line, label=labels.get((line.domain, line.code), ""))
        if line.code.startswith(OWN)
        else line
        for line in lines
    ]


def normal(words: str) -> str:
    """Words as they are compared: in small letters, one space between them."""
    return " ".join(words.casefold().split())


@dataclass(frozen=True)
class Vocabulary:
    """All mappings of one edition, read once."""

    edition: Edition
    terms: Mapping[Key, FactorTerm]
    by_number: Mapping[int, FactorTerm]
    folded: Mapping[Key, int]

    def counted(self, domain: str, code: str, words: str) -> Counted:
        """Under what a line is counted, after every merge and folding."""
        if not code:
            number = self.folded.get((domain, normal(words)))
            if number is None:
                return Counted(domain, "", words)
            return self._term(self._end(self.by_number[number]))
        row = self.terms.get((domain, code))
        if row is not None:
            return self._term(self._end(row))
        return Counted(domain, code, self._label(domain, code))

    def having(self, code: str) -> list[Key]:
        """The terms with this code, each with its part of the child's life."""
        listed = {(d.code, kind.code) for d in self.edition.domains for kind in d.factors}
        return sorted(key for key in {*self.terms, *listed} if key[1] == code)

    def _end(self, row: FactorTerm) -> FactorTerm:
        while row.merged_into_id is not None:
            row = self.by_number[row.merged_into_id]
        return row

    def _term(self, row: FactorTerm) -> Counted:
        label = self._label(row.domain, row.code) if row.of_edition else row.label
        return Counted(row.domain, row.code, label)

    def _label(self, domain: str, code: str) -> str:
        for each in self.edition.domains:
            if each.code == domain:
                return next((kind.label for kind in each.factors if kind.code == code), code)
        return code


def of(edition: Edition) -> Vocabulary:
    """The mappings of an edition as they stand, in two statements."""
    said = rows(edition)
    folded = FoldedWords.objects.filter(edition=edition.code).exclude(term=None)
    return Vocabulary(
        edition,
        said,
        {row.pk: row for row in said.values()},
        {(row.domain, row.words): row.term_id for row in folded if row.term_id},
    )


def every(edition: Edition) -> list[Offered]:
    """All factors, those that are no longer offered too."""
    return offered(edition, [*rows(edition)])


def version_of(edition: Edition, key: Key) -> int:
    """The version of a factor's row, 0 where it has none."""
    row = rows(edition).get(key)
    return row.version if row else 0


@dataclass(frozen=True)
class Listed:
    """One factor on the page that keeps the list; ``row`` where the panel said something of it."""

    offered: Offered
    row: FactorTerm | None


def listed(edition: Edition) -> list[tuple[Domain, list[Listed]]]:
    """All factors by part of the child's life, each with what the panel said of it."""
    said = rows(edition)
    found = offered(edition, said, said)
    return [
        (
            domain,
            [
                Listed(each, said.get((each.domain, each.code)))
                for each in found
                if each.domain == domain.code
            ],
        )
        for domain in edition.domains
    ]


def rows(edition: Edition) -> dict[Key, FactorTerm]:
    """What the panel says of the factors of an edition, in one statement."""
    found = FactorTerm.objects.filter(edition=edition.code).select_related("merged_into")
    return {(row.domain, row.code): row for row in found}
