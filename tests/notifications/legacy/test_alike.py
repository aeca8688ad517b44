"""Rows that look like one child."""

import pytest

from notifications import legacy_checks
from tests.cast import TESTS
from tests.notifications.legacy import sheets
from tests.notifications.legacy.reading import NOW
from tests.notifications.legacy.sheets import CLOSED

pytestmark = pytest.mark.django_db


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
