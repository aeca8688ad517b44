"""Answers as they are shown: in words, as dates, and professionals as they were kept."""

from datetime import date, time

import pytest

from cdop.core.questions import SectionForm, answer_in_words, initial_of
from cdop.core.typed import Professional
from tests.cdop.core.asked import LATEST, about_the_death, question, section_of


@pytest.mark.parametrize(
    ("code", "answer", "words"),
    [
        ("date_of_death", "2018-08-06", "6 August 2018"),
        ("date_of_death", "", ""),
        ("time_of_death", "14:30", "14:30"),
        ("gestation_weeks", 0, "0"),
        ("gestation_weeks", 39, "39"),
        ("nhs_number", "9990000018", "999\u00a0000\u00a00018"),
        ("nhs_number", "12 34", "12 34"),
        ("mccd", "yes", "Yes"),
        ("social_care_statuses", [], ""),
        ("family_name", "Yes", "Yes"),
        ("alert_ncmd", "not_known", "Not known"),
        (
            "siblings",
            [
                {"name": "Ana", "relationship": "Sister", "details": ""},
                {"name": "", "relationship": "Brother", "details": "about 4"},
            ],
            "Ana, Sister\nBrother, about 4",
        ),
    ],
)
def test_an_answer_in_words(code, answer, words):
    assert answer_in_words(question(code), LATEST, {code: answer}) == words


def test_several_answers_in_words_are_a_list_of_labels():
    asked = question("agencies_known")
    first, second = LATEST.vocabularies[asked.vocabulary].choices[:2]

    words = answer_in_words(asked, LATEST, {"agencies_known": [first.code, second.code]})

    assert words == f"{first.label}, {second.label}"


def test_dates_and_times_come_back_as_such():
    answers = {"date_of_death": "2018-08-06", "time_of_death": "14:30", "circumstances": ""}

    assert initial_of(about_the_death(), answers) == {
        "date_of_death": date(2018, 8, 6),
        "time_of_death": time(14, 30),
    }


def test_a_professional_in_words_says_whether_they_were_told():
    kept = {"name": "Bo", "role": "Midwife", "organisation": "", "telephone": "", "told": "no"}

    words = answer_in_words(question("consultants"), LATEST, {"consultants": [kept]})

    assert words == "Bo, Midwife, has not been told of the death"


def test_professionals_that_were_kept_as_other_people_are_stay_readable():
    kept = [{"name": "Bo", "relationship": "Midwife", "details": "Invented Ward"}]
    answers = {"known_professionals": kept}
    section = section_of("agencies")

    words = answer_in_words(question("known_professionals"), LATEST, answers)
    form = SectionForm(section, LATEST, initial=initial_of(section, answers))

    assert words == "Bo, Midwife, Invented Ward"
    assert form["known_professionals"].value() == [Professional("Bo", "Midwife", "Invented Ward")]
