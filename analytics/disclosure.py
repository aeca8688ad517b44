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
from itertools import accumulate, combinations, product

import numpy as np

from analytics import cliques, solver
from analytics.cliques import Tree
from analytics.dimensions import Dimension
from analytics.rollup import Codes, Tabulated
from analytics.tables import Cell

Population = tuple[str, str]
Where = frozenset[tuple[str, str]]

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
    every, optimal = {**counts, **known}, True
    groups = _the_same(every)
    waiting = list(groups)
    while waiting:
        found = _hide(waiting.pop(0), every, dimensions, policy, reasons, known)
        optimal = optimal and found.proven
        for cell in found.hidden:
            reasons.setdefault(cell, Reason.SECONDARY)
        if not waiting and (merged := _taken_for_one(groups, every, reasons)):
            waiting.append(merged)
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


@dataclass(frozen=True)
class Hidden:
    """The cells to hide, and whether it is proven that fewer would not do."""

    hidden: Sequence[Cell]
    proven: bool


def _the_same(counts: Mapping[Cell, int]) -> list[list[Population]]:
    """The populations, those together whose tables agree wherever they meet.

    Deaths notified in a year and deaths that occurred in it are often the same ones. A reader
    may take them for that, so what is hidden of one must be hidden of the other, and safe from
    the tables of both together.
    """
    groups: list[list[Population]] = []
    for population in sorted({cell[:2] for cell in counts}):
        for group in groups:
            if all(_agree(population, other, counts) for other in group):
                group.append(population)
                break
        else:
            groups.append([population])
    return groups


def _taken_for_one(
    groups: list[list[Population]], counts: Mapping[Cell, int], reasons: Mapping[Cell, Reason]
) -> list[Population] | None:
    """Two groups that differ only in what is hidden, so that a reader may take them for one: they
    become one group. None where there are no such two."""
    shown = {cell: n for cell, n in counts.items() if cell not in reasons}
    for one, other in combinations(groups, 2):
        if all(_agree(a, b, shown) for a in one for b in other):
            groups.remove(other)
            one += other
            return one
    return None


def _agree(one: Population, other: Population, counts: Mapping[Cell, int]) -> bool:
    """Whether the two count as many children in all, and as many wherever both have a cell."""
    found = [{c[2]: n for c, n in counts.items() if c[:2] == each} for each in (one, other)]
    common = found[0].keys() & found[1].keys()
    same = all(found[0][where] == found[1][where] for where in common)
    return one[1] == other[1] and frozenset() in common and same


def _hide(
    populations: Sequence[Population],
    counts: Mapping[Cell, int],
    dimensions: Mapping[str, Dimension],
    policy: Policy,
    reasons: Mapping[Cell, Reason],
    known: Mapping[Cell, int],
) -> Hidden:
    """The cells to hide of populations that are taken for one."""
    alike: dict[Where, list[Cell]] = {}
    for cell in counts:
        if cell[:2] in populations:
            alike.setdefault(cell[2], []).append(cell)
    try:
        pattern = _solve(list(alike.values()), counts, dimensions, policy, reasons, known)
    except solver.SolverFailed:
        if len(populations) == 1:
            raise
        # No list of children has the tables of both: nobody can take them for one.
        parts = [_hide([each], counts, dimensions, policy, reasons, known) for each in populations]
        return Hidden([c for p in parts for c in p.hidden], all(p.proven for p in parts))
    chosen = zip(alike.values(), pattern.hidden, strict=True)
    return Hidden([cell for cells, hides in chosen if hides for cell in cells], pattern.optimal)


def _solve(
    alike: Sequence[Sequence[Cell]],
    counts: Mapping[Cell, int],
    dimensions: Mapping[str, Dimension],
    policy: Policy,
    reasons: Mapping[Cell, Reason],
    known: Mapping[Cell, int],
) -> solver.Pattern:
    """The pattern of cells that count among the same children.

    alike  each cell, with those of other bases that count the same of them
    """
    cells = [each[0] for each in alike]
    atoms = Atoms(cells, dimensions)
    problem = solver.Problem(
        counts=np.array([counts[cell] for cell in cells]),
        members=atoms.members,
        links=atoms.links,
        weights=np.array([len(e) * WEIGHTS.get(len(e[0][2]), USUAL_WEIGHT) for e in alike]),
        hidden=np.array([any(cell in reasons for cell in each) for each in alike]),
        public=np.array([any(cell in known for cell in each) for each in alike]),
        threshold=policy.threshold,
        true=all(len({counts[cell] for cell in each}) == 1 for each in alike),
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
    """Every combination of facts that a child can have, group by group, and the cells that count
    it; ``links`` make neighbouring groups speak of the same children.

    Raises ValueError for a dimension in which a death may count under several values.
    """

    cells: Sequence[Cell]
    dimensions: Mapping[str, Dimension]

    def __post_init__(self) -> None:
        if several := [d.label for d in self.dimensions.values() if not d.additive]:
            raise ValueError(f"A death may count more than once under {', '.join(several)}.")

    @cached_property
    def members(self) -> np.ndarray:
        """True where the cell (row) counts the combination (column) of the group it stands in."""
        inside = np.zeros((len(self.cells), self._starts[-1]), dtype=bool)
        for row, (_, _, where) in zip(inside, self.cells, strict=True):
            at = self.tree.holding([code for code, _ in where])
            row[self._starts[at] : self._starts[at + 1]] = self._inside(at, where)
        return inside

    @cached_property
    def links(self) -> np.ndarray:
        """A row for each combination of the facts that two neighbours share: the children whom
        one has of it (1) less those whom the other has (-1) are none."""
        rows = []
        for link in self.tree.links:
            leaves = [self._leaves(self.dimensions[code]) for code in link.shared]
            for values in product(*leaves):
                where = frozenset(zip(link.shared, values, strict=True))
                row = np.zeros(self._starts[-1])
                for at, sign in ((link.one, 1.0), (link.other, -1.0)):
                    row[self._starts[at] : self._starts[at + 1]] = sign * self._inside(at, where)
                if row.any():
                    rows.append(row)
        return np.array(rows).reshape(-1, self._starts[-1])

    @cached_property
    def tree(self) -> Tree:
        """A category and the guidance that it belongs to stand in one group."""
        codes = {code for _, _, where in self.cells for code, _ in where}
        own = [{code, "edition"} for code in codes if self.dimensions[code].edition]
        codes |= {code for facts in own for code in facts}
        sizes = {code: len(self._leaves(self.dimensions[code])) for code in codes}
        together = {frozenset(code for code, _ in where) for _, _, where in self.cells}
        return cliques.tree([*together, *own], sizes)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(found) for found in self._combinations)]

    def _inside(self, at: int, where: Iterable[tuple[str, str]]) -> np.ndarray:
        """True for the combinations of a group that fit; ELSEWHERE fits itself alone."""
        group, found = self.tree.groups[at], self._combinations[at]
        mask = np.ones(len(found), dtype=bool)
        for code, value in where:
            leaves = {value} if value == ELSEWHERE else self.dimensions[code].leaves_of(value)
            mask &= np.isin(found[:, group.index(code)], list(leaves))
        return mask

    @cached_property
    def _combinations(self) -> list[np.ndarray]:
        """Of each group, its combinations: a row each, in the order of the group's facts."""
        return [
            np.array(
                [
                    at
                    for at in product(*(self._leaves(self.dimensions[code]) for code in group))
                    if self._possible(group, at)
                ],
                dtype=object,
            ).reshape(-1, len(group))
            for group in self.tree.groups
        ]

    def _leaves(self, dimension: Dimension) -> tuple[str, ...]:
        return (*dimension.leaves, ELSEWHERE) if dimension.edition else dimension.leaves

    def _possible(self, group: Sequence[str], at: Codes) -> bool:
        """A death has a category of its own edition and of no other."""
        facts = dict(zip(group, at, strict=True))
        return all(
            (facts[code] == ELSEWHERE) == (facts["edition"] != dimension.edition)
            for code in group
            if (dimension := self.dimensions[code]).edition
        )


def words(cell: Cell) -> str:
    """A cell in words, for those who may see why it is hidden."""
    basis, period, where = cell
    restrictions = ", ".join(f"{code} {value}" for code, value in sorted(where))
    return f"{basis} {period}: {restrictions or 'all'}"
