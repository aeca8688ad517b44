"""What a table can be broken down by: each dimension with its values, in the order of the page.

A fact that can be missing has "not known" as a value of its own, so that every
table adds up to all deaths counted. Some values are the sum of others (under 1
year of the two infant bands); a child value names its ``parent``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cdop.editions.schema import Edition

TOTAL = "total"
NOT_KNOWN = "not_known"
ENOUGH = "enough_information"


@dataclass(frozen=True)
class Value:
    """One answer: its code, the words on the page, and the subtotal it belongs to."""

    code: str
    label: str
    parent: str | None = None


@dataclass(frozen=True)
class Dimension:
    """A way of dividing deaths. Each death has exactly one value that is nobody's parent.

    column    the cube's column, where it differs from ``code``
    edition   only deaths analysed under this edition have a value
    additive  false where one death may count under several values (factors)
    """

    code: str
    label: str
    values: tuple[Value, ...]
    column: str = ""
    edition: str = ""
    additive: bool = True

    def __post_init__(self) -> None:
        if not self.column:
            object.__setattr__(self, "column", self.code)

    @cached_property
    def labels(self) -> dict[str, str]:
        return {value.code: value.label for value in self.values}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code in the order of the page; the margin "total" is not among them."""
        return tuple(value.code for value in self.values)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The codes that a single death can have."""
        parents = {value.parent for value in self.values}
        return tuple(code for code in self.codes if code not in parents)

    def parts(self, code: str) -> tuple[str, ...]:
        """The values that add up to ``code`` one level down: () for a leaf."""
        parent = None if code == TOTAL else code
        return tuple(value.code for value in self.values if value.parent == parent)

    def leaves_of(self, code: str) -> frozenset[str]:
        """All leaves counted under ``code``. Raises ValueError for an unknown code."""
        if code != TOTAL and code not in self.labels:
            raise ValueError(f"{self.label} has no value {code!r}.")
        if code in self.leaves:
            return frozenset([code])
        return frozenset().union(*(self.leaves_of(part) for part in self.parts(code)))


def build(editions: Sequence[Edition], areas: Mapping[str, str]) -> dict[str, Dimension]:
    """The dimensions of one release, by code.

    editions  those under which the deaths were analysed, oldest first; at least one
    areas     GSS code to name, in the order of the page
    """
    dimensions = [
        Dimension("area", "Area", tuple(Value(code, name) for code, name in areas.items())),
        _age_band(editions[-1]),
        _with_not_known("sex", "Sex", [("male", "Male"), ("female", "Female")]),
        _with_not_known(
            "expectedness",
            "Expectedness",
            [("expected", "Expected"), ("unexpected", "Unexpected")],
        ),
        _modifiable(editions[-1]),
        Dimension(
            "edition",
            "Guidance",
            tuple(Value(edition.code, edition.title) for edition in editions),
        ),
        *(_category(edition, alone=len(editions) == 1) for edition in editions),
    ]
    return {dimension.code: dimension for dimension in dimensions}


def category_code(edition: str, *, alone: bool) -> str:
    """The category dimension of an edition.

    Plain "category" where a release holds one edition; where it holds several each
    has a dimension of its own, since the same number may mean something else.
    """
    return "category" if alone else f"category:{edition}"


def _age_band(edition: Edition) -> Dimension:
    values: list[Value] = []
    for band in edition.age_bands:
        if band.parent and band.parent not in {value.code for value in values}:
            values.append(Value(band.parent, PARENT_LABELS[band.parent]))
        values.append(Value(band.code, band.label, band.parent))
    return Dimension("age_band", "Age at death", (*values, Value(NOT_KNOWN, "Not known")))


PARENT_LABELS = {"under-1": "Under 1 year"}


def _modifiable(edition: Edition) -> Dimension:
    """The answers on modifiability; those with enough information share a subtotal,
    the denominator of every percentage."""
    enough = [answer for answer in edition.answers if answer.enough_information]
    rest = [answer for answer in edition.answers if not answer.enough_information]
    values = (
        Value(ENOUGH, "Enough information to judge"),
        *(Value(answer.code, answer.label, ENOUGH) for answer in enough),
        *(Value(answer.code, answer.label) for answer in rest),
        Value(NOT_KNOWN, "Not known"),
    )
    return Dimension("modifiable", "Modifiable factors", values)


def _category(edition: Edition, *, alone: bool) -> Dimension:
    values = [(category.code, category.label) for category in edition.categories]
    dimension = _with_not_known("category", "Category of death", values)
    if alone:
        return dimension
    code = category_code(edition.code, alone=False)
    return replace(dimension, code=code, column="category", edition=edition.code)


def _with_not_known(code: str, label: str, values: Sequence[tuple[str, str]]) -> Dimension:
    known = tuple(Value(code, label) for code, label in values)
    return Dimension(code, label, (*known, Value(NOT_KNOWN, "Not known")))
