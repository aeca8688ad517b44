"""The page of exact counts: for the team alone, marked, and recorded with its purpose."""

from unittest.mock import patch

import pytest
from django.urls import reverse

from analytics.forms import PURPOSES
from cdop.core.audit import AuditEntry
from cdop.core.steps import edit
from tests.analytics.deaths import REVIEWED, WARRINGTON, a_death
from tests.analytics.pages import everybody_else, rows_of, tables_on, who_gets
from tests.cast import TESTS
from tests.pages import sign_in, text_of

ASKED = {"period": "2014-15", "basis": "reviewed", "purpose": PURPOSES[0]}


def test_exact_counts_are_for_the_team(request, db):
    found = who_gets(request, "get", reverse("analytics:internal"), ASKED)

    assert found == everybody_else(404, coordinator=200)


def test_the_internal_table_grows_by_exactly_one(client, counted, coordinator):
    sign_in(client, coordinator)
    address = reverse("analytics:internal")
    case = a_death(area_id=WARRINGTON)
    before = rows_of(client.get(address, ASKED), "reviewed-area")

    edit(case, by=TESTS, **REVIEWED)

    after = rows_of(client.get(address, ASKED), "reviewed-area")
    grown = {area: int(after[area][0]) - int(before[area][0]) for area in before}
    assert grown == {
        "Cheshire East": 0,
        "Cheshire West and Chester": 0,
        "Halton": 0,
        "Warrington": 1,
        "Pan-Cheshire": 1,
    }


def test_exact_counts_are_marked_and_each_view_is_recorded_with_its_purpose(
    client, db, coordinator, audited
):
    a_death(sex="male")

    page = sign_in(client, coordinator).get(
        reverse("analytics:internal"), ASKED | {"basis": "notified"}
    )

    assert "OFFICIAL-SENSITIVE" in text_of(page)
    assert rows_of(page, "notified-sex-area")["Male"] == ["0", "0", "1", "0", "1"]
    assert {table.partition("-")[0] for table in tables_on(page)} == {"notified"}
    entry = AuditEntry.objects.get(action="statistics.read_unprotected")
    assert (entry.actor, entry.hat) == (coordinator, "coordinator")
    assert (entry.subject, entry.purpose) == ("exact counts of 2014-15, notified", PURPOSES[0])
    client.get(reverse("analytics:internal"), ASKED)
    assert audited("statistics.read_unprotected") == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"period": ""}, "Enter the months to count, such as 2014-15"),
        ({"period": "2014-16"}, "The year that begins in April 2014 is written 2014-15."),
        ({"period": "last year"}, "“last year” is not a period."),
        ({"period": "2014-15-Q5"}, "A year has the quarters Q1 to Q4."),
        ({"period": "2999-00"}, "2999-00 has not begun yet."),
        ({"period": "2098-99"}, "2098-99 has not begun yet."),
        ({"period": "x" * 10_000}, "written in 40 characters or fewer"),
        ({"period": "<script>alert(1)</script>"}, "is not a period."),
        ({"period": "٢٠١٤-١٥"}, "is not a period."),
        ({"basis": "born"}, "born is not one of the available choices"),
        ({"basis": ""}, "Choose which deaths to count"),
        ({"purpose": ""}, "Choose what you need the exact counts for"),
        ({"purpose": "curiosity"}, "curiosity is not one of the available choices"),
    ],
)
def test_nonsense_gets_a_sentence_and_no_count(client, coordinator, audited, wrong, sentence):
    page = sign_in(client, coordinator).get(reverse("analytics:internal"), ASKED | wrong)

    assert (page.status_code, tables_on(page)) == (200, [])
    assert sentence in text_of(page)
    assert b"<script>alert" not in page.content
    assert audited("statistics.read_unprotected") == 0


def test_a_read_that_cannot_be_recorded_shows_nothing(client, counted, coordinator):
    client.raise_request_exception = False

    with patch("analytics.views.record", side_effect=OSError("the chain cannot be written")):
        page = sign_in(client, coordinator).get(reverse("analytics:internal"), ASKED)

    assert page.status_code == 500
    assert "Deaths reviewed" not in text_of(page)
