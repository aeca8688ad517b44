"""Facts that stand together in some table, in groups small enough to list every combination.

All facts of a child together have millions of combinations; those that tables show together have
hundreds. Where the groups form a tree, lists of children for each group, of which neighbours agree
about the facts that they share, always belong to one list of children (a decomposable model:
Lauritzen 1996; for whole numbers, Vlach 1986 and Sullivant 2018). So nothing is lost by it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import prod

Group = tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """Two groups, by position, that must agree about the facts they share."""

    one: int
    other: int
    shared: Group


@dataclass(frozen=True)
class Tree:
    """Groups of facts, each in alphabetical order, and the links that make a tree of them."""

    groups: tuple[Group, ...]
    links: tuple[Link, ...]

    def holding(self, facts: Collection[str]) -> int:
        """The position of the first group that has all of ``facts``."""
        wanted = set(facts)
        return next(at for at, group in enumerate(self.groups) if wanted <= set(group))


def tree(together: Collection[Collection[str]], sizes: Mapping[str, int]) -> Tree:
    """The groups for tables that show these facts ``together``.

    together  for each count that is shown or hidden, the facts by which it is restricted
    sizes     how many values a fact has
    The result is the same for the same arguments, in whatever order they come.
    """
    groups = sorted(_maximal(_eliminated(_neighbours(together, sizes), sizes))) or [()]
    return Tree(tuple(groups), tuple(_links(groups)))


def _neighbours(
    together: Collection[Collection[str]], sizes: Mapping[str, int]
) -> dict[str, set[str]]:
    """With which other facts each fact is shown."""
    beside: dict[str, set[str]] = {fact: set() for fact in sizes}
    for facts in together:
        for one, other in combinations(set(facts), 2):
            beside[one].add(other)
            beside[other].add(one)
    return beside


def _eliminated(beside: dict[str, set[str]], sizes: Mapping[str, int]) -> list[Group]:
    """One group for each fact taken away, the cheapest first; what it leaves becomes neighbours."""

    def cost(fact: str) -> tuple[int, str]:
        return sizes[fact] * prod(sizes[other] for other in beside[fact]), fact

    groups = []
    while beside:
        fact = min(beside, key=cost)
        near = beside.pop(fact)
        groups.append(tuple(sorted({fact, *near})))
        for other in near:
            beside[other] |= near - {other}
            beside[other].discard(fact)
    return groups


def _maximal(groups: list[Group]) -> list[Group]:
    """Those that are not inside another."""
    return [g for g in groups if not any(set(g) < set(other) for other in groups)]


def _links(groups: list[Group]) -> list[Link]:
    """The tree in which neighbours share as much as they can (Jensen and Jensen 1994)."""
    within, links = {0}, []
    while len(within) < len(groups):
        best = max(
            (len(set(groups[one]) & set(groups[other])), -one, -other)
            for one in within
            for other in range(len(groups))
            if other not in within
        )
        one, other = -best[1], -best[2]
        shared = tuple(sorted(set(groups[one]) & set(groups[other])))
        links.append(Link(one, other, shared))
        within.add(other)
    return links
