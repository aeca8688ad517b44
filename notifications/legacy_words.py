"""The words that may stand in a column, and the code that each means.

Each word is read in the vocabulary of the edition that the row belongs to: the one in force at the
death, for the review the one in force at its sign-off. A code is never converted into another's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdop import editions
from cdop.cases.states import CaseState
from cdop.core.organisations import Area
from cdop.editions.schema import Edition
from notifications import legacy_values as values
from notifications.legacy_columns import ELSEWHERE, STAGES, Column
from notifications.legacy_values import Bad

# Columns whose words belong to the guidance of the review, not to that of the death.
OF_THE_REVIEW = ("categories", "answers")
# Columns whose words are the same in every guidance.
OF_NO_GUIDANCE = ("stages", "areas")


@dataclass
class Words:
    """The words that may stand in a column, by edition, worked out once."""

    areas: Mapping[str, Area]
    known: dict[tuple[str, str], tuple[dict[str, str], dict[str, str]]] = field(
        default_factory=dict
    )

    def code(self, column: Column, value: Any, of: Sequence[Edition]) -> str:
        """The code that a cell means in the first edition that knows its word.

        of  the edition that the row belongs to; all of them while nobody can tell which it is
        Raises Bad where none knows it.
        """
        *others, last = of
        for edition in others:
            try:
                return self._code(column, value, edition)
            except Bad:
                continue
        return self._code(column, value, last)

    def _code(self, column: Column, value: Any, edition: Edition) -> str:
        key = (edition.code, column.words)
        if key not in self.known:
            labelled = list(_labelled(column.words, edition, self.areas))
            known = values.known_words(labelled)
            labels = {label: code for code, label in labelled}
            self.known[key] = (known | _shorter(column.words, edition, self.areas), labels)
        known, labels = self.known[key]
        return values.word(value, known, labels)


def with_areas() -> Words:
    """The words, those for the areas as they are kept now."""
    return Words({area.code: area for area in Area.objects.all()})


def editions_of(column: Column, said: Mapping[str, Any]) -> list[Edition]:
    """The guidance that the words of a column belong to; all where nobody can tell which.

    said  what was read of the row, its dates before its words
    """
    if column.words in OF_NO_GUIDANCE:
        return every_edition()[-1:]
    on = said.get("signed_off_on" if column.words in OF_THE_REVIEW else "date_of_death")
    return [editions.in_force(on)] if on else every_edition()


def every_edition() -> list[Edition]:
    return [editions.get(code) for code in editions.codes()]


def in_the_guide(column: Column) -> list[str]:
    """The words that may stand in a column, over all editions, as the guide lists them."""
    if column.words == "areas":
        return ["the names of the four areas or their codes", ELSEWHERE]
    if column.words == "stages":
        return [stage.label for stage in STAGES]
    every = (_of_edition(column.words, edition) for edition in every_edition())
    return list(dict.fromkeys(label for labelled in every for _, label in labelled))


def _labelled(words: str, edition: Edition, areas: Mapping[str, Area]) -> Iterable[tuple[str, str]]:
    """(code, label) of every word of a column."""
    if words == "areas":
        return [*((area.code, area.name) for area in areas.values()), (ELSEWHERE, "Elsewhere")]
    if words == "stages":
        return [(stage.value, stage.label) for stage in STAGES]
    return _of_edition(words, edition)


def _of_edition(words: str, edition: Edition) -> Iterator[tuple[str, str]]:
    """(code, label) of every word that an edition has for a column."""
    if words == "categories":
        return ((each.code, each.label) for each in edition.categories)
    if words == "answers":
        return ((each.code, each.label) for each in edition.answers)
    return ((term.code, term.label) for term in edition.vocabularies[words].choices)


def _shorter(words: str, edition: Edition, areas: Mapping[str, Area]) -> dict[str, str]:
    """Shorter ways of writing some words: a category's number, yes and no, an area with "&"."""
    if words == "categories":
        return {str(each.rank): each.code for each in edition.categories}
    if words == "answers":
        short = {"yes": "modifiable", "no": "not_modifiable", "notenoughinformation": "inadequate"}
        return {word: code for word, code in short.items() if code in _codes(edition.answers)}
    if words == "stages":
        return {"open": CaseState.GATHERING.value}
    if words == "areas":
        with_sign = {area.name.replace(" and ", " & "): code for code, area in areas.items()}
        return values.known_words((code, name) for name, code in with_sign.items())
    return {}


def _codes(items: Iterable[Any]) -> set[str]:
    return {item.code for item in items}
