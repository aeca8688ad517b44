"""Invented pairs of reports with the answer known: one child, or two.

Each kind is a rule by which a second report is made from a first, with a seed that makes the same
pairs again. ``TRIED`` was looked at while the weights were chosen; ``HELD_OUT`` was not, and it has
other names and another seed. On top of its rule every report loses some answers at random, as
reports do, so that no pair depends on one answer alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from tests.cdop.cases.children import HELD_OUT_NAMES, TRIED_NAMES, Making, Pool, Told, changed


@dataclass(frozen=True)
class Pair:
    """Two reports, by which rule the second was made, and whether both are about one child."""

    kind: str
    same: bool
    one: Told
    other: Told


def first_name(told: Told) -> str:
    return told.who.given_names.split()[0]


# One child, told twice


def as_it_was(make: Making, told: Told) -> Told:
    return told


def number_missing(make: Making, told: Told) -> Told:
    return changed(told, nhs_number="", address="")


def number_mistyped(make: Making, told: Told) -> Told:
    digits = told.who.nhs_number
    at = make.random.randrange(3, 10)
    wrong = str((int(digits[at]) + make.random.randrange(1, 10)) % 10)
    return changed(told, nhs_number=digits[:at] + wrong + digits[at + 1 :])


def number_of_another(make: Making, told: Told) -> Told:
    return changed(told, nhs_number=make.nhs_number())


def birth_transposed(make: Making, told: Told) -> Told:
    born = told.who.born_on
    if born.day > 12:
        born = born.replace(day=born.month % 12 + 1)
        told = changed(told, date_of_birth=born.isoformat())
    return changed(told, date_of_birth=born.replace(day=born.month, month=born.day).isoformat())


def birth_mistyped(make: Making, told: Told) -> Told:
    born = told.who.born_on
    wrong = born.replace(year=born.year - 1) if born.day < 29 else born.replace(day=19)
    return changed(told, date_of_birth=wrong.isoformat())


def death_a_day_later(make: Making, told: Told) -> Told:
    return replace(told, died_on=told.died_on + timedelta(days=1))


def married_name(make: Making, told: Told) -> Told:
    """The mother's other name; where it is known as well, it is said under other names."""
    new = make.other(make.pool.families, told.who.family_name)
    said = told.who.family_name if make.random.random() < 0.5 else ""
    return changed(told, family_name=new, other_names=said)


def hyphenated_name(make: Making, told: Told) -> Told:
    second = make.other(make.pool.families, told.who.family_name)
    pair = [told.who.family_name, second]
    make.random.shuffle(pair)
    return changed(told, family_name="-".join(pair))


def nickname(make: Making, told: Told) -> tuple[Told, Told]:
    long, short = make.random.choice(make.pool.forms)
    return changed(told, given_names=long), changed(told, given_names=short)


def anglicised(make: Making, told: Told) -> tuple[Told, Told]:
    one, other = make.random.choice(make.pool.spellings)
    return changed(told, given_names=one), changed(told, given_names=other)


def named_later(make: Making, told: Told) -> Told:
    word = make.random.choice(["Baby", "Baby boy", "Infant", "Baby of"])
    return changed(told, given_names=word, nhs_number="")


def named_later_as_one(make: Making, told: Told) -> Told:
    """The hospital wrote everything into one box, under the mother's name."""
    mother = told.who.mother_name.split()
    return changed(told, given_names="", family_name=f"Baby {mother[-1]}", nhs_number="")


def order_swapped(make: Making, told: Told) -> Told:
    who = told.who
    return changed(told, given_names=who.family_name, family_name=who.given_names)


def by_middle_name(make: Making, told: Told) -> tuple[Told, Told]:
    middle = make.random.choice(make.pool.middle)
    full = changed(told, given_names=f"{first_name(told)} {middle}")
    return full, changed(told, given_names=middle)


def accents(make: Making, told: Told) -> tuple[Told, Told]:
    plain, marked = make.random.choice([("Zoe", "Zoë"), ("Rene", "René"), ("Siân", "SIAN")])
    return changed(told, given_names=plain), changed(told, given_names=marked)


def slip_in_given(make: Making, told: Told) -> tuple[Told, Told]:
    name = first_name(told) if len(first_name(told)) > 4 else "Benedict"
    return changed(told, given_names=name), changed(told, given_names=make.slip(name))


def slip_in_family(make: Making, told: Told) -> Told:
    return changed(told, family_name=make.slip(told.who.family_name))


def two_slips(make: Making, told: Told) -> tuple[Told, Told]:
    one, other = slip_in_given(make, told)
    return one, slip_in_family(make, other)


def no_fixed_abode(make: Making, told: Told) -> Told:
    return changed(told, postcode="ZZ99 3VZ", address="No fixed abode")


def registrar_short(make: Making, told: Told) -> Told:
    """A notice that knows names and dates and little else."""
    return changed(told, nhs_number="", mother_name="", postcode="", address="")


# Two children


def unrelated(make: Making, told: Told) -> Told:
    return make.child()


def twin(make: Making, told: Told) -> Told:
    """The other twin, of either sex, who died on the same day or soon after."""
    sex = make.random.choice(["male", "female"])
    options = make.pool.boys if sex == "male" else make.pool.girls
    given = make.other(options, first_name(told))
    later = timedelta(days=make.random.choice([0, 0, 0, 1, 9]))
    other = changed(told, given_names=given, nhs_number=make.nhs_number())
    return replace(other, sex=sex, died_on=told.died_on + later)


def rhyming_twin(make: Making, told: Told) -> tuple[Told, Told]:
    """Twins whose names rhyme; their numbers and their sex tell them apart."""
    one, other = make.random.choice(make.pool.rhyming)
    first = changed(told, given_names=one)
    second = changed(told, given_names=other, nhs_number=make.nhs_number())
    return first, replace(second, sex="male" if told.sex == "female" else "female")


def unnamed_twin(make: Making, told: Told) -> tuple[Told, Told]:
    first = changed(told, given_names="Twin 1", nhs_number="")
    return first, changed(told, given_names="Twin 2", nhs_number="")


def twin_with_middle_name(make: Making, told: Told) -> tuple[Told, Told]:
    """Both bear the middle name of a grandmother."""
    second = twin(make, told)
    middle = make.random.choice(make.pool.middle)
    names = (first_name(each) for each in (told, second))
    one, other = (f"{name} {middle}" for name in names)
    return changed(told, given_names=one), changed(second, given_names=other)


def sibling(make: Making, told: Told) -> Told:
    """A brother or sister, born and died at other times."""
    other = make.child(
        family_name=told.who.family_name,
        mother_name=told.who.mother_name,
        postcode=told.who.postcode,
        address=told.who.address,
    )
    given = make.other(make.pool.girls + make.pool.boys, first_name(told))
    return changed(other, given_names=given)


def namesake_cousin(make: Making, told: Told) -> Told:
    """A cousin of the same name, born on the same day: another mother, home, number and death."""
    mother = make.other(make.pool.mothers, told.who.mother_name.split()[0])
    other = changed(
        told,
        nhs_number=make.nhs_number(),
        mother_name=f"{mother} {told.who.family_name}",
        postcode=make.postcode(),
        address=make.address(),
    )
    return replace(other, died_on=told.died_on + timedelta(days=make.random.randrange(20, 400)))


def same_ward(make: Making, told: Told) -> Told:
    """Another child of the same family name who died on the same day at the same hospital."""
    other = make.child(family_name=told.who.family_name)
    given = make.other(make.pool.girls + make.pool.boys, first_name(told))
    return replace(changed(other, given_names=given), died_on=told.died_on)


def same_first_day(make: Making, told: Told) -> Told:
    """Two babies, not named yet, born and died on one day at one hospital, of other mothers."""
    other = make.child()
    family = make.other(make.pool.families, told.who.family_name)
    mother = f"{make.other(make.pool.mothers, told.who.mother_name.split()[0])} {family}"
    born = told.who.date_of_birth
    return replace(
        changed(
            other, given_names="Baby", family_name=family, mother_name=mother, date_of_birth=born
        ),
        died_on=told.died_on,
    )


def same_home(make: Making, told: Told) -> Told:
    """Another family's child in the same block of flats."""
    return changed(make.child(), postcode=told.who.postcode)


Rule = Callable[[Making, Told], Told | tuple[Told, Told]]

ONE_CHILD: tuple[Rule, ...] = (
    as_it_was, number_missing, number_mistyped, number_of_another, birth_transposed,
    birth_mistyped, death_a_day_later, married_name, hyphenated_name, nickname, anglicised,
    named_later, named_later_as_one, order_swapped, by_middle_name, accents, slip_in_given,
    slip_in_family, two_slips, no_fixed_abode, registrar_short,
)  # fmt: skip
TWO_CHILDREN: tuple[Rule, ...] = (
    unrelated, twin, rhyming_twin, unnamed_twin, twin_with_middle_name, sibling, namesake_cousin,
    same_ward, same_first_day, same_home,
)  # fmt: skip
FAMILY_KINDS = {"twin", "rhyming_twin", "unnamed_twin", "twin_with_middle_name", "sibling"}
# What tells these two apart must not be lost, for then nobody could.
KEEP = {"rhyming_twin", "number_of_another"}
# These are told twice as often as the others, so that there are as many of two children as of one.
TWICE = 2


def labelled(pool: Pool, seed: int, each: int) -> list[Pair]:
    """``each`` pairs of every kind of one child, and twice as many of every kind of two."""
    make = Making(pool, seed, first_number=seed * 60_000)
    return [
        *_of(make, ONE_CHILD, True, each),
        *_of(make, TWO_CHILDREN, False, each * TWICE),
    ]


def _of(make: Making, rules: tuple[Rule, ...], same: bool, each: int) -> Iterator[Pair]:
    for rule in rules:
        for _ in range(each):
            told = make.child()
            made = rule(make, told)
            one, other = made if isinstance(made, tuple) else (told, made)
            if rule.__name__ not in KEEP:
                one, other = make.lossy(one), make.lossy(other)
            yield Pair(rule.__name__, same, one, other)


TRIED = labelled(TRIED_NAMES, seed=3, each=8)
HELD_OUT = labelled(HELD_OUT_NAMES, seed=7, each=8)
