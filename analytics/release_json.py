"""The published form of a release: what its renderers show and what others may read.

Every figure in it comes from the protected tables, so that a hidden count has no
percentage, no limit and no denominator that could give it back.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from analytics.disclosure import MARK, Protected
from analytics.populations import KINDS
from analytics.rates import crude_rate, proportion
from analytics.rollup import Codes, Tabulated
from analytics.tables import Cell

# A percentage of nobody.
NOT_APPLICABLE = "[z]"

# A rate on too few deaths to say anything.
TOO_FEW = "[x]"
FEWEST_FOR_A_RATE = 3
UNRELIABLE, RELIABLE_FROM = "[u]", 20

PERCENT = 100
DECIMALS = 1


@dataclass(frozen=True)
class Heading:
    """What a release says of itself.

    id, version  stable; ``supersedes`` names the version replaced, or is None
    period       "2014-15"; areas by GSS code; ``editions`` by code
    snapshot     which state of the records was counted
    synthetic    true where no real child stands behind the figures
    protected    false for the restricted product with exact counts
    sources      whose populations the rates are of, a sentence each
    """

    id: str
    version: int
    supersedes: str | None
    period: str
    areas: tuple[str, ...]
    threshold: int
    snapshot: str
    editions: tuple[str, ...]
    synthetic: bool
    protected: bool = True
    sources: tuple[str, ...] = ()


def build(heading: Heading, protected: Protected, checks: Sequence[str] = ()) -> dict[str, Any]:
    """The public release as plain data, ready for ``dumps``.

    checks  the sentences of ``checks.verify``, printed with the release

    "known" lists the counts that were public before and are shown though they may be small.
    """
    release = _release(heading, protected.tables, protected.shown, checks)
    return {**release, "known": [_known(cell) for cell in sorted(protected.known, key=str)]}


def build_internal(
    heading: Heading, tables: Sequence[Tabulated], checks: Sequence[str] = ()
) -> dict[str, Any]:
    """The same with every count shown: only for named recipients, never for publication."""
    counts = {cell: n for tabulated in tables for cell, n in tabulated.cells().items()}
    return _release(replace(heading, protected=False), tables, counts.__getitem__, checks)


def dumps(release: Mapping[str, Any]) -> str:
    """JSON text, the same for the same release."""
    return json.dumps(release, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _release(
    heading: Heading,
    tables: Sequence[Tabulated],
    shown: Callable[[Cell], int | None],
    checks: Sequence[str],
) -> dict[str, Any]:
    used = {
        dimension.code: dimension
        for tabulated in tables
        for dimension in (*tabulated.dimensions, *tabulated.restricting)
    }
    return {
        "release": {
            **asdict(heading),
            "areas": [*heading.areas],
            "editions": [*heading.editions],
            "sources": [*heading.sources],
        },
        "dimensions": {code: [asdict(v) for v in d.values] for code, d in used.items()},
        "dimension_labels": {code: dimension.label for code, dimension in used.items()},
        "tables": [_table(tabulated, shown) for tabulated in tables],
        "checks": list(checks),
    }


def _known(cell: Cell) -> dict[str, Any]:
    """A count that was public before, as the auditor and other readers find it."""
    basis, period, where = cell
    return {"basis": basis, "period": period, "where": dict(sorted(where))}


def _table(tabulated: Tabulated, shown: Callable[[Cell], int | None]) -> dict[str, Any]:
    table = tabulated.table
    described = {
        "id": table.id,
        "title": table.title,
        "basis": table.basis,
        "period": tabulated.period,
        "statistic": table.statistic,
        "where": dict(table.where),
        "dimensions": list(table.dimensions),
        "additive": [d.code for d in tabulated.dimensions if d.additive],
        "notes": list(table.notes),
    }
    if table.statistic == "count":
        return {**described, "cells": [_count(tabulated, at, shown) for at in tabulated.counts]}
    if table.statistic == "rate":
        return {
            **described,
            "numerator": dict(table.numerator),
            "per": table.per,
            "population": KINDS[table.population].capitalize(),
            "cells": [_rate(tabulated, at, shown) for at in tabulated.counts],
        }
    return {
        **described,
        "numerator": dict(table.numerator),
        "denominator": dict(table.denominator),
        "cells": [_percentage(tabulated, at, shown) for at in tabulated.counts],
    }


def _count(tabulated: Tabulated, at: Codes, shown: Callable[[Cell], int | None]) -> dict[str, Any]:
    value = shown(tabulated.table.cell(tabulated.period, at))
    return {**_place(tabulated, at), "value": value, "mark": MARK if value is None else None}


def _percentage(
    tabulated: Tabulated, at: Codes, shown: Callable[[Cell], int | None]
) -> dict[str, Any]:
    table = tabulated.table
    numerator = shown(table.cell(tabulated.period, at, table.numerator))
    denominator = shown(table.cell(tabulated.period, at, table.denominator))
    return {**_place(tabulated, at), **_share(numerator, denominator)}


def _rate(tabulated: Tabulated, at: Codes, shown: Callable[[Cell], int | None]) -> dict[str, Any]:
    """A rate of a shown count; of a hidden one nothing, not even the people it would be of."""
    table = tabulated.table
    deaths = shown(table.cell(tabulated.period, at, table.numerator))
    people = tabulated.denominators[at]
    place = _place(tabulated, at)
    if deaths is None:
        return {**place, **_figures(None, MARK), "flag": None}
    if not people:
        return {**place, **_figures(None, NOT_APPLICABLE), "numerator": deaths, "flag": None}
    pair = {"numerator": deaths, "denominator": people}
    if deaths < FEWEST_FOR_A_RATE:
        return {**place, **_figures(None, TOO_FEW), **pair, "flag": None}
    estimate = crude_rate(deaths, people, per=table.per)
    rounded = [round(part, DECIMALS) for part in (estimate.value, estimate.lower, estimate.upper)]
    flag = UNRELIABLE if deaths < RELIABLE_FROM else None
    return {**place, **_figures(rounded, None), **pair, "flag": flag}


def _share(numerator: int | None, denominator: int | None) -> dict[str, Any]:
    """A percentage of two shown counts; nothing at all where either is hidden."""
    if numerator is None or denominator is None:
        return _figures(None, MARK)
    if denominator == 0:
        return {**_figures(None, NOT_APPLICABLE), "numerator": 0, "denominator": 0}
    estimate = proportion(numerator, denominator)
    rounded = [
        round(PERCENT * part, DECIMALS) for part in (estimate.value, estimate.lower, estimate.upper)
    ]
    return {**_figures(rounded, None), "numerator": numerator, "denominator": denominator}


def _figures(figures: Sequence[float] | None, mark: str | None) -> dict[str, Any]:
    value, lower, upper = figures or (None, None, None)
    pair = {"numerator": None, "denominator": None}
    return {"value": value, "mark": mark, "lower": lower, "upper": upper, **pair}


def _place(tabulated: Tabulated, at: Codes) -> dict[str, str]:
    return dict(zip(tabulated.table.dimensions, at, strict=True))
