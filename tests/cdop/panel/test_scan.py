"""What the scan of the papers finds, measured on invented reports, and what it finds needlessly."""

from datetime import date

import pytest

from cdop.cases.identity import IdentityRecord
from cdop.panel import identifying, patterns
from cdop.panel.identifying import plain_text, terms, with_workers
from cdop.panel.scan import ADVICE, places_in
from tests.cdop.panel.narratives import narratives
from tests.drills import scanned

KNOWN = IdentityRecord(
    given_names="Zoë May",
    family_name="Quill-Feather",
    date_of_birth="2014-03-03",
    nhs_number="9990000123",
    mother_name="Elizabeth O'Invented",
    siblings=[{"name": "Al Quillfeather", "relationship": "", "details": ""}],
)
SOUGHT = with_workers(
    terms(KNOWN, date(2015, 1, 21), ["Warrington", "Halton"]),
    ["Sandra Wibblethorpe"],
    ["01632 960 444"],
    ["Nonsuch Primary School", "Halton"],
)


def found(text: str) -> list[tuple[str, str]]:
    return [(place.kind, place.words) for place in places_in(plain_text(text), SOUGHT)]


def test_ninety_nine_of_a_hundred_planted_identifiers_are_found():
    outcome = scanned.measured(200, seed=5, harmless_of=50)
    print(outcome)

    assert outcome.planted.total() > 6000
    assert outcome.recall >= 0.99, str(outcome)
    assert outcome.needless_rate <= scanned.MOST_NEEDLESS, str(outcome)


def test_the_reports_are_the_same_for_the_same_seed_and_others_for_another():
    assert narratives(3, 1) == narratives(3, 1)
    assert narratives(3, 1)[0].text != narratives(3, 2)[0].text


def test_a_plant_that_is_covered_in_part_counts_as_missed():
    outcome = scanned.Outcome()
    outcome.planted.update(["name"] * 100)
    outcome.lost.update(["name"] * 2)
    outcome.words = 1000

    assert (outcome.recall, outcome.holds) == (0.98, False)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("The child, Zoee, slept.", identifying.CHILD, "Zoee"),
        ("mrs quilfeather rang", identifying.CHILD, "quilfeather"),
        ("ZoeQuillfeather", identifying.CHILD, "ZoeQuillfeather"),
        ("They asked Liz again.", identifying.MOTHER, "Liz"),
        ("Seen by ZQF today.", patterns.INITIAL, "ZQF"),
        ("Then Z. slept.", patterns.INITIAL, "Z"),
        ("It was wibblethorp who rang.", identifying.WORKER, "wibblethorp"),
        ("Ring 01632-960444.", identifying.WORKER, "01632-960444"),
        ("At nonsuch primary all was well.", identifying.ORGANISATION, "nonsuch primary"),
        ("On 3/3 they moved.", identifying.BORN, "3/3"),
        ("It was Boxing Day.", patterns.DATE, "Boxing Day"),
        ("Seen on Tuesday 4th.", patterns.DATE, "Tuesday 4th"),
        ("He lives at 4 High Larch Road now.", patterns.STREET, "4 High Larch Road"),
        ("Taken to Warrington Hospital.", patterns.SERVICE, "Warrington Hospital"),
        ("Moved to Puffin Ward.", patterns.SERVICE, "Puffin Ward"),
        ("Crime number AB/1234/14.", patterns.NUMBER, "Crime number AB/1234/14"),
        ("A friend, Torquil, came.", patterns.PERSON, "Torquil"),
        ("Write to z.q@example.org soon.", patterns.EMAIL, "z.q@example.org"),
        ("Then they rang Zorbington again.", patterns.CAPITAL, "Zorbington"),
    ],
)
def test_what_no_spelling_rule_of_its_own_would_catch_is_found(text, kind, words):
    assert (kind, words) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "The child may have been ill for 3 days, then 4/7 of fever; BP 110/70, 3.3 kg at 39+2.",
        "Group B streptococcus, vitamin K, hepatitis B and a CT scan. The 25th centile.",
        "On the 3rd day. In March 2014. In Halton. The children's intensive care unit.",
        "Health visiting: Yes\nAcute hospital: Not known",
        "",
    ],
)
def test_ordinary_sentences_are_let_through(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("12 January 2015", "9 days before the death"),
        ("2015-01-22", "1 day after the death"),
        ("21/01/2015", "on the day of the death"),
        ("Zoe", "the child"),
        ("PC Plod", "a professional"),
    ],
)
def test_words_are_offered_that_could_stand_there(words, offered):
    [place] = places_in(f"They said {words} again.", SOUGHT)

    assert offered in place.offered


def test_every_kind_of_place_has_its_advice():
    kinds = {
        place.kind for each in narratives(20, 3) for place in places_in(each.text, each.sought)
    }

    assert kinds <= ADVICE.keys() and len(kinds) > 12
    assert all(advice.endswith(".") for advice in ADVICE.values())


def test_places_stand_in_order_and_none_inside_another():
    for each in narratives(5, 9):
        places = places_in(each.text, each.sought)
        assert all(one.end <= next_.start for one, next_ in zip(places, places[1:], strict=False))
        assert all(each.text[place.start : place.end] == place.words for place in places)
