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
    denominators  of a percentage, by the same codes; empty for a count
    """

    table: Table
    period: str
    dimensions: tuple[Dimension, ...]
    restricting: tuple[Dimension, ...]
    counts: Mapping[Codes, int]
    denominators: Mapping[Codes, int]

    def cells(self) -> dict[Cell, int]:
        """Every count of this table, by what it counts."""
        if self.table.statistic == "count":
            return {self.table.cell(self.period, at): n for at, n in self.counts.items()}
        return {
            self.table.cell(self.period, at, of): n
            for of, numbers in (
                (self.table.numerator, self.counts),
                (self.table.denominator, self.denominators),
            )
            for at, n in numbers.items()
        }


def positions(dimensions: Sequence[Dimension]) -> list[Codes]:
    """The codes of every cell of a table, margins last, in the order of the page."""
    return list(product(*((*dimension.codes, TOTAL) for dimension in dimensions)))


def roll_up(
    cube: pd.DataFrame, table: Table, dimensions: Mapping[str, Dimension], *, period: str = ""
) -> Tabulated:
    """Count ``table`` from ``cube``.

    cube        one row per observed combination of facts: a text column per
                dimension (missing facts already "not_known"), ``basis_notified``,
                ``basis_reviewed`` and ``basis_died`` (0 or 1), and the count ``n``
    dimensions  all of the release, by code

    Raises ValueError if the cube holds a value that its dimension does not know:
    such a death would be missing from the table without a trace.
    """
    frame = cube[cube[f"basis_{table.basis}"].astype(bool)]
    shown = tuple(dimensions[code] for code in table.dimensions)
    restricting = tuple(dimensions[code] for code in table.restrictions)

    def count(of: Mapping[str, str]) -> dict[Codes, int]:
        return _count(_restrict(frame, {**table.where, **of}, dimensions), shown)

    denominators = count(table.denominator) if table.denominator else {}
    return Tabulated(table, period, shown, restricting, count(table.numerator), denominators)


def _restrict(
    frame: pd.DataFrame, where: Mapping[str, str], dimensions: Mapping[str, Dimension]
) -> pd.DataFrame:
    for code, value in where.items():
        dimension = dimensions[code]
        frame = frame[frame[dimension.column].isin(dimension.leaves_of(value))]
    return frame


def _count(frame: pd.DataFrame, dimensions: Sequence[Dimension]) -> dict[Codes, int]:
    numbers = _leaf_counts(frame, dimensions)
    for axis, dimension in enumerate(dimensions):
        summed = np.tensordot(_membership(dimension), numbers, (1, axis))
        numbers = np.moveaxis(summed, 0, axis)
    return {at: int(n) for at, n in zip(positions(dimensions), numbers.ravel(), strict=True)}


def _leaf_counts(frame: pd.DataFrame, dimensions: Sequence[Dimension]) -> np.ndarray:
    """Counts by leaf, one axis per dimension, zeros included.

    Not by pandas' grouping, which leaves out what nobody has and what it does not know.
    """
    places = [pd.Index(d.leaves).get_indexer(frame[d.column]) for d in dimensions]
    if any((place < 0).any() for place in places):
        raise ValueError(_unknown_values(frame, dimensions))
    numbers = np.zeros([len(d.leaves) for d in dimensions], dtype=np.int64)
    np.add.at(numbers, tuple(places), frame["n"].to_numpy(dtype=np.int64))
    return numbers


def _membership(dimension: Dimension) -> np.ndarray:
    """1 where the leaf (column) counts under the code (row); the last row is the total."""
    return np.array(
        [
            [leaf in dimension.leaves_of(code) for leaf in dimension.leaves]
            for code in (*dimension.codes, TOTAL)
        ],
        dtype=np.int64,
    )


def _unknown_values(frame: pd.DataFrame, dimensions: Sequence[Dimension]) -> str:
    strange = [
        f"{d.column} {sorted(map(str, values))}"
        for d in dimensions
        if (values := set(frame[d.column]) - set(d.leaves))
    ]
    return f"The cube holds values that no table has a place for: {', '.join(strange)}."
