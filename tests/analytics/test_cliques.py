"""What is known of each group of facts is all that is known: nothing is lost by not listing all."""

from itertools import combinations, product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from analytics import cliques
from analytics.dimensions import TOTAL, Dimension, Value
from analytics.disclosure import Atoms

NAMES = "abcdef"


def dimension(code, size):
    return Dimension(code, code, tuple(Value(f"{code}{n}", "") for n in range(size)))


@given(
    st.sets(st.frozensets(st.sampled_from(NAMES), max_size=3), max_size=12),
    st.randoms(use_true_random=False),
)
def test_every_table_has_a_group_and_neighbours_pass_on_all_that_they_share(together, random):
    sizes = {name: random.randint(2, 9) for name in NAMES}
    tree = cliques.tree(together, sizes)

    assert {name for group in tree.groups for name in group} == set(NAMES)
    assert all(facts <= set(tree.groups[tree.holding(facts)]) for facts in together)
    assert len(tree.links) == len(tree.groups) - 1
    for one, other in combinations(range(len(tree.groups)), 2):
        common = set(tree.groups[one]) & set(tree.groups[other])
        assert all(common <= set(tree.groups[at]) for at in path(tree, one, other))
    assert cliques.tree(sorted(together, key=sorted, reverse=True), sizes) == tree


def path(tree, start, end):
    """The groups on the way from one to another."""
    beside = {at: set() for at in range(len(tree.groups))}
    for link in tree.links:
        beside[link.one].add(link.other)
        beside[link.other].add(link.one)
    ways = [[start]]
    while ways:
        way = ways.pop()
        if way[-1] == end:
            return way
        ways += [[*way, step] for step in beside[way[-1]] - set(way)]
    raise AssertionError("the groups do not hang together")


@pytest.mark.parametrize("seed", range(25))
def test_a_reader_of_groups_learns_exactly_what_a_reader_of_all_facts_together_learns(seed):
    random = Random(seed)
    dimensions = {code: dimension(code, random.choice([2, 2, 3])) for code in NAMES[:4]}
    pairs = random.sample(list(combinations(dimensions, 2)), random.choice([3, 4, 5]))
    cells = sorted({cell for pair in pairs for cell in cells_of(pair, dimensions)}, key=str)
    joint = list(product(*(d.leaves for d in dimensions.values())))
    inside = np.array([[fits(cell, at, dimensions) for at in joint] for cell in cells], dtype=float)
    truth = inside @ np.array([random.choice([0, 0, 0, 1, 2, 4]) for _ in joint])
    hidden = [bool(cell[2]) and random.random() < 0.5 for cell in cells]
    atoms = Atoms(cells, dimensions)

    for at in [n for n, kept in enumerate(hidden) if kept][:6]:
        apart = extremes(atoms.members.astype(float), atoms.links, truth, hidden, at)
        assert apart == extremes(inside, np.zeros((0, len(joint))), truth, hidden, at)


def cells_of(pair, dimensions):
    for values in product(*((*dimensions[code].codes, TOTAL) for code in pair)):
        where = {(c, v) for c, v in zip(pair, values, strict=True) if v != TOTAL}
        yield ("reviewed", "2014-15", frozenset(where))


def fits(cell, at, dimensions):
    facts = dict(zip(dimensions, at, strict=True))
    return all(facts[code] == value for code, value in cell[2])


def extremes(members, links, truth, hidden, at):
    """The lowest and the highest count in whole children, from what is shown."""
    shown = [n for n, kept in enumerate(hidden) if not kept]
    known = np.vstack([members[shown], links])
    totals = np.concatenate([truth[shown], np.zeros(len(links))])
    found = []
    for sign in (1, -1):
        result = milp(
            sign * members[at],
            constraints=LinearConstraint(known, totals, totals),
            bounds=Bounds(0, truth.max() * 3),
            integrality=np.ones(members.shape[1]),
        )
        assert result.status == 0
        found.append(round(sign * result.fun))
    return found
