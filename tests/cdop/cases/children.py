"""Invented children, and reports of them as they arrive."""

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
