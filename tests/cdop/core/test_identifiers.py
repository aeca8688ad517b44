"""NHS numbers and references, and every single slip of the hand that must be noticed."""

import random
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdop.core.identifiers import (
    ALPHABET,
    DRAWN,
    format_nhs_number,
    is_synthetic,
    new_reference,
    nhs_number_problem,
    normalise_nhs_number,
    normalise_reference,
    synthetic_nhs_number,
)

VALID = ["9990000123", "9990001499", "9990004234", "9990005605", "9990006970", "9990008345"]
MISTYPED = "The last digit does not fit the others, so at least one digit is mistyped."
NOT_TEN = "An NHS number is 10 digits, for example 999 000 0123."


def fits(number):
    """The check digit as the rule is told: weights 10 to 2, modulo 11, from 11."""
    total = sum(int(number[place]) * (10 - place) for place in range(9))
    return {0: "0", 1: None}.get(total % 11, str(11 - total % 11)) == number[9]


@pytest.mark.parametrize(
    "text",
    [
        "9990000123",
        "999 000 0123",
        " 999-000-0123\n",
        "999\u00a0000\u00a00123",
        "999–000–0123",
        "9 9 9 0 0 0 0 1 2 3",
        "９９９００００１２３",
    ],
)
def test_an_nhs_number_is_the_same_however_it_is_spaced(text):
    assert (normalise_nhs_number(text), nhs_number_problem(text)) == ("9990000123", "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "An NHS number is 10 digits, for example 999 000 0123."),
        ("not known", NOT_TEN),
        ("999 000 012", "An NHS number has 10 digits; this has 9."),
        ("999 000 01234", "An NHS number has 10 digits; this has 11."),
        ("999 000 012X", NOT_TEN),
        ("٩٩٩٠٠٠٠١٢٣", NOT_TEN),
        ("9" * 10_000, NOT_TEN),
        ("👶", NOT_TEN),
    ],
)
def test_what_is_not_ten_digits_is_no_nhs_number(text, problem):
    assert (normalise_nhs_number(text), nhs_number_problem(text)) == (None, problem)


@pytest.mark.parametrize("number", VALID)
def test_known_test_numbers_are_in_order(number):
    assert (nhs_number_problem(number), is_synthetic(number)) == ("", True)


@pytest.mark.parametrize("last", "0123456789")
def test_a_stem_without_a_check_digit_is_never_valid(last):
    assert nhs_number_problem(f"999000000{last}") == MISTYPED


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("0101010001", "This number is in the range that Scotland uses."),
        ("3200000007", "This number is in the range that Northern Ireland uses."),
        (
            "5000000005",
            "This number is in a range that has not been given out in England or Wales.",
        ),
        (
            "9000000009",
            "This number is in a range that has not been given out in England or Wales.",
        ),
        (
            "0000000000",
            "This number is in a range that has not been given out in England or Wales.",
        ),
    ],
)
def test_a_number_from_elsewhere_is_told_apart(number, problem):
    assert fits(number)
    assert nhs_number_problem(number) == problem


def test_no_range_of_england_and_wales_gives_a_warning():
    stems = ("400000000", "499999999", "600000000", "700000001")
    numbers = [f"{stem}{digit}" for stem in stems for digit in range(10)]
    fitting = [number for number in numbers if fits(number)]

    assert fitting
    assert {nhs_number_problem(number) for number in fitting} == {""}


@given(st.integers(0, 999_999), st.integers(0, 9))
def test_a_check_digit_fits_by_the_rule_as_it_is_told(stem, last):
    number = f"999{stem:06}{last}"

    assert (nhs_number_problem(number) == "") == fits(number)


@given(st.integers(1, 5_000), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(position, place, more):
    number = synthetic_nhs_number(position)
    wrong = str((int(number[place]) + more) % 10)

    assert nhs_number_problem(number[:place] + wrong + number[place + 1 :]) == MISTYPED


def test_synthetic_numbers_are_every_valid_one_of_their_range_in_order():
    expected = [f"999{rest:07}" for rest in range(30_000) if fits(f"999{rest:07}")]

    assert [synthetic_nhs_number(n + 1) for n in range(len(expected))] == expected
    assert set(VALID) <= set(expected)


def test_synthetic_numbers_begin_at_one():
    assert synthetic_nhs_number(1) == "9990000018"
    for position in (0, -1):
        with pytest.raises(ValueError, match=f"at position {position}"):
            synthetic_nhs_number(position)


def test_an_nhs_number_is_read_out_in_threes():
    assert format_nhs_number("9990000123") == "999 000 0123"


def test_a_number_of_a_living_person_is_not_synthetic():
    assert not is_synthetic("4000000004")


PREFIXES = st.sampled_from("ABCDEFGHJKMNPQRSTVWXYZ")
REFERENCES = st.builds(
    lambda prefix, seed: new_reference(prefix, random.Random(seed)), PREFIXES, st.integers()
)
PLACES = st.integers(0, 8)


def regrouped(symbols):
    return f"{symbols[0]}-{symbols[1:5]}-{symbols[5:]}"


@given(REFERENCES)
def test_a_reference_is_nine_symbols_in_groups_and_means_itself(reference):
    first, middle, last = reference.split("-")

    assert (len(first), len(middle), len(last)) == (1, 4, 4)
    assert set(middle + last) <= set(DRAWN)
    assert normalise_reference(reference) == reference


def test_a_reference_leaves_out_what_is_misread_and_spells_no_word():
    assert (len(ALPHABET), set("ILOU") & set(ALPHABET)) == (32, set())
    assert set("AEIOU") & set(DRAWN) == set()


@given(REFERENCES)
def test_every_single_wrong_symbol_is_noticed(reference):
    symbols = reference.replace("-", "")
    wrong = [
        symbols[:place] + other + symbols[place + 1 :]
        for place in range(9)
        for other in ALPHABET
        if other != symbols[place]
    ]

    assert len(wrong) == 9 * 31
    assert {normalise_reference(text) for text in wrong} == {None}


@given(REFERENCES)
def test_every_swap_of_neighbours_is_noticed(reference):
    symbols = reference.replace("-", "")
    swapped = [
        symbols[:place] + symbols[place + 1] + symbols[place] + symbols[place + 2 :]
        for place in range(8)
        if symbols[place] != symbols[place + 1]
    ]

    assert {normalise_reference(text) for text in swapped} <= {None}


@given(REFERENCES, st.randoms(use_true_random=False))
def test_a_reference_is_understood_however_it_is_typed(reference, chance):
    typed = "".join(
        chance.choice(
            {"0": "0Oo", "1": "1IiLl", "-": ["-", " ", "", "–", " - "]}.get(
                symbol, symbol + symbol.lower()
            )
        )
        for symbol in reference
    )

    assert normalise_reference(f" {typed}\n") == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "C",
        "C-4K7M",
        "C-4K7M-2QX",
        "C-4K7M-2QX99",
        "C-4K7M-2QUX",
        "4-4K7M-2QX9",
        "U-0000-0000",
        "C-4K7M-2QX\u0669",
        "ß" * 9,
        "👶" * 9,
        "C" * 10_000,
    ],
)
def test_what_is_no_reference_is_none(text):
    assert normalise_reference(text) is None


@given(st.text(alphabet=ALPHABET + "OILU- ", max_size=14))
def test_what_is_understood_is_understood_again_as_the_same(text):
    found = normalise_reference(text)

    assert found is None or normalise_reference(found) == found


@pytest.mark.parametrize("prefix", ["", "CC", "I", "L", "O", "U", "c", "4", "-"])
def test_a_reference_begins_with_one_letter_of_the_alphabet(prefix):
    with pytest.raises(ValueError, match="cannot begin a reference"):
        new_reference(prefix)


def test_the_same_chance_gives_the_same_references_and_another_gives_others():
    def drawn(source):
        return [new_reference("C", source) for _ in range(500)]

    first, again, other = (drawn(random.Random(seed)) for seed in (1, 1, 2))

    assert first == again
    assert len(set(first + other)) == 1000


def test_references_that_were_given_out_once_stay_good():
    assert normalise_reference("c-k40d-pqjx") == "C-K40D-PQJX"


def test_references_are_drawn_from_a_source_that_cannot_be_guessed_unless_told(monkeypatch):
    drawn = []
    monkeypatch.setattr(secrets, "choice", lambda seq: drawn.append(seq) or random.choice(seq))

    new_reference("N")

    assert set(drawn) == {DRAWN}


def test_a_swap_is_put_to_the_test_with_all_pairs_of_neighbours():
    """All 32 × 31 pairs at each place, completed to a reference, since few are drawn by chance."""
    source = random.Random(7)
    for place in range(1, 7):
        for left in DRAWN:
            for right in DRAWN:
                reference = with_pair(source, place, left, right)
                symbols = reference.replace("-", "")
                swapped = symbols[:place] + right + left + symbols[place + 2 :]
                assert normalise_reference(swapped) == (reference if left == right else None)


def with_pair(source, place, left, right):
    """A reference that has ``left`` and ``right`` at ``place``, whatever its check symbol is."""
    drawn = [source.choice(DRAWN) for _ in range(7)]
    drawn[place - 1 : place + 1] = [left, right]
    body = "C" + "".join(drawn)
    return next(filter(None, (normalise_reference(body + check) for check in ALPHABET)))
