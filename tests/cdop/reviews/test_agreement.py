"""The statistics of agreement against the worked examples of their authors, and at the edges."""

from itertools import permutations
from random import Random

import pytest

from cdop.reviews.agreement import fleiss_kappa, krippendorff_alpha, most_agreed

# Krippendorff 2011, sections C and D: four observers, twelve units, some values missing.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
KRIPPENDORFF = [[v for v in unit if v is not None] for unit in zip(*OBSERVERS, strict=True)]

# Fleiss 1971, table 1: how many of six psychiatrists gave each of five diagnoses to 30 patients.
FLEISS = (
    *("00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040", "00006"),
    *("10050", "11040", "03300", "10050", "02031", "00501", "30012", "51000", "02040", "10203"),
    *("00006", "01050", "02013", "20040", "10041", "05010", "40002", "02040", "10500", "00006"),
)


def of_counts(line):
    return [value for value, times in enumerate(line) for _ in range(int(times))]


def test_alpha_of_the_published_example():
    assert round(krippendorff_alpha(KRIPPENDORFF), 3) == 0.743
    assert round(krippendorff_alpha(KRIPPENDORFF, order=[1, 2, 3, 4, 5]), 3) == 0.815


def test_kappa_of_the_published_example():
    units = [of_counts(line) for line in FLEISS]

    assert {len(unit) for unit in units} == {6}
    assert [sum(int(line[n]) for line in FLEISS) for n in range(5)] == [26, 26, 30, 55, 43]
    assert round(fleiss_kappa(units), 3) == 0.430


@pytest.mark.parametrize(
    ("units", "alpha", "kappa"),
    [
        ([], None, None),
        ([["a"], ["b"]], None, None),
        ([["a", "a"], ["a", "a"]], None, None),
        ([["a", "a"], ["b", "b"]], 1, 1),
        ([["a", "a"], ["b", "b", "b"]], 1, None),
        ([["a", "b"], ["a", "b"]], -0.5, -1),
    ],
)
def test_where_nothing_can_differ_no_statistic_is_given(units, alpha, kappa):
    assert (krippendorff_alpha(units), fleiss_kappa(units)) == (alpha, kappa)


def test_a_unit_with_one_value_changes_nothing():
    assert krippendorff_alpha([*KRIPPENDORFF, [4]]) == krippendorff_alpha(KRIPPENDORFF)


def test_the_order_of_cases_and_of_reviewers_and_the_names_of_answers_change_nothing():
    random = Random(3)
    units = [[random.choice("abc") for _ in range(3)] for _ in range(20)]
    renamed = [[{"a": "x", "b": "y", "c": "z"}[value] for value in unit] for unit in units]
    turned = [unit[::-1] for unit in units[::-1]]

    for measure in (krippendorff_alpha, fleiss_kappa):
        assert measure(units) == measure(renamed) == measure(turned)


def test_neighbouring_grades_count_as_nearer_than_distant_ones():
    near = [["1", "2"], ["3", "3"], ["1", "1"], ["2", "2"]]
    far = [["1", "3"], ["2", "2"], ["1", "1"], ["3", "3"]]
    order = ["1", "2", "3"]

    assert krippendorff_alpha(near, order) > krippendorff_alpha(far, order)


def naive_alpha(units):
    """The definition without a table: every ordered pair of values, one after the other."""
    paired = [unit for unit in units if len(unit) > 1]
    values = [value for unit in paired for value in unit]
    pairs = [(a != b) / (len(unit) - 1) for unit in paired for a, b in permutations(unit, 2)]
    chance = [a != b for a, b in permutations(values, 2)]
    return 1 - (sum(pairs) / len(values)) / (sum(chance) / len(chance))


@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_the_definition_pair_by_pair(seed):
    random = Random(seed)
    units = [[random.choice("abcd") for _ in range(random.randint(0, 5))] for _ in range(15)]

    assert krippendorff_alpha(units) == pytest.approx(naive_alpha(units))


def test_the_share_is_of_those_who_give_the_answer_given_most_often():
    assert most_agreed(["a", "b", "a"]) == (2, 3)
    assert most_agreed([]) == (0, 0)
