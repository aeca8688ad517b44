"""The second opinion before anything is published: can a hidden count be worked out?

It sees what a reader sees, the published JSON and nothing else, and shares no code with
what chose the hidden cells. From the tables it rebuilds every list of children that could
lie behind them, and finds how low and how high each hidden count can be. A hidden count
must be able to reach the threshold K, and its lowest and highest value must be at least
K - 1 apart. One that is not is a breach, and then nothing is published.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

TOTAL = "total"
ELSEWHERE = ""
TOLERANCE = 1e-6
FIGURES = ("value", "lower", "upper", "numerator", "denominator")
HIDDEN = "[c]"
ROUNDED = 0.0500001  # figures are printed to one decimal place

Where = frozenset[tuple[str, str]]
Population = tuple[str, str]


class AuditFailed(Exception):
    """The audit came to no answer; that is no pass."""


@dataclass(frozen=True)
class Breach:
    """A hidden count that can be narrowed down to ``low`` to ``high``; both are None where the
    release gives the count away, or contradicts itself, without any arithmetic."""

    place: str
    reason: str
    low: int | None = None
    high: int | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True)
class Printed:
    """A count as it stands in one place; None is hidden."""

    population: Population
    where: Where
    value: int | None
    table: str

    @property
    def place(self) -> str:
        restrictions = ", ".join(f"{code} {value}" for code, value in sorted(self.where))
        return f"{self.table}, {restrictions or 'total'}"


def audit(release: Mapping[str, Any]) -> list[Breach]:
    """Every breach in a published release; an empty list is a pass.

    Raises AuditFailed if the optimiser gives no answer for some cell.
    """
    printed = [count for table in release["tables"] for count in _counts(table)]
    breaches = [b for table in release["tables"] for b in _loose_figures(table)]
    breaches += _small(release, printed) + _shown_elsewhere(printed)
    for population in sorted({count.population for count in printed}):
        mine = [count for count in printed if count.population == population]
        breaches += _Children(release, [population], mine).breaches()
    return breaches + _taken_for_the_same(release, printed)


def _taken_for_the_same(release: Mapping[str, Any], printed: list[Printed]) -> list[Breach]:
    """What comes out for a reader who takes the deaths of several bases for the same children.

    Deaths notified in a year and deaths that occurred in it often are. As long as all that is
    printed of them agrees, nobody can say that they are not.
    """
    breaches = []
    populations = sorted({count.population for count in printed})
    for number in range(2, len(populations) + 1):
        for chosen in combinations(populations, number):
            mine = [count for count in printed if count.population in chosen]
            if len({period for _, period in chosen}) == 1 and _may_be_the_same(chosen, mine):
                breaches += _as_one(release, chosen, mine)
    return breaches


def _may_be_the_same(chosen: Sequence[Population], printed: list[Printed]) -> bool:
    """Whether each prints how many deaths it counts, and nothing printed tells them apart."""
    shown: dict[Where, set[int]] = {}
    for count in printed:
        if count.value is not None:
            shown.setdefault(count.where, set()).add(count.value)
    whole = {c.population for c in printed if not c.where and c.value is not None}
    return whole == set(chosen) and all(len(values) == 1 for values in shown.values())


def _as_one(
    release: Mapping[str, Any], chosen: Sequence[Population], printed: list[Printed]
) -> list[Breach]:
    shown = {count.where: count for count in printed if count.value is not None}
    told = [
        Breach(
            count.place, f"{other.table} prints {other.value} for what may be the same children."
        )
        for count in printed
        if count.value is None and (other := shown.get(count.where))
    ]
    found = _Children(release, chosen, printed).breaches()
    # Tables that contradict each other as one are of different children, as readers then know.
    return [] if any(breach.low is None for breach in found) else told + found


def _counts(table: Mapping[str, Any]) -> Iterator[Printed]:
    """Every count that a table prints or hides: its cells, or the pairs behind percentages."""
    population = (table["basis"], table["period"])
    for cell in table["cells"]:
        at = {d: cell[d] for d in table["dimensions"] if cell[d] != TOTAL}
        if table["statistic"] == "count":
            where = frozenset({**table["where"], **at}.items())
            yield Printed(population, where, cell["value"], table["id"])
        else:
            # A rate is of people who live: only its numerator counts deaths.
            rate = table["statistic"] == "rate"
            for name in ("numerator",) if rate else ("numerator", "denominator"):
                where = frozenset({**table["where"], **table[name], **at}.items())
                if cell[name] is not None:
                    yield Printed(population, where, cell[name], table["id"])


def _loose_figures(table: Mapping[str, Any]) -> list[Breach]:
    """Cells marked as hidden that still hold a figure, or shown without what they come from."""
    return [
        Breach(f"{table['id']}, {_at(table, cell)}", reason)
        for cell in table["cells"]
        if (reason := _loose(table, cell))
    ]


def _loose(table: Mapping[str, Any], cell: Mapping[str, Any]) -> str:
    if _leaves_figures(table, cell):
        return "a hidden figure leaves others standing."
    if table["statistic"] != "count" and cell["mark"] is None and _of_others(table, cell):
        return "it is not the figure of the two numbers beside it."
    return ""


def _leaves_figures(table: Mapping[str, Any], cell: Mapping[str, Any]) -> bool:
    if table["statistic"] == "count":
        return (cell["value"] is None) != (cell["mark"] is not None)
    if cell["mark"] is None:
        return any(cell[name] is None for name in FIGURES)
    if table["statistic"] == "rate":
        pair = () if cell["mark"] != HIDDEN else ("numerator", "denominator")
        return any(cell[name] is not None for name in ("value", "lower", "upper", *pair))
    nobody = cell["numerator"] == 0 and cell["denominator"] == 0
    pair = () if nobody else ("numerator", "denominator")
    return any(cell[name] is not None for name in ("value", "lower", "upper", *pair))


def _of_others(table: Mapping[str, Any], cell: Mapping[str, Any]) -> bool:
    """Whether a percentage or rate is not that of the two numbers printed beside it."""
    per = table["per"] if table["statistic"] == "rate" else 100
    return abs(cell["value"] - per * cell["numerator"] / cell["denominator"]) > ROUNDED


def _at(table: Mapping[str, Any], cell: Mapping[str, Any]) -> str:
    return ", ".join(f"{d} {cell[d]}" for d in table["dimensions"])


def _small(release: Mapping[str, Any], printed: list[Printed]) -> list[Breach]:
    """Small counts that are printed, other than those listed as public before."""
    threshold = release["release"]["threshold"]
    known = {
        ((entry["basis"], entry["period"]), frozenset(entry["where"].items()))
        for entry in release["known"]
    }
    return [
        Breach(count.place, f"the count {count.value} is small and is printed.")
        for count in printed
        if count.value is not None
        and 0 < count.value < threshold
        and (count.population, count.where) not in known
    ]


def _shown_elsewhere(printed: list[Printed]) -> list[Breach]:
    """Counts hidden in one table and printed in another, or printed with two values."""
    known: dict[tuple[Population, Where], Printed] = {}
    for count in printed:
        if count.value is not None:
            known.setdefault((count.population, count.where), count)
    return [
        Breach(count.place, f"{other.table} prints {other.value} for the same children.")
        for count in printed
        if (other := known.get((count.population, count.where))) and other.value != count.value
    ]


class _Children:
    """All lists of children that agree with what is printed of one population."""

    def __init__(
        self,
        release: Mapping[str, Any],
        populations: Sequence[Population],
        printed: list[Printed],
    ) -> None:
        self.threshold = release["release"]["threshold"]
        self.cells: dict[Where, Printed] = {}
        for count in printed:
            if count.value is not None or count.where not in self.cells:
                self.cells[count.where] = count
        kinds = _Kinds(release, populations, list(self.cells.values()))
        self.nobody = kinds.nobody
        masks = [*(kinds.inside(where) for where in self.cells), *kinds.agreements()]
        alike = _alike_together(np.array(masks))
        self.inside = dict(zip(self.cells, alike, strict=False))
        shown = [(where, c.value) for where, c in self.cells.items() if c.value is not None]
        counted = [self.inside[where] for where, _ in shown]
        self.equations = np.array([*counted, *alike[len(self.cells) :]], dtype=float)
        nought = [0] * (len(alike) - len(self.cells))
        self.totals = np.array([*(value for _, value in shown), *nought], dtype=float)
        self.kinds = alike.shape[1]
        self.seen: list[np.ndarray] = []

    def breaches(self) -> list[Breach]:
        if self.nobody:
            return self._breaches_of_nobody()
        if self._children(np.zeros(self.kinds), np.inf) is None:
            return [Breach(self.cells[next(iter(self.cells))].table, "the tables contradict.")]
        return [
            Breach(cell.place, _narrow(*between), *between)
            for where, cell in self.cells.items()
            if cell.value is None and (between := self._too_narrow(self.inside[where]))
        ]

    def _breaches_of_nobody(self) -> list[Breach]:
        """Where zeros rule out every kind of child, a count that is hidden or above 0 is wrong."""
        return [
            Breach(cell.place, "no child is left whom it could count.", 0, 0)
            for cell in self.cells.values()
            if cell.value != 0
        ]

    def _too_narrow(self, inside: np.ndarray) -> tuple[int, int] | None:
        """The lowest and highest count if they give too much away, else None."""
        wide = self.threshold - 1
        low, high = self._met(inside)
        if not self._safe(low, high):
            self._children(-inside, max(self.threshold, low + wide))
            low, high = self._met(inside)
        if not self._safe(low, high):
            self._children(inside, np.inf)
            low, high = self._met(inside)
        if not self._safe(low, high):
            self._children(-inside, low + wide)
            low, high = self._met(inside)
        return None if self._safe(low, high) else (low, high)

    def _safe(self, low: int, high: int) -> bool:
        return high >= self.threshold and high - low >= self.threshold - 1

    def _met(self, inside: np.ndarray) -> tuple[int, int]:
        """The lowest and highest count among the lists met so far."""
        counts = np.array(self.seen) @ inside
        return round(counts.min()), round(counts.max())

    def _children(self, cost: np.ndarray, limit: float) -> np.ndarray | None:
        """The list that costs least, whose cost is not below ``-limit``; None if there is none.

        Divisible children are tried first: where they come out whole, that is the answer.
        """
        for whole in (0, 1):
            result = milp(
                cost,
                constraints=[
                    LinearConstraint(self.equations, self.totals, self.totals),
                    LinearConstraint(cost[None, :], -limit, np.inf),
                ],
                bounds=Bounds(0, np.inf),
                integrality=np.full(self.kinds, whole),
                options={"mip_rel_gap": 0},
            )
            if result.status == 2:
                return None
            if result.status != 0:
                raise AuditFailed(result.message)
            children = np.round(result.x)
            if np.abs(children - result.x).max(initial=0) < TOLERANCE and self._agree(children):
                self.seen.append(children)
                return children
        raise AuditFailed("No whole list of children agrees with the tables to the last child.")

    def _agree(self, children: np.ndarray) -> bool:
        return bool((self.equations @ children == self.totals).all())


def _alike_together(masks: np.ndarray) -> np.ndarray:
    """Of kinds of children that the same counts include, one for all: the tables tell them apart
    nowhere, so a list with one of them says as much as a list with another."""
    _, first = np.unique(masks, axis=1, return_index=True)
    return masks[:, np.sort(first)].astype(float)


def _narrow(low: int, high: int) -> str:
    if low == high:
        return f"the hidden count is exactly {low}."
    return f"the hidden count lies between {low} and {high}."


class _Kinds:
    """The kinds of children there can be, outside every printed zero.

    All facts together have too many combinations. So the facts are taken away one by one, each
    with those that some count still names beside it: that is a group. What is left of a group
    when its fact is gone stands in a later one, and both must count the same children by it. Lists
    for the groups that agree in this way always belong to one list of children.
    """

    def __init__(
        self,
        release: Mapping[str, Any],
        populations: Sequence[Population],
        printed: list[Printed],
    ) -> None:
        self.values = release["dimensions"]
        self.tables = [
            table
            for table in release["tables"]
            if (table["basis"], table["period"]) in populations and table["statistic"] == "count"
        ]
        self.several = {
            d for table in self.tables for d in set(table["dimensions"]) - set(table["additive"])
        }
        self.zeros = [count.where for count in printed if count.value == 0]
        self.groups: list[list[str]] = []
        self.before: list[tuple[int, int, list[str]]] = []
        self._divide([{self._axis(*pair) for pair in count.where} for count in printed])
        self.facts = [self._combined(group) for group in self.groups]
        self.numbers = [len(next(iter(f.values()))) if f else 1 for f in self.facts]
        if frozenset() in self.zeros:
            self.numbers = [0 for _ in self.numbers]
            self.facts = [{axis: found[:0] for axis, found in f.items()} for f in self.facts]

    @property
    def nobody(self) -> bool:
        """Where one group has no kind left, there is no child at all."""
        return 0 in self.numbers

    def inside(self, where: Where) -> np.ndarray:
        """True for the kinds that a count includes, in the first group that can tell."""
        axes = {self._axis(*pair) for pair in where}
        at = next(n for n, group in enumerate(self.groups) if axes <= set(group))
        return self._placed([(at, 1, self._mask(self.facts[at], self.numbers[at], where))])

    def agreements(self) -> Iterator[np.ndarray]:
        """For each combination of what two groups share: one's kinds (1) less the other's (-1)."""
        for one, other, shared in self.before:
            seen = [self._combinations(n, shared) for n in (one, other)]
            for values in sorted({*seen[0], *seen[1]}):
                masks = [np.array([found == values for found in each], dtype=bool) for each in seen]
                yield self._placed([(one, 1, masks[0]), (other, -1, masks[1])])

    def _combinations(self, group: int, shared: list[str]) -> list[tuple[str, ...]]:
        if not shared:
            return [()] * self.numbers[group]
        return list(zip(*(self.facts[group][axis] for axis in shared), strict=True))

    def _placed(self, parts: list[tuple[int, int, np.ndarray]]) -> np.ndarray:
        """One row over the kinds of all groups, with a sign where a mask is true."""
        starts = np.cumsum([0, *self.numbers])
        row = np.zeros(starts[-1], dtype=np.int8)
        for group, sign, mask in parts:
            row[starts[group] : starts[group + 1]][mask] = sign
        return row

    def _divide(self, together: list[set[str]]) -> None:
        """Take the facts away, the one with the fewest others beside it first."""
        beside = {axis: set[str]() for axes in together for axis in axes}
        for axes in together:
            for axis in axes:
                beside[axis] |= axes - {axis}
        waiting: list[tuple[int, set[str]]] = []
        while beside:
            axis = min(beside, key=lambda name: (len(beside[name]), name))
            left = beside.pop(axis)
            for other in left:
                beside[other] |= left - {other}
                beside[other].discard(axis)
            here = len(self.groups)
            self.groups.append([axis, *sorted(left)])
            ready = [each for each in waiting if not each[1] or axis in each[1]]
            self.before += [(at, here, sorted(shared)) for at, shared in ready]
            waiting = [each for each in waiting if each not in ready]
            waiting.append((here, left))
        self.groups = self.groups or [[]]

    def _combined(self, group: list[str]) -> dict[str, np.ndarray]:
        """The kinds of a group, built fact by fact, so that what a zero rules out goes at once."""
        facts: dict[str, np.ndarray] = {}
        for axis in group:
            facts = self._crossed(facts, axis)
            for where in self.zeros:
                axes = {self._axis(*pair) for pair in where}
                if axis in axes and axes <= facts.keys():
                    facts = _kept(facts, ~self._mask(facts, len(facts[axis]), where))
        for table in self.tables:
            facts = self._with_values(facts, table)
        return facts

    def _crossed(self, facts: dict[str, np.ndarray], axis: str) -> dict[str, np.ndarray]:
        code, _, value = axis.partition("=")
        leaves = [value] if value else self._leaves(code, TOTAL)
        if value or self._conditional(code):
            leaves = [*leaves, ELSEWHERE]
        number = len(next(iter(facts.values()))) if facts else 1
        crossed = {other: np.repeat(found, len(leaves)) for other, found in facts.items()}
        return crossed | {axis: np.tile(np.array(leaves, dtype=object), number)}

    def _mask(self, facts: Mapping[str, np.ndarray], number: int, where: Where) -> np.ndarray:
        mask = np.ones(number, dtype=bool)
        for code, value in where:
            mask &= np.isin(facts[self._axis(code, value)], self._leaves(code, value))
        return mask

    def _axis(self, code: str, value: str) -> str:
        """Where a death may have several values, each value is a yes or no of its own."""
        return f"{code}={value}" if code in self.several else code

    def _conditional(self, code: str) -> bool:
        """Only some deaths have a value: every table that shows it says which."""
        showing = [table for table in self.tables if code in table["dimensions"]]
        return bool(showing) and all(table["where"] for table in showing)

    def _with_values(
        self, facts: dict[str, np.ndarray], table: Mapping[str, Any]
    ) -> dict[str, np.ndarray]:
        """Without the kinds that a table counts and that would have no value in it."""
        where = frozenset(table["where"].items())
        axes = {self._axis(*pair) for pair in where}
        for code in table["additive"]:
            if code in facts and axes <= facts.keys():
                without = self._mask(facts, len(facts[code]), where) & (facts[code] == ELSEWHERE)
                facts = _kept(facts, ~without)
        return facts

    def _leaves(self, code: str, value: str) -> list[str]:
        """The values that one death can have, of those under ``value``."""
        parents = {entry["parent"] for entry in self.values[code]}
        if value != TOTAL and value not in parents:
            return [value]
        top = None if value == TOTAL else value
        return [
            leaf
            for entry in self.values[code]
            if entry["parent"] == top
            for leaf in self._leaves(code, entry["code"])
        ]


def _kept(facts: dict[str, np.ndarray], mask: np.ndarray) -> dict[str, np.ndarray]:
    return {axis: found[mask] for axis, found in facts.items()}
