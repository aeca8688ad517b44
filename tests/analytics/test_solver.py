"""The solver against every pattern there is, and against the traps that are known."""

from itertools import product

import numpy as np
import pytest

from analytics.solver import Effort, Lists, Problem, Reader, Unprotectable, solve, unsafe

K = 5


def table(*shape):
    """Cells of a table with margins: which atoms each one counts, and where it stands."""
    atoms = list(product(*(range(n) for n in shape)))
    places = list(product(*((*range(n), None) for n in shape)))
    members = [
        [all(p in (None, a) for p, a in zip(place, atom, strict=True)) for atom in atoms]
        for place in places
    ]
    return np.array(members), places


def problem(members, atoms, threshold=K, *, hidden=(), public=()):
    counts = members @ np.array(atoms)
    small = (counts >= 1) & (counts < threshold)
    small[list(public)] = False
    small[list(hidden)] = True
    known = np.zeros(len(counts), dtype=bool)
    known[list(public)] = True
    return Problem(counts, members, np.ones(len(counts), dtype=int), small, known, threshold)


def lists_of_children(members, counts, shown, most):
    """Every list of whole children up to ``most`` of a kind that agrees with what is shown."""
    kinds = np.array(list(product(range(most + 1), repeat=members.shape[1])))
    totals = kinds @ members.T
    return totals[(totals[:, shown] == counts[shown]).all(axis=1)]


def is_safe(given, hidden, most):
    """By trying every list of children, nothing else."""
    seen = lists_of_children(given.members, given.counts, ~hidden, most)
    high, low = seen.max(axis=0)[hidden], seen.min(axis=0)[hidden]
    return bool((high >= given.threshold).all() and (high - low >= given.threshold - 1).all())


def fewest(given, most):
    """The least number of hidden cells over every pattern that is safe."""
    free = np.flatnonzero(~given.hidden & ~given.public)
    patterns = sorted(product((False, True), repeat=len(free)), key=sum)
    for pattern in patterns:
        hidden = given.hidden.copy()
        hidden[free] = pattern
        if is_safe(given, hidden, most):
            return int(hidden.sum())
    return None


@pytest.mark.parametrize("seed", range(14))
def test_no_pattern_of_a_small_table_hides_fewer_and_is_safe(seed):
    draw = np.random.default_rng(seed)
    members, _ = table(2, 2)
    threshold = int(draw.choice([3, 4]))
    atoms = draw.choice([0, 0, 1, 2, 3, 4, 6], 4)
    given = problem(members, atoms, threshold)

    pattern = solve(given)

    assert pattern.optimal
    assert is_safe(given, pattern.hidden, most=14)
    assert pattern.hidden.sum() == fewest(given, most=14)


@pytest.mark.parametrize("seed", range(6))
def test_no_pattern_of_a_line_with_a_subtotal_hides_fewer_and_is_safe(seed):
    """Four bands, the first two with a subtotal, and the total of all."""
    members = np.vstack([np.eye(4), [1, 1, 0, 0], [1, 1, 1, 1]]).astype(bool)
    given = problem(members, np.random.default_rng(seed).choice([0, 1, 2, 5, 7], 4))

    pattern = solve(given)

    assert pattern.optimal
    assert pattern.hidden.sum() == fewest(given, most=14)
    assert is_safe(given, pattern.hidden, most=14)


def test_two_hidden_cells_in_every_row_and_column_are_not_enough():
    """The known trap. Two blocks of four hidden cells, and a small count where they touch: every
    row and column has two or more. Yet the first two rows hide 192 children and the first two
    columns 189 of them, so the count between is 192 - 189 = 3."""
    members, places = table(4, 4)
    atoms = np.full((4, 4), 20)
    atoms[:2, :2] = [[50, 42], [47, 50]]
    atoms[1, 2] = 3
    blocks = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)]
    given = problem(members, atoms.ravel(), hidden=[places.index(block) for block in blocks])
    reader = Reader(given, given.hidden)
    touching = places.index((1, 2))
    assert [reader.linear(touching, sign, 99).value for sign in (-1, 1)] == [3, 3]

    pattern = solve(given)

    reader = Reader(given, pattern.hidden)
    low, high = (reader.whole(touching, sign, 99).value for sign in (-1, 1))
    assert high >= K
    assert high - low >= K - 1
    assert (pattern.hidden.sum(), pattern.optimal) == (given.hidden.sum() + 1, True)


def test_a_zero_may_be_hidden_to_keep_a_small_count():
    members, places = table(2, 2)
    margins = [at for at, place in enumerate(places) if None in place]
    given = problem(members, [1, 9, 9, 0], public=margins)

    pattern = solve(given)

    assert [places[at] for at in np.flatnonzero(pattern.hidden)] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_nothing_is_hidden_where_nothing_is_small():
    members, _ = table(2, 3)
    pattern = solve(problem(members, [9, 0, 12, 7, 8, 30]))
    assert (pattern.hidden.any(), pattern.optimal) == (False, True)


def test_a_population_of_two_hides_every_count_that_tells_of_them():
    members, _ = table(2, 2)
    given = problem(members, [2, 0, 0, 0])

    pattern = solve(given)

    assert pattern.hidden[given.counts == 2].all()
    assert is_safe(given, pattern.hidden, most=9)


def test_what_is_public_is_never_hidden_and_what_was_hidden_stays():
    members, places = table(2, 3)
    total, corner = places.index((None, None)), places.index((1, 2))
    given = problem(members, [1, 6, 6, 6, 6, 6], hidden=[corner], public=[total])

    pattern = solve(given)

    assert pattern.hidden[corner]
    assert not pattern.hidden[total]
    assert not unsafe(given, pattern.hidden, Lists([given.counts.astype(float)], [True]))


def test_a_small_count_that_public_figures_give_away_stops_the_release():
    members, places = table(2, 2)
    beside = [places.index((0, 1)), places.index((0, None))]

    with pytest.raises(Unprotectable) as caught:
        solve(problem(members, [2, 8, 9, 9], public=beside))

    assert places.index((0, 0)) in caught.value.cells


def test_zeros_in_other_tables_are_part_of_what_a_reader_knows():
    """Three tables of two facts each. That no child is A and M, and none is Young and F, says
    that none is A and Young: hiding that zero hides nothing, so it cannot help."""
    atoms = list(product("AB", "YO", "MF"))
    pairs = [(0, 1), (0, 2), (1, 2)]
    places = [
        dict(zip(axes, values, strict=True))
        for axes in pairs
        for values in product(*(["AB", "YO", "MF"][axis] for axis in axes))
    ]
    members = np.array([[all(a[i] == v for i, v in p.items()) for a in atoms] for p in places])
    counts = {"BYM": 9, "BOM": 8, "AOF": 7, "BOF": 3}
    given = problem(members, [counts.get("".join(a), 0) for a in atoms])

    pattern = solve(given)

    hidden = np.flatnonzero(pattern.hidden)
    possible = ~members[~pattern.hidden & (given.counts == 0)].any(axis=0)
    seen = lists_of_children(members[:, possible], given.counts, ~pattern.hidden, 12)
    assert pattern.optimal
    assert (seen[:, hidden].max(axis=0) >= K).all()
    assert (np.ptp(seen[:, hidden], axis=0) >= K - 1).all()


@pytest.mark.parametrize("seed", range(5))
def test_beyond_its_effort_the_pattern_is_as_safe_and_says_that_it_may_not_be_the_best(seed):
    members, _ = table(4, 6)
    given = problem(members, np.random.default_rng(seed).choice([0, 1, 2, 3, 6, 9], 24))

    best, hasty = solve(given), solve(given, Effort(rounds=0))

    assert best.optimal
    assert not hasty.optimal
    assert hasty.hidden.sum() >= best.hidden.sum()
    assert not unsafe(given, hasty.hidden, Lists([given.counts.astype(float)], [True]))


def test_the_same_counts_hide_the_same_cells():
    members, _ = table(4, 6)
    given = problem(members, np.random.default_rng(3).choice([0, 1, 2, 3, 6, 9], 24))
    assert (solve(given).hidden == solve(given).hidden).all()


def test_among_equals_the_smallest_counts_are_hidden():
    members = np.vstack([np.eye(3), [1, 1, 1]]).astype(bool)
    pattern = solve(problem(members, [3, 40, 20]))
    assert list(pattern.hidden) == [True, False, True, False]
