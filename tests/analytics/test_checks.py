from dataclasses import replace

import pytest

from analytics import checks
from analytics.checks import TablesDisagree
from tests.analytics.invented import children, tabulate


def changed(tabulations, table, at, by, field="counts"):
    """The tables with one count altered."""
    return [
        replace(t, **{field: {**getattr(t, field), at: getattr(t, field)[at] + by}})
        if t.table.id == table
        else t
        for t in tabulations
    ]


def test_tables_that_add_up_say_so_one_sentence_each():
    tabulations = tabulate(children(1))

    said = checks.verify(tabulations)

    assert len(said) == len(tabulations) + 1
    assert "Deaths reviewed, by age and area: adds up over age at death and area." in said


def test_no_count_stands_in_the_sentences_printed_with_a_release():
    few, many = (checks.verify(tabulate(children(1, number))) for number in (3, 300))
    assert few == many


@pytest.mark.parametrize("seed", range(5))
def test_any_single_count_that_is_wrong_is_found(seed):
    tabulations = tabulate(children(seed))
    for tabulated in tabulations:
        for at in list(tabulated.counts)[:: 7 + seed]:
            with pytest.raises(TablesDisagree) as caught:
                checks.verify(changed(tabulations, tabulated.table.id, at, 1))
            assert any(tabulated.table.id in fault for fault in caught.value.faults)


def test_a_total_that_its_parts_do_not_make_is_named():
    tabulations = tabulate(children(1), only=lambda t: t.id == "reviewed-area")
    total = tabulations[0].counts[("total",)]

    with pytest.raises(TablesDisagree) as caught:
        checks.verify(changed(tabulations, "reviewed-area", ("total",), 2))

    assert caught.value.faults == (
        f"reviewed-area: total is {total + 2}, but its parts add up to {total}.",
    )


def test_a_subtotal_that_its_bands_do_not_make_is_named():
    tabulations = tabulate(children(1), only=lambda t: t.id == "reviewed-age-sex")
    wrong = changed(tabulations, "reviewed-age-sex", ("under-1", "male"), 1)

    with pytest.raises(TablesDisagree, match="under-1 / male is"):
        checks.verify(wrong)


def test_two_tables_that_count_the_same_children_differently_are_both_named():
    """Each adds up on its own; together they cannot both be right."""
    one = tabulate(children(1), only=lambda t: t.id == "reviewed-area")
    other = tabulate(children(2), only=lambda t: t.id == "reviewed-sex-area")
    assert not [fault for t in (*one, *other) for fault in checks.faults(t)]

    with pytest.raises(TablesDisagree, match="reviewed-sex-area counts .* where reviewed-area"):
        checks.verify([*one, *other])


def test_a_numerator_above_its_denominator_is_named():
    tabulations = tabulate(children(1), only=lambda t: t.statistic == "percentage")
    wrong = changed(tabulations, "reviewed-modifiable-percentage", ("E06000006",), 500)

    with pytest.raises(TablesDisagree, match="E06000006 has .* out of"):
        checks.verify(wrong)
