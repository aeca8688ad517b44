"""From the records to the content of a release: count, check, protect.

Nothing here is saved. What stops the way is a ``Refused`` with the reason.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from analytics import checks, cube, disclosure, release_json
from analytics.cube import Cube
from analytics.dimensions import TOTAL
from analytics.disclosure import CannotProtect, Policy, Protected
from analytics.models import Release
from analytics.release_json import Heading
from analytics.rollup import Tabulated
from analytics.solver import SolverFailed
from analytics.tables import Cell
from cdop.core.periods import Period
from cdop.core.refusals import Refused, refuse_if

DRAFT = "This is a draft, not for publication."


@dataclass(frozen=True)
class Counted:
    """Exact counts: every table of a period, before anything is hidden.

    checks  what was checked, a sentence each
    """

    cube: Cube
    tables: tuple[Tabulated, ...]
    checks: tuple[str, ...]


def count(period: Period) -> Counted:
    """Count and check every table. Raises Refused where the tables disagree or a fact is odd."""
    try:
        counted = cube.count(period)
        tables = counted.tabulate()
        return Counted(counted, tuple(tables), tuple(checks.verify(tables)))
    except (ValueError, checks.TablesDisagree) as fault:
        raise Refused(f"The statistics of {period} do not hold together. {fault}") from fault


def heading(
    counted: Cube,
    threshold: int,
    *,
    reference: str = "draft",
    number: int = 1,
    before: Release | None = None,
) -> Heading:
    """What a release of these counts says of itself; ``before`` is the version it replaces."""
    return Heading(
        id=reference,
        version=number,
        supersedes=before.reference if before else None,
        period=str(counted.period),
        areas=tuple(counted.areas),
        threshold=threshold,
        snapshot=counted.snapshot,
        editions=tuple(edition.code for edition in counted.editions),
        synthetic=settings.DEMONSTRATION,
        sources=counted.populations.sources,
    )


def protect(counted: Counted, threshold: int, earlier: Iterable[Release]) -> Protected:
    """Hide what must be hidden, in all tables together.

    earlier  the published versions of the same period: what they hid stays hidden
    Raises Refused where that cannot be done.
    """
    refuse_if(_area_missing(counted.cube))
    hidden = {cell for release in earlier for cell in hidden_cells(json.loads(release.content))}
    now = {cell for table in counted.tables for cell in table.cells()}
    try:
        return disclosure.protect(counted.tables, Policy(threshold=threshold), hidden & now)
    except (CannotProtect, SolverFailed) as fault:
        raise Refused(
            f"The tables of {counted.cube.period} cannot be protected. {fault}"
        ) from fault


def protected(
    counted: Counted, threshold: int, earlier: Iterable[Release] = (), **said: Any
) -> dict[str, Any]:
    """The release JSON of these counts, protected; ``said`` goes into its heading."""
    result = protect(counted, threshold, earlier)
    return release_json.build(heading(counted.cube, threshold, **said), result, counted.checks)


def exact(counted: Counted) -> dict[str, Any]:
    """The same with every count shown: never for publication."""
    said = heading(counted.cube, threshold=1, reference="exact counts")
    return release_json.build_internal(said, counted.tables, counted.checks)


def of_basis(release: Mapping[str, Any], basis: str) -> dict[str, Any]:
    """The same release with the tables of one basis alone; what is hidden stays hidden."""
    tables = [table for table in release["tables"] if table["basis"] == basis]
    return {**release, "tables": tables}


def marked_as_draft(release: Mapping[str, Any]) -> dict[str, Any]:
    """The same release, saying with its name and under each table that it is not published.

    A table that is copied into another paper takes its mark with it.
    """
    about = release["release"]
    marked = {**about, "id": f"{about['id']}, not for publication", "draft": True}
    tables = [{**table, "notes": [DRAFT, *table["notes"]]} for table in release["tables"]]
    return {**release, "release": marked, "tables": tables}


def cells(release: Mapping[str, Any]) -> set[Cell]:
    """Every count that a release prints or hides, by what it counts."""
    return {_cell(table, cell) for table, cell in _counts(release)}


def hidden_cells(release: Mapping[str, Any]) -> set[Cell]:
    """Every count that a release hides, by what it counts."""
    return {
        _cell(table, cell) for table, cell in _counts(release) if cell["mark"] == disclosure.MARK
    }


def all_deaths(release: Mapping[str, Any]) -> dict[str, int | None]:
    """How many deaths each basis of a release counts in all; None where that is hidden."""
    return {
        table["basis"]: cell["value"]
        for table, cell in _counts(release)
        if not table["where"] and all(cell[name] == "total" for name in table["dimensions"])
    }


def shown_counts(release: Mapping[str, Any]) -> dict[Cell, int]:
    """Every count that a release shows, by what it counts."""
    return {
        _cell(table, cell): cell["value"]
        for table, cell in _counts(release)
        if cell["value"] is not None
    }


def changes(release: Mapping[str, Any], tables: Iterable[Tabulated]) -> set[int]:
    """By how much the counts that a release shows differ from those of today, more or less.

    tables  exact counts of the same period: what the next version shows or hides of them
            makes no difference, since a zero that becomes hidden tells of a change too

    With each whole goes what is left of its change when the parts shown are taken off.
    """
    now = {cell: n for table in tables for cell, n in table.cells().items()}
    before = shown_counts(release)
    changed = {cell: now[cell] - n for cell, n in before.items() if cell in now}
    left = {
        changed[whole] - sum(changed.get(part, 0) for part in parts)
        for whole, parts in _sums(release)
        if whole in changed
    }
    return {*changed.values(), *left}


def _sums(release: Mapping[str, Any]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Each whole with its parts, along every dimension in which a death counts once."""
    for table, cell in _counts(release):
        for code in table["additive"]:
            parent = None if cell[code] == TOTAL else cell[code]
            values = [v["code"] for v in release["dimensions"][code] if v["parent"] == parent]
            if values:
                yield _cell(table, cell), [_cell(table, {**cell, code: v}) for v in values]


def _counts(release: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for table in release["tables"]:
        if table["statistic"] == "count":
            yield from ((table, cell) for cell in table["cells"])


def _cell(table: Mapping[str, Any], cell: Mapping[str, Any]) -> Cell:
    at = {code: cell[code] for code in table["dimensions"] if cell[code] != TOTAL}
    return (table["basis"], table["period"], frozenset({**table["where"], **at}.items()))


def _area_missing(counted: Cube) -> str:
    deaths = counted.without_area
    if not deaths:
        return ""
    which = "1 death has" if deaths == 1 else f"{deaths} deaths have"
    return (
        f"{which} no area in {counted.period}. Say on the case where the child lived, or that the "
        "death is not one that this panel reviews."
    )
