"""The page of monthly returns: every return that somebody still has to do something about."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from notifications.assurance import asking, returns, returns_overview, work
from notifications.assurance.models import Return
from notifications.assurance.returns import TRUST, Answer
from tests.notifications.assurance.makers import asked_of
from tests.pages import text_of

PAGE = reverse("notifications:monthly_returns")
LONG_AGO = date(2025, 9, 1)
THEN = datetime(2025, 10, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def from_long_ago(coordinator) -> Return:
    """A return of September 2025 that was asked for and not answered."""
    asked_of(first_month=LONG_AGO, last_month=LONG_AGO, by=coordinator)
    asking.ask_due(THEN)
    return Return.objects.get()


def test_a_return_that_did_not_come_is_listed_however_old(coordinator, from_long_ago):
    assert returns_overview.overview(coordinator, NOW).older == (from_long_ago,)


def test_one_that_waits_to_be_settled_is_a_task_and_stands_on_its_page(
    client, coordinator, from_long_ago
):
    said = Answer((), "Nurse Invented", "Matron")
    returns.answer(from_long_ago, said, by=TRUST, version=from_long_ago.version, now=THEN)
    client.force_login(coordinator)

    assert "Monthly returns to settle" in [task.text for task in work.tasks_for(coordinator)]
    page = text_of(client.get(PAGE))
    assert "From earlier months Invented Hospital, September 2025: None died" in page
    assert "To settle" in page


def test_one_that_is_settled_is_history(coordinator, from_long_ago):
    said = Answer((), "Nurse Invented", "Matron")
    row = returns.answer(from_long_ago, said, by=TRUST, version=from_long_ago.version, now=THEN)
    returns.settle(row, by=coordinator, version=row.version)

    assert returns_overview.overview(coordinator, NOW).older == ()


def test_one_of_the_months_that_are_shown_stands_in_the_table_alone(coordinator):
    asked_of(first_month=date(2026, 10, 1), by=coordinator)
    asking.ask_due(NOW)

    found = returns_overview.overview(coordinator, NOW)
    assert (found.older, found.rows[0][1][0]) == ((), Return.objects.get())
