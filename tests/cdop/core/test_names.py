"""Names folded for search and for finding a death that was reported twice."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdop.core.names import LONGEST_PART, MOST_PARTS, first_three, is_unnamed, parts, phonetic


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Testina Example", ["testina", "example"]),
        ("  TESTINA   example ", ["testina", "example"]),
        ("Zoë O'Brien-Núñez", ["zoe", "obrien", "nunez"]),
        ("Zoe O’Brien Nunez", ["zoe", "obrien", "nunez"]),
        ("Zoe O`Brien‑Nunez", ["zoe", "obrien", "nunez"]),
        ("Łukasz Strauß", ["lukasz", "strauss"]),
        ("Søren Æbelø", ["soren", "aebelo"]),
        ("İpek Işık", ["ipek", "isik"]),
        ("Ｔｅｓｔｉｎａ", ["testina"]),
        ("Mr Example", ["example"]),
        ("Dr. Mrs. Testina Example", ["testina", "example"]),
        ("Master", ["master"]),
        ("Testina Master", ["testina", "master"]),
        ("Testina Testina Example", ["testina", "example"]),
        ("Example, Testina (Tess)", ["example", "testina", "tess"]),
        ("John Example 3rd", ["john", "example", "3rd"]),
        ("Ada Boy", ["ada", "boy"]),
        ("Twinney Babyak", ["twinney", "babyak"]),
        ("李小龙", ["李小龙"]),
        ("مثال تجربة", ["مثال", "تجربة"]),
        ("\u202eTestina\u202c Exam\u00adple", ["testina", "example"]),
        ("Testina 👶 Example", ["testina", "example"]),
        ("", []),
        (" - ' . ", []),
    ],
)
def test_a_name_folds_into_these_parts(name, expected):
    assert parts(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Baby Example", ["example"]),
        ("Baby boy Example", ["example"]),
        ("Male infant Example", ["example"]),
        ("Baby of Testina Example", ["testina", "example"]),
        ("B/O Example", ["example"]),
        ("Twin 1 Example", ["example"]),
        ("Twin I Example", ["example"]),
        ("Example, Twin B", ["example"]),
        ("Infant of Example", ["example"]),
        ("Baby girl twin two Example", ["example"]),
        ("BABY", ["baby"]),
        ("Twin 2", ["twin", "2"]),
    ],
)
def test_a_child_without_a_name_yet_is_recognised(name, expected):
    assert (parts(name), is_unnamed(name)) == (expected, True)


@pytest.mark.parametrize("name", ["Testina Example", "Babyak Twinney", "Ada Boy", "Of Male", ""])
def test_a_name_is_not_taken_for_a_missing_one(name):
    assert not is_unnamed(name)


def test_marks_that_belong_to_the_letters_of_another_script_part_no_word():
    assert len(parts("मीरा शर्मा")) == 2


def folded_alike(*names):
    return len({tuple(parts(name)) for name in names}) == 1


@given(st.text(max_size=60))
def test_composed_and_decomposed_letters_are_the_same_name(name):
    assert folded_alike(unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name))


@given(st.text(alphabet=st.characters(max_codepoint=0x24F, categories=["Lu", "Ll"]), max_size=30))
def test_capitals_make_no_difference(name):
    assert folded_alike(name.casefold(), name.casefold().upper(), name)


@given(st.text(max_size=80))
def test_parts_are_few_short_different_and_without_gaps(name):
    found = parts(name)

    assert len(found) == len(set(found)) <= MOST_PARTS
    assert all(part and len(part) <= LONGEST_PART and part.split() == [part] for part in found)
    assert all(phonetic(part) and first_three(part) for part in found)


@pytest.mark.parametrize(
    "name",
    ["a" * 10_000, "a " * 5_000, "baby of " * 1_250, "mr " * 3_300, "́" * 10_000],
)
def test_ten_thousand_characters_come_to_an_end(name):
    found = parts(name)

    assert len(found) <= MOST_PARTS
    assert all(len(part) <= LONGEST_PART for part in found)


@pytest.mark.parametrize(
    ("one", "other"), [("smith", "smyth"), ("catherine", "katherine"), ("philip", "filip")]
)
def test_parts_that_sound_alike_have_one_code(one, other):
    assert phonetic(one) == phonetic(other)


def test_parts_that_sound_different_have_different_codes():
    assert len({phonetic(part) for part in ("smith", "jones", "testina", "example")}) == 4


@pytest.mark.parametrize("part", ["李小龙", "مثال", "мария", "3", "w"])
def test_a_part_that_has_no_sound_in_english_keeps_its_letters(part):
    assert phonetic(part) == part


def test_the_first_three_letters_of_a_short_part_are_all_of_it():
    assert [first_three(part) for part in ("example", "li", "李小龙明")] == ["exa", "li", "李小龙"]
