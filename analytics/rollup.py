"""From the one cube of a release to its tables: complete, with zeros, subtotals and margins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from analytics.dimensions import TOTAL, Dimension
from analytics.tables import Cell, Table

Codes = tuple[str, ...]


@dataclass(frozen=True)
class Tabulated:
    """A table with its counts, before protection.

    dimensions    in the order of ``table.dimensions``
    restricting   those of the table's restrictions, numerator and denominator
    counts        by codes, one for each dimension, "total" for a margin; of a
                  percentage the numerators
    denominators  of a percentage or a rate, by the same codes; empty for a count. Those of a
                  rate are people who live, and None where nobody knows how many
    """

    table: Table
    period: str
    dimensions: tuple[Dimension, ...]
    restricting: tuple[Dimension, ...]
    counts: Mapping[Codes, int]
    denominators: Mapping[Codes, int | None]

    def cells(self) -> dict[Cell, int]:
        """Every count of this table, by what it counts."""
        found = {
            self.table.cell(self.period, at, self.table.numerator): n
            for at, n in self.counts.items()
        }
        if self.table.statistic == "percentage":
            of = self.table.denominator
            found |= {
                self.table.cell(self.period, at, of): n
                for at, n in self.denominators.items()
                if n is not None
            }
        return found


def positions(dimensions: Sequence[Dimension]) -> list[Codes]:
    """The codes of every cell of a table, margins last, in the order of the page."""
    return list(product(*((*dimension.codes, TOTAL) for dimension in dimensions)))


def roll_up(
    cube: pd.DataFrame, table: Table, dimensions: Mapping[str, Dimension], *, period: str = ""
) -> Tabulated:
    """Count one table from ``cube``: ``roll_up_all`` for a table alone."""
    [tabulated] = roll_up_all(cube, [table], dimensions, period=period)
    return tabulated


def roll_up_all(
    cube: pd.DataFrame,
    tables: Sequence[Table],
    dimensions: Mapping[str, Dimension],
    *,
    period: str = "",
) -> list[Tabulated]:
    """Count each of ``tables`` from ``cube``, in their order.

    cube        one row per observed combination of facts: a text column per
                dimension (missing facts already "not_known"), ``basis_notified``,
                ``basis_reviewed`` and ``basis_died`` (0 or 1), and the count ``n``
    dimensions  all of the release, by code

    Raises ValueError if the cube holds a value that its dimension does not know:
    such a death would be missing from the table without a trace.
    """
    encoded = _encode(cube, tables, dimensions)
    return [_tabulate(encoded, table, period) for table in tables]


@dataclass(frozen=True)
class _Axis:
    """A dimension, with the rows of a cube placed along it.

    places      of each row, the position of its value among the leaves; -1 if it is none
    membership  1 where the leaf (column) counts under the code (row); the last row is the total
    """

    dimension: Dimension
    places: np.ndarray
    membership: np.ndarray


@dataclass(frozen=True)
class _Encoded:
    """A cube in numbers, an entry per row: made once, since the tables share their columns.

    n      how many deaths
    bases  whether they count, by basis
    axes   where they stand, by the code of the dimension
    """

    cube: pd.DataFrame
    n: np.ndarray
    bases: Mapping[str, np.ndarray]
    axes: Mapping[str, _Axis]


def _encode(
    cube: pd.DataFrame, tables: Sequence[Table], dimensions: Mapping[str, Dimension]
) -> _Encoded:
    bases = {table.basis for table in tables}
    codes = {code for table in tables for code in (*table.dimensions, *table.restrictions)}
    return _Encoded(
        cube,
        cube["n"].to_numpy(dtype=np.int64),
        {basis: cube[f"basis_{basis}"].to_numpy(dtype=bool) for basis in bases},
        {code: _axis(cube, dimensions[code]) for code in codes},
    )


def _axis(cube: pd.DataFrame, dimension: Dimension) -> _Axis:
    place_of = {leaf: place for place, leaf in enumerate(dimension.leaves)}
    places = [place_of.get(value, -1) for value in cube[dimension.column].tolist()]
    return _Axis(dimension, np.array(places, dtype=np.intp), _membership(dimension))


def _membership(dimension: Dimension) -> np.ndarray:
    under = [dimension.leaves_of(code) for code in (*dimension.codes, TOTAL)]
    return np.array([[leaf in some for leaf in dimension.leaves] for some in under], dtype=np.int64)


def _tabulate(encoded: _Encoded, table: Table, period: str) -> Tabulated:
    shown = [encoded.axes[code] for code in table.dimensions]

    def count(of: Mapping[str, str]) -> dict[Codes, int]:
        return _count(encoded, _selected(encoded, table.basis, {**table.where, **of}), shown)

    return Tabulated(
        table,
        period,
        tuple(axis.dimension for axis in shown),
        tuple(encoded.axes[code].dimension for code in table.restrictions),
        count(table.numerator),
        count(table.denominator) if table.denominator else {},
    )


def _selected(encoded: _Encoded, basis: str, where: Mapping[str, str]) -> np.ndarray:
    """Whether a row counts, for each row."""
    selected = encoded.bases[basis]
    for code, value in where.items():
        axis = encoded.axes[code]
        leaves = axis.dimension.leaves_of(value)
        wanted = [place for place, leaf in enumerate(axis.dimension.leaves) if leaf in leaves]
        selected = selected & np.isin(axis.places, wanted)
    return selected


def _count(encoded: _Encoded, selected: np.ndarray, axes: Sequence[_Axis]) -> dict[Codes, int]:
    numbers = _leaf_counts(encoded, selected, axes)
    for axis in axes:
        # The first axis comes out as the last: after all of them the order is what it was.
        numbers = np.tensordot(numbers, axis.membership, (0, 1))
    places = positions([axis.dimension for axis in axes])
    return dict(zip(places, numbers.ravel().tolist(), strict=True))


def _leaf_counts(encoded: _Encoded, selected: np.ndarray, axes: Sequence[_Axis]) -> np.ndarray:
    """Counts by leaf, one axis per dimension, zeros included.

    Not by pandas' grouping, which leaves out what nobody has and what it does not know.
    """
    places = tuple(axis.places[selected] for axis in axes)
    if any((place < 0).any() for place in places):
        dimensions = [axis.dimension for axis in axes]
        raise ValueError(_unknown_values(encoded.cube[selected], dimensions))
    numbers = np.zeros([len(axis.dimension.leaves) for axis in axes], dtype=np.int64)
    np.add.at(numbers, places, encoded.n[selected])
    return numbers


def _unknown_values(frame: pd.DataFrame, dimensions: Sequence[Dimension]) -> str:
    strange = [
        f"{d.column} {sorted(map(str, values))}"
        for d in dimensions
        if (values := set(frame[d.column]) - set(d.leaves))
    ]
    return f"The cube holds values that no table has a place for: {', '.join(strange)}."
