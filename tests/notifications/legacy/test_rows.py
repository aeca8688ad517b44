"""What a row says: read in the words of its edition, or named with everything that is wrong."""

from datetime import UTC, date, datetime

import pytest

from cdop import editions
from cdop.cases.earlier import Found
from cdop.cases.states import CaseState
from cdop.editions.schema import Edition
from notifications import legacy_checks, legacy_rows, legacy_sheets
from notifications.legacy_columns import AGENCY, COLUMNS
from tests.cast import TESTS
from tests.notifications.legacy import sheets
from tests.notifications.legacy.sheets import CLOSED, GATHERING, READY, REVIEWED

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
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
AGENCIES = (
    ("Agency 1", "Police"),
    ("Agency 1 asked on", "8/5/2012"),
    ("Agency 1 returned on", "20/5/2012"),
    ("Agency 2", "general practice"),
    ("Agency 2 nil return", "yes"),
)


def read(*rows, extra=()):
    sheet = legacy_sheets.read(sheets.as_csv(rows, extra=extra))
    return legacy_rows.read(sheet, NOW)


def one(row, **changes):
    found = read(row | changes)
    assert found.problems == []
    return found.cases[0]


def wrong(row, extra=(), **changes):
    """(column, reason) of everything that is wrong with the row."""
    found = read(row | changes, extra=extra)
    assert found.cases == []
    assert {problem.line for problem in found.problems} == {2}
    return [(problem.column, problem.reason) for problem in found.problems]


def test_a_closed_case_is_read_whole():
    case = one(CLOSED)

    assert (case.line, case.old_reference, case.stage) == (2, "2012/001", CaseState.CLOSED)
    assert case.answers == {
        "given_names": "Aaaa",
        "family_name": "Invented-One",
        "date_of_birth": "2012-02-01",
        "nhs_number": "9990000123",
        "sex": "female",
        "address": "1 Invented Street, Nowhere",
        "postcode": "ZZ99 3WZ",
        "ethnic_group": "white_british",
        "date_of_death": "2012-05-06",
        "time_of_death": "14:30",
        "place_of_death": "neonatal_unit",
        "expectedness": "unexpected",
        "notifier_name": "Notifier Invented",
        "notifier_role": "police",
        "other_information": (
            "Reference in the system used before: 2012/001\n"
            "Date of panel: 15 January 2013\n"
            "Date of sign-off: 15 January 2013\n"
            "Papers: Box 12"
        ),
    }
    assert (case.edition.code, case.area_code, case.in_scope) == ("lscb-2015", "E06000006", True)
    assert case.times == (date(2012, 5, 6), datetime(2012, 5, 6, 13, 30, tzinfo=UTC), None)
    assert case.notified_at == datetime(2012, 5, 7, 8, 15, tzinfo=UTC)
    assert case.found == Found(
        signed_off_at=datetime(2013, 1, 15, 23, 59, 59, 999999, tzinfo=UTC),
        edition="lscb-2015",
        category="perinatal",
        modifiable="not_modifiable",
    )
    assert case.closed_at == datetime(2013, 2, 20, 12, tzinfo=UTC)


def test_the_examples_of_the_sheet_to_fill_in_make_a_case():
    row = {column.code: column.example for column in COLUMNS if column.example}

    (case,) = read(row, extra=[(each.heading, each.example) for each in AGENCY]).cases

    assert (case.stage, case.found.category) == (CaseState.CLOSED, "perinatal")
    assert case.answers["known_events"] == ["life_limiting"]
    assert [each.agency for each in case.returns] == ["police"]


def test_an_open_case_has_no_finding_and_may_leave_much_open():
    case = one(GATHERING)

    assert (case.stage, case.found, case.closed_at) == (CaseState.GATHERING, None, None)
    assert (case.area_code, case.edition.code) == ("elsewhere", "cdr-2018")
    assert case.notified_at == datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_the_agencies_of_a_row_are_read_by_their_numbers():
    (case,) = read(CLOSED, extra=AGENCIES).cases

    assert [each.kept for each in case.returns] == [
        {
            "agency": "police",
            "asked_on": "2012-05-08",
            "returned_on": "2012-05-20",
            "nil": False,
        },
        {"agency": "general_practice", "asked_on": "", "returned_on": "", "nil": True},
    ]
    assert case.answers["agencies_known"] == ["police", "general_practice"]
    assert (
        "Police: asked on 8 May 2012; returned on 20 May 2012\n"
        "General practice: no return recorded, nothing to report"
    ) in case.answers["other_information"]


# Editions


def test_a_review_keeps_the_words_of_the_edition_in_force_at_its_sign_off(monkeypatch):
    """A code of the older guidance never becomes one of the newer, nor the other way round."""
    old, new = editions.get("lscb-2015"), editions.get("cdr-2018")
    renamed = [("old-" + each.code, each.label) for each in old.categories]
    monkeypatch.setattr(legacy_rows, "_labelled", labelled(old, renamed))
    closed = {"date_of_death": "1/4/2018", "notified_on": "2/4/2018", "date_of_birth": ""}
    closed |= {"category": "Infection", "panel_on": "", "closed_on": "3/5/2020"}

    before = one(CLOSED, **closed, signed_off_on="31/3/2019")
    after = one(CLOSED, **closed, signed_off_on="1/4/2019")

    assert (before.found.edition, before.found.category) == ("lscb-2015", "old-infection")
    assert (after.found.edition, after.found.category) == (new.code, "infection")
    assert before.edition.code == after.edition.code == "lscb-2015"


def labelled(old: Edition, renamed):
    real = legacy_rows._labelled

    def of(words, edition, areas):
        if words == "categories" and edition.code == old.code:
            return renamed
        return real(words, edition, areas)

    return of


@pytest.mark.parametrize("category", ["8", "Perinatal or neonatal event", "PERINATAL"])
def test_a_category_is_known_by_number_and_name(category):
    assert one(CLOSED, category=category).found.category == "perinatal"


@pytest.mark.parametrize(
    ("area", "code"),
    [
        ("Cheshire West & Chester", "E06000050"),
        ("cheshire west and chester", "E06000050"),
        ("E06000049", "E06000049"),
        ("Elsewhere", "elsewhere"),
    ],
)
def test_an_area_is_known_by_name_and_code(area, code):
    assert one(CLOSED, area=area).area_code == code


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("yes", "modifiable"),
        ("No", "not_modifiable"),
        ("inadequate", "inadequate"),
        ("There was not enough information to judge", "inadequate"),
    ],
)
def test_the_answer_on_modifiable_factors_is_known_by_short_words_too(answer, code):
    assert one(CLOSED, modifiable=answer).found.modifiable == code


# What is wrong


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


def test_a_word_of_one_guidance_only_is_not_wrong_while_the_day_is_unknown(monkeypatch):
    old = editions.get("lscb-2015")
    renamed = [("old-" + each.code, "Old " + each.label) for each in old.categories]
    monkeypatch.setattr(legacy_rows, "_labelled", labelled(old, renamed))

    found = wrong(CLOSED, category="Old Infection", signed_off_on="?")

    assert [column for column, _ in found] == ["Date of sign-off"]


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


def test_a_home_outside_the_four_areas_is_no_reason_where_the_area_was_settled():
    assert one(CLOSED, postcode="M1 1AA").in_scope is True


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


def test_the_time_of_a_notification_that_nobody_wrote_down_is_never_before_the_death():
    same_day = {"notified_on": "6/5/2012", "notified_at": "", "time_of_death": "23:50"}

    assert one(CLOSED, **same_day).notified_at == datetime(2012, 5, 6, 22, 50, tzinfo=UTC)


def test_the_totals_of_the_old_system_are_read_or_named():
    lines = [
        legacy_sheets.Line(
            2, {"year": "2012-13", "area": "Halton", "stage": "closed", "count": 7.0}
        ),
        legacy_sheets.Line(
            3, {"year": "2012/13", "area": "Halton", "stage": "Closed", "count": "2"}
        ),
        legacy_sheets.Line(4, {"year": "2012", "area": "Halton", "stage": "closed", "count": "1"}),
        legacy_sheets.Line(5, {"year": "2012-13", "area": "Halton", "stage": "closed"}),
    ]

    found, problems = legacy_rows.totals(lines)

    assert found == {("2012-13", "E06000006", "closed"): 9}
    assert [problem.line for problem in problems] == [4, 5]


# Rows that look like one child


def alike(*rows):
    content = sheets.as_csv(rows)
    return [(each.line, each.other) for each in legacy_checks.check(content, NOW, by=TESTS).alike]


def other(row, **changes):
    return row | {"old_reference": "other"} | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"given_names": "Zzzz", "family_name": "Other", "date_of_birth": "", "postcode": ""},
        {"nhs_number": "", "given_names": "Baby"},
        {"nhs_number": "", "date_of_birth": "2/1/2012"},
        {"nhs_number": "", "date_of_birth": "", "postcode": "", "address": ""},
    ],
    ids=["the same number", "not named yet", "day and month exchanged", "name and death"],
)
def test_rows_that_may_be_one_child_are_found(changes):
    assert alike(CLOSED, other(CLOSED, **changes)) == [(3, "line 2")]


@pytest.mark.parametrize(
    "changes",
    [
        {"nhs_number": "9990000131", "given_names": "Dddd"},
        {
            "nhs_number": "",
            "date_of_birth": "5/2/2012",
            "date_of_death": "7/6/2012",
            "notified_on": "8/6/2012",
        },
    ],
    ids=["a twin", "the same name"],
)
def test_rows_about_two_children_are_not(changes):
    assert alike(CLOSED, other(CLOSED, **changes)) == []
