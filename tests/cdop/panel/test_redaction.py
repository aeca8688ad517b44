"""Identifying words are found in every usual spelling, and ordinary sentences are let through."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdop.cases.identity import IdentityRecord
from cdop.panel import identifying
from cdop.panel.identifying import BORN, DIED, found, terms

KNOWN = IdentityRecord(
    given_names="Zoë May",
    family_name="Quill-Feather",
    other_names="Zuzu",
    date_of_birth="2014-03-03",
    nhs_number="9990000123",
    address="Flat 2, 12 Larkspur Road\nExampleham, Warrington",
    postcode="ZZ99 3WZ",
    mother_name="Anne-Marie O'Invented",
    carers=[{"name": "Bram Quill-Feather", "relationship": "father", "details": "01632 960 001"}],
    siblings=[{"name": "Al Quillfeather", "relationship": "", "details": "born 21st May 2010"}],
)
DIED_ON = date(2015, 1, 21)
SOUGHT = terms(KNOWN, DIED_ON, ["Warrington", "Halton"])

PLANTS = {
    identifying.CHILD: "Zoë|Zoe|ZOË|zoë's|May|Zuzu|Quill-Feather|quillfeather|Quill Feather|"
    "the Quillfeathers|Z\u00adoe|ＺＯＥ|Quill\nFeather",
    identifying.MOTHER: "Anne-Marie|Annemarie|anne marie|O'Invented|O’Invented|"
    "OInvented|O INVENTED",
    identifying.CARER: "Bram|BRAM|bram’s",
    identifying.SIBLING: "Al|AL",
    BORN: "3 March 2014|03/03/2014|3.3.14|03-03-14|2014-03-03|3rd of March|March 3rd, 2014|"
    "3 Mar 14|third of March 2014|03032014|20140303|the 3rd March",
    DIED: "21 January 2015|21/1/15|1/21/2015|Jan 21|twenty-first of January|21st Jan. 2015",
    identifying.RELATIVE_BORN: "21 May 2010|21/05/10",
    identifying.NUMBER: "9990000123|999 000 0123|999-000-0123|9 9 9 0000 123|999.000.0123",
    identifying.POSTCODE: "ZZ99 3WZ|zz993wz|Z Z 9 9 3 W Z|ZZ99-3WZ",
    identifying.ADDRESS: "12 Larkspur Road|Larkspur Rd|larkspur road|Exampleham|EXAMPLEHAM",
    identifying.TELEPHONE: "01632 960001|01632960 001",
}
CASES = [(kind, plant) for kind, plants in PLANTS.items() for plant in plants.split("|")]
WORDS = st.lists(
    st.sampled_from(
        [
            "a",
            "child",
            "of",
            "some",
            "months",
            "was",
            "found",
            "cold,",
            "asleep",
            "in",
            "bed;",
            "help",
            "came",
            "soon",
        ]
    ),
    max_size=8,
).map(" ".join)


@pytest.mark.parametrize(("kind", "plant"), CASES)
def test_an_identifier_in_any_usual_spelling_is_found_with_its_kind(kind, plant):
    hits = found(f"A text.\nIt says {plant}, and goes on.", SOUGHT)

    assert [(hit.kind, hit.line) for hit in hits] == [(kind, 2)]
    assert hits[0].words in f"{plant}".replace("\u00ad", "").replace("ＺＯＥ", "ZOE")


@settings(max_examples=150, deadline=None)
@given(before=WORDS, after=WORDS, planted=st.sampled_from(CASES), lines=st.integers(0, 3))
def test_wherever_it_stands_between_other_words_it_is_found(before, after, planted, lines):
    kind, plant = planted
    text = "\n" * lines + f"{before} {plant} {after}"

    assert [(hit.kind, hit.line) for hit in found(text, SOUGHT)] == [(kind, lines + 1)]


def test_every_identifier_of_one_text_is_found_at_once():
    plants = [plants.split("|")[0] for plants in PLANTS.values()]

    hits = found("\n".join(plants), SOUGHT)

    assert [(hit.kind, hit.line) for hit in hits] == [
        (kind, line) for line, kind in enumerate(PLANTS, start=1)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The child may have been ill for 3 days. All went well; in Warrington the nurse called.",
        "Seen at 3 months and at 14 months; temperature 39.3. In March 2014 the family moved.",
        "Weight 3.3 kg on day 21. 999 was called. Room 12 was quiet.",
        "الطفل كان نائما 🛏️",
    ],
)
def test_a_text_that_names_nobody_is_let_through(text):
    assert found(text, SOUGHT) == []


def test_an_identity_that_knows_nothing_finds_nothing():
    assert found("Zoe was born on 3 March 2014.", terms(IdentityRecord(), None)) == []


def test_the_sentence_says_where_what_and_what_to_write_instead():
    (hit,) = found("One line.\nThen Zoe.", SOUGHT)

    assert hit.sentence == (
        "Line 2 has “Zoe”, which is part of the child's name. Write “the child”."
    )
    of_others = {identifying.WORKER, identifying.ORGANISATION}
    assert set(PLANTS) == set(identifying.ADVICE) - of_others


def test_a_text_of_ten_thousand_characters_is_searched_in_good_time():
    text = "the child was asleep " * 480 + "Zoe"

    assert [hit.words for hit in found(text, SOUGHT)] == ["Zoe"]
