"""The fewest further cells to hide, so that no hidden cell can be worked out. Exact, by cuts.

A reader of the release knows every shown count and that behind all tables stands one list
of children: a whole number, 0 or more, for each combination of facts (an *atom*). Whatever
such list agrees with the shown counts may be the true one. A hidden cell is safe if among
these lists its count reaches the threshold K and takes values at least K - 1 apart.

A master problem picks cells to hide; the reader's problem looks for a hidden cell that is
not safe, and each one found becomes a cut for the master: "to keep this cell safe, some of
these must be hidden too". The cut comes from the dual of the reader's linear problem (the
scheme of Fischetti and Salazar-Gonzalez). When linear bounds find nothing more, whole
numbers are tried. The first choice of the master that passes is the best there is.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

EPSILON = 1e-6
# Of cells looked at together: from how few on each is looked at alone, and how near the best list
# a list must come.
ALONE, NEAR_ENOUGH = 2, 0.05
MOST_NODES = 2_000
INFEASIBLE = 2


class Unprotectable(Exception):
    """No choice of cells is safe: too much is public already. The hopeless ones are among
    ``cells``, by position."""

    def __init__(self, cells: list[int]) -> None:
        super().__init__(f"Not all of {len(cells)} cells can be kept, whatever else is hidden.")
        self.cells = cells


class SolverFailed(Exception):
    """The optimiser ended without an answer, so nothing may be published."""


@dataclass(frozen=True)
class Problem:
    """Cells that count the same population in the same period.

    counts    whole numbers, one per cell
    members   true where the atom (column) is counted in the cell (row)
    weights   what hiding a cell costs, whole numbers from 1
    hidden    cells that must be hidden
    public    cells that cannot be hidden any more
    threshold K
    true      whether some list of children has these counts, hidden ones too; else it is known
              only of those that are shown
    links     sums of atoms (rows) that are nought in every list of children; none if empty
    """

    counts: np.ndarray
    members: np.ndarray
    weights: np.ndarray
    hidden: np.ndarray
    public: np.ndarray
    threshold: int
    true: bool = True
    links: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))

    def __post_init__(self) -> None:
        if not len(self.links):
            object.__setattr__(self, "links", np.zeros((0, self.members.shape[1])))


@dataclass(frozen=True)
class Effort:
    """How hard to look for the optimum, in steps and not in seconds, so that the same figures
    hide the same cells on every machine.

    rounds  choices of cells on the way to a safe pattern; after them cells are only added
    gap     how much heavier than the lightest a choice on the way may be
    nodes   branches looked at for such a choice
    last    choices, each the lightest there is, to prove or improve the pattern that was found
    """

    rounds: int = 60
    gap: float = 0.02
    nodes: int = 50
    last: int = 12


@dataclass(frozen=True)
class Pattern:
    """``hidden`` by cell; ``optimal`` where it is proven that fewer would not do."""

    hidden: np.ndarray
    optimal: bool


@dataclass(frozen=True)
class Cut:
    """Hiding ``cell`` needs hidden cells with ``weights`` of at least 1 among them."""

    cell: int
    weights: np.ndarray


@dataclass
class Master:
    """The choice of cells: the least weight, and among equals the smallest sum of counts."""

    problem: Problem
    effort: Effort
    cuts: list[Cut] = field(default_factory=list)
    proven: bool = False

    def choose(self, at_least: np.ndarray, *, exact: bool) -> np.ndarray:
        """The cells to hide, ``at_least`` among them. Raises Unprotectable, SolverFailed.

        exact  the lightest choice there is, and not only one near it
        """
        counts = self.problem.counts
        rows = sparse.csr_matrix(np.array([self._row(cut) for cut in self.cuts]))
        needed = np.array([float(self.problem.hidden[cut.cell]) for cut in self.cuts])
        result = milp(
            self.problem.weights + counts / (1 + counts.sum()),
            constraints=LinearConstraint(rows, needed - 1e-9, np.inf),
            bounds=Bounds(at_least.astype(float), 1 - self.problem.public.astype(float)),
            integrality=np.ones(len(counts)),
            options={
                "mip_rel_gap": 0 if exact else self.effort.gap,
                "node_limit": MOST_NODES if exact else self.effort.nodes,
            },
        )
        if result.status == INFEASIBLE:
            kept = {cut.cell for cut in self.cuts if self.problem.hidden[cut.cell]}
            raise Unprotectable(sorted(kept))
        if result.x is None:
            raise SolverFailed(result.message)
        self.proven = exact and result.status == 0
        return result.x > 0.5

    def _row(self, cut: Cut) -> np.ndarray:
        row = cut.weights.copy()
        if not self.problem.hidden[cut.cell]:
            row[cut.cell] -= 1
        return row


@dataclass(frozen=True)
class Extreme:
    """The highest or lowest count of a cell, and a list of children that reaches it.

    counts  of every cell in that list
    whole   the list is of whole children
    dual    of each shown count, then of each link; empty if ``whole`` was asked for
    """

    value: float
    counts: np.ndarray
    whole: bool
    dual: np.ndarray


class Reader:
    """What can be worked out when ``hidden`` is hidden.

    Atoms inside a shown zero are nobody; dropping them leaves a problem of a few hundred
    unknowns, and their part of the dual is put back where a cut is made.
    """

    def __init__(self, problem: Problem, hidden: np.ndarray) -> None:
        self.problem = problem
        self.hidden = hidden
        self.zeros = np.flatnonzero(~hidden & (problem.counts == 0))
        self.shown = np.flatnonzero(~hidden & (problem.counts > 0))
        self.possible = ~problem.members[self.zeros].any(axis=0)
        self.inside = problem.members[:, self.possible].astype(float)
        self.everywhere = sparse.csr_matrix(
            np.vstack([problem.members[self.shown].astype(float), problem.links])
        )
        self.equations = self.everywhere[:, np.flatnonzero(self.possible)].tocsc()
        nought = np.zeros(len(problem.links))
        self.totals = np.concatenate([problem.counts[self.shown].astype(float), nought])

    def linear(self, cell: int, sign: int, limit: float = np.inf) -> Extreme:
        """The highest (sign 1) or lowest (-1) count of ``cell``, children divisible.

        limit  look no higher than this, so that the answer is finite
        """
        target = self.inside[cell]
        capped = {"A_ub": target[None, :], "b_ub": [limit]} if np.isfinite(limit) else {}
        result = linprog(
            -sign * target,
            A_eq=self.equations,
            b_eq=self.totals,
            method="highs-ds",
            options={"presolve": False},
            **capped,
        )
        if result.status != 0:
            raise SolverFailed(result.message)
        whole = bool(np.abs(result.x - np.round(result.x)).max() < EPSILON)
        return self._extreme(cell, result.x, -sign * result.eqlin.marginals, whole=whole)

    def whole(self, cell: int, sign: int, limit: float = np.inf) -> Extreme:
        """The same in whole children; ``limit`` is a whole number or infinite."""
        target = self.inside[cell]
        result = milp(
            -sign * target,
            constraints=[
                LinearConstraint(self.equations, self.totals, self.totals),
                LinearConstraint(target[None, :], -np.inf, limit),
            ],
            integrality=np.ones(len(target)),
            options={"mip_rel_gap": 0},
        )
        if result.status != 0:
            raise SolverFailed(result.message)
        return self._extreme(cell, result.x, np.zeros(0), whole=True)

    def whole_together(self, cells: list[int], wanted: np.ndarray) -> Extreme:
        """A list of whole children in which the ``cells`` reach what is wanted of each, or come
        near it, as far as they can at once; its value is how far that is, added up."""
        reach = len(cells)
        targets = sparse.csr_matrix(self.inside[cells])
        children = targets.shape[1]
        nothing = sparse.csr_matrix((self.equations.shape[0], reach))
        result = milp(
            np.concatenate([np.zeros(children), -np.ones(reach)]),
            constraints=[
                LinearConstraint(
                    sparse.hstack([self.equations, nothing]), self.totals, self.totals
                ),
                LinearConstraint(sparse.hstack([targets, -sparse.diags_array(wanted)]), 0, np.inf),
            ],
            bounds=Bounds(0, np.concatenate([np.full(children, np.inf), np.ones(reach)])),
            integrality=np.concatenate([np.ones(children), np.zeros(reach)]),
            options={"mip_rel_gap": NEAR_ENOUGH},
        )
        if result.status != 0:
            raise SolverFailed(result.message)
        return self._extreme(cells[0], result.x[:children], np.zeros(0), whole=True)

    def _extreme(self, cell: int, atoms: np.ndarray, dual: np.ndarray, *, whole: bool) -> Extreme:
        counts = self.inside @ (np.round(atoms) if whole else atoms)
        return Extreme(float(counts[cell]), counts, whole, dual)

    def weights(self, cell: int, sign: int, dual: np.ndarray) -> np.ndarray:
        """How far hiding each cell could move the extreme of ``cell``, at most."""
        counts, members = self.problem.counts, self.problem.members
        pull = sign * dual[: len(self.shown)]
        weights = np.zeros(len(counts))
        # Once hidden, a count may rise without limit, and fall to 0.
        falling = np.where(pull < -EPSILON, -pull * counts[self.shown], 0)
        weights[self.shown] = np.where(pull > EPSILON, np.inf, falling)
        uncovered = sign * (members[cell] - dual @ self.everywhere) > EPSILON
        weights[self._zeros_over(uncovered & ~self.possible)] = np.inf
        return weights

    def _zeros_over(self, atoms: np.ndarray) -> list[int]:
        """Few shown zeros that together rule out ``atoms``: the widest first."""
        chosen = []
        over = self.problem.members[np.ix_(self.zeros, np.flatnonzero(atoms))]
        while over.shape[1]:
            widest = int(over.sum(axis=1).argmax())
            chosen.append(int(self.zeros[widest]))
            over = over[:, ~over[widest]]
        return chosen


@dataclass
class Lists:
    """Every list of children met so far. One that agrees with all shown counts proves how far
    apart the counts of hidden cells can be, without anything to solve."""

    counts: list[np.ndarray]
    whole: list[bool]

    def add(self, extreme: Extreme) -> None:
        self.counts.append(extreme.counts)
        self.whole.append(extreme.whole)

    def range(
        self, counts: np.ndarray, shown: np.ndarray, *, whole: bool
    ) -> tuple[np.ndarray, np.ndarray] | None:
        """The lowest and highest count of each cell among the lists that agree with ``counts`` on
        ``shown``; None if none does."""
        lists = np.array(self.counts).reshape(-1, len(counts))
        agree = (np.abs(lists[:, shown] - counts[shown]) < EPSILON).all(axis=1)
        if whole:
            agree &= np.array(self.whole, dtype=bool)
        if not agree.any():
            return None
        return lists[agree].min(axis=0), lists[agree].max(axis=0)


class Round:
    """One pass over the hidden cells of one pattern, with linear bounds or in whole numbers."""

    def __init__(self, reader: Reader, lists: Lists, *, whole: bool) -> None:
        self.reader = reader
        self.lists = lists
        self.whole = whole
        nothing = np.full(len(reader.hidden), np.inf)
        met = lists.range(reader.problem.counts, ~reader.hidden, whole=whole)
        self.low, self.high = met or (nothing, -nothing)
        if met is None and reader.hidden.any():
            self._look(int(np.flatnonzero(reader.hidden)[0]), -1)
        self.needed = reader.problem.threshold

    def cuts(self) -> list[Cut]:
        """One cut for each hidden cell that is not safe."""
        if self.whole:
            self._look_together()
        hidden = map(int, np.flatnonzero(self.reader.hidden))
        return [cut for cell in hidden if not self._safe(cell) and (cut := self._cut(cell))]

    def _safe(self, cell: int) -> bool:
        apart = self.high[cell] - self.low[cell]
        return bool(self.high[cell] > self.needed - EPSILON and apart > self.needed - 1 - EPSILON)

    def _look(self, cell: int, sign: int, limit: float = np.inf) -> Extreme:
        search = self.reader.whole if self.whole else self.reader.linear
        return self._met(search(cell, sign, limit))

    def _met(self, extreme: Extreme) -> Extreme:
        self.lists.add(extreme)
        if extreme.whole or not self.whole:
            np.minimum(self.low, extreme.counts, out=self.low)
            np.maximum(self.high, extreme.counts, out=self.high)
        return extreme

    def _look_together(self) -> None:
        """Lists in which as many cells as can be reach what each needs, while they show more.

        A list takes as long to find for many cells as for one.
        """
        hidden = [int(cell) for cell in np.flatnonzero(self.reader.hidden)]
        unsafe = [cell for cell in hidden if not self._safe(cell)]
        while len(unsafe) > ALONE:
            wanted = np.maximum(self.needed, np.ceil(self.low[unsafe]) + self.needed - 1)
            self._met(self.reader.whole_together(unsafe, wanted))
            left = [cell for cell in unsafe if not self._safe(cell)]
            if len(left) == len(unsafe):
                return
            unsafe = left

    def _cut(self, cell: int) -> Cut | None:
        """What could help ``cell``; None if it turns out to be safe."""
        wide = self.needed - 1
        top = self._look(cell, 1, max(self.needed, np.ceil(self.low[cell]) + wide))
        if self._safe(cell):
            return None
        if top.value < self.needed - EPSILON:
            return self._from(cell, self.needed - top.value, [(1, top)])
        bottom = self._look(cell, -1)
        if self._safe(cell):
            return None
        top = self._look(cell, 1, bottom.value + wide)
        if self._safe(cell):
            return None
        return self._from(cell, wide - (top.value - bottom.value), [(1, top), (-1, bottom)])

    def _from(self, cell: int, short: float, extremes: list[tuple[int, Extreme]]) -> Cut:
        if self.whole:
            # Whole numbers leave no dual; only that something else must be hidden is certain.
            return Cut(cell, (~self.reader.hidden).astype(float))
        weights = sum(self.reader.weights(cell, sign, extreme.dual) for sign, extreme in extremes)
        return Cut(cell, np.minimum(weights, short) / short)


def unsafe(problem: Problem, hidden: np.ndarray, lists: Lists) -> list[Cut]:
    """Cuts for hidden cells that can be worked out: none means the pattern is safe."""
    reader = Reader(problem, hidden)
    return Round(reader, lists, whole=False).cuts() or Round(reader, lists, whole=True).cuts()


def solve(problem: Problem, effort: Effort | None = None) -> Pattern:
    """The cells to hide.

    Exact up to ``effort``; beyond it the pattern reached so far is only added to, which
    ends soon, is just as safe, and says ``optimal=False``.

    Raises Unprotectable if no pattern is safe, SolverFailed if the optimiser gives no answer.
    """
    effort = effort or Effort()
    master = Master(problem, effort)
    lists = Lists([problem.counts.astype(float)] if problem.true else [], [True] * problem.true)
    hidden, rounds = problem.hidden, 0
    while cuts := unsafe(problem, hidden, lists):
        master.cuts += cuts
        rounds += 1
        hidden = master.choose(problem.hidden if rounds <= effort.rounds else hidden, exact=False)
    if not master.cuts:
        return Pattern(hidden, optimal=True)
    if rounds > effort.rounds:
        return Pattern(hidden, optimal=False)
    return _proven(master, hidden, lists)


def _proven(master: Master, safe: np.ndarray, lists: Lists) -> Pattern:
    """A safe pattern, if need be made lighter, until none can be lighter or the effort ends."""
    problem = master.problem
    for _ in range(master.effort.last):
        lightest = master.choose(problem.hidden, exact=True)
        if not master.proven:
            break
        if problem.weights[lightest].sum() >= problem.weights[safe].sum():
            return Pattern(safe, optimal=True)
        cuts = unsafe(problem, lightest, lists)
        if not cuts:
            return Pattern(lightest, optimal=True)
        master.cuts += cuts
    return Pattern(safe, optimal=False)
