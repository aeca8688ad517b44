"""Postcodes and what they propose, and the reference data beside them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdop.core import directory
from cdop.core.organisations import OrganisationKind
from cdop.core.postcodes import (
    areas_of_district,
    district,
    normalise_postcode,
    place_of,
    proposed_areas,
    says_where,
)
from cdop.core.reference import areas, authorities, organisations, postcode_districts
from tests.cast import TESTS

EAST, WEST, HALTON, WARRINGTON = "E06000049", "E06000050", "E06000006", "E06000007"


@pytest.mark.parametrize(
    ("text", "postcode", "outward"),
    [
        ("CW1 2AB", "CW1 2AB", "CW1"),
        ("cw12ab", "CW1 2AB", "CW1"),
        (" cw 1 2 a b ", "CW1 2AB", "CW1"),
        ("CW10\u00a01AA", "CW10 1AA", "CW10"),
        ("cw101aa", "CW10 1AA", "CW10"),
        ("M1 1AE", "M1 1AE", "M1"),
        ("m60 1nw", "M60 1NW", "M60"),
        ("EC1A 1BB", "EC1A 1BB", "EC1A"),
        ("W1A 0AX", "W1A 0AX", "W1A"),
        ("zz99 3vz", "ZZ99 3VZ", "ZZ99"),
        ("ZZ993CZ", "ZZ99 3CZ", "ZZ99"),
    ],
)
def test_a_postcode_is_written_in_one_way(text, postcode, outward):
    assert (normalise_postcode(text), district(text)) == (postcode, outward)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CW1",
        "CW1 2",
        "CW1 2A",
        "CW1 2ABC",
        "CWA 2AB",
        "CWX1 2AB",
        "CW123 2AB",
        "1CW 2AB",
        "CW1 2CI",
        "CW1-2AB",
        "CW1 ٢AB",
        "CW1 2AB\u202e",
        "not known",
        "👶",
    ],
)
def test_what_is_no_postcode_is_none(text):
    assert (normalise_postcode(text), district(text), proposed_areas(text)) == (None, None, ())


@given(st.text(max_size=25) | st.from_regex(r"[A-Za-z0-9 ]{0,10}", fullmatch=True))
def test_a_postcode_once_written_stays_as_it_is(text):
    postcode = normalise_postcode(text)

    assert postcode is None or normalise_postcode(postcode) == postcode


@pytest.mark.parametrize("text", ["A" * 100_000, " " * 100_000, "CW1 2AB" * 20_000])
def test_a_very_long_text_is_no_postcode_and_comes_to_an_end(text):
    assert normalise_postcode(text) is None


@pytest.mark.parametrize(
    ("postcode", "proposed"),
    [
        ("CW1 2AB", (EAST,)),
        ("sk10 1aa", (EAST,)),
        ("CH1 1AA", (WEST,)),
        ("WA8 1AA", (HALTON,)),
        ("WA1 1AA", (WARRINGTON,)),
        ("WA4 1AA", (WEST, HALTON, WARRINGTON)),
        ("CW9 1AA", (EAST, WEST)),
        ("CH5 1AA", ()),
        ("LL11 1AA", ()),
        ("M1 1AE", ()),
        ("ZZ99 3VZ", ()),
    ],
)
def test_a_postcode_proposes_every_area_that_its_district_reaches(db, postcode, proposed):
    assert proposed_areas(postcode) == areas_of_district(postcode) == proposed
    assert place_of(postcode) is None


@pytest.fixture
def directory_loaded(db):
    places = {
        "CH4 0AA": "W06000005",
        "CH4 7AA": WEST,
        "WA14 1AA": "E08000009",
        "WA4 1AA": WARRINGTON,
        "EH1 1AA": "S12000036",
        "BN42 4AA": "E07000223",
    }
    directory.load(places, by=TESTS)


@pytest.mark.parametrize(
    ("postcode", "proposed", "words"),
    [
        ("WA4 1AA", (WARRINGTON,), "Warrington"),
        ("ch47aa", (WEST,), "Cheshire West and Chester"),
        ("CH4 0AA", (), "Flintshire (Wales)"),
        ("WA14 1AA", (), "Trafford"),
        ("EH1 1AA", (), "an authority in Scotland with the code S12000036"),
        ("BN42 4AA", (), "an authority in England with the code E07000223"),
    ],
)
def test_a_postcode_that_the_directory_knows_lies_in_one_place(
    directory_loaded, postcode, proposed, words
):
    assert (proposed_areas(postcode), place_of(postcode).words) == (proposed, words)


@pytest.mark.parametrize("postcode", ["WA4 1AB", "WA4 9ZZ"])
def test_a_postcode_that_the_directory_does_not_know_goes_by_its_district(
    directory_loaded, postcode
):
    assert (proposed_areas(postcode), place_of(postcode)) == ((WEST, HALTON, WARRINGTON), None)


@pytest.mark.parametrize("postcode", ["ZZ99 3VZ", "", "not known", "CH4"])
def test_no_fixed_abode_and_what_is_no_postcode_propose_nothing(directory_loaded, postcode):
    assert (proposed_areas(postcode), place_of(postcode)) == ((), None)


@pytest.mark.parametrize(
    ("postcode", "says"), [("ZZ99 3VZ", False), ("zz99 3wz", False), ("WA7 1AA", True)]
)
def test_the_postcode_of_no_place_says_nothing(postcode, says):
    assert says_where(postcode) is says


def test_every_authority_has_a_code_of_england_or_wales_and_the_four_are_among_them():
    for code in authorities():
        assert re.fullmatch(r"[EW][0-9]{8}", code)
    assert {area.code: area.name for area in areas()}.items() <= authorities().items()


def test_the_four_areas_stand_in_the_order_of_the_tables():
    assert [(area.code, area.name, area.certainty) for area in areas()] == [
        (EAST, "Cheshire East", "sourced"),
        (WEST, "Cheshire West and Chester", "sourced"),
        (HALTON, "Halton", "sourced"),
        (WARRINGTON, "Warrington", "sourced"),
    ]


def test_every_district_of_the_table_is_a_district_and_reaches_areas_of_the_four():
    order = [area.code for area in areas()]

    for outward, reached in postcode_districts().items():
        assert district(f"{outward} 1AA") == outward
        assert reached
        assert list(reached) == [code for code in order if code in reached]


def test_every_area_is_proposed_by_some_district():
    proposed = {code for reached in postcode_districts().values() for code in reached}

    assert proposed == {area.code for area in areas()}


def test_an_organisation_has_a_code_of_its_own_a_kind_and_a_source():
    listed = organisations()

    assert len({item.ods_code for item in listed}) == len(listed) == 24
    for item in listed:
        assert re.fullmatch(r"[0-9A-Z]{3}", item.ods_code)
        assert item.kind in OrganisationKind.values
        assert item.name
        assert item.source
        assert item.certainty in ("sourced", "background")


def test_a_code_that_looks_like_a_number_stays_text():
    assert {"02E", "01C", "7A1"} <= {item.ods_code for item in organisations()}


def test_a_renamed_trust_keeps_its_code_and_its_former_names():
    (trust,) = [item for item in organisations() if item.ods_code == "RWW"]

    assert (trust.name, trust.former, trust.predecessors) == (
        "North Cheshire and Mersey NHS Foundation Trust",
        (
            "Warrington and Halton Teaching Hospitals NHS Foundation Trust",
            "Warrington and Halton Hospitals NHS Foundation Trust",
        ),
        ("RY2",),
    )
