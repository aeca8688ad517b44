"""The questions that a trust's system is told, with every code."""

import pytest

from cdop import editions
from tests.notifications.api.calling import ANSWERS, problems


def test_the_questions_are_those_that_the_form_asks_with_every_code(caller):
    for day, code in (("2026-03-27", "cdr-2018"), ("2017-05-06", "lscb-2015")):
        answer = caller.get(f"/api/v1/questions?date_of_death={day}").json()
        asked = [question for part in answer["sections"] for question in part["questions"]]
        edition = editions.get(code)

        assert answer["edition"] == code
        ours = edition.questionnaires["notification"].questions
        assert [each["code"] for each in asked] == [each.code for each in ours]
        assert [each["required"] for each in asked] == [each.required for each in ours]
    known = {each["code"]: each for each in asked}
    assert known["cause_of_death"]["when"] == {"field": "mccd", "in": ["yes"]}
    assert known["gestation_weeks"]["when"] == {"not": {"field": "under_one", "in": ["no"]}}
    assert known["sex"]["choices"][0] == {"code": "male", "label": "Male"}
    assert {"code": "not_known", "label": "Not known"} in known["place_of_death"]["choices"]


@pytest.mark.parametrize("kind", ["choice", "choices", "yes_no"])
def test_every_code_that_is_offered_is_taken(caller, kind):
    day = "2026-03-27"
    parts = caller.get(f"/api/v1/questions?date_of_death={day}").json()["sections"]
    asked = [each for part in parts for each in part["questions"] if each["kind"] == kind]
    most = max(len(each["choices"]) for each in asked)

    for at in range(0, most, 3):
        said = {
            each["code"]: each["choices"][min(at, len(each["choices"]) - 1)]["code"]
            for each in asked
        }
        if kind == "choices":
            said = {code: [answer] for code, answer in said.items()}
        assert caller.send(ANSWERS | said).status_code == 202, said


@pytest.mark.parametrize("day", ["", "x", "2026-02-31", "%00", "27.3.2026", "9" * 100, "%FF"])
def test_a_day_that_is_none_is_told_apart(caller, day):
    answer = caller.get(f"/api/v1/questions?date_of_death={day}")

    assert (answer.status_code, problems(answer)) == (400, [("date_of_death", "wrong_type")])
