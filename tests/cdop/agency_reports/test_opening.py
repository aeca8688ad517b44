"""Which forms a death calls for: the questionnaires of both editions, opened by what is known."""

import pytest

from cdop import editions
from cdop.agency_reports import opening
from cdop.core.questions import GAP, SectionForm
from tests.cdop.editions.both import BOTH, codes
from tests.makers import opened_case

MAIN = {"lscb-2015": "form_b", "cdr-2018": "reporting"}
SHORT = {"lscb-2015": "neonatal", "cdr-2018": "delivery_neonatal"}


def opened(code, agency="general_practice", **known):
    return opening.opened(editions.get(code), known, agency)


@BOTH
def test_every_supplementary_form_of_the_edition_is_a_questionnaire_and_none_besides(code):
    edition = editions.get(code)
    forms = edition.reports.forms

    assert sorted(form.code for form in forms if form.supplement) == sorted(
        codes(edition.vocabularies["supplementary_forms"].choices)
    )
    assert [form.code for form in forms if not form.supplement] == [MAIN[code]]


@BOTH
def test_every_agency_is_asked_the_main_form_whatever_is_known(code):
    assert opened(code) == [MAIN[code]]


@BOTH
def test_an_event_opens_the_form_that_the_notification_names_for_it(code):
    """Of a hospital, which every supplement may be asked of."""
    for term in editions.get(code).vocabularies["known_events"].choices:
        if term.opens:
            assert term.opens in opened(code, "hospital", known_events=[term.code]), term.code


@BOTH
def test_for_a_newborn_the_short_form_comes_first_and_only_from_those_who_were_there(code):
    assert opened(code, "hospital", age_band="0-27d")[:2] == [SHORT[code], MAIN[code]]
    assert opened(code, "midwifery", age_band="0-27d")[0] == SHORT[code]
    assert opened(code, "police", age_band="0-27d") == [MAIN[code]]


@BOTH
@pytest.mark.parametrize(
    ("band", "expectedness", "asked"),
    [("28-364d", "unexpected", True), ("28-364d", "expected", False), ("5-9", "unexpected", False)],
)
def test_an_unexpected_death_in_infancy_opens_the_form_of_its_kind(code, band, expectedness, asked):
    form = {"lscb-2015": "sudi", "cdr-2018": "sudden_unexpected"}[code]

    assert (form in opened(code, age_band=band, expectedness=expectedness)) is asked


@BOTH
def test_codes_of_questions_are_unique_in_all_forms_together(code):
    found = [
        question.code
        for form in editions.get(code).reports.forms
        for question in form.questionnaire.questions
    ]

    assert len(found) == len(set(found)) > 100


@BOTH
def test_every_question_can_be_answered_with_not_known_and_not_applicable(code):
    edition = editions.get(code)
    for section in edition.reports.sections.values():
        fields = SectionForm(section, edition).fields
        for question in section.questions:
            box = fields.get(f"{question.code}{GAP}", fields[question.code])
            offered = {value for value, _ in box.choices}
            assert {"not_known", "not_applicable"} <= offered, question.code


@BOTH
def test_one_section_alone_says_who_answered_and_stays_with_the_coordinator(code):
    sections = editions.get(code).reports.sections

    assert [name for name, section in sections.items() if section.identifying] == [
        f"{MAIN[code]}.reporter"
    ]


@BOTH
def test_the_letter_cites_a_law_that_is_marked_as_still_to_be_checked(code):
    power = editions.get(code).reports.power

    assert "Children Act 2004" in power.text
    assert power.certainty == "background"


def test_what_notifiers_told_of_events_is_known_each_once(db):
    case = opened_case({"known_events": ["drowning", "road_traffic"]})

    known = opening.known_of(case)

    assert known["known_events"] == ["drowning", "road_traffic"]
    assert (known["expectedness"], known["age_band"]) == ("unexpected", "28-364d")
