"""Forms made from the notification questionnaires of both editions: what is kept and refused."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict

from cdop import editions
from cdop.core.fields import NHSNumberField
from cdop.core.questions import (
    COMPLETED,
    INCOMPLETE,
    NOT_STARTED,
    SectionForm,
    answers_of,
    boxes_of,
    initial_of,
    section_state,
)
from cdop.core.typed import DateParts, Person, Professional
from tests.cdop.core.asked import DEATH, LATEST, about_the_death, posted, section_of

EDITIONS = [editions.get(code) for code in editions.codes()]
SECTIONS = [
    pytest.param(edition, section, id=f"{edition.code}-{section.code}")
    for edition in EDITIONS
    for section in edition.questionnaires["notification"].sections
]


def typed(question, edition):
    """What somebody might type for a question, and the answer that is kept."""
    if question.kind == "choice":
        code = edition.vocabularies[question.vocabulary].choices[0].code
        return {"": code}, code
    if question.kind == "choices":
        codes = [term.code for term in edition.vocabularies[question.vocabulary].choices[:2]]
        return {"": codes}, codes
    return {
        "text": ({"": " Ward 7 "}, "Ward 7"),
        "long_text": ({"": "one\r\ntwo"}, "one\ntwo"),
        "name": ({"": "Ana Invented"}, "Ana Invented"),
        "date": ({"-day": "6", "-month": "August", "-year": "2018"}, "2018-08-06"),
        "time": ({"": "2.30pm"}, "14:30"),
        "number": ({"": "39"}, 39),
        "yes_no": ({"": "not_known"}, "not_known"),
        "nhs_number": ({"": "999 000 0018"}, "9990000018"),
        "postcode": ({"": "cw1 2ab"}, "CW1 2AB"),
        "email": ({"": "ana@example.org"}, "ana@example.org"),
        "phone": ({"": "01632 960001"}, "01632 960001"),
        "weeks": ({"": "39+6"}, 39),
        "professionals": (
            {"-0-name": "Bo Invented", "-0-role": "Midwife", "-0-told": "no"},
            [
                {
                    "name": "Bo Invented",
                    "role": "Midwife",
                    "organisation": "",
                    "telephone": "",
                    "told": "no",
                }
            ],
        ),
        "people": (
            {"-0-name": "Bo Invented", "-0-relationship": "Father"},
            [{"name": "Bo Invented", "relationship": "Father", "details": ""}],
        ),
    }[question.kind]


def reposted(section, edition, kept):
    """The answers that are kept when a form is sent as it was shown, with nothing changed."""
    boxes = {}
    for field in SectionForm(section, edition, initial=initial_of(section, kept)):
        shown = field.value()
        if isinstance(shown, date):
            shown = DateParts.of(shown)._asdict()
        if isinstance(shown, list) and shown and isinstance(shown[0], Person | Professional):
            shown = {f"0-{part}": text for part, text in shown[0]._asdict().items()}
        parts = shown if isinstance(shown, dict) else {"": shown}
        boxes |= {f"{field.name}-{part}".rstrip("-"): value for part, value in parts.items()}
    sent = SectionForm(section, edition, posted(boxes))
    assert sent.is_valid(), sent.errors
    return answers_of(sent)


def everything(section, edition):
    boxes, kept = {}, {}
    for each in section.questions:
        parts, kept[each.code] = typed(each, edition)
        boxes |= {f"{each.code}{part}": value for part, value in parts.items()}
    return posted(boxes), kept


@pytest.mark.parametrize(("edition", "section"), SECTIONS)
def test_every_answer_is_kept_as_json_and_comes_back_into_its_box(edition, section):
    data, kept = everything(section, edition)
    form = SectionForm(section, edition, data)

    assert form.is_valid(), form.errors
    assert answers_of(form) == kept
    assert json.loads(json.dumps(kept)) == kept
    assert reposted(section, edition, kept) == kept
    assert section_state(section, kept) == COMPLETED


@pytest.mark.parametrize(("edition", "section"), SECTIONS)
def test_only_required_questions_stop_an_empty_form(edition, section):
    form = SectionForm(section, edition, QueryDict())

    required = {each.code for each in section.questions if each.required}
    assert set(form.errors) == required | set(section.either[:1])
    assert section_state(section, {}) == NOT_STARTED


@pytest.mark.parametrize(("edition", "section"), SECTIONS)
def test_an_empty_answer_is_kept_as_empty(edition, section):
    required = {each.code for each in section.questions if each.required} | set(section.either)
    data, kept = everything(section, edition)
    for name in list(data):
        if name.partition("-")[0] not in required:
            del data[name]
    form = SectionForm(section, edition, data)

    assert form.is_valid(), form.errors
    assert answers_of(form) == {
        each.code: kept[each.code] if each.code in required else empty(each)
        for each in section.questions
    }


def empty(question):
    return [] if question.kind in ("choices", "people", "professionals") else ""


@pytest.mark.parametrize(("edition", "section"), SECTIONS)
def test_every_question_carries_its_reason_onto_the_page(edition, section):
    form = SectionForm(section, edition)

    assert [field.question for field in form.fields.values()] == list(section.questions)
    html = str(form)
    assert [each.code for each in section.questions if f'id="id_{each.code}' not in html] == []


@pytest.mark.parametrize("edition", EDITIONS, ids=[each.code for each in EDITIONS])
def test_every_choice_that_may_be_left_out_offers_not_known_once(edition):
    for section in edition.questionnaires["notification"].sections:
        form = SectionForm(section, edition)
        for each in section.questions:
            if each.kind in ("choice", "choices", "yes_no"):
                codes = [code for code, _ in form.fields[each.code].choices]
                assert codes.count("not_known") == 1 or each.required, each.code


def test_a_sentence_for_what_is_missing_follows_the_label():
    errors = SectionForm(about_the_death(), LATEST, QueryDict()).errors
    errors |= SectionForm(section_of("notifier"), LATEST, QueryDict()).errors
    errors |= SectionForm(section_of("child"), LATEST, QueryDict()).errors

    assert errors == {
        "date_of_death": ["Enter the date of death"],
        "place_of_death": ["Answer the question: Where did the child die?"],
        "notifier_name": ["Enter your name"],
        "notifier_phone": ["Enter your telephone number or your work email address"],
        "family_name": ["Enter the family name"],
    }


def test_a_code_from_elsewhere_is_refused():
    form = SectionForm(about_the_death(), LATEST, posted(DEATH | {"mccd": "perhaps"}))

    assert form.errors == {"mccd": ["Choose one of the answers on the page"]}


def test_a_warning_of_a_field_is_a_warning_of_the_section():
    boxes = {"family_name": "Invented", "nhs_number": "9990000017"}
    form = SectionForm(section_of("child"), LATEST, posted(boxes))

    assert form.is_valid()
    assert list(form.warnings) == ["nhs_number"]
    assert isinstance(form.fields["nhs_number"], NHSNumberField)


def test_one_question_alone_is_the_heading_of_its_page():
    death = about_the_death()
    alone = replace(death, questions=death.questions[:1])

    assert SectionForm(alone, LATEST).is_page_heading
    assert not SectionForm(death, LATEST).is_page_heading


def test_two_forms_of_one_section_share_nothing():
    death = about_the_death()
    first, second = SectionForm(death, LATEST), SectionForm(death, LATEST, answers={"a": "b"})

    assert (first.others, second.others) == ({}, {"a": "b"})
    assert all(first.fields[name] is not second.fields[name] for name in first.fields)


@pytest.mark.parametrize(("edition", "section"), SECTIONS)
def test_what_one_person_typed_leaves_no_trace_in_the_form_of_the_next(edition, section):
    untouched = str(SectionForm(section, edition))
    for boxes in (everything(section, edition)[0], posted({"nothing": "asked for"})):
        form = SectionForm(section, edition, boxes)
        form.full_clean()
        str(form)
        for field in form.fields.values():
            field.warning = "Is this right?"

    following = SectionForm(section, edition)
    assert str(following) == untouched
    assert not [name for name, field in following.fields.items() if getattr(field, "warning", "")]


# One of several


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, ["Enter your telephone number or your work email address"]),
        (
            {"notifier_phone": "not known"},
            ["Enter your telephone number or your work email address"],
        ),
        ({"notifier_phone": "01632 960001"}, []),
        ({"notifier_email": "ana@example.org"}, []),
        ({"notifier_phone": "none"}, ["Enter a telephone number in figures, such as 01632 960001"]),
    ],
)
def test_one_way_to_reach_the_notifier_is_enough(typed, errors):
    section = section_of("notifier")
    form = SectionForm(section, LATEST, posted({"notifier_name": "Ana"} | typed))

    assert form.errors.get("notifier_phone", []) == errors


def test_a_section_of_which_one_question_is_needed_is_incomplete_without_any():
    section, name = section_of("notifier"), {"notifier_name": "Ana"}

    assert section_state(section, name) == INCOMPLETE
    assert section_state(section, name | {"notifier_email": "ana@example.org"}) == COMPLETED


# Answers that stand alone


@pytest.mark.parametrize("alone", ["none_known", "not_known"])
def test_none_of_these_cannot_be_chosen_together_with_another(alone):
    section = section_of("child")
    boxes = {"family_name": "Invented", "social_care_statuses": [alone, "looked_after"]}
    form = SectionForm(section, LATEST, posted(boxes))

    label = {"none_known": "None of these", "not_known": "Not known"}[alone]
    assert form.errors == {
        "social_care_statuses": [f"Choose either “{label}” or the answers that apply, not both"]
    }
    assert str(form["social_care_statuses"]).count(" checked") == 2


def test_none_of_these_alone_is_an_answer():
    boxes = {"family_name": "Invented", "social_care_statuses": ["none_known"]}
    form = SectionForm(section_of("child"), LATEST, posted(boxes))

    assert form.is_valid()


# Kept answers


@pytest.mark.parametrize(("edition", "section"), SECTIONS)
def test_kept_answers_fill_the_boxes_from_which_they_came(edition, section):
    _, kept = everything(section, edition)

    form = SectionForm(section, edition, posted(boxes_of(section, kept)))

    assert form.is_valid(), form.errors
    assert answers_of(form) == kept
