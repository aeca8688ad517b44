"""The questions of an analysis that are answered by a code: what can be agreed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdop.editions import Edition
from cdop.reviews.content import Content, primary

EXPECTEDNESS, CATEGORY, MODIFIABLE, GRADE, FACTOR = (
    "expectedness",
    "category",
    "modifiable",
    "grade-",
    "factor-",
)


@dataclass(frozen=True)
class Asked:
    """One question.

    label  as it stands beside the analyses
    order  the codes of its answers from lowest to highest, where they have an order
    """

    code: str
    label: str
    order: tuple[str, ...] = ()


def coded(edition: Edition) -> list[Asked]:
    """The questions with one coded answer each, in the order of an edition's form."""
    grades = tuple(grade.code for grade in edition.grades)
    return [
        Asked(EXPECTEDNESS, "Expected or not"),
        Asked(CATEGORY, "Category"),
        *(Asked(f"{GRADE}{domain.code}", domain.label, grades) for domain in edition.domains),
        Asked(MODIFIABLE, "Modifiable factors"),
    ]


def answer(content: Content, edition: Edition, code: str) -> str:
    """The coded answer of one analysis to one question; "" where it says nothing."""
    if code == CATEGORY:
        return primary(content, edition)
    if code.startswith(GRADE):
        graded = content.grades.get(code.removeprefix(GRADE))
        return graded.grade if graded else ""
    return str(getattr(content, code))


def answers(contents: Sequence[tuple[Content, Edition]], code: str) -> list[str]:
    """What several analyses answer to one question, those that say nothing left out."""
    given = (answer(content, edition, code) for content, edition in contents)
    return [each for each in given if each]
