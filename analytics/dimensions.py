"""What a table can be broken down by: each dimension with its values, in the order of the page.

A fact that can be missing has "not known" as a value of its own, so that every
table adds up to all deaths counted. Some values are the sum of others (under 1
year of the two infant bands); a child value names its ``parent``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cdop import editions
from cdop.editions.schema import Edition

TOTAL = "total"
NOT_KNOWN = "not_known"
ENOUGH = "enough_information"


@dataclass(frozen=True)
class Band:
    """Numbers below ``below``, and not in a band before; None has no upper end."""

    code: str
    label: str
    below: int | None


# Completed weeks: extremely, very and moderately preterm, and term, the first cut at 24 weeks.
GESTATION = (
    Band("under-24", "Under 24 weeks", 24),
    Band("24-27", "24 to 27 weeks", 28),
    Band("28-31", "28 to 31 weeks", 32),
    Band("32-36", "32 to 36 weeks", 37),
    Band("37-plus", "37 weeks or more", None),
)
# Days from the death to the day on which the chair first signed off.
REVIEW_TIMES = (
    Band("within-6-months", "Within 6 months (182 days)", 183),
    Band("within-12-months", "6 to 12 months (183 to 365 days)", 366),
    Band("over-12-months", "More than 12 months (366 days or more)", None),
)


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


def build(used: Sequence[Edition], areas: Mapping[str, str]) -> dict[str, Dimension]:
    """The dimensions of one release, by code.

    used      the editions under which the deaths were analysed, oldest first; at least one
    areas     GSS code to name, in the order of the page

    What the editions share has every value of any of them, in the words of the newest.
    Categories are never shared: each edition has its own.
    """
    alone = len(used) == 1
    dimensions = [
        Dimension("area", "Area", tuple(Value(code, name) for code, name in areas.items())),
        Dimension("age_band", "Age at death", _merged(map(_age_bands, used))),
        Dimension("sex", "Sex", _merged(_terms(edition, "sex") for edition in used)),
        Dimension(
            "expectedness",
            "Expected or unexpected",
            _merged(_terms(edition, "expectedness") for edition in used),
        ),
        Dimension("modifiable", "Modifiable factors", _merged(map(_answers, used))),
        *_recorded(),
        Dimension("edition", "Guidance", tuple(Value(e.code, e.title) for e in used)),
        *(_category(edition, alone=alone) for edition in used),
    ]
    return {dimension.code: dimension for dimension in dimensions}


def _recorded() -> list[Dimension]:
    """What is recorded of a death before anybody reviews it, under the guidance of that day: the
    values of every edition there is, in the words of the newest."""
    known = [editions.get(code) for code in editions.codes()]
    places = _merged(_terms(edition, "places") for edition in known)
    return [
        Dimension(
            "ethnic_group",
            "Ethnic group",
            _merged(_terms(edition, "ethnic_group") for edition in known),
        ),
        Dimension("place_of_death", "Place of death", places),
        Dimension("place_of_event", "Place of the event that led to death", places),
        Dimension("gestation", "Weeks of pregnancy", _merged([_bands(GESTATION)])),
        Dimension("time_to_review", "Time from death to review", _merged([_bands(REVIEW_TIMES)])),
    ]


def _bands(bands: Sequence[Band]) -> list[Value]:
    return [Value(band.code, band.label) for band in bands]


def category_code(edition: str, *, alone: bool) -> str:
    """The category dimension of an edition.

    Plain "category" where a release holds one edition; where it holds several each
    has a dimension of its own, since the same code may mean something else.
    """
    return "category" if alone else f"category:{edition}"


def _merged(lists: Iterable[Sequence[Value]]) -> tuple[Value, ...]:
    """Every value of any list, with "not known" as the last."""
    values = {value.code: value for values in lists for value in values}
    unknown = values.pop(NOT_KNOWN, Value(NOT_KNOWN, "Not known"))
    return (*values.values(), unknown)


def _age_bands(edition: Edition) -> list[Value]:
    """The bands; a group stands before the first band that belongs to it."""
    groups = {group.code: group.label for group in edition.age_groups}
    values: dict[str, Value] = {}
    for band in edition.age_bands:
        if band.parent:
            values.setdefault(band.parent, Value(band.parent, groups[band.parent]))
        values[band.code] = Value(band.code, band.label, band.parent)
    return list(values.values())


def _terms(edition: Edition, vocabulary: str) -> list[Value]:
    """The terms; a heading stands before the terms under it and is their sum."""
    terms = edition.vocabularies[vocabulary].terms
    return [Value(term.code, term.label, term.parent) for term in terms]


def _answers(edition: Edition) -> list[Value]:
    """The answers on modifiability; those with enough information share a subtotal,
    the denominator of every percentage."""
    enough = [answer for answer in edition.answers if answer.enough_information]
    rest = [answer for answer in edition.answers if not answer.enough_information]
    return [
        Value(ENOUGH, "There was enough information to judge"),
        *(Value(answer.code, answer.label, ENOUGH) for answer in enough),
        *(Value(answer.code, answer.label) for answer in rest),
    ]


def _category(edition: Edition, *, alone: bool) -> Dimension:
    """A dimension of one edition; beside others it says which deaths have a value in it."""
    values = _merged([[Value(c.code, c.label) for c in edition.categories]])
    code = category_code(edition.code, alone=alone)
    return Dimension(
        code, "Category of death", values, "category", edition="" if alone else edition.code
    )
