"""The notification of both editions: what it asks, and the lists to choose from."""

import pytest

from cdop import editions
from cdop.editions.schema import KINDS_WITH_VOCABULARY
from tests.cdop.editions.both import BOTH, codes

FORM_A = [
    "notifier_name",
    "notifier_phone",
    "notifier_email",
    "notifier_role",
    "notifier_organisation",
    "given_names",
    "family_name",
    "other_names",
    "date_of_birth",
    "sex",
    "nhs_number",
    "address",
    "postcode",
    "ethnic_group",
    "date_of_death",
    "time_of_death",
    "time_death_confirmed",
    "place_of_death",
    "place_of_death_name",
    "expectedness",
    "place_of_event",
    "circumstances",
    "born_alive",
    "gestation_weeks",
    "termination",
    "mother_name",
    "carers",
    "siblings",
    "agencies_known",
    "known_professionals",
    "other_reviews",
]


# Lists to choose from


@BOTH
def test_places_lie_within_the_hospital_or_outside_it(code):
    places = editions.get(code).vocabularies["places"]

    inside = [term.code for term in places.choices if term.parent == "acute_hospital"]

    assert inside == [
        "emergency_department",
        "paediatric_ward",
        "neonatal_unit",
        "intensive_care",
        "hospital_other",
    ]
    assert "acute_hospital" not in codes(places.choices)
    assert places.label("hospice") == "Hospice"


@BOTH
def test_ethnic_groups_belong_to_the_five_broad_groups(code):
    groups = editions.get(code).vocabularies["ethnic_group"]

    assert {term.parent for term in groups.choices if term.code != "not_known"} == {
        "white",
        "mixed",
        "asian",
        "black",
        "other",
    }


@BOTH
@pytest.mark.parametrize("name", ["sex", "expectedness", "ethnic_group", "places", "known"])
def test_not_known_can_always_be_chosen(code, name):
    assert "not_known" in codes(editions.get(code).vocabularies[name].choices)


def test_every_supplementary_form_of_the_time_is_opened_by_an_event():
    vocabularies = editions.get("lscb-2015").vocabularies

    opened = [term.opens for term in vocabularies["known_events"].choices if term.opens]

    assert opened == codes(vocabularies["supplementary_forms"].choices)


# The notification


@BOTH
def test_the_notification_asks_what_form_a_asked_section_by_section(code):
    notification = editions.get(code).questionnaires["notification"]
    asked = codes(notification.questions)

    assert codes(notification.sections) == [
        "notifier",
        "child",
        "death",
        "happened",
        "birth",
        "certificate",
        "family",
        "agencies",
        "more",
    ]
    assert [question for question in asked if question in FORM_A] == FORM_A


@BOTH
def test_only_what_triage_cannot_do_without_is_required(code):
    notification = editions.get(code).questionnaires["notification"]

    required = [question.code for question in notification.questions if question.required]
    either = [section.either for section in notification.sections if section.either]

    assert either == [("notifier_phone", "notifier_email")]
    assert required == [
        "notifier_name",
        "family_name",
        "date_of_death",
        "place_of_death",
    ]


@BOTH
def test_a_question_that_may_be_left_out_of_sight_is_never_required(code):
    notification = editions.get(code).questionnaires["notification"]

    assert [
        question for question in notification.questions if question.when and question.required
    ] == []


@BOTH
@pytest.mark.parametrize(
    ("said", "asked"),
    [({}, True), ({"under_one": "not_known"}, True), ({"under_one": "no"}, False)],
)
def test_the_birth_is_asked_about_unless_the_child_was_older(code, said, asked):
    questions = editions.get(code).questionnaires["notification"].questions

    shown = {
        question.code
        for question in questions
        if question.when is None or question.when.holds(said)
    }

    assert ({"born_alive", "gestation_weeks", "termination"} <= shown) is asked


def test_todays_form_adds_its_own_questions():
    old, new = (
        set(codes(editions.get(code).questionnaires["notification"].questions))
        for code in editions.codes()
    )

    assert old - new == set()
    assert new - old == {
        "adult_ward",
        "stillbirth_at_home",
        "response_criteria",
        "joint_response",
        "key_worker",
        "alert_ncmd",
    }


@BOTH
def test_every_choice_of_the_notification_leads_somewhere(code):
    edition = editions.get(code)

    for question in edition.questionnaires["notification"].questions:
        choices = edition.vocabularies[question.vocabulary].choices if question.vocabulary else ()
        assert bool(choices) is (question.kind in KINDS_WITH_VOCABULARY), question.code
