"""The list of triage: what waits, how long, and what may be known already."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cdop.core.steps import edit
from notifications import views
from tests.cast import TESTS
from tests.makers import opened_case
from tests.notifications.filling import text_of
from tests.notifications.triage import ANSWERS, LIST, accepted, declined, page_of, received


def test_the_list_shows_how_long_each_waits_and_no_name(desk, db):
    first, second = received(), received(notifier_role="")
    edit(first, by=TESTS, received_at=timezone.now() - timedelta(hours=30, minutes=59))

    page = text_of(desk.get(LIST))

    assert page.index(first.reference) < page.index(second.reference)
    assert f"{first.reference} Midwife" in page
    assert f"{second.reference} Role not given" in page
    assert " 30 " in page
    assert "Overdue" not in page
    for name in ("Triage-Child", "Aaaa", "Notifier Invented", "WA7"):
        assert name not in page


def test_one_that_waits_longer_than_the_standard_is_overdue(desk, notification):
    edit(notification, by=TESTS, received_at=timezone.now() - timedelta(days=9))

    assert "Overdue" in text_of(desk.get(LIST))


def test_the_list_needs_the_same_queries_for_one_and_for_many(desk, notification):
    one = queries_of(desk)
    for _ in range(5):
        received()

    assert queries_of(desk) == one


def queries_of(desk) -> int:
    """How many queries the list takes now."""
    with CaptureQueriesContext(connection) as queries:
        desk.get(LIST)
    return len(queries)


def test_the_list_flags_what_may_be_known_by_references_alone(desk, db):
    case = opened_case({"nhs_number": "9990001499"})
    one, other = received(), received()
    unlike = received(
        given_names="Zzzz", family_name="Yyyy", nhs_number="", date_of_birth="2020-01-01"
    )

    page = text_of(desk.get(LIST))

    assert f"May be the same child as {case}, {other}" in page
    assert f"May be the same child as {case}, {one}" in page
    assert page.count("May be the same child as") == 2
    assert unlike.reference in page
    for name in ("Triage-Child", "Aaaa", "9990001499"):
        assert name not in page


HOME = {"address": "1 Invented Street, Nowhere", "postcode": "", "nhs_number": ""}


def test_the_list_flags_what_the_page_of_the_notification_calls_the_same_child(desk, db):
    """The same name, home and day of death, born a day apart, and no NHS number."""
    case = opened_case(ANSWERS | HOME, died_on=date(2026, 1, 10))
    one = received(**HOME, date_of_birth="2025-12-02")
    other = received(**HOME, date_of_birth="2025-12-03")

    page = text_of(desk.get(LIST))

    assert f"May be the same child as {case}, {other}" in page
    assert f"May be the same child as {case}, {one}" in page
    for sent in (one, other):
        shown = text_of(desk.get(page_of(sent)))
        assert f"Probably the same child {case}" in shown


def test_the_list_names_no_twin_as_the_same_child(desk, coordinator):
    case = accepted(received(), coordinator)
    twin = received(given_names="Bbbb", nhs_number="9990001502")

    assert f"May be the same child as {case}" not in text_of(desk.get(LIST))
    assert "May be a twin, brother or sister" in text_of(desk.get(page_of(twin)))


def test_the_list_flags_the_case_that_a_notice_says_it_corrects(desk, coordinator):
    first = received()
    case = accepted(first, coordinator)
    received(
        notifier_corrects=first.reference.lower(),
        given_names="Zzzz",
        family_name="Yyyy",
        nhs_number="",
        date_of_birth="2020-01-01",
    )

    assert f"May be the same child as {case}" in text_of(desk.get(LIST))


def test_the_list_flags_one_that_stands_on_another_of_its_pages(desk, db, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 1)
    one, other = received(), received()

    assert f"May be the same child as {other}" in text_of(desk.get(LIST))
    assert f"May be the same child as {one}" in text_of(desk.get(f"{LIST}?page=2"))


def test_brothers_and_sisters_sent_together_are_not_flagged_as_one_child(desk, db):
    family = uuid4()
    received(together=family)
    received(together=family, given_names="Bbbb", nhs_number="9990001502")

    assert "May be the same child" not in text_of(desk.get(LIST))


def test_flags_cost_the_same_for_one_line_and_for_many(desk, db):
    opened_case({"nhs_number": "9990001499"})
    received()
    desk.get(LIST)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            desk.get(LIST)
        return len(found)

    one = queries()
    for _ in range(4):
        received()

    assert queries() == one


@pytest.mark.parametrize("code", ["accepted", "attached", "declined", "taken_over", "x", "%00"])
def test_each_list_is_there_and_counts_what_stands_on_it(desk, coordinator, notification, code):
    declined(notification, coordinator)

    page = text_of(desk.get(f"{LIST}?list={code}"))

    assert "Declined (1)" in page and "Waiting for triage (0)" in page
    assert (notification.reference in page) == (code == "declined")
