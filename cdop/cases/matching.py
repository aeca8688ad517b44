"""Whether two reports are about one child, worked out from what they have in common.

Three explanations are weighed against each other: the same child, two children of one family (twins
above all), and two children who have nothing to do with each other. Each thing that is compared
says how much likelier it makes the first two than the third, in bits: with 3 bits something is
found 8 times as often. What is not known on either side says nothing. Mother, address and birth
date speak for the same child and for a twin alike; only what a child has alone tells them apart.

The method is that of Fellegi and Sunter (1969), with a third explanation. The bits were set by hand
from what is known of such records and tried on invented pairs (``tests/cdop/cases/pairs.py``).
The score orders a list for a person, who decides; nothing is ever joined because of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from cdop.cases.identity import IdentityRecord
from cdop.core import names
from cdop.core.identifiers import nhs_number_problem, normalise_nhs_number
from cdop.core.names import Likeness
from cdop.core.postcodes import normalise_postcode, says_where

LIKELY = 0.5
"""From this score on the same child is likelier than everything else together."""


class Relation(StrEnum):
    """What two reports most probably are to each other."""

    SAME = "same"
    FAMILY = "family"
    NONE = "none"


@dataclass(frozen=True)
class Match:
    """How two reports compare.

    score     0 to 1, how probable it is that they are about the same child
    reasons   in words, the strongest first; then those against it, which begin with "but"
    relation  the likeliest of the three explanations
    """

    score: float
    reasons: tuple[str, ...]
    relation: Relation

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY


class Evidence(NamedTuple):
    """What one comparison says: words for a person, and bits for each explanation.

    same    how much likelier it is if the two are one child than if they are strangers
    family  the same for two children of one family
    """

    words: str
    same: float
    family: float


# Before anything is compared: of some thousand deaths, few are this child's; fewer its twin's.
PRIOR = Evidence("", -12, -13)

SAME_NUMBER = Evidence("the same NHS number", 18, 0)
NEAR_NUMBER = Evidence("NHS numbers that differ in one digit", 8, 1)
OTHER_NUMBER = Evidence("another NHS number", -10, 0)
WRONG_NUMBER = Evidence("another NHS number, one of them mistyped", -3, 0)

GIVEN = {
    Likeness.SAME: Evidence("a given name in common", 6, -3),
    Likeness.FORM: Evidence("given names that are forms of one name", 5, -2),
    Likeness.SOUNDS: Evidence("given names that sound alike", 4, -1),
    Likeness.SPELT: Evidence("given names spelt almost alike", 3, -1),
    Likeness.INITIAL: Evidence("the same initial", 1, 0),
    Likeness.OTHER: Evidence("another given name", -11, 0),
}
NOT_NAMED_YET = Evidence("a given name that only one report has", 0, 0)
EXCHANGED = Evidence("the same names in another order", 11, -2)

FAMILY = {
    Likeness.SAME: Evidence("the same family name", 6, 6),
    Likeness.FORM: Evidence("family names that are forms of one name", 4, 4),
    Likeness.SOUNDS: Evidence("family names that sound alike", 5, 5),
    Likeness.SPELT: Evidence("family names spelt almost alike", 4, 4),
    Likeness.OTHER: Evidence("another family name", -4, -4),
}
FAMILY_IN_PART = Evidence("a family name in common", 5, 5)
OF_THE_MOTHER = Evidence("a family name that is the mother's", 4, 4)

SAME_BIRTH = Evidence("the same date of birth", 9, 7)
SAME_DEATH = Evidence("the same date of death", 8, 5)
SWAPPED_BIRTH = Evidence("the same date of birth with day and month exchanged", 6, -1)
SWAPPED_DEATH = Evidence("the same date of death with day and month exchanged", 5, -1)
SLIPPED_BIRTH = Evidence("dates of birth that differ in one figure", 4, 0)
SLIPPED_DEATH = Evidence("dates of death that differ in one figure", 2, 0)
NEXT_BIRTH = Evidence("dates of birth a day apart", 4, 2)
NEXT_DEATH = Evidence("dates of death a day apart", 4, 3)
OTHER_BIRTH = Evidence("another date of birth", -7, -0.7)
OTHER_DEATH = Evidence("another date of death", -10, -0.3)

SAME_MOTHER = Evidence("the same mother's name", 8.5, 8.5)
MOTHER_IN_PART = Evidence("a name of the mother in common", 3, 3)
OTHER_MOTHER = Evidence("another mother's name", -3, -4)
SAME_POSTCODE = Evidence("the same postcode", 7, 7)
NEAR_POSTCODE = Evidence("postcodes that differ in one place", 3, 3)
SAME_ADDRESS = Evidence("the same address", 6, 6)
OTHER_HOME = Evidence("another postcode", -2, -2)
OTHER_SEX = Evidence("another sex", -5, 0)
SAME_SEX = Evidence("", 1, 0)
OTHER_TWIN = Evidence("another place in the order of birth", -12, 3)
TOLD_TOGETHER = Evidence("one person reported the two as brothers or sisters", -14, 8)

KNOWN_SEXES = ("male", "female")
ALIKE_ADDRESS = 90
ROUNDED = 0.01
"""Bits by which a score that is rounded may be likely although it is not quite."""
NUMBERS = re.compile(r"\d+\w?")


@dataclass(frozen=True)
class Known:
    """What is compared of one report, folded once. Empty where it is not known."""

    nhs_number: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    others: tuple[str, ...]
    mother: tuple[str, ...]
    named: bool
    place: str
    born_on: date | None
    died_on: date | None
    postcode: str
    address: str
    sex: str

    @classmethod
    def of(cls, record: IdentityRecord, died_on: date | None = None, sex: str = "") -> Known:
        """What ``record`` says, with what is kept apart from it."""
        given = [] if names.is_unnamed(record.given_names) else names.parts(record.given_names)
        postcode = normalise_postcode(record.postcode) or ""
        return cls(
            nhs_number=normalise_nhs_number(record.nhs_number) or "",
            given=tuple(given),
            family=tuple(names.parts(record.family_name)),
            others=tuple(names.parts(record.other_names)),
            mother=tuple(names.parts(record.mother_name)),
            named=bool(given) and not names.is_unnamed(record.full_name),
            place=names.birth_order(record.full_name),
            born_on=record.born_on,
            died_on=died_on,
            postcode=postcode if says_where(postcode) else "",
            address=" ".join(record.address.casefold().replace(",", " ").split()),
            sex=sex if sex in KNOWN_SEXES else "",
        )


def compare(
    one: IdentityRecord,
    died_one: date | None,
    other: IdentityRecord,
    died_other: date | None,
    *,
    sexes: tuple[str, str] = ("", ""),
    together: bool = False,
) -> Match:
    """How probable it is that two reports are about one child, and why. Pure.

    sexes     of the one and of the other, by code; "" where it is not known
    together  whether one person reported them as brothers or sisters
    """
    known = Known.of(one, died_one, sexes[0]), Known.of(other, died_other, sexes[1])
    return compare_known(*known, together=together)


def compare_known(one: Known, other: Known, *, together: bool = False) -> Match:
    """``compare`` for what was folded before."""
    found = [each for each in _evidence(one, other) if each]
    if together:
        found.append(TOLD_TOGETHER)
    same = PRIOR.same + sum(each.same for each in found)
    family = PRIOR.family + sum(each.family for each in found)
    weights = [_power(same), _power(family), 1.0]
    relation = list(Relation)[weights.index(max(weights))]
    return Match(round(weights[0] / sum(weights), 4), _in_words(found), relation)


def can_be_likely(one: Known, other: Known) -> bool:
    """Whether two reports may turn out to be likely: never False where ``compare_known`` says so.

    Names are dear to compare. So first all else is counted, at its best where that is dear too, and
    where the very same names and mother could not make up for it, nothing needs to be compared.
    """
    found = [_births(one.born_on, other.born_on), _deaths(one.died_on, other.died_on)]
    bits = PRIOR.same + sum(each.same for each in found if each)
    bits += _best_of_numbers(one.nhs_number, other.nhs_number) + _best_of_homes(one, other)
    if one.sex and other.sex:
        bits += (SAME_SEX if one.sex == other.sex else OTHER_SEX).same
    if one.place and other.place and one.place != other.place:
        bits += OTHER_TWIN.same
    if one.named and other.named:
        bits += GIVEN[Likeness.SAME].same
    if one.family and other.family:
        bits += FAMILY[Likeness.SAME].same
    if one.mother and other.mother:
        bits += SAME_MOTHER.same
    return bits >= -ROUNDED


def _best_of_numbers(one: str, other: str) -> float:
    """The most that two numbers can say, without looking whether one of them is mistyped."""
    if not (one and other):
        return 0
    if one == other:
        return SAME_NUMBER.same
    return NEAR_NUMBER.same if OSA.distance(one, other) == 1 else WRONG_NUMBER.same


def _best_of_homes(one: Known, other: Known) -> float:
    """The most that two homes can say, without comparing streets."""
    if one.postcode and one.postcode == other.postcode:
        return SAME_POSTCODE.same
    if one.address and other.address:
        return SAME_ADDRESS.same
    return NEAR_POSTCODE.same if one.postcode and other.postcode else 0


def _evidence(one: Known, other: Known) -> Iterator[Evidence | None]:
    yield _numbers(one.nhs_number, other.nhs_number)
    yield from _names(one, other)
    yield _births(one.born_on, other.born_on)
    yield _deaths(one.died_on, other.died_on)
    yield _mothers(one.mother, other.mother)
    yield _homes(one, other)
    if one.sex and other.sex:
        yield SAME_SEX if one.sex == other.sex else OTHER_SEX
    if one.place and other.place and one.place != other.place:
        yield OTHER_TWIN


def _numbers(one: str, other: str) -> Evidence | None:
    if not (one and other):
        return None
    if one == other:
        return SAME_NUMBER
    if OSA.distance(one, other) == 1:
        return NEAR_NUMBER
    mistyped = nhs_number_problem(one) or nhs_number_problem(other)
    return WRONG_NUMBER if mistyped else OTHER_NUMBER


def _names(one: Known, other: Known) -> Iterator[Evidence | None]:
    """Given and family names, each with the aliases of the other report beside it."""
    if _exchanged(one, other):
        yield EXCHANGED
        return
    yield _given(one, other)
    yield _family(one, other)


def _exchanged(one: Known, other: Known) -> bool:
    """Whether given and family name stand in each other's place."""
    if not (one.named and other.named and one.family and other.family):
        return False
    across = min(
        names.best_likeness(one.given, other.family), names.best_likeness(one.family, other.given)
    )
    straight = min(
        names.best_likeness(one.given, other.given), names.best_likeness(one.family, other.family)
    )
    return across >= Likeness.SPELT > straight


def _given(one: Known, other: Known) -> Evidence | None:
    """The first given name of each against all of the other: a child may go by a middle name."""
    if not (one.named and other.named):
        one_only = one.named != other.named and bool(one.family and other.family)
        return NOT_NAMED_YET if one_only else None
    alike = max(
        names.best_likeness(one.given[:1], other.given + other.others),
        names.best_likeness(other.given[:1], one.given + one.others),
        names.best_likeness(one.others, other.given[:1] + other.others) if one.others else 0,
    )
    return GIVEN[Likeness(alike)]


def _family(one: Known, other: Known) -> Evidence | None:
    if not (one.family and other.family):
        return None
    if one.family == other.family:
        return FAMILY[Likeness.SAME]
    alike = max(
        names.best_likeness(one.family, other.family + other.others),
        names.best_likeness(other.family, one.others),
    )
    if alike > Likeness.INITIAL:
        return FAMILY_IN_PART if alike is Likeness.SAME else FAMILY[alike]
    mothers = max(
        names.best_likeness(one.family, other.mother[-1:]),
        names.best_likeness(other.family, one.mother[-1:]),
    )
    return OF_THE_MOTHER if mothers > Likeness.INITIAL else FAMILY[Likeness.OTHER]


def _births(one: date | None, other: date | None) -> Evidence | None:
    return _dates(one, other, (SAME_BIRTH, SWAPPED_BIRTH, SLIPPED_BIRTH, NEXT_BIRTH, OTHER_BIRTH))


def _deaths(one: date | None, other: date | None) -> Evidence | None:
    return _dates(one, other, (SAME_DEATH, SWAPPED_DEATH, SLIPPED_DEATH, NEXT_DEATH, OTHER_DEATH))


def _dates(one: date | None, other: date | None, found: tuple[Evidence, ...]) -> Evidence | None:
    """Which of same, exchanged, one figure wrong, a day apart, other it is."""
    same, swapped, slipped, next_day, different = found
    if not (one and other):
        return None
    if one == other:
        return same
    if (one.day, one.month, one.year) == (other.month, other.day, other.year):
        return swapped
    if abs((one - other).days) == 1:
        return next_day
    return slipped if OSA.distance(f"{one:%Y%m%d}", f"{other:%Y%m%d}") == 1 else different


def _mothers(one: tuple[str, ...], other: tuple[str, ...]) -> Evidence | None:
    """The given name of the mother decides: a family name may be the child's, or a married one."""
    if not (one and other):
        return None
    first = names.likeness(one[0], other[0])
    if len(one) == 1 or len(other) == 1:
        common = names.best_likeness(one, other)
        return MOTHER_IN_PART if common > Likeness.INITIAL else OTHER_MOTHER
    last = names.best_likeness(one[1:], other[1:])
    if min(first, last) > Likeness.INITIAL:
        return SAME_MOTHER
    return MOTHER_IN_PART if first > Likeness.OTHER else OTHER_MOTHER


def _homes(one: Known, other: Known) -> Evidence | None:
    if one.postcode and one.postcode == other.postcode:
        return SAME_POSTCODE
    if _same_address(one.address, other.address):
        return SAME_ADDRESS
    if not (one.postcode and other.postcode):
        return None
    return NEAR_POSTCODE if OSA.distance(one.postcode, other.postcode) == 1 else OTHER_HOME


def _same_address(one: str, other: str) -> bool:
    """The same street, spelt alike, and the very same numbers of house and flat."""
    numbers = NUMBERS.findall(one)
    if not numbers or numbers != NUMBERS.findall(other):
        return False
    return fuzz.token_sort_ratio(one, other) >= ALIKE_ADDRESS


def _in_words(found: list[Evidence]) -> tuple[str, ...]:
    """What speaks for one child, strongest first; then what speaks against it."""
    told = [each for each in found if each.words]
    told.sort(key=lambda each: -abs(each.same))
    pro = [each.words for each in told if each.same >= 0]
    contra = [f"but {each.words}" for each in told if each.same < 0]
    return (*pro, *contra)


def _power(bits: float) -> float:
    return float(2.0**bits)
