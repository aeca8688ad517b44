"""What is wrong with a row: all of it named at once, beside its column."""

import pytest

from notifications.legacy_columns import AGENCY, COLUMNS
from tests.notifications.legacy import sheets
from tests.notifications.legacy.reading import one, read, wrong
from tests.notifications.legacy.sheets import CLOSED, GATHERING, READY, REVIEWED

pytestmark = pytest.mark.django_db
SIGN_OFF = "Date of sign-off"
# By kind of column what no column of that kind can hold.
WRONG = {
    "text": "=A1",
    "lines": "=A1",
    "date": "6/5/12",
    "time": "half past",
    "number": "many",
    "nhs_number": "999",
    "postcode": "=A1",
    "yes_no": "perhaps",
    "files": "=A1",
    "word": "Sssss",
}


@pytest.mark.parametrize(
    ("row", "changes", "expected"),
    [
        (GATHERING, {"old_reference": ""}, ("old_reference", "Old reference is missing.")),
        (GATHERING, {"date_of_death": ""}, ("date_of_death", "Date of death is missing.")),
        (
            GATHERING,
            {"family_name": ""},
            ("family_name", "Family name is needed for an open case."),
        ),
        (READY, {"area": ""}, ("area", "Area is needed from ready for panel on.")),
        (
            READY,
            {"sex": ""},
            (
                "sex",
                "Sex is needed from ready for panel on. Where nobody knows, write “not known”.",
            ),
        ),
        (
            REVIEWED,
            {"category": ""},
            ("category", "Category is needed for a reviewed or closed case."),
        ),
        (CLOSED, {"closed_on": ""}, ("closed_on", "Date closed is needed for a closed case.")),
        (
            CLOSED,
            {"date_of_birth": "7/5/2012"},
            ("date_of_death", "The date of death is before the date of birth."),
        ),
        (
            CLOSED,
            {"notified_on": "5/5/2012"},
            ("notified_on", "The notification is before the death."),
        ),
        (
            CLOSED,
            {"closed_on": "1/1/2013"},
            ("closed_on", "The case was closed before it was signed off."),
        ),
        (CLOSED, {"closed_on": "1/1/2027"}, ("closed_on", "This day has not come yet.")),
        (
            GATHERING,
            {"category": "8"},
            ("category", "An open case cannot have this. Correct it, or the stage."),
        ),
        (
            GATHERING,
            {"gestation_weeks": "390"},
            ("gestation_weeks", "This is not a whole number from 0 to 45."),
        ),
        (GATHERING, {"in_scope": "perhaps"}, ("in_scope", "Write yes or no.")),
        (
            CLOSED,
            {"place_of_death": "acute hospital"},
            ("place_of_death", "This word is not known here. "),
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_column(row, changes, expected):
    found = wrong(row, **changes)

    column, reason = expected
    assert len(found) == 1
    assert found[0][0] == sheets.HEADINGS[column]
    assert found[0][1].startswith(reason)


def test_everything_that_is_wrong_with_a_row_is_named_at_once():
    found = wrong(CLOSED, sex="boy", category="11", signed_off_on="15/1/13", nhs_number="999")

    assert [column for column, _ in found] == [
        "NHS number",
        "Sex",
        "Date of sign-off",
        "Category",
    ]


def test_a_row_that_is_wrong_in_every_column_names_every_column_at_once():
    kinds = {column.code: WRONG[column.kind] for column in COLUMNS}
    agency = [(column.heading, WRONG[column.kind]) for column in AGENCY]

    found = wrong(kinds, extra=agency)

    headings = [column.heading for column in (*COLUMNS, *AGENCY)]
    assert [column for column, _ in found] == headings


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"date_of_death": "6/5/12"}, ["Sex", "Area", "Date of death"]),
        ({"date_of_death": ""}, ["Sex", "Area", "Date of death"]),
        ({"stage": "?"}, ["Stage", "Sex", "Area"]),
        ({"old_reference": "", "signed_off_on": "?"}, ["Old reference", "Sex", "Area", SIGN_OFF]),
        ({"closed_on": "1/1/2013"}, ["Sex", "Area", "Date closed"]),
        ({"date_of_birth": "1/1/1990"}, ["Sex", "Area", "Panel reviews it"]),
    ],
)
def test_no_mistake_hides_those_in_the_words(changes, expected):
    found = wrong(CLOSED, sex="boy", area="Nowhere", **changes)

    assert sorted(column for column, _ in found) == sorted(expected)


@pytest.mark.parametrize(
    ("changes", "column", "waits"),
    [
        ({"stage": "?"}, "Stage", "the row is asked for what a case at its stage needs."),
        ({"stage": "?", "sex": ""}, "Stage", "what a case at its stage needs."),
        ({"date_of_death": "6/5/12"}, "Date of death", "with the guidance of that day."),
        ({"date_of_death": "6/5/12"}, "Date of death", "the other dates are compared with it"),
        ({"signed_off_on": ""}, SIGN_OFF, "category and answer with the guidance of that day."),
    ],
)
def test_what_has_to_wait_for_a_value_is_said_beside_that_value(changes, column, waits):
    ((where, reason),) = wrong(CLOSED, **changes)

    assert where == column
    assert "Once it can be read, " in reason and waits in reason


def test_a_date_that_can_be_read_promises_nothing():
    ((_, reason),) = wrong(CLOSED, closed_on="1/1/2013")

    assert reason == "The case was closed before it was signed off."


def test_a_death_after_the_panel_was_told_is_named():
    same_day = {"notified_on": "6/5/2012", "notified_at": "14:29"}

    assert wrong(CLOSED, sex="boy", **same_day)[1] == (
        "Time of notification",
        "The time of death is after the panel was told.",
    )
    assert one(CLOSED, **same_day | {"notified_at": "14:30"}).times.died_at


def test_a_death_that_the_rules_leave_out_has_to_be_decided_in_the_row():
    grown = {"date_of_birth": "1/1/1990", "in_scope": ""}

    ((column, reason),) = wrong(CLOSED, **grown)

    assert column == "Panel reviews it"
    assert reason.startswith("By the dates given, the death was on or after the 18th birthday.")
    assert one(CLOSED, **grown | {"in_scope": "no"}).in_scope is False


def test_two_rows_of_one_reference_are_both_looked_at_and_the_second_is_named():
    found = read(CLOSED, REVIEWED | {"old_reference": "2012/001"})

    assert [(each.line, each.reason) for each in found.problems] == [
        (3, "Line 2 has the same reference.")
    ]


def test_a_reference_is_known_again_whatever_else_is_wrong_with_the_rows():
    found = read(CLOSED | {"sex": "boy"}, REVIEWED | {"old_reference": "2012/001", "area": "?"})

    assert [(each.line, each.column) for each in found.problems] == [
        (2, "Sex"),
        (3, "Old reference"),
        (3, "Area"),
    ]


def test_dates_without_an_agency_are_named():
    found = wrong(CLOSED, extra=(("Agency 1 asked on", "8/5/2012"),))

    assert [reason for _, reason in found] == ["Say which agency these dates belong to."]


def test_no_reason_repeats_what_stood_in_a_cell():
    row = {column.code: "Secretname" for column in COLUMNS} | {"stage": "closed"}
    row |= {"date_of_death": "6/5/2012", "notified_on": "7/5/2012"}

    found = read(row)

    assert len(found.problems) > 10
    assert not any("Secretname" in problem.reason for problem in found.problems)
    assert all(problem.value in ("Secretname", "") for problem in found.problems)
