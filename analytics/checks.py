"""Every table adds up, and two tables that count the same children agree."""

from collections.abc import Iterator, Sequence

from analytics.dimensions import Dimension
from analytics.rollup import Codes, Tabulated
from analytics.tables import Cell


class TablesDisagree(Exception):
    """The tables contradict themselves or each other; ``faults`` says where, a sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = tuple(faults)


def verify(tabulations: Sequence[Tabulated]) -> list[str]:
    """Check all tables of a release together.

    Returns one sentence for each check passed, to be printed with the release: no count
    stands in it, since a protected release may hide that count.
    Raises TablesDisagree with every fault found.
    """
    found = [fault for tabulated in tabulations for fault in faults(tabulated)]
    found += disagreements(tabulations)
    if found:
        raise TablesDisagree(found)
    return [*map(_passed, tabulations), _agreed(tabulations)]


def faults(tabulated: Tabulated) -> list[str]:
    """What does not add up inside one table."""
    found = [
        f"{tabulated.table.id}: {_place(at)} is {numbers[at]}, below zero."
        for numbers in _counts(tabulated)
        for at in numbers
        if numbers[at] < 0
    ]
    for numbers in _counts(tabulated):
        found += [
            f"{tabulated.table.id}: {_place(at)} is {numbers[at]}, but its parts add up to {whole}."
            for at, parts in _sums(tabulated.dimensions, tuple(numbers))
            if numbers.keys() >= set(parts)
            and (whole := sum(numbers[part] for part in parts)) != numbers[at]
        ]
    if tabulated.table.statistic == "percentage":
        found += [
            f"{tabulated.table.id}: {_place(at)} has {tabulated.counts[at]} out of {out_of}."
            for at, out_of in tabulated.denominators.items()
            if out_of is not None and tabulated.counts[at] > out_of
        ]
    return found


def disagreements(tabulations: Sequence[Tabulated]) -> list[str]:
    """Counts of the same children that differ from one table to another."""
    first: dict[Cell, tuple[str, int]] = {}
    found = []
    for tabulated in tabulations:
        for cell, n in tabulated.cells().items():
            table, before = first.setdefault(cell, (tabulated.table.id, n))
            if n != before:
                found.append(
                    f"{tabulated.table.id} counts {n} where {table} counts {before}: "
                    f"{_words(cell)}."
                )
    return found


def _counts(tabulated: Tabulated) -> list[dict[Codes, int]]:
    """The counts, and of a percentage or rate the denominators that are known."""
    known = {at: n for at, n in tabulated.denominators.items() if n is not None}
    return [dict(numbers) for numbers in (tabulated.counts, known) if numbers]


def _sums(
    dimensions: Sequence[Dimension], places: Sequence[Codes]
) -> Iterator[tuple[Codes, list[Codes]]]:
    """Each whole with its parts, along every dimension in which a death counts once."""
    for axis, dimension in enumerate(dimensions):
        if not dimension.additive:
            continue
        for at in places:
            if parts := dimension.parts(at[axis]):
                yield at, [(*at[:axis], part, *at[axis + 1 :]) for part in parts]


def _passed(tabulated: Tabulated) -> str:
    over = " and ".join(dimension.label.lower() for dimension in tabulated.dimensions)
    if tabulated.table.statistic == "rate":
        return f"{tabulated.table.title}: deaths and population add up over {over}."
    if tabulated.denominators:
        return f"{tabulated.table.title}: both numbers of each percentage add up over {over}."
    return f"{tabulated.table.title}: adds up over {over}."


def _agreed(tabulations: Sequence[Tabulated]) -> str:
    cells = [cell for tabulated in tabulations for cell in tabulated.cells()]
    shared = len(cells) - len(set(cells))
    return f"Tables agree with one another in all {shared} places that count the same children."


def _place(at: Codes) -> str:
    return " / ".join(at)


def _words(cell: Cell) -> str:
    _, _, restrictions = cell
    return ", ".join(f"{d} {code}" for d, code in sorted(restrictions)) or "all deaths"
