"""Which counts of a release to hide, all its tables together, so that none can be worked out.

Counts of 1 to K - 1 are hidden, and as few others as keep them hidden. A zero is shown, but
may be one of those others, so that a hidden cell may be zero; all carry one mark. The rule
holds for every hidden cell, small or not: a reader cannot tell which are small, and one who
knows the method could otherwise set aside those that are not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product

import numpy as np

from analytics import solver
from analytics.dimensions import Dimension
from analytics.rollup import Codes, Tabulated
from analytics.tables import Cell

MARK = "[c]"
LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 3, 10
ELSEWHERE = ""
# What hiding a cell costs, by the number of facts it is restricted by. Readers look first for
# the number of all deaths, then for the simple totals (of an area, an age, a sex): one such
# total is hidden only where that spares three other cells.
WEIGHTS = {0: 20, 1: 5}
USUAL_WEIGHT = 2


@dataclass(frozen=True)
class Policy:
    """threshold  K: counts of 1 to K - 1 are small; 3 to 10
    effort     how hard to look for the fewest cells
    """

    threshold: int = 5
    effort: solver.Effort = solver.Effort()

    def __post_init__(self) -> None:
        if not LOWEST_THRESHOLD <= self.threshold <= HIGHEST_THRESHOLD:
            raise ValueError(
                f"The threshold must be {LOWEST_THRESHOLD} to {HIGHEST_THRESHOLD}, "
                f"not {self.threshold}."
            )

    def is_small(self, count: int) -> bool:
        return 1 <= count < self.threshold


class Reason(StrEnum):
    """Why a cell is hidden. Internal: the mark on the page is the same for all."""

    PRIMARY = "The count is small."
    EARLIER = "It was hidden in an earlier release."
    SECONDARY = "A small count could be worked out from it."


@dataclass(frozen=True)
class Protected:
    """Tables with the pattern of what is hidden.

    counts   of every cell, hidden ones too: never hand these to a renderer
    hidden   why, by hidden cell
    known    cells of the tables that were public before, and so are shown, small or not
    optimal  whether it is proven that no pattern hides fewer
    """

    tables: tuple[Tabulated, ...]
    policy: Policy
    counts: Mapping[Cell, int]
    hidden: Mapping[Cell, Reason]
    known: frozenset[Cell]
    optimal: bool

    def shown(self, cell: Cell) -> int | None:
        """The count, or None if it is hidden."""
        return None if cell in self.hidden else self.counts[cell]

    def at(
        self, tabulated: Tabulated, codes: Codes, of: Mapping[str, str] | None = None
    ) -> int | None:
        """The count that stands at ``codes`` in a table, or None if it is hidden."""
        return self.shown(tabulated.table.cell(tabulated.period, codes, of))

    @property
    def summary(self) -> str:
        return f"{len(self.hidden)} of {len(self.counts)} counts are hidden."


class CannotProtect(Exception):
    """What is public already gives away cells of this release, whatever it hides."""


def protect(
    tables: Sequence[Tabulated],
    policy: Policy,
    already_hidden: Iterable[Cell] = frozenset(),
    known: Mapping[Cell, int] | None = None,
) -> Protected:
    """Choose what to hide in ``tables`` together.

    already_hidden  cells that an earlier release hid; they stay hidden
    known           counts that are public already, of the same population, basis and
                    period; those in the tables are shown

    Raises CannotProtect where no pattern is safe, ValueError if a known count contradicts
    the tables, and what ``solver.solve`` raises.
    """
    known = dict(known or {})
    counts = {cell: n for tabulated in tables for cell, n in tabulated.cells().items()}
    if wrong := [cell for cell, n in known.items() if counts.get(cell, n) != n]:
        raise ValueError(f"{len(wrong)} counts known from elsewhere differ from the tables.")
    if both := known.keys() & set(already_hidden):
        raise ValueError(f"{len(both)} counts are both public and hidden before.")
    dimensions = {
        d.code: d for tabulated in tables for d in (*tabulated.dimensions, *tabulated.restricting)
    }
    reasons = _primary(counts, policy, frozenset(already_hidden), known)
    optimal = True
    for population in sorted({cell[:2] for cell in counts}):
        linked = {c: n for c, n in {**counts, **known}.items() if c[:2] == population}
        pattern = _solve(linked, dimensions, policy, reasons, known)
        optimal = optimal and pattern.optimal
        for cell, hidden in zip(linked, pattern.hidden, strict=True):
            if hidden:
                reasons.setdefault(cell, Reason.SECONDARY)
    shown_before = frozenset(known.keys() & counts.keys())
    return Protected(tuple(tables), policy, counts, reasons, shown_before, optimal)


def _primary(
    counts: Mapping[Cell, int],
    policy: Policy,
    already_hidden: frozenset[Cell],
    known: Mapping[Cell, int],
) -> dict[Cell, Reason]:
    small = {cell for cell, n in counts.items() if policy.is_small(n) and cell not in known}
    earlier = {cell: Reason.EARLIER for cell in counts if cell in already_hidden}
    return earlier | {cell: Reason.PRIMARY for cell in counts if cell in small}


def _solve(
    linked: Mapping[Cell, int],
    dimensions: Mapping[str, Dimension],
    policy: Policy,
    reasons: Mapping[Cell, Reason],
    known: Mapping[Cell, int],
) -> solver.Pattern:
    """The pattern of one population: cells that count among the same children."""
    cells = list(linked)
    problem = solver.Problem(
        counts=np.array([linked[cell] for cell in cells]),
        members=Atoms(cells, dimensions).members,
        weights=np.array([WEIGHTS.get(len(where), USUAL_WEIGHT) for _, _, where in cells]),
        hidden=np.array([cell in reasons for cell in cells]),
        public=np.array([cell in known for cell in cells]),
        threshold=policy.threshold,
    )
    try:
        return solver.solve(problem, policy.effort)
    except solver.Unprotectable as refused:
        places = "; ".join(words(cells[at]) for at in refused.cells)
        raise CannotProtect(
            "Figures that are public already give some of these away, whatever else is "
            f"hidden: {places}."
        ) from refused


@dataclass(frozen=True)
class Atoms:
    """Every combination of facts that a child can have, and the cells that count it.

    Raises ValueError for a dimension in which a death may count under several values.
    """

    cells: Sequence[Cell]
    dimensions: Mapping[str, Dimension]

    def __post_init__(self) -> None:
        if several := [d.label for d in self.dimensions.values() if not d.additive]:
            raise ValueError(f"A death may count more than once under {', '.join(several)}.")

    @cached_property
    def members(self) -> np.ndarray:
        """True where the cell (row) counts the combination (column)."""
        codes = self._codes
        columns = np.array(self._combinations, dtype=object).T
        inside = {
            (code, value): np.isin(columns[at], list(self.dimensions[code].leaves_of(value)))
            for at, code in enumerate(codes)
            for value in {v for _, _, where in self.cells for c, v in where if c == code}
        }
        everyone = np.ones(len(self._combinations), dtype=bool)
        return np.array(
            [
                np.logical_and.reduce([everyone, *(inside[restriction] for restriction in where)])
                for _, _, where in self.cells
            ]
        )

    @cached_property
    def _codes(self) -> list[str]:
        return sorted({code for _, _, where in self.cells for code, _ in where})

    @cached_property
    def _combinations(self) -> list[Codes]:
        if not self._codes:
            return [()]
        leaves = [self._leaves(self.dimensions[code]) for code in self._codes]
        return [at for at in product(*leaves) if self._possible(at)]

    def _leaves(self, dimension: Dimension) -> tuple[str, ...]:
        return (*dimension.leaves, ELSEWHERE) if dimension.edition else dimension.leaves

    def _possible(self, at: Codes) -> bool:
        """A death has a category of its own edition and of no other."""
        facts = dict(zip(self._codes, at, strict=True))
        return all(
            (facts[code] == ELSEWHERE) == (facts["edition"] != dimension.edition)
            for code in self._codes
            if (dimension := self.dimensions[code]).edition
        )


def words(cell: Cell) -> str:
    """A cell in words, for those who may see why it is hidden."""
    basis, period, where = cell
    restrictions = ", ".join(f"{code} {value}" for code, value in sorted(where))
    return f"{basis} {period}: {restrictions or 'all'}"
