"""Invented pairs of reports with the answer known: one child, or two.

Each kind is a rule by which a second report is made from a first, with a seed that makes the same
pairs again. ``TRIED`` was looked at while the weights were chosen; ``HELD_OUT`` was not, and it has
other names and another seed. On top of its rule every report loses some answers at random, as
reports do, so that no pair depends on one answer alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from cdop.cases.identity import IdentityRecord
from cdop.core.identifiers import synthetic_nhs_number


@dataclass(frozen=True)
class Told:
    """One report: who the child was, when the child died, and the sex."""

    who: IdentityRecord
    died_on: date
    sex: str


@dataclass(frozen=True)
class Pair:
    """Two reports, by which rule the second was made, and whether both are about one child."""

    kind: str
    same: bool
    one: Told
    other: Told


@dataclass(frozen=True)
class Pool:
    """The names of one set."""

    girls: tuple[str, ...]
    boys: tuple[str, ...]
    middle: tuple[str, ...]
    families: tuple[str, ...]
    mothers: tuple[str, ...]
    forms: tuple[tuple[str, str], ...]
    spellings: tuple[tuple[str, str], ...]
    rhyming: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    districts: tuple[str, ...]


ENDINGS = ("ley", "wick", "ford", "ham")
OTHER_ENDINGS = ("by", "worth", "son", "combe")


def made_up(stems: tuple[str, ...], endings: tuple[str, ...]) -> tuple[str, ...]:
    """Family names that are plainly nobody's."""
    return tuple(f"{stem}{ending}" for stem in stems for ending in endings)


TRIED_NAMES = Pool(
    girls=("Olivia", "Amelia", "Isla", "Freya", "Katherine", "Zuzanna", "Aisha", "Niamh", "Ruby"),
    boys=("Oliver", "George", "Noah", "Arthur", "Mohammed", "Jakub", "Rhys", "Thomas", "Leo"),
    middle=("Grace", "Rose", "James", "Jan", "Noor", "Lee", "May"),
    families=made_up(("Test", "Sample", "Mock", "Invent", "Faux", "Pretend"), ENDINGS),
    mothers=("Sarah", "Emma", "Ewa", "Fatima", "Gemma", "Claire", "Rachel", "Siân", "Hannah"),
    forms=(
        ("Katherine", "Katie"),
        ("Thomas", "Tommy"),
        ("Oliver", "Ollie"),
        ("Jakub", "Jacob"),
        ("Isabella", "Izzy"),
        ("Alexander", "Sasha"),
    ),
    spellings=(
        ("Mohammed", "Muhammad"),
        ("Niamh", "Neve"),
        ("Aisha", "Ayesha"),
        ("Zofia", "Sophia"),
        ("Rhys", "Reece"),
        ("Yusuf", "Yousef"),
    ),
    rhyming=(("Jayden", "Hayden"), ("Ella", "Bella"), ("Ryan", "Rylan"), ("Aria", "Arya")),
    streets=("Nowhere Lane", "Imaginary Road", "Sample Close", "Test Street"),
    districts=("WA7", "CW1", "CH2", "WA1"),
)
HELD_OUT_NAMES = Pool(
    girls=("Sophie", "Evelyn", "Poppy", "Charlotte", "Elizabeth", "Oliwia", "Maryam", "Aoife"),
    boys=("William", "Harry", "Theodore", "Alfie", "Ibrahim", "Mateusz", "Dylan", "Benjamin"),
    middle=("Anne", "Louise", "John", "Ali", "Marie", "Peter"),
    families=made_up(("Made", "Blank", "Phantom", "Figment", "Paper", "Unreal"), OTHER_ENDINGS),
    mothers=("Laura", "Jessica", "Agnieszka", "Khadija", "Nicola", "Zoë", "Helen", "Bronwen"),
    forms=(
        ("Elizabeth", "Libby"),
        ("William", "Billy"),
        ("Benjamin", "Ben"),
        ("Mateusz", "Matthew"),
        ("Theodore", "Teddy"),
        ("Charlotte", "Lottie"),
    ),
    spellings=(
        ("Ibrahim", "Ibraheem"),
        ("Aoife", "Eefa"),
        ("Zainab", "Zaynab"),
        ("Philip", "Filip"),
        ("Caoimhe", "Keeva"),
        ("Maryam", "Mariam"),
    ),
    rhyming=(("Kayden", "Jayden"), ("Lilly", "Milly"), ("Harris", "Harry"), ("Erin", "Orin")),
    streets=("Blank Avenue", "Figment Drive", "Paper Row", "Specimen Court"),
    districts=("WA8", "CW9", "CH65", "SK10"),
)


class Making:
    """A source of invented children; the same seed makes the same ones."""

    def __init__(self, pool: Pool, seed: int, first_number: int) -> None:
        self.pool, self.random, self.number = pool, Random(seed), first_number

    def child(self, **known: str) -> Told:
        """A child of whom everything is known."""
        sex = self.random.choice(["male", "female"])
        family = self.random.choice(self.pool.families)
        first = self.random.choice(self.pool.boys if sex == "male" else self.pool.girls)
        middle = self.random.choice(["", *self.pool.middle])
        died_on = self.day(date(2024, 1, 1), 700)
        born_on = died_on - timedelta(days=self.random.choice([0, 1, 5, 30, 200, 900, 3000, 6000]))
        said = {
            "given_names": f"{first} {middle}".strip(),
            "family_name": family,
            "date_of_birth": born_on.isoformat(),
            "nhs_number": self.nhs_number(),
            "address": self.address(),
            "postcode": self.postcode(),
            "mother_name": f"{self.random.choice(self.pool.mothers)} {family}",
        }
        return Told(IdentityRecord(**said | known), died_on, sex)

    def nhs_number(self) -> str:
        self.number += self.random.randrange(3, 400)
        return synthetic_nhs_number(self.number)

    def day(self, since: date, days: int) -> date:
        return since + timedelta(days=self.random.randrange(days))

    def address(self) -> str:
        return f"{self.random.randrange(1, 90)} {self.random.choice(self.pool.streets)}"

    def postcode(self) -> str:
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        unit = "".join(self.random.choice(letters) for _ in range(2))
        return f"{self.random.choice(self.pool.districts)} {self.random.randrange(10)}{unit}"

    def other(self, options: tuple[str, ...], not_this: str) -> str:
        return self.random.choice([each for each in options if not_this not in (each, each[:3])])

    def lossy(self, told: Told) -> Told:
        """The report as it arrives: some answers are not given."""
        chances = {"nhs_number": 0.25, "postcode": 0.15, "mother_name": 0.25, "address": 0.4}
        lost = {name: "" for name, chance in chances.items() if self.random.random() < chance}
        return changed(told, **lost)

    def slip(self, word: str) -> str:
        """The word with one slip of the fingers after its first letter."""
        at = self.random.randrange(1, len(word) - 1)
        return self.random.choice(
            [
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + self.random.choice("aeiourst") + word[at + 1 :],
            ]
        )


def changed(told: Told, **answers: str) -> Told:
    return replace(told, who=replace(told.who, **answers))


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
