"""Hours to notification of what an import brought in: known only where the sheet gave the time."""

from datetime import UTC, date, datetime

import pytest

from cdop.cases import corrections
from cdop.cases.models import CaseFacts, Clocks
from notifications.models import Notification
from tests.notifications.legacy.importing import brought_in, case_of
from tests.notifications.legacy.sheets import CLOSED, GATHERING, REVIEWED
from tests.notifications.triage import attached, received, undone

UNTIMED = {code: said for code, said in REVIEWED.items() if code != "notified_at"}


def hours(case) -> int | None:
    return CaseFacts.objects.get(case=case).hours_to_notification


@pytest.mark.parametrize(
    ("row", "known"),
    [(CLOSED, 18), (UNTIMED, None), (GATHERING, None), (GATHERING | {"notified_at": "12:00"}, 36)],
    ids=["closed, with a time", "reviewed, without", "open, without", "open, with a time"],
)
def test_hours_are_known_where_the_sheet_gave_the_time(coordinator, row, known):
    brought_in([row], by=coordinator)

    assert hours(case_of(2)) == known


def test_a_corrected_death_makes_up_no_hours(coordinator):
    brought_in([GATHERING], by=coordinator)
    case = case_of(2)
    died = {"died_on": date(2026, 3, 2), "died_at": None, "confirmed_at": None}

    corrections.correct_clocks(case, by=coordinator, version=case.clocks.version, **died)

    assert hours(case) is None


def test_an_earlier_notification_brings_hours_and_takes_them_along(coordinator):
    brought_in([GATHERING], by=coordinator)
    case = case_of(2)
    at = datetime(2026, 3, 3, 6, tzinfo=UTC)
    told = received(at=at, date_of_death="2026-03-03", time_of_death="")

    attached(told, case, coordinator)
    assert hours(case) == 6

    undone(told, coordinator)
    assert hours(case) is None
    assert (
        Clocks.objects.get(case=case).notified_at
        == Notification.objects.get(route="legacy").received_at
    )
