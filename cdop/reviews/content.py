"""What one analysis says, apart from who owns it and where it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cdop.editions import Edition


@dataclass(frozen=True)
class Graded:
    """How much a domain explains: a grade of the edition, "" if none was given, and the words."""

    grade: str = ""
    narrative: str = ""


@dataclass(frozen=True)
class FactorLine:
    """One factor on its line.

    line        counted from 0, as on the page
    code        of the edition's or the panel's list; "" where the factor stands in words alone
    label       what the panel's own term was called when the line was written
    modifiable  None where nobody said
    """

    line: int
    domain: str
    code: str = ""
    words: str = ""
    grade: str = ""
    modifiable: bool | None = None
    label: str = ""


@dataclass(frozen=True)
class Recommendation:
    """What the panel recommends: the level as a code of the edition, to whom, in words.

    line  counted from 0, as on the page
    """

    line: int
    level: str = ""
    to_whom: str = ""
    words: str = ""


@dataclass(frozen=True)
class Outcome:
    """How the panel came to its finding, beside what it found.

    reached       a code of ``states.Reached``; "" where nobody said
    dissent       what was said against it, not by whom
    would_change  what evidence would change it
    """

    reached: str = ""
    dissent: str = ""
    would_change: str = ""


@dataclass(frozen=True)
class Content:
    """One analysis in the codes of its edition; "" and empty mean that nothing was said.

    categories  every category that fits
    override    the category that stands although another one of them ranks higher, or ""
    """

    cause: str = ""
    summary: str = ""
    expectedness: str = ""
    categories: tuple[str, ...] = ()
    override: str = ""
    override_reason: str = ""
    grades: Mapping[str, Graded] = field(default_factory=lambda: MappingProxyType({}))
    factors: tuple[FactorLine, ...] = ()
    modifiable: str = ""
    issues: str = ""
    learning: str = ""
    good_practice: str = ""
    recommendations: tuple[Recommendation, ...] = ()
    family_follow_up: str = ""


def highest(categories: tuple[str, ...], edition: Edition) -> str:
    """The highest-ranking of the categories, "" of none."""
    fitting = [category for category in edition.categories if category.code in categories]
    return min(fitting, key=lambda category: category.rank).code if fitting else ""


def primary(content: Content, edition: Edition) -> str:
    """The category that stands: the one that overrides, else the highest-ranking that fits."""
    return content.override or highest(content.categories, edition)
