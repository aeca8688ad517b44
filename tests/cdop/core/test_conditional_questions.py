"""Questions that hang on other answers: folded away, asked for, or not there."""

from dataclasses import replace
from functools import partial

import pytest

from cdop.core.questions import (
    COMPLETED,
    INCOMPLETE,
    SectionForm,
    answers_of,
    left_to_ask,
    section_state,
)
from cdop.editions.conditions import Chosen, Not
from tests.cdop.core.asked import DEATH, LATEST, about_the_death, posted, question, section_of


def test_what_stands_in_a_folded_box_is_no_answer_and_no_mistake():
    boxes = DEATH | {"mccd": "no", "cause_of_death": "X" * 10_000}
    form = SectionForm(about_the_death(), LATEST, posted(boxes))

    assert form.is_valid()
    assert answers_of(form)["cause_of_death"] == ""


def test_what_stands_in_an_open_box_is_checked_like_any_other():
    boxes = DEATH | {"mccd": "yes", "cause_of_death": "X" * 10_000}
    form = SectionForm(about_the_death(), LATEST, posted(boxes))

    assert form.errors == {
        "cause_of_death": ["The answer must be 8,000 characters or fewer. You typed 10,000."]
    }


def required_when(code, when):
    """The section on the death, in which ``code`` is required under a condition."""
    death = about_the_death()
    changed = replace(question(code), required=True, when=when)
    questions = tuple(changed if each.code == code else each for each in death.questions)
    return replace(death, questions=questions)


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"under_one": "no"}, {}),
        (
            {"under_one": "yes"},
            {"born_alive": ["Answer the question: Did the baby show signs of life after birth?"]},
        ),
        (
            {},
            {"born_alive": ["Answer the question: Did the baby show signs of life after birth?"]},
        ),
    ],
)
def test_answers_of_another_section_decide_what_is_required(answers, errors):
    section = required_when("born_alive", Not(Chosen("under_one", frozenset({"no"}))))
    form = SectionForm(section, LATEST, posted(DEATH), answers=answers)

    assert form.errors == errors
    assert section_state(section, answers | {"date_of_death": "2018-08-06", **PLACE}) == (
        INCOMPLETE if errors else COMPLETED
    )


PLACE = {"place_of_death": DEATH["place_of_death"]}


def test_an_answer_of_the_same_page_decides_before_the_one_that_was_kept():
    section = required_when("circumstances", Chosen("expectedness", frozenset({"unexpected"})))
    made = partial(SectionForm, section, LATEST, answers={"expectedness": "unexpected"})

    assert made(posted(DEATH | {"expectedness": "expected"})).is_valid()
    assert list(made(posted(DEATH | {"expectedness": "unexpected"})).errors) == ["circumstances"]


def test_a_required_box_inside_an_answer_is_asked_for_only_after_that_answer():
    section = required_when("cause_of_death", Chosen("mccd", frozenset({"yes"})))
    made = partial(SectionForm, section, LATEST)

    assert made(posted(DEATH | {"mccd": "no"})).is_valid()
    assert made(posted(DEATH | {"mccd": "yes"})).errors == {
        "cause_of_death": ["Enter the cause of death as on the certificate"]
    }


def test_an_answer_to_a_question_that_was_not_asked_for_is_still_kept():
    section, answers = about_the_death(), {"under_one": "no"}
    form = SectionForm(section, LATEST, posted(DEATH | {"gestation_weeks": "21"}), answers=answers)

    assert form.is_valid()
    assert answers_of(form)["gestation_weeks"] == 21


def adult_ward(answers):
    """The question about wards for adults as it is left once other pages are known."""
    left = left_to_ask(section_of("death"), answers)
    return next((each for each in left.questions if each.code == "adult_ward"), None)


def test_a_question_is_not_there_once_another_page_makes_it_idle():
    assert adult_ward({"under_one": "yes"}) is None
    assert left_to_ask(section_of("birth"), {"under_one": "no"}).questions == ()


@pytest.mark.parametrize("answers", [{"under_one": "no"}, {"under_one": "not_known"}, {}])
def test_what_a_page_decides_itself_is_left_in_the_condition(answers):
    places = frozenset(["emergency_department", "intensive_care", "hospital_other"])

    assert adult_ward(answers).when == Chosen("place_of_death", places)


def test_a_question_that_some_options_of_a_list_call_for_is_folded_away_with_the_others():
    made = partial(SectionForm, left_to_ask(section_of("death"), {}), LATEST)
    folded = made(posted(DEATH | {"place_of_death": "home", "adult_ward": "yes"}))
    open_ = made(posted(DEATH | {"place_of_death": "intensive_care", "adult_ward": "yes"}))

    assert folded.is_valid() and open_.is_valid()
    assert (answers_of(folded)["adult_ward"], answers_of(open_)["adult_ward"]) == ("", "yes")
    html = str(made())
    assert html.count("data-opens") == 3
    assert html.count('name="adult_ward"') == 3
