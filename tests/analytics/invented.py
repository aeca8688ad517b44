"""Invented deaths for the tests of tables: one dictionary per child, and the same as a cube."""

import random
from collections import Counter

import pandas as pd

from analytics import dimensions, release_json, rollup, tables
from analytics.populations import BIRTHS, Group, Year, choose, shipped
from analytics.rated import rated
from cdop import editions
from cdop.core.periods import Period

AREAS = {
    "E06000049": "Cheshire East",
    "E06000050": "Cheshire West and Chester",
    "E06000006": "Halton",
    "E06000007": "Warrington",
}
BORN = dict(zip(AREAS, (3_800, 3_600, 1_600, 2_450), strict=True))
POPULATIONS = choose(
    Period.year(2014),
    [
        *shipped(),
        Year(BIRTHS, 2014, 1, "Invented", tuple(Group(a, "all", 0, 0, n) for a, n in BORN.items())),
    ],
)
LEAVES = (
    "area",
    "age_band",
    "sex",
    "expectedness",
    "modifiable",
    "edition",
    "category",
    "ethnic_group",
    "place_of_death",
    "place_of_event",
    "gestation",
    "time_to_review",
)
WEEKS = ("under-24", "24-27", "28-31", "32-36", "37-plus", "not_known")
TIMES = ("within-6-months", "within-12-months", "over-12-months", "not_known")
BASES = ("basis_notified", "basis_reviewed", "basis_died")
PERIOD = "2014-15"

AGES = {"0-27d": 42, "28-364d": 18, "1-4": 13, "5-9": 7, "10-14": 7, "15-17": 11, "not_known": 2}
ANSWERS = {"modifiable": 20, "not_modifiable": 74, "inadequate": 4, "not_known": 2}


def children(seed, number=48, codes=("lscb-2015",)):
    """A list of children as sparse as a panel's year."""
    draw = random.Random(seed)
    return [
        _child(draw, codes) | _recorded(random.Random(f"{seed} {child}")) for child in range(number)
    ]


def _child(draw, codes):
    edition = draw.choice(codes)
    categories = [category.code for category in editions.get(edition).categories]
    bases = draw.choice([(1, 1, 1), (1, 1, 0), (1, 0, 1), (0, 1, 0)])
    return {
        "area": draw.choices(list(AREAS), [37, 32, 12, 19])[0],
        "age_band": draw.choices(list(AGES), AGES.values())[0],
        "sex": draw.choices(["male", "female", "not_known"], [55, 43, 2])[0],
        "expectedness": draw.choices(["expected", "unexpected", "not_known"], [66, 32, 2])[0],
        "modifiable": draw.choices(list(ANSWERS), ANSWERS.values())[0],
        "edition": edition,
        "category": draw.choices(categories, [4, 5, 12, 15, 10, 8, 20, 30, 10, 6])[0],
        **dict(zip(BASES, bases, strict=True)),
    }


def _recorded(draw):
    """Facts that a death has under every edition."""
    places = by_code()["place_of_event"].leaves
    return {
        "ethnic_group": draw.choices(["white_british", "asian_pakistani", "other_any"], [7, 2, 1])[
            0
        ],
        "place_of_death": draw.choices(["neonatal_unit", "home", "hospice", "not_known"])[0],
        "place_of_event": draw.choice(places),
        "gestation": draw.choices(WEEKS, [2, 2, 1, 2, 3, 1])[0],
        "time_to_review": draw.choices(TIMES, [5, 4, 2, 1])[0],
    }


def cube(rows):
    """What the database would hand over: one row per combination that some child has."""
    counted = Counter(tuple(row[name] for name in (*LEAVES, *BASES)) for row in rows)
    lines = [(*facts, n) for facts, n in counted.items()]
    return pd.DataFrame(lines, columns=[*LEAVES, *BASES, "n"])


def by_code(codes=("lscb-2015",)):
    return dimensions.build([editions.get(code) for code in codes], AREAS)


def tabulate(rows, codes=("lscb-2015",), only=lambda table: True):
    """The declared tables that ``only`` picks, counted."""
    declared = [table for table in tables.declared(codes) if only(table)]
    counted = [rollup.roll_up(cube(rows), t, by_code(codes), period=PERIOD) for t in declared]
    guidance = [editions.get(code) for code in codes]
    return [
        rated(each, POPULATIONS, AREAS, guidance) if each.table.population else each
        for each in counted
    ]


def heading(**changes):
    given = {
        "id": "R-0001",
        "version": 1,
        "supersedes": None,
        "period": PERIOD,
        "areas": tuple(AREAS),
        "threshold": 5,
        "snapshot": "2015-05-01T09:00:00Z",
        "editions": ("lscb-2015",),
        "synthetic": True,
    }
    return release_json.Heading(**{**given, **changes})
