"""What answers say about each other: whole sentences, both editions, the days on either side."""

from datetime import UTC, date, datetime

import pytest

from cdop import editions
from notifications import rules
from notifications.rules import Times

# A postcode is looked up in the directory, which is empty here.
pytestmark = pytest.mark.usefixtures("db")

NOW = datetime(2026, 7, 10, 11, 0, tzinfo=UTC)  # 12:00 in London
DIED = {"date_of_death": "2026-07-01"}
OLD, NEW = editions.get("lscb-2015"), editions.get("cdr-2018")


def sentences(remarks) -> list[tuple]:
    return [(remark.fields, remark.for_notifier) for remark in remarks]


def test_an_ordinary_notification_gives_cause_for_no_remark():
    answers = DIED | {
        "date_of_birth": "2020-02-29",
        "nhs_number": "9990000123",
        "postcode": "WA7 1AA",
        "time_of_death": "14:30",
        "born_alive": "yes",
        "gestation_weeks": 40,
    }

    assert rules.impossible(answers, NOW) == []
    assert rules.remarks(answers, NEW, NOW) == []
    assert rules.why_out_of_scope(answers, NEW) == []


@pytest.mark.parametrize("died", ["2026-07-11", "2099-01-01"])
def test_a_death_in_the_future_is_impossible(died):
    found = rules.impossible({"date_of_death": died, "time_of_death": "10:00"}, NOW)

    assert sentences(found) == [
        (("date_of_death",), "The date of death must be today or in the past")
    ]


def test_today_is_the_day_in_london_and_not_in_utc():
    just_after_midnight = datetime(2026, 7, 10, 23, 30, tzinfo=UTC)

    assert rules.impossible({"date_of_death": "2026-07-11"}, just_after_midnight) == []


def test_a_death_before_birth_is_impossible_and_both_dates_are_named():
    found = rules.impossible(DIED | {"date_of_birth": "2026-07-02"}, NOW)

    assert sentences(found) == [
        (
            ("date_of_birth", "date_of_death"),
            "The date of birth, 2 July 2026, is after the date of death, 1 July 2026. "
            "Correct whichever of the two is wrong.",
        )
    ]


def test_a_death_on_the_day_of_birth_is_possible():
    assert rules.impossible(DIED | {"date_of_birth": "2026-07-01"}, NOW) == []


@pytest.mark.parametrize("field", ["time_of_death", "time_death_confirmed"])
@pytest.mark.parametrize(("time", "possible"), [("12:00", True), ("12:01", False)])
def test_a_time_today_that_has_not_come_is_impossible(field, time, possible):
    found = rules.impossible({"date_of_death": "2026-07-10", field: time}, NOW)

    sentence = "This time today has not come yet. Check the time and the date of death."
    assert sentences(found) == ([] if possible else [((field,), sentence)])


@pytest.mark.parametrize(
    ("edition", "answers", "field", "remark", "out_of_scope"),
    [
        (
            NEW,
            {"date_of_birth": "2008-07-01"},
            "date_of_birth",
            "The panel reviews deaths up to the day before the 18th birthday.",
            "By the dates given, the death was on or after the 18th birthday.",
        ),
        (
            OLD,
            {"born_alive": "no"},
            "born_alive",
            "The panel reviews the deaths of children who showed signs of life after birth. It "
            "does not review stillbirths. The hospital has its own review for those families.",
            "The notifier says that the baby showed no signs of life after birth.",
        ),
        (
            OLD,
            {"gestation_weeks": 21},
            "gestation_weeks",
            "The panel does not review the deaths of babies born before 22 completed weeks of "
            "pregnancy. Thank you for telling us all the same.",
            "The baby was born at 21 completed weeks of pregnancy. In the guidance of the time the "
            "panel reviews deaths from 22 weeks.",
        ),
        (
            NEW,
            {"gestation_weeks": 21},
            "gestation_weeks",
            "The panel reviews the death of every baby who was born alive, however early. Thank "
            "you for telling us.",
            "",
        ),
        (
            NEW,
            {"termination": "yes"},
            "termination",
            "The panel does not review a death that follows a lawful termination of pregnancy, "
            "even if the baby showed signs of life.",
            "The notifier says that the pregnancy was ended for medical or other lawful reasons.",
        ),
        (
            NEW,
            {"postcode": "EC1A 1BB"},
            "postcode",
            "A death is reviewed where the child normally lived, wherever it happened. For a "
            "newborn baby that is where the mother lives. We pass what you told us to the panel "
            "for that area.",
            "The postcode of the home is in none of the four areas, as far as districts tell.",
        ),
    ],
)
def test_what_the_panel_may_not_review_is_accepted_explained_and_left_to_triage(
    edition, answers, field, remark, out_of_scope
):
    answers = DIED | answers

    assert rules.impossible(answers, NOW) == []
    assert sentences(rules.remarks(answers, edition, NOW)) == [
        (
            (field,),
            f"{remark} You may send it as it is: the coordinator looks at each one and decides.",
        )
    ]
    assert rules.why_out_of_scope(answers, edition) == ([out_of_scope] if out_of_scope else [])


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"date_of_birth": "2008-07-02"}, "the day before the 18th birthday"),
        ({"date_of_birth": "2008-02-29"}, "18 already, but not by this rule"),
        ({"born_alive": "not_known"}, "nobody knows"),
        ({"born_alive": "no", "stillbirth_at_home": "yes"}, "nobody was there who could say"),
        ({"gestation_weeks": 22}, "the first week that counts"),
        ({"gestation_weeks": ""}, "not said"),
        ({"termination": "not_known"}, "not known"),
        ({"postcode": "ZZ99 3VZ"}, "the NHS's postcode for no fixed abode"),
        ({"postcode": "somewhere"}, "no postcode at all"),
        ({"postcode": "CH5 1AA"}, "a Welsh district, in none of the four"),
    ],
)
def test_the_other_side_of_each_scope_rule(answers, why):
    expected = {
        "18 already, but not by this rule": [
            "By the dates given, the death was on or after the 18th birthday."
        ],
        "a Welsh district, in none of the four": [
            "The postcode of the home is in none of the four areas, as far as districts tell."
        ],
    }

    assert rules.why_out_of_scope(DIED | answers, OLD) == expected.get(why, [])


@pytest.mark.parametrize("code", editions.codes())
def test_every_scope_rule_of_every_edition_is_looked_at(code):
    assert rules.why_out_of_scope(DIED, editions.get(code)) == []
    assert {rule.code for rule in editions.get(code).scope} == set(rules._OUTSIDE)


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        (
            {"nhs_number": "9990000124"},
            "nhs_number",
            "The last digit does not fit the others, so at least one digit is mistyped. "
            "It is kept as it was typed.",
        ),
        (
            {"nhs_number": "12345"},
            "nhs_number",
            "An NHS number has 10 digits; this has 5. It is kept as it was typed.",
        ),
        (
            {"postcode": "WA7"},
            "postcode",
            "This is not a whole postcode. It is kept as it was typed.",
        ),
        (
            {"gestation_weeks": 280},
            "gestation_weeks",
            "A pregnancy seldom lasts so long. Is the number in weeks?",
        ),
        (
            {"date_of_birth": "2026-06-01", "under_one": "no"},
            "under_one",
            "The dates of birth and death say otherwise. One of the three needs a check.",
        ),
        (
            {"date_of_death": "2025-07-01"},
            "date_of_death",
            "This is more than a year ago. Is it right?",
        ),
    ],
)
def test_what_is_probably_mistyped_is_remarked_on_and_can_be_sent(answers, field, sentence):
    answers = DIED | answers

    assert rules.impossible(answers, NOW) == []
    assert sentences(rules.remarks(answers, NEW, NOW)) == [
        ((field,), f"{sentence} You may send it as it is.")
    ]
    assert [remark.sentence for remark in rules.slips(answers, NOW)] == [sentence]


@pytest.mark.parametrize(
    ("born", "expected"),
    [("2025-07-01", "no"), ("2025-07-02", "yes"), ("2026-07-01", "yes"), ("2026-07-02", "")],
)
def test_the_dates_say_whether_the_child_was_under_one(born, expected):
    answers = DIED | {"date_of_birth": born, "under_one": "not_known"}

    assert rules.was_under_one(answers) == expected
    assert rules.asked_of(answers)["under_one"] == (expected or "not_known")


def test_the_moment_of_death_is_a_moment_in_london():
    answers = DIED | {"time_of_death": "14:30", "time_death_confirmed": "15:00"}

    assert rules.times_of(answers) == Times(
        date(2026, 7, 1), datetime(2026, 7, 1, 13, 30, tzinfo=UTC), None
    )


def test_without_a_time_of_death_the_time_of_confirmation_is_what_there_is():
    answers = DIED | {"time_of_death": "", "time_death_confirmed": "15:00"}

    assert rules.times_of(answers) == Times(
        date(2026, 7, 1), None, datetime(2026, 7, 1, 14, 0, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("unexpected", ["tell_coroner", "tell_police", "tell_paediatrician"]),
        ("not_known", ["tell_coroner", "tell_police", "tell_paediatrician"]),
        ("", ["tell_coroner", "tell_police", "tell_paediatrician"]),
        ("expected", []),
    ],
)
@pytest.mark.parametrize("code", editions.codes())
def test_who_is_told_next_unless_the_death_was_expected(code, said, told):
    tasks = rules.told_next(DIED | {"expectedness": said}, editions.get(code), NOW)

    assert [task.code for task in tasks] == told


@pytest.mark.parametrize(
    ("said", "now", "hours"),
    [
        ({"time_of_death": "12:30"}, (1, 12, 29), [2, 1, 1]),
        ({"time_of_death": "12:30"}, (1, 12, 30), [2, None, None]),
        ({"time_of_death": "12:30"}, (1, 13, 30), [None] * 3),
        ({"time_death_confirmed": "12:30"}, (1, 12, 31), [2, None, None]),
        ({}, (1, 23, 30), [2, 1, 1]),
        ({}, (2, 2, 0), [None] * 3),
    ],
)
@pytest.mark.parametrize("code", editions.codes())
def test_hours_that_are_past_are_not_named_to_the_notifier(code, said, now, hours):
    moment = datetime(2026, 7, *now, tzinfo=UTC)

    tasks = rules.told_next(DIED | said, editions.get(code), moment)

    assert [task.due and task.due.offset for task in tasks] == hours
