"""The annual tables: the system's one cube against one SQL statement for each table.

The statements are a second opinion, written from the meaning of the tables and not from the code
that makes them. They come in two forms. A complete one returns the table as it is printed: every
cell, zeros, subtotals and margins. A bare one returns only the combinations that some death has,
which is the least that a database can be asked; it is not a table yet.
"""

from collections.abc import Mapping
from itertools import product

from django.db import connection

from analytics import cube
from cdop import editions
from cdop.core.periods import Period
from tests.bench.timing import milliseconds

Codes = tuple[str, ...]
Counts = dict[Codes, int]

# Every code of a dimension, and the values in the database that count under it.
AREAS = {code: (code,) for code in ("E06000049", "E06000050", "E06000006", "E06000007")}
NO_AREA = {"not_known": ("not_known",)}
AGES = {
    "under-1": ("0-27d", "28-364d"),
    **{code: (code,) for code in ("0-27d", "28-364d", "1-4", "5-9", "10-14", "15-17", "not_known")},
}
SEXES = {code: (code,) for code in ("male", "female", "not_known")}
EXPECTEDNESS = {code: (code,) for code in ("expected", "unexpected", "not_known")}
MODIFIABLE = {
    "enough_information": ("modifiable", "not_modifiable"),
    **{code: (code,) for code in ("modifiable", "not_modifiable", "inadequate", "not_known")},
}
CATEGORIES = {
    code: (code,)
    for code in (
        "inflicted",
        "self_harm",
        "trauma",
        "malignancy",
        "acute",
        "chronic",
        "congenital",
        "perinatal",
        "infection",
        "unexplained",
        "not_known",
    )
}


def _nested(vocabulary: str) -> dict[str, Codes]:
    """Each term of the guidance; a heading counts all under it."""
    terms = editions.get("lscb-2015").vocabularies[vocabulary].terms
    under = {term.code: tuple(t.code for t in terms if t.parent == term.code) for term in terms}
    return {code: leaves or (code,) for code, leaves in under.items()}


# Numbers that are told in bands: each column with its codes and their lowest numbers.
WEEKS = {"under-24": 0, "24-27": 24, "28-31": 28, "32-36": 32, "37-plus": 37}
TIMES = {"within-6-months": 0, "within-12-months": 183, "over-12-months": 366}
BANDED = {"gestation": ("gestation_weeks", WEEKS), "time": ("days_to_sign_off", TIMES)}
DIMENSIONS = {
    "ethnic_group": _nested("ethnic_group"),
    "place_of_death": _nested("places"),
    "place_of_event": _nested("places"),
    **{
        name: {code: (code,) for code in (*lows, "not_known")} for name, (_, lows) in BANDED.items()
    },
    "area_id": AREAS,
    "age_band": AGES,
    "sex": SEXES,
    "expectedness": EXPECTEDNESS,
    "modifiable": MODIFIABLE,
    "category": CATEGORIES,
}
TABLES: Mapping[str, tuple[str, ...]] = {
    "notified-area": ("notified_in", "area_id"),
    "notified-age-area": ("notified_in", "age_band", "area_id"),
    "notified-sex-area": ("notified_in", "sex", "area_id"),
    "notified-age-sex": ("notified_in", "age_band", "sex"),
    "notified-expectedness-area": ("notified_in", "expectedness", "area_id"),
    "reviewed-area": ("reviewed_in", "area_id"),
    "reviewed-age-area": ("reviewed_in", "age_band", "area_id"),
    "reviewed-sex-area": ("reviewed_in", "sex", "area_id"),
    "reviewed-age-sex": ("reviewed_in", "age_band", "sex"),
    "reviewed-expectedness-area": ("reviewed_in", "expectedness", "area_id"),
    "reviewed-expectedness-sex": ("reviewed_in", "expectedness", "sex"),
    "reviewed-category-area": ("reviewed_in", "category", "area_id"),
    "reviewed-category-age": ("reviewed_in", "category", "age_band"),
    "reviewed-modifiable-area": ("reviewed_in", "modifiable", "area_id"),
    "reviewed-modifiable-age": ("reviewed_in", "age_band", "modifiable"),
    "reviewed-category-modifiable": ("reviewed_in", "category", "modifiable"),
    "reviewed-modifiable-sex": ("reviewed_in", "modifiable", "sex"),
    "reviewed-ethnicity": ("reviewed_in", "ethnic_group"),
    "reviewed-place-of-event": ("reviewed_in", "place_of_event"),
    "reviewed-place-of-death": ("reviewed_in", "place_of_death"),
    "reviewed-gestation": ("reviewed_in", "gestation"),
    "reviewed-time-area": ("reviewed_in", "time", "area_id"),
    "died-area": ("died_in", "area_id"),
    "died-age-area": ("died_in", "age_band", "area_id"),
    "died-sex-area": ("died_in", "sex", "area_id"),
}
WHERE = {"reviewed-gestation": " AND age_band IN ('0-27d', '28-364d')"}
PERCENTAGE = "reviewed-modifiable-percentage"

BARE = """
SELECT {columns}, COUNT(*) FROM cdop_casefacts
WHERE in_scope AND {month} BETWEEN '{first}' AND '{last}'{where} GROUP BY {places}
"""
COMPLETE = """
WITH counted ({names}, n) AS ({bare}), {lists}
SELECT {codes}, COALESCE(SUM(n), 0) FROM {cross} LEFT JOIN counted ON {joined}
GROUP BY {codes}
"""
SHARE = """
WITH counted (d0, found, n) AS (
  SELECT {column}, SUM(CASE WHEN modifiable = 'modifiable' THEN 1 ELSE 0 END), COUNT(*)
  FROM cdop_casefacts WHERE in_scope AND reviewed_in BETWEEN '{first}' AND '{last}'
  AND modifiable IN ('modifiable', 'not_modifiable') GROUP BY 1
), {lists}
SELECT l0.code, COALESCE(SUM(found), 0), COALESCE(SUM(n), 0)
FROM l0 LEFT JOIN counted ON counted.d0 = l0.leaf GROUP BY l0.code
"""


class Differ(Exception):
    """The system and the statements count differently: there is nothing to compare in time."""


def measure(period: Period) -> dict[str, float]:
    """Median milliseconds of the whole set: "system", "complete" and "bare"; Differ if unequal."""
    complete, bare = statements(period)
    compare(period, complete, bare)
    return milliseconds(
        {
            "system": lambda: cube.count(period).tabulate(),
            "complete": lambda: [_rows(statement) for statement in complete.values()],
            "bare": lambda: [_rows(statement) for statement in bare.values()],
        }
    )


def statements(period: Period) -> tuple[dict[str, str], dict[str, str]]:
    """The complete and the bare statement of each table."""
    span = {"first": period.first_month.isoformat(), "last": period.last_month.isoformat()}
    dimensions = {**DIMENSIONS, "area_id": AREAS | (NO_AREA if _without_area(span) else {})}
    bare = {id: _bare(id, month, columns, span) for id, (month, *columns) in TABLES.items()}
    complete = {
        id: _complete(bare[id], [dimensions[column] for column in columns])
        for id, (_, *columns) in TABLES.items()
    }
    share = SHARE.format(column=_column("area_id"), lists=_list(0, dimensions["area_id"]), **span)
    return complete | {PERCENTAGE: share}, bare | {PERCENTAGE: share}


def compare(period: Period, complete: Mapping[str, str], bare: Mapping[str, str]) -> None:
    """Raises Differ unless the statements and the system count every cell alike."""
    for table in cube.count(period).tabulate():
        if table.table.population:
            continue  # a rate is of deaths that another table counts
        counted = _rows(complete[table.table.id])
        if table.table.id == PERCENTAGE:
            same = {(code,): (found, n) for code, found, n in counted} == {
                at: (table.counts[at], table.denominators[at]) for at in table.counts
            }
        else:
            same = _counts(counted) == table.counts and _leaves_agree(table, bare)
        if not same:
            raise Differ(f"{table.table.id} is not what the SQL statement counts.")


def _leaves_agree(table, bare: Mapping[str, str]) -> bool:
    """Whether the bare statement has every count above zero of values that are no sum of others."""
    leaves = product(*(dimension.leaves for dimension in table.dimensions))
    some = {at: table.counts[at] for at in leaves if table.counts[at]}
    return _counts(_rows(bare[table.table.id])) == some


def _rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def _counts(rows: list[tuple]) -> Counts:
    return {tuple(codes): int(n) for *codes, n in rows}


def _column(name: str) -> str:
    if name in BANDED:
        column, lows = BANDED[name]
        bands = reversed(lows.items())
        whens = " ".join(f"WHEN {column} >= {low} THEN '{code}'" for code, low in bands)
        return f"CASE {whens} ELSE 'not_known' END"
    return f"COALESCE(NULLIF({name}, ''), 'not_known')"


def _bare(id: str, month: str, columns: list[str], span: Mapping[str, str]) -> str:
    return BARE.format(
        columns=", ".join(map(_column, columns)),
        places=", ".join(str(place + 1) for place in range(len(columns))),
        month=month,
        where=WHERE.get(id, ""),
        **span,
    )


def _complete(bare: str, dimensions: list[Mapping[str, Codes]]) -> str:
    places = range(len(dimensions))
    return COMPLETE.format(
        names=", ".join(f"d{place}" for place in places),
        bare=bare,
        lists=", ".join(_list(place, dimensions[place]) for place in places),
        codes=", ".join(f"l{place}.code" for place in places),
        cross=" CROSS JOIN ".join(f"l{place}" for place in places),
        joined=" AND ".join(f"counted.d{place} = l{place}.leaf" for place in places),
    )


def _list(place: int, dimension: Mapping[str, Codes]) -> str:
    """The codes of a dimension as a list in SQL, each beside the values that it counts."""
    whole = {leaf for leaves in dimension.values() for leaf in leaves}
    pairs = [(code, leaf) for code, leaves in dimension.items() for leaf in leaves]
    pairs += [("total", leaf) for leaf in sorted(whole)]
    values = ", ".join(f"('{code}', '{leaf}')" for code, leaf in pairs)
    return f"l{place} (code, leaf) AS (VALUES {values})"


def _without_area(span: Mapping[str, str]) -> bool:
    within = " OR ".join(
        f"{month} BETWEEN '{span['first']}' AND '{span['last']}'"
        for month in ("notified_in", "reviewed_in", "died_in")
    )
    found = f"SELECT 1 FROM cdop_casefacts WHERE in_scope AND area_id IS NULL AND ({within})"
    return bool(_rows(f"{found} LIMIT 1"))
