"""The algebra of conditions, tried on conditions and answers of every shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdop.editions.conditions import All, AnyOf, Chosen, Not

CODES = ("a", "b", "1*")
FIELDS = ("first", "second", "third")

chosen = st.builds(Chosen, st.sampled_from(FIELDS), st.frozensets(st.sampled_from(CODES)))
conditions = st.recursive(
    chosen,
    lambda parts: st.one_of(
        st.builds(Not, parts),
        st.builds(All, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
answer = st.one_of(
    st.sampled_from(("", "unlisted", *CODES)), st.lists(st.sampled_from(CODES), max_size=3)
)
answers = st.dictionaries(st.sampled_from(FIELDS), answer)


def plainly(condition, given_answers):
    """The same question answered by the textbook, as a second opinion."""
    match condition:
        case Not(part):
            return not plainly(part, given_answers)
        case All(parts):
            return [plainly(part, given_answers) for part in parts].count(False) == 0
        case AnyOf(parts):
            return [plainly(part, given_answers) for part in parts].count(True) > 0
        case Chosen(field, codes):
            said = given_answers.get(field, "")
            return any(code in ([said] if isinstance(said, str) else said) for code in codes)


@given(conditions, answers)
def test_a_condition_holds_as_the_textbook_says(condition, said):
    assert condition.holds(said) is plainly(condition, said)


@given(st.lists(conditions, min_size=1, max_size=4).map(tuple), answers)
def test_not_all_is_any_not_and_not_any_is_all_not(parts, said):
    opposites = tuple(Not(part) for part in parts)

    assert Not(All(parts)).holds(said) is AnyOf(opposites).holds(said)
    assert Not(AnyOf(parts)).holds(said) is All(opposites).holds(said)


@given(conditions, answers)
def test_a_condition_or_its_opposite_holds_and_never_both(condition, said):
    assert condition.holds(said) is not Not(condition).holds(said)


@given(conditions, answers)
def test_an_empty_answer_is_as_good_as_none(condition, said):
    answered = {field: given_answer for field, given_answer in said.items() if given_answer}

    assert condition.holds(said) is condition.holds(answered)


@given(conditions, answers)
def test_only_the_named_fields_matter(condition, said):
    named = {field: given for field, given in said.items() if field in condition.fields()}

    assert condition.holds(named) is condition.holds({**said, "elsewhere": "a"})


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({}, False),
        ({"sex": ""}, False),
        ({"sex": ()}, False),
        ({"sex": "male"}, True),
        ({"sex": "m"}, False),
        ({"sex": ["female", "male"]}, True),
        ({"sex": ["female"]}, False),
        ({"Sex": "male"}, False),
    ],
)
def test_a_field_is_chosen_when_one_of_its_answers_is_listed(said, holds):
    assert Chosen("sex", frozenset(["male", "not_known"])).holds(said) is holds


@given(conditions, answers, st.frozensets(st.sampled_from(FIELDS)))
def test_what_is_left_of_a_condition_holds_when_the_whole_does(condition, given_answers, unsettled):
    left = condition.given(given_answers, unsettled)

    if isinstance(left, bool):
        assert left is condition.holds(given_answers)
    else:
        assert left.fields() <= unsettled
        assert left.holds(given_answers) is condition.holds(given_answers)


@given(conditions, answers)
def test_nothing_is_left_where_every_field_is_settled(condition, given_answers):
    assert condition.given(given_answers, ()) is condition.holds(given_answers)
