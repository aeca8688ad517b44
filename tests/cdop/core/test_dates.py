"""Days in London and moments, above all around the two Sundays on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdop.core.dates import (
    at_london,
    days_between,
    elapsed_hours,
    end_of,
    in_london,
    london_date,
    month_of,
    start_of,
)

SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31)) | st.sampled_from([SPRING, AUTUMN])


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (utc(2026, 1, 31, 23, 59), date(2026, 1, 31)),
        (utc(2026, 6, 30, 22, 59), date(2026, 6, 30)),
        (utc(2026, 6, 30, 23, 0), date(2026, 7, 1)),
        (utc(2026, 3, 31, 23, 30), date(2026, 4, 1)),
        (datetime(2026, 7, 1, 3, 0, tzinfo=timezone(timedelta(hours=5))), date(2026, 6, 30)),
    ],
)
def test_the_day_of_a_moment_is_the_day_in_london(moment, day):
    assert london_date(moment) == day


@pytest.mark.parametrize(
    ("day", "at", "moment", "shown"),
    [
        (date(2026, 1, 5), time(1, 30), utc(2026, 1, 5, 1, 30), "01:30 GMT"),
        (date(2026, 7, 5), time(1, 30), utc(2026, 7, 5, 0, 30), "01:30 BST"),
        (SPRING, time(0, 59), utc(2026, 3, 29, 0, 59), "00:59 GMT"),
        (SPRING, time(1, 0), utc(2026, 3, 29, 1, 0), "02:00 BST"),
        (SPRING, time(1, 30), utc(2026, 3, 29, 1, 30), "02:30 BST"),
        (SPRING, time(2, 30), utc(2026, 3, 29, 1, 30), "02:30 BST"),
        (AUTUMN, time(0, 59), utc(2026, 10, 24, 23, 59), "00:59 BST"),
        (AUTUMN, time(1, 30), utc(2026, 10, 25, 0, 30), "01:30 BST"),
        (AUTUMN, time(1, 30, fold=1), utc(2026, 10, 25, 1, 30), "01:30 GMT"),
        (AUTUMN, time(2, 0), utc(2026, 10, 25, 2, 0), "02:00 GMT"),
    ],
)
def test_a_time_of_day_in_london_is_one_moment(day, at, moment, shown):
    found = at_london(day, at)

    assert (found, f"{in_london(found):%H:%M %Z}") == (moment, shown)


def test_the_moment_equals_itself_in_the_hour_that_comes_twice():
    stored = at_london(AUTUMN, time(1, 30))

    assert stored == stored.astimezone(UTC)
    assert stored != at_london(AUTUMN, time(1, 30, fold=1))


@given(DAYS)
def test_a_day_begins_and_ends_in_london_and_the_next_follows_without_a_gap(day):
    ends = [start_of(day), end_of(day), end_of(day) + timedelta(microseconds=1)]

    assert [london_date(moment) for moment in ends] == [day, day, day + timedelta(days=1)]
    assert ends[2] == start_of(day + timedelta(days=1))
    assert in_london(ends[0]).time() == time(0, 0)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 2, 28), 24)])
def test_the_hours_of_a_day_are_those_that_pass(day, hours):
    assert elapsed_hours(start_of(day), start_of(day + timedelta(days=1))) == hours


def test_hours_between_two_london_times_are_not_those_of_the_wall_clock():
    before = in_london(at_london(AUTUMN, time(0, 30)))
    after = in_london(at_london(AUTUMN, time(2, 30)))

    assert (elapsed_hours(before, after), elapsed_hours(after, before)) == (3, -3)


@pytest.mark.parametrize(
    "call",
    [
        lambda naive: london_date(naive),
        lambda naive: in_london(naive),
        lambda naive: elapsed_hours(naive, utc(2026, 1, 1)),
        lambda naive: elapsed_hours(utc(2026, 1, 1), naive),
    ],
)
def test_a_datetime_without_a_zone_is_no_moment(call):
    with pytest.raises(ValueError, match="has no time zone"):
        call(datetime(2026, 1, 1, 12, 0))  # noqa: DTZ001 - what must be refused


def test_a_time_of_day_with_a_zone_of_its_own_is_refused():
    with pytest.raises(ValueError, match="must not carry a time zone"):
        at_london(SPRING, time(1, 0, tzinfo=UTC))


def test_days_are_counted_between_dates_whatever_the_clocks_do():
    across = [(date(2026, 3, 28), date(2026, 3, 30)), (date(2028, 3, 1), date(2028, 2, 28))]

    assert [days_between(*pair) for pair in across] == [2, -2]
    assert days_between(SPRING, SPRING) == 0


def test_days_are_not_counted_between_moments():
    with pytest.raises(TypeError, match="london_date"):
        days_between(utc(2026, 1, 1), utc(2026, 1, 2))


def test_a_month_is_its_first_day():
    assert [month_of(day) for day in (date(2028, 2, 29), date(2028, 3, 1))] == [
        date(2028, 2, 1),
        date(2028, 3, 1),
    ]
