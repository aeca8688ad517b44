"""The auditor finds what was planted, and sees nothing but the published file."""

import ast
import json
from functools import cache
from pathlib import Path

import pytest

from analytics import auditor, disclosure, release_json
from analytics.disclosure import Policy
from tests.analytics.invented import children, heading, tabulate


@cache
def _text():
    tables = tabulate(children(3, 52), only=lambda t: t.basis == "notified")
    return release_json.dumps(release_json.build(heading(), disclosure.protect(tables, Policy())))


@pytest.fixture
def release():
    return json.loads(_text())


def square(inner, hidden, threshold=5):
    """A published table of four rows and columns with its margins; ``hidden`` are positions."""
    rows, columns = "abcd", "wxyz"
    cells = []
    for row in (*rows, "total"):
        for column in (*columns, "total"):
            n = sum(
                inner[r][c]
                for r in range(4)
                for c in range(4)
                if row in (rows[r], "total") and column in (columns[c], "total")
            )
            known = (row, column) not in hidden
            cells.append(
                {
                    "row": row,
                    "column": column,
                    "value": n if known else None,
                    "mark": None if known else "[c]",
                }
            )
    table = {
        "id": "square",
        "basis": "reviewed",
        "period": "2014-15",
        "statistic": "count",
        "where": {},
        "dimensions": ["row", "column"],
        "additive": ["row", "column"],
        "cells": cells,
    }
    values = {
        "row": [{"code": code, "label": code, "parent": None} for code in rows],
        "column": [{"code": code, "label": code, "parent": None} for code in columns],
    }
    return {
        "release": {"threshold": threshold},
        "dimensions": values,
        "tables": [table],
        "known": [],
    }


BLOCKS = [
    ("a", "w"),
    ("a", "x"),
    ("b", "w"),
    ("b", "x"),
    ("c", "y"),
    ("c", "z"),
    ("d", "y"),
    ("d", "z"),
]
COUNTS = [[50, 42, 20, 20], [47, 50, 3, 20], [20, 20, 20, 20], [20, 20, 20, 20]]


def test_a_release_that_was_protected_passes(release):
    assert auditor.audit(release) == []


def test_a_count_where_two_blocks_touch_falls_out_as_a_difference():
    """236 - 189 = 47, here 192 - 189 = 3: two hidden in every row and column did not help."""
    breaches = auditor.audit(square(COUNTS, [*BLOCKS, ("b", "y")]))

    assert [(breach.low, breach.high) for breach in breaches] == [(3, 3)]
    assert str(breaches[0]) == "square, column y, row b: the hidden count is exactly 3."


def test_hidden_counts_that_can_only_move_a_little_are_a_breach():
    """One child more or less is all that the margins leave open."""
    inner = [[1, 1, 20, 20], [1, 1, 20, 20], [20] * 4, [20] * 4]
    breaches = auditor.audit(square(inner, BLOCKS[:4]))

    assert {(breach.low, breach.high) for breach in breaches} == {(0, 2)}
    assert len(breaches) == 4


def test_a_block_with_room_to_move_passes():
    inner = [[4, 9, 20, 20], [9, 3, 20, 20], [20] * 4, [20] * 4]
    assert auditor.audit(square(inner, BLOCKS[:4])) == []


def test_whole_children_are_counted_where_fractions_would_hide_the_breach():
    """The threshold decides: the same block passes at 3 and fails at 10."""
    inner = [[4, 9, 20, 20], [9, 3, 20, 20], [20] * 4, [20] * 4]
    assert auditor.audit(square(inner, BLOCKS[:4], threshold=3)) == []
    assert auditor.audit(square(inner, BLOCKS[:4], threshold=10)) == []
    assert auditor.audit(square([[1, 2, 9, 9], [2, 1, 9, 9], [9] * 4, [9] * 4], BLOCKS[:4]))


def test_a_small_count_that_is_printed_is_a_breach(release):
    hidden = [c for table in release["tables"] for c in table["cells"] if c["mark"]]
    for cell in hidden[:: len(hidden) // 6]:
        before = dict(cell)
        cell |= {"value": 2, "mark": None}
        assert any("the count 2 is small" in str(breach) for breach in auditor.audit(release))
        cell |= before


def test_a_small_count_that_was_public_before_is_no_breach():
    given = square([[2, 9, 9, 9], [9] * 4, [9] * 4, [9] * 4], [])
    assert [str(breach) for breach in auditor.audit(given)] == [
        "square, column w, row a: the count 2 is small and is printed."
    ]

    where = {"row": "a", "column": "w"}
    given["known"] = [{"basis": "reviewed", "period": "2014-15", "where": where}]
    assert auditor.audit(given) == []


def test_a_margin_hidden_in_one_table_and_shown_in_another_is_a_breach(release):
    [total] = [cell for cell in release["tables"][0]["cells"] if cell["area"] == "total"]
    total |= {"value": None, "mark": "[c]"}

    breaches = auditor.audit(release)

    assert [breach.place for breach in breaches] == ["notified-area, total"]
    assert "for the same children" in breaches[0].reason


def test_tables_that_contradict_each_other_are_a_breach(release):
    cell = next(c for c in release["tables"][0]["cells"] if c["area"] == "total")
    cell["value"] += 1

    assert auditor.audit(release)


def percentage(cell):
    """A release of the counts behind one percentage, and the percentage."""
    table = {
        "id": "share",
        "basis": "reviewed",
        "period": "2014-15",
        "statistic": "percentage",
        "where": {},
        "numerator": {"row": "a"},
        "denominator": {},
        "dimensions": ["column"],
        "additive": ["column"],
        "cells": [{"column": "w", **cell}],
    }
    given = square([[4, 9, 20, 20], [9, 3, 20, 20], [20] * 4, [20] * 4], BLOCKS[:4])
    return {**given, "tables": [*given["tables"], table]}


NOTHING = {"value": None, "lower": None, "upper": None, "numerator": None, "denominator": None}


@pytest.mark.parametrize("left", ["value", "lower", "upper", "numerator", "denominator"])
def test_a_hidden_percentage_may_leave_no_figure_standing(left):
    breaches = auditor.audit(percentage({**NOTHING, "mark": "[c]", left: 4}))
    assert "share, column w: a hidden figure leaves others standing." in map(str, breaches)


def test_a_hidden_percentage_without_any_figure_passes():
    assert auditor.audit(percentage({**NOTHING, "mark": "[c]"})) == []


def test_a_percentage_that_prints_a_count_hidden_elsewhere_is_a_breach():
    shown = {"value": 7.5, "lower": 3.0, "upper": 18.0, "numerator": 4, "denominator": 53}
    breaches = auditor.audit(percentage({**shown, "mark": None}))
    assert any("share prints 4 for the same children" in str(breach) for breach in breaches)


def test_a_count_under_several_values_has_no_sum_to_work_it_out_from():
    """A death may have two factors: the total says nothing of the one that is hidden."""
    given = square([[4, 9, 20, 20], [9, 9, 20, 20], [20] * 4, [20] * 4], [("a", "w")])
    assert auditor.audit(given)
    table = given["tables"][0]
    cells = [c for c in table["cells"] if c["column"] == "total"]
    [a] = [c for c in cells if c["row"] == "a"]
    a |= {"value": None, "mark": "[c]"}
    one_way = {**table, "dimensions": ["row"], "cells": cells}

    several = {**given, "tables": [{**one_way, "additive": []}]}
    once = {**given, "tables": [{**one_way, "additive": ["row"]}]}

    assert auditor.audit(several) == []
    assert [(b.low, b.high) for b in auditor.audit(once)] == [(53, 53)]


def test_the_auditor_shares_no_code_with_what_it_judges():
    tree = ast.parse(Path(auditor.__file__).read_text())
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None), *(alias.name for alias in node.names)]
        if name
    }
    assert not [name for name in imported if name.startswith("analytics")]
