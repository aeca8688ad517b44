"""How the facts of invented deaths are spread: weights, not counts.

Orders of magnitude only, of the kind that national releases print: six deaths in ten under one
year, a third perinatal, about 22% with modifiable factors, most of all those by an external cause.
They describe no real panel. A category that an edition does not have is never drawn.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

Weights = Mapping[str, float]

# By the number of children who live in each area.
AREAS: Weights = MappingProxyType(
    {"E06000049": 35, "E06000050": 31, "E06000006": 13, "E06000007": 21}
)


@dataclass(frozen=True)
class Ages:
    """Ages at death from ``least`` to ``most`` days, and the categories that go with them.

    skew  1 spreads the ages evenly; above 1 most deaths come early
    """

    weight: float
    least: int
    most: int
    categories: Weights
    skew: float = 1


AGES = (
    Ages(
        42, 0, 27,
        {"perinatal": 68, "congenital": 24, "infection": 3, "acute": 2, "unexplained": 2,
         "inflicted": 0.5, "trauma": 0.5},
        skew=2.5,
    ),
    Ages(
        21, 28, 364,
        {"congenital": 30, "unexplained": 24, "perinatal": 15, "infection": 11, "acute": 8,
         "chronic": 4, "trauma": 3, "inflicted": 3, "malignancy": 2},
        skew=1.5,
    ),
    Ages(
        12, 366, 1825,
        {"congenital": 22, "malignancy": 15, "infection": 14, "acute": 13, "trauma": 13,
         "chronic": 9, "unexplained": 8, "inflicted": 4, "perinatal": 2},
    ),
    Ages(
        7, 1827, 3650,
        {"malignancy": 27, "congenital": 22, "trauma": 15, "chronic": 13, "acute": 12,
         "infection": 8, "inflicted": 2, "unexplained": 1},
    ),
    Ages(
        8, 3653, 5476,
        {"malignancy": 22, "trauma": 20, "congenital": 17, "chronic": 14, "acute": 11,
         "self_harm": 9, "infection": 6, "inflicted": 1},
    ),
    Ages(
        10, 5479, 6570,
        {"trauma": 30, "self_harm": 25, "malignancy": 14, "congenital": 9, "chronic": 9,
         "acute": 8, "infection": 3, "inflicted": 2},
    ),
)  # fmt: skip

# Of a hundred deaths in a category, how many were unexpected, and how many had modifiable factors.
UNEXPECTED: Weights = MappingProxyType(
    {"inflicted": 98, "self_harm": 99, "trauma": 98, "malignancy": 5, "acute": 60, "chronic": 25,
     "congenital": 15, "perinatal": 12, "infection": 60, "unexplained": 99}
)  # fmt: skip
MODIFIABLE: Weights = MappingProxyType(
    {"inflicted": 65, "self_harm": 50, "trauma": 50, "malignancy": 2, "acute": 22, "chronic": 15,
     "congenital": 9, "perinatal": 20, "infection": 22, "unexplained": 65}
)  # fmt: skip
INADEQUATE = 2

SEXES: Weights = MappingProxyType({"male": 56.5, "female": 43, "not_known": 0.5})
ETHNIC_GROUPS: Weights = MappingProxyType(
    {"white_british": 87, "white_other": 4, "asian_pakistani": 2, "asian_indian": 1,
     "mixed_other": 1, "mixed_asian": 1, "black_african": 1, "not_known": 2}
)  # fmt: skip

PLACES_OF_NEWBORN: Weights = MappingProxyType(
    {"neonatal_unit": 72, "hospital_other": 12, "intensive_care": 5, "emergency_department": 4,
     "home": 3, "hospice": 3}
)  # fmt: skip
PLACES: Weights = MappingProxyType(
    {"intensive_care": 25, "emergency_department": 24, "home": 19, "paediatric_ward": 13,
     "hospice": 8, "public_place": 6, "hospital_other": 2, "not_known": 1}
)  # fmt: skip
PLACES_OUTSIDE: Weights = MappingProxyType(
    {"public_place": 55, "home": 30, "private_home": 10, "school": 2, "abroad": 1}
)
EXTERNAL = ("inflicted", "self_harm", "trauma")

# Completed weeks of pregnancy, by category; the rest of all infants were born near term.
WEEKS_EARLY = range(22, 42)
WEEKS_AT_TERM = range(36, 42)


def chance(*of: object) -> Random:
    """Chance that falls the same way for the same words, whenever and wherever."""
    return Random("/".join(map(str, of)))  # nothing secret is drawn


def one_of(random: Random, weights: Weights) -> str:
    """A code, as often as its weight says."""
    return random.choices(list(weights), list(weights.values()))[0]


def among(random: Random, codes: Iterable[str], weights: Weights) -> str:
    """One of ``codes``, by weight; evenly where none of them has a weight."""
    codes = list(codes)
    weighted = {code: weight for code, weight in weights.items() if code in codes}
    return one_of(random, weighted or dict.fromkeys(codes, 1))


def happens(random: Random, percent: float) -> bool:
    """True so many times in a hundred."""
    return random.random() * 100 < percent
