"""Every table against a second count, deliberately naive: plain loops over the children."""

import pytest

from analytics import rollup, tables
from analytics.dimensions import TOTAL
from analytics.tables import Table
from cdop import editions
from tests.analytics.invented import PERIOD, by_code, children, cube, tabulate

BOTH = ("lscb-2015", "cdr-2018")
UNDER = {
    **{
        (column, heading.code): tuple(t.code for t in terms if t.parent == heading.code)
        for column, vocabulary in (
            ("ethnic_group", "ethnic_group"),
            ("place_of_death", "places"),
            ("place_of_event", "places"),
        )
        for terms in [editions.get("lscb-2015").vocabularies[vocabulary].terms]
        for heading in terms
        if any(term.parent == heading.code for term in terms)
    },
    ("age_band", "under-1"): ("0-27d", "28-364d"),
    ("modifiable", "enough_information"): ("modifiable", "not_modifiable"),
}


def counts_as(child, code, value):
    column = code.partition(":")[0]
    return value == TOTAL or child[column] in UNDER.get((code, value), (value,))


def naive(rows, table, of):
    """Walk over every place of the table and, for each, over every child."""
    counts = {}
    for at in rollup.positions([by_code_of(table)[code] for code in table.dimensions]):
        wanted = [*table.where.items(), *of.items(), *zip(table.dimensions, at, strict=True)]
        n = 0
        for child in rows:
            if child[f"basis_{table.basis}"] and all(counts_as(child, *pair) for pair in wanted):
                n += 1
        counts[at] = n
    return counts


def by_code_of(table):
    return by_code(BOTH) if "edition" in table.where else by_code()


@pytest.mark.parametrize("seed", range(12))
def test_every_table_equals_the_naive_count_in_every_cell(seed):
    rows = children(seed, number=[0, 1, 7, 48, 60, 250][seed % 6])

    for tabulated in tabulate(rows):
        table = tabulated.table
        assert tabulated.counts == naive(rows, table, table.numerator), table.id
        if table.denominator:
            assert tabulated.denominators == naive(rows, table, table.denominator), table.id


@pytest.mark.parametrize("seed", range(4))
def test_categories_are_counted_under_their_own_edition_only(seed):
    rows = children(seed, number=120, codes=BOTH)

    printed = [t for t in tabulate(rows, BOTH) if "edition" in t.table.where]

    assert [t.table.id for t in printed] == [
        "reviewed-category-area-lscb-2015",
        "reviewed-category-area-cdr-2018",
        "reviewed-category-age-lscb-2015",
        "reviewed-category-age-cdr-2018",
        "reviewed-category-modifiable-lscb-2015",
        "reviewed-category-modifiable-cdr-2018",
    ]
    for tabulated in printed:
        assert tabulated.counts == naive(rows, tabulated.table, {})


def test_zeros_subtotals_and_margins_are_all_there():
    [tabulated] = tabulate([], only=lambda table: table.id == "reviewed-age-area")

    assert len(tabulated.counts) == (8 + 1) * (4 + 1)
    assert set(tabulated.counts.values()) == {0}


def test_a_fact_that_no_table_has_a_place_for_stops_the_count():
    rows = children(1)
    rows[0] = {**rows[0], "sex": "indeterminate", "basis_reviewed": 1}
    table = next(t for t in tables.TABLES if t.id == "reviewed-sex-area")

    with pytest.raises(ValueError, match=r"sex \['indeterminate'\]"):
        rollup.roll_up(cube(rows), table, by_code())


def test_a_table_may_select_deaths_by_a_fact_that_it_does_not_show():
    rows = children(3, 200)
    table = Table("x", "X", "reviewed", ("area",), where={"age_band": "under-1"})

    tabulated = rollup.roll_up(cube(rows), table, by_code(), period=PERIOD)

    assert tabulated.counts == naive(rows, table, {})
    assert [d.code for d in tabulated.restricting] == ["age_band"]


def test_a_table_may_have_three_dimensions():
    rows = children(4, 150)
    table = Table("x", "X", "reviewed", ("age_band", "sex", "area"))

    tabulated = rollup.roll_up(cube(rows), table, by_code(), period=PERIOD)

    assert tabulated.counts == naive(rows, table, {})


def test_a_fact_without_a_place_matters_only_where_its_death_is_counted():
    rows = children(1)
    rows[0] = {**rows[0], "sex": "indeterminate", "basis_notified": 0, "basis_reviewed": 1}
    notified, reviewed, male = (
        Table("n", "N", "notified", ("sex",)),
        Table("r", "R", "reviewed", ("area",)),
        Table("m", "M", "reviewed", ("area",), where={"sex": "male"}),
    )

    counted = rollup.roll_up_all(cube(rows), [notified, reviewed, male], by_code())

    assert [t.counts for t in counted] == [naive(rows, t.table, {}) for t in counted]


def test_tables_counted_together_are_those_counted_alone():
    rows = cube(children(2, 90))

    together = rollup.roll_up_all(rows, tables.TABLES, by_code(), period=PERIOD)

    assert together == [rollup.roll_up(rows, t, by_code(), period=PERIOD) for t in tables.TABLES]


def test_the_same_children_are_one_cell_in_every_table():
    cells = {t.table.id: set(t.cells()) for t in tabulate(children(1))}
    halton = ("reviewed", PERIOD, frozenset({("area", "E06000006")}))

    assert {name for name in cells if halton in cells[name]} == {
        "reviewed-area",
        "reviewed-age-area",
        "reviewed-sex-area",
        "reviewed-expectedness-area",
        "reviewed-category-area",
        "reviewed-modifiable-area",
        "reviewed-time-area",
    }
