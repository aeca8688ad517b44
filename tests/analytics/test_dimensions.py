import pytest

from analytics import dimensions
from analytics.dimensions import Dimension, Value
from cdop import editions
from tests.analytics.invented import AREAS, by_code

AGE = Dimension(
    "age",
    "Age",
    (Value("u", "Under 1"), Value("a", "A", "u"), Value("b", "B", "u"), Value("c", "C")),
)


def test_a_subtotal_is_no_value_that_a_child_can_have():
    assert AGE.leaves == ("a", "b", "c")


def test_the_parts_of_a_value_are_one_level_down():
    assert [AGE.parts(code) for code in ("total", "u", "a")] == [("u", "c"), ("a", "b"), ()]


def test_the_leaves_of_a_value_are_all_the_way_down():
    assert AGE.leaves_of("total") == {"a", "b", "c"}
    assert AGE.leaves_of("u") == {"a", "b"}
    assert AGE.leaves_of("c") == {"c"}


def test_a_code_that_a_dimension_does_not_have_is_refused():
    with pytest.raises(ValueError, match="Age has no value 'z'"):
        AGE.leaves_of("z")


def test_every_fact_that_can_be_missing_has_not_known_as_its_last_value():
    built = by_code()
    for code in ("age_band", "sex", "expectedness", "modifiable", "category"):
        assert built[code].codes[-1] == "not_known"


def test_the_group_of_the_infant_bands_stands_before_them():
    assert by_code()["age_band"].codes == (
        "under-1",
        "0-27d",
        "28-364d",
        "1-4",
        "5-9",
        "10-14",
        "15-17",
        "not_known",
    )


def test_answers_with_enough_information_share_the_denominator_of_percentages():
    assert by_code()["modifiable"].parts("enough_information") == ("modifiable", "not_modifiable")


def test_with_two_editions_each_has_categories_of_its_own():
    built = by_code(("lscb-2015", "cdr-2018"))

    assert "category" not in built
    assert {code: built[code].edition for code in built if code.startswith("category")} == {
        "category:lscb-2015": "lscb-2015",
        "category:cdr-2018": "cdr-2018",
    }
    assert {built[code].column for code in built if code.startswith("category")} == {"category"}


def test_the_areas_keep_their_order():
    built = dimensions.build([editions.get("cdr-2018")], AREAS)
    assert built["area"].codes == tuple(AREAS)
