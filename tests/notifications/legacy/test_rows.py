"""What a row says, read whole."""

from datetime import UTC, date, datetime

import pytest

from cdop.cases.earlier import Found
from cdop.cases.states import CaseState
from notifications.legacy_columns import AGENCY, COLUMNS
from tests.notifications.legacy.reading import one, read
from tests.notifications.legacy.sheets import CLOSED, GATHERING

pytestmark = pytest.mark.django_db
AGENCIES = (
    ("Agency 1", "Police"),
    ("Agency 1 asked on", "8/5/2012"),
    ("Agency 1 returned on", "20/5/2012"),
    ("Agency 2", "general practice"),
    ("Agency 2 nil return", "yes"),
)


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


def test_a_home_outside_the_four_areas_is_no_reason_where_the_area_was_settled():
    assert one(CLOSED, postcode="M1 1AA").in_scope is True


def test_the_time_of_a_notification_that_nobody_wrote_down_is_never_before_the_death():
    same_day = {"notified_on": "6/5/2012", "notified_at": "", "time_of_death": "23:50"}

    assert one(CLOSED, **same_day).notified_at == datetime(2012, 5, 6, 22, 50, tzinfo=UTC)
