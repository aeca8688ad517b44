"""By when a report is due and when it is chased, for any moment of any year."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdop import editions
from cdop.agency_reports import times
from cdop.agency_reports.models import Request
from cdop.agency_reports.times import CHASE, due_at, next_step
from cdop.cases.models import Clocks
from cdop.core.clocks import add_working_days, is_working_day
from cdop.core.dates import end_of, london_date
from tests.cdop.editions.both import BOTH

# Hypothesis takes its bounds without a zone and gives moments with one.
BOUNDS = [datetime.combine(date(year, 1, 1), time()) for year in (2009, 2030)]
MOMENTS = st.datetimes(*BOUNDS, timezones=st.just(UTC))
EDITIONS = st.sampled_from(editions.codes())
CLOSURES = st.frozensets(st.dates(date(2009, 1, 1), date(2030, 12, 31)), max_size=5)
SLOW = settings(deadline=None)  # on a machine that others use too
LATER = st.timedeltas(timedelta(0), timedelta(days=200))


def clocks(notified_at: datetime) -> Clocks:
    return Clocks(died_on=london_date(notified_at), notified_at=notified_at)


def a_request(code: str, due: datetime, reminders: int = 0, reminded_at=None) -> Request:
    said = {"edition": code, "due_at": due, "reminders": reminders, "reminded_at": reminded_at}
    return Request(state="asked", **said)


@SLOW
@given(EDITIONS, MOMENTS, LATER, CLOSURES)
def test_a_report_is_due_at_the_end_of_a_working_day_and_never_before_the_standard(
    code, notified_at, later, closures
):
    due = due_at(editions.get(code), clocks(notified_at), notified_at + later, closures)

    day = london_date(due)
    assert due == end_of(day) and is_working_day(day, closures)
    assert day >= add_working_days(london_date(notified_at), 15, closures)


@SLOW
@given(EDITIONS, MOMENTS, LATER, CLOSURES)
def test_whoever_is_asked_late_has_as_long_as_those_who_are_asked_in_time(
    code, notified_at, later, closures
):
    asked_at = notified_at + later

    due = due_at(editions.get(code), clocks(notified_at), asked_at, closures)

    assert london_date(due) >= add_working_days(london_date(asked_at), 13, closures)


@BOTH
def test_asked_at_once_a_report_is_due_three_weeks_after_the_notification(code):
    monday = datetime(2014, 6, 2, 9, 0, tzinfo=UTC)

    due = due_at(editions.get(code), clocks(monday), monday, ())

    assert london_date(due) == date(2014, 6, 23)


@SLOW
@given(EDITIONS, MOMENTS, CLOSURES, st.lists(st.timedeltas(timedelta(0), timedelta(days=40))))
def test_however_the_worker_runs_each_step_is_taken_once_in_order_and_none_too_soon(
    code, due, closures, pauses
):
    """The worker runs now and then, each pause after the last run; what it does is replayed."""
    request, now, taken = a_request(code, end_of(london_date(due))), due, []
    for pause in [*pauses, *[timedelta(days=40)] * len(CHASE)]:
        now += pause
        following = next_step(request, closures)
        if following and following[1] < now:
            taken.append((following[0], now))
            request.reminders, request.reminded_at = following[0], now

    assert [step for step, _ in taken] == [1, 2, 3]
    assert next_step(request, closures) is None
    days = [london_date(at) for _, at in taken]
    for before, after in zip(days, days[1:], strict=False):
        assert after > add_working_days(before, 5, closures)


@BOTH
@pytest.mark.parametrize(
    ("reminders", "day"), [(0, date(2014, 6, 23)), (1, date(2014, 6, 30)), (2, date(2014, 7, 7))]
)
def test_the_steps_follow_the_standards_of_the_edition(code, reminders, day):
    request = a_request(code, end_of(date(2014, 6, 23)), reminders)

    assert next_step(request, ()) == (reminders + 1, end_of(day))


@BOTH
def test_the_standards_of_the_edition_are_counted_from_one_clock_in_one_unit(code):
    found = [times.standard_of(editions.get(code), name) for name in (times.RETURNED, *CHASE)]

    assert len({(each.clock, each.unit) for each in found}) == 1
    assert [each.offset for each in found] == sorted(each.offset for each in found)
