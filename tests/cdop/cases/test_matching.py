"""Whether two reports are about one child: rules one by one, and how often they are right."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdop.cases.identity import IdentityRecord
from cdop.cases.matching import Match, Relation, compare
from tests.cdop.cases import pairs
from tests.cdop.cases.children import changed
from tests.cdop.cases.pairs import Pair

RECALL, PRECISION = 0.99, 0.9

WHO = IdentityRecord(
    given_names="Testina Rose",
    family_name="Exampleby",
    date_of_birth="2024-03-07",
    nhs_number="9990000123",
    postcode="WA7 1AA",
    mother_name="Sarah Exampleby",
)
DIED = date(2024, 9, 1)


def against(other_died: date = DIED, **answers: str) -> Match:
    """The known child compared with a report that differs in these answers."""
    return compare(WHO, DIED, replace(WHO, **answers), other_died)


def of_pair(pair: Pair) -> Match:
    one, other = pair.one, pair.other
    return compare(one.who, one.died_on, other.who, other.died_on, sexes=(one.sex, other.sex))


# One by one


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({}, "the same NHS number"),
        ({"nhs_number": "999 000 0124"}, "NHS numbers that differ in one digit"),
        ({"date_of_birth": "2024-07-03"}, "the same date of birth with day and month exchanged"),
        ({"date_of_birth": "2023-03-07"}, "dates of birth that differ in one figure"),
        ({"date_of_birth": "2024-03-08"}, "dates of birth a day apart"),
        ({"given_names": "TESTINA"}, "a given name in common"),
        ({"given_names": "Tèstina"}, "a given name in common"),
        ({"given_names": "Testeena"}, "given names that sound alike"),
        ({"given_names": "Tesmina"}, "given names spelt almost alike"),
        ({"given_names": "Rose"}, "a given name in common"),
        ({"given_names": "Baby"}, "a given name that only one report has"),
        ({"given_names": "", "family_name": "Baby Exampleby"}, "the same family name"),
        ({"family_name": "Exampleby-Mockford"}, "a family name in common"),
        ({"family_name": "Mockford", "other_names": "Exampleby"}, "a family name in common"),
        ({"family_name": "Exempleby"}, "family names that sound alike"),
        (
            {"given_names": "Exampleby", "family_name": "Testina"},
            "the same names in another order",
        ),
        ({"mother_name": "Sara Mockford"}, "a name of the mother in common"),
        ({"postcode": "WA7 1AB"}, "postcodes that differ in one place"),
    ],
)
def test_the_same_child_is_recognised_and_the_reason_told(answers, reason):
    match = against(**answers)

    assert reason in match.reasons
    assert (match.is_likely, match.relation) == (True, Relation.SAME)


@pytest.mark.parametrize(
    ("long", "short"),
    [("Katherine", "Katie"), ("William", "Bill"), ("Mohammed", "Muhammad"), ("Zofia", "Sophie")],
)
def test_forms_of_a_name_are_one_name(long, short):
    match = compare(replace(WHO, given_names=long), DIED, replace(WHO, given_names=short), DIED)

    assert "given names that are forms of one name" in match.reasons


def test_reasons_against_follow_those_for_it_and_say_but():
    match = against(date(2024, 12, 1), nhs_number="", postcode="CH1 1AA")

    assert match.reasons == (
        "the same date of birth",
        "the same mother's name",
        "a given name in common",
        "the same family name",
        "but another date of death",
        "but another postcode",
    )


@pytest.mark.parametrize(
    "answers",
    [
        {"given_names": "Mockina", "nhs_number": "9990000204"},
        {"given_names": "Mockina Rose", "nhs_number": ""},
        {"given_names": "Twin 2", "nhs_number": ""},
    ],
)
def test_a_twin_is_family_and_not_a_duplicate(answers):
    one = replace(WHO, given_names="Twin 1", nhs_number="") if "Twin" in str(answers) else WHO

    match = compare(one, DIED, replace(WHO, **answers), DIED)

    assert (match.is_likely, match.relation) == (False, Relation.FAMILY)


def test_of_twins_with_names_alike_sex_and_number_tell():
    one, other = replace(WHO, given_names="Jayden"), replace(WHO, given_names="Hayden")
    other = replace(other, nhs_number="9990000204")

    match = compare(one, DIED, other, DIED, sexes=("male", "female"))

    assert (match.is_likely, match.relation) == (False, Relation.FAMILY)


def test_what_one_person_reported_together_is_two_children():
    twin = replace(WHO, given_names="Testeena", nhs_number="")

    match = compare(WHO, DIED, twin, DIED, together=True)

    assert (match.is_likely, match.relation) == (False, Relation.FAMILY)
    assert "but one person reported the two as brothers or sisters" in match.reasons


def test_a_sister_who_died_at_another_time_is_family():
    match = against(
        date(2021, 5, 5), given_names="Mockina", date_of_birth="2019-01-01", nhs_number="9990000204"
    )

    assert (match.is_likely, match.relation) == (False, Relation.FAMILY)


def test_no_fixed_abode_is_no_place_in_common():
    one, other = (IdentityRecord(family_name=name, postcode="ZZ99 3VZ") for name in ("Aa", "Bb"))

    assert compare(one, None, other, None).reasons == ("but another family name",)


def test_the_same_address_needs_the_same_number_of_the_house():
    home = replace(WHO, postcode="", address="14 Nowhere Lane, Runcorn")

    def reasons(address: str) -> tuple[str, ...]:
        return compare(home, DIED, replace(home, address=address), DIED).reasons

    assert "the same address" in reasons("14 Nowhere Lane Runcorn")
    assert "the same address" in reasons("14, Nowhere Ln, RUNCORN")
    assert "the same address" not in reasons("4 Nowhere Lane Runcorn")


def test_an_nhs_number_of_another_child_alone_does_not_hide_that_all_else_agrees():
    match = against(nhs_number="9990000204")

    assert match.is_likely
    assert match.reasons[-1] == "but another NHS number"


def test_two_empty_reports_have_nothing_in_common():
    assert compare(IdentityRecord(), None, IdentityRecord(), None) == Match(
        0.0002, (), Relation.NONE
    )


names = st.text(alphabet="abcdeéß -'ABC ", max_size=20)
reports = st.builds(
    IdentityRecord,
    given_names=names,
    family_name=names,
    other_names=names,
    mother_name=names,
    date_of_birth=st.sampled_from(["", "2024-01-02", "2024-02-01", "2023-01-02"]),
    nhs_number=st.sampled_from(["", "9990000123", "9990000124", "no number"]),
    postcode=st.sampled_from(["", "WA7 1AA", "ZZ99 3VZ", "nowhere"]),
    address=st.sampled_from(["", "1 Nowhere Lane"]),
)
deaths = st.sampled_from([None, date(2024, 3, 1), date(2024, 1, 3)])


@given(reports, deaths, reports, deaths)
def test_which_report_came_first_makes_no_difference(one, died_one, other, died_other):
    there, back = (
        compare(one, died_one, other, died_other),
        compare(other, died_other, one, died_one),
    )

    assert (there.score, there.relation) == (back.score, back.relation)
    assert sorted(there.reasons) == sorted(back.reasons)
    assert 0 <= there.score <= 1


@given(reports, deaths)
def test_what_a_report_says_never_speaks_against_itself(one, died_on):
    assert not [reason for reason in compare(one, died_on, one, died_on).reasons if "but" in reason]


# How often it is right


@pytest.mark.parametrize("name", ["TRIED", "HELD_OUT"])
def test_the_score_finds_the_same_child_and_little_else(name, capsys):
    figures = figures_of((pair, of_pair(pair).is_likely) for pair in getattr(pairs, name))

    with capsys.disabled():
        print(f"\nscore alone, {name}: {told(figures)}")
    assert figures["recall"] >= RECALL
    assert figures["precision"] >= PRECISION


def test_twins_are_shown_apart_and_never_as_the_same_child():
    wrong = defaultdict(int)
    for pair in pairs.HELD_OUT:
        if pair.kind in ("twin", "unnamed_twin", "rhyming_twin"):
            wrong[pair.kind] += of_pair(pair).relation is not Relation.FAMILY

    assert dict(wrong) == {"twin": 0, "unnamed_twin": 0, "rhyming_twin": 0}


def test_the_labelled_set_is_large_the_same_every_time_and_split():
    both = pairs.TRIED + pairs.HELD_OUT

    assert len(both) >= 600
    assert pairs.labelled(pairs.TRIED_NAMES, seed=3, each=8) == pairs.TRIED
    assert not set(pairs.TRIED_NAMES.families) & set(pairs.HELD_OUT_NAMES.families)
    assert not {p.one.who.nhs_number for p in pairs.TRIED if p.one.who.nhs_number} & {
        p.one.who.nhs_number for p in pairs.HELD_OUT
    }
    assert {pair.same for pair in both} == {True, False}
    assert changed(both[0].one, postcode="").who.postcode == ""


def figures_of(judged) -> dict[str, float]:
    """Recall, precision and counts of (pair, whether it was called the same)."""
    counts = defaultdict(int)
    for pair, called in judged:
        counts[(pair.same, called)] += 1
    right, missed, wrong = counts[True, True], counts[True, False], counts[False, True]
    return {
        "pairs": sum(counts.values()),
        "recall": right / (right + missed),
        "precision": right / (right + wrong),
        "missed": missed,
        "wrong": wrong,
    }


def told(figures: dict[str, float]) -> str:
    return (
        f"{figures['pairs']} pairs, recall {figures['recall']:.3f}, precision "
        f"{figures['precision']:.3f} ({figures['missed']} missed, {figures['wrong']} wrong)"
    )
