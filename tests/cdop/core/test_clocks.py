"""Working days and due times, against calendars written out and a second way of counting."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdop.core.clocks import (
    FROM_CONFIRMATION,
    FROM_DEATH,
    FROM_MIDNIGHT,
    ClockStart,
    add_working_days,
    bank_holidays,
    clock_start,
    due,
    due_at,
    due_times,
    is_working_day,
    was_in_time,
)
from cdop.core.dates import at_london, in_london, london_date
from cdop.editions.schema import Due, Task

# England's bank holidays as the government lists them; substitutes fall on the days marked *.
ENGLAND = {
    2012: "1-2* 4-6 4-9 5-7 6-4 6-5 8-27 12-25 12-26",
    2020: "1-1 4-10 4-13 5-8 5-25 8-31 12-25 12-28*",
    2022: "1-3* 4-15 4-18 5-2 6-2 6-3 8-29 9-19 12-26 12-27*",
    2023: "1-2* 4-7 4-10 5-1 5-8 5-29 8-28 12-25 12-26",
    2026: "1-1 4-3 4-6 5-4 5-25 8-31 12-25 12-28*",
    2027: "1-1 3-26 3-29 5-3 5-31 8-30 12-27* 12-28*",
    2028: "1-3* 4-14 4-17 5-1 5-29 8-28 12-25 12-26",
}
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(-60, 60)
CLOSURES = st.frozensets(st.dates(date(2020, 1, 1), date(2030, 12, 31)), max_size=5)


def listed(year):
    pairs = (entry.strip("*").split("-") for entry in ENGLAND[year].split())
    return {date(year, int(month), int(day)) for month, day in pairs}


def naive_working_day(day, count, closures):
    """The same by walking one day at a time and ticking off, with no early exits."""
    direction = 1 if count > 0 else -1
    ticked = 0
    while ticked < abs(count):
        day = day + timedelta(days=direction)
        is_weekend = day.strftime("%a") in ("Sat", "Sun")
        if not is_weekend and day not in bank_holidays(day.year) and day not in closures:
            ticked += 1
    return day


def london(*parts):
    moment = datetime(*parts)  # noqa: DTZ001 - the zone comes with the next line
    return at_london(moment.date(), moment.time())


@pytest.mark.parametrize("year", ENGLAND)
def test_bank_holidays_on_weekdays_are_those_that_the_government_lists(year):
    assert {day for day in bank_holidays(year) if day.weekday() < 5} == listed(year)


def test_scottish_and_irish_holidays_are_working_days_in_england():
    elsewhere = [date(2026, 1, 2), date(2026, 3, 17), date(2026, 7, 13), date(2026, 11, 30)]

    assert all(is_working_day(day) for day in elsewhere)


def test_a_closure_is_no_working_day():
    day = date(2026, 6, 10)

    assert (is_working_day(day), is_working_day(day, {day})) == (True, False)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2027, 12, 24), 1, date(2027, 12, 29)),
        (date(2027, 12, 24), 2, date(2027, 12, 30)),
        (date(2027, 12, 26), 1, date(2027, 12, 29)),
        (date(2027, 12, 31), 1, date(2028, 1, 4)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
        (date(2026, 6, 12), 10, date(2026, 6, 26)),
        (date(2026, 6, 12), -10, date(2026, 5, 29)),
        (date(2026, 5, 26), -1, date(2026, 5, 22)),
        (date(2027, 12, 29), -1, date(2027, 12, 24)),
        (date(2026, 6, 10), 0, date(2026, 6, 10)),
        (date(2026, 6, 13), 0, date(2026, 6, 15)),
        (date(2027, 12, 25), 0, date(2027, 12, 29)),
    ],
)
def test_working_days_are_counted_from_the_day_after(day, count, expected):
    assert add_working_days(day, count) == expected


@given(DAYS, COUNTS.filter(bool), CLOSURES)
def test_working_days_agree_with_ticking_off_the_days_one_by_one(day, count, closures):
    assert add_working_days(day, count, closures) == naive_working_day(day, count, closures)


@given(DAYS, CLOSURES)
def test_no_working_days_is_the_first_working_day_not_before(day, closures):
    found = add_working_days(day, 0, closures)
    passed_over = [day + timedelta(days=gap) for gap in range((found - day).days)]

    assert is_working_day(found, closures)
    assert not any(is_working_day(other, closures) for other in passed_over)


def test_closures_may_be_given_as_something_that_is_read_once():
    closed = iter([date(2026, 6, 15), date(2026, 6, 17)])

    assert add_working_days(date(2026, 6, 12), 2, closed) == date(2026, 6, 18)


@pytest.mark.parametrize(
    ("start", "offset", "unit", "expected"),
    [
        # Friday before a Christmas that falls on a weekend: two substitute days follow it.
        (london(2027, 12, 24, 16), 2, "working_days", "2027-12-30 23:59:59.999999 GMT"),
        (london(2027, 12, 24, 16), 2, "days", "2027-12-26 23:59:59.999999 GMT"),
        (london(2027, 12, 24, 16), 48, "hours", "2027-12-26 16:00:00.000000 GMT"),
        # Twenty-four hours over a change of clocks show another time of day.
        (london(2026, 3, 28, 16), 24, "hours", "2026-03-29 17:00:00.000000 BST"),
        (london(2026, 10, 24, 16), 24, "hours", "2026-10-25 15:00:00.000000 GMT"),
        (london(2026, 3, 28, 16), 1, "days", "2026-03-29 23:59:59.999999 BST"),
        (london(2026, 10, 24, 16), 1, "days", "2026-10-25 23:59:59.999999 GMT"),
        (london(2026, 10, 25, 0, 30), 1, "hours", "2026-10-25 01:30:00.000000 BST"),
        (london(2026, 10, 25, 0, 30), 2, "hours", "2026-10-25 01:30:00.000000 GMT"),
        # Half past midnight in July is still the day before in UTC.
        (london(2026, 7, 14, 0, 30), 1, "days", "2026-07-15 23:59:59.999999 BST"),
        (london(2026, 7, 14, 0, 30), 1, "working_days", "2026-07-15 23:59:59.999999 BST"),
        (london(2026, 6, 12, 9, 30), -10, "working_days", "2026-05-29 23:59:59.999999 BST"),
        (london(2026, 6, 12, 9, 30), -3, "days", "2026-06-09 23:59:59.999999 BST"),
        (london(2026, 6, 12, 9, 30), -24, "hours", "2026-06-11 09:30:00.000000 BST"),
        (london(2026, 6, 12, 9, 30), 0, "hours", "2026-06-12 09:30:00.000000 BST"),
        (london(2026, 6, 12, 9, 30), 0, "days", "2026-06-12 23:59:59.999999 BST"),
        (london(2028, 2, 27, 9, 30), 28, "days", "2028-03-26 23:59:59.999999 BST"),
    ],
)
def test_what_is_due_is_due_at_this_moment(start, offset, unit, expected):
    assert f"{in_london(due(start, offset, unit)):%Y-%m-%d %H:%M:%S.%f %Z}" == expected


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(-60, 60),
)
def test_days_end_with_the_last_day_in_london_and_hours_are_hours(start, offset):
    midnight = london_date(start) + timedelta(days=offset + 1)

    assert due(start, offset, "days") + timedelta(microseconds=1) == at_london(midnight, time.min)
    assert (due(start, offset, "hours") - start).total_seconds() == 3600 * offset


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
def test_hours_pass_alike_whatever_zone_the_start_is_told_in(day):
    start = at_london(day, time(16, 0))

    assert due(in_london(start), 24, "hours") - due(start, 24, "hours") == timedelta(0)
    assert due(in_london(start), 24, "hours") - start == timedelta(hours=24)


def test_closures_move_working_days_and_nothing_else():
    start, closed = london(2026, 6, 12, 9, 30), [date(2026, 6, 15)]

    moved = {
        unit: due(start, 3, unit, closed) - due(start, 3, unit)
        for unit in ("hours", "days", "working_days")
    }

    assert moved == {
        "hours": timedelta(0),
        "days": timedelta(0),
        "working_days": timedelta(days=1),
    }


def test_another_unit_is_refused():
    with pytest.raises(ValueError, match="'weeks' is not a unit of time"):
        due(london(2026, 6, 12), 1, "weeks")


def test_a_start_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="has no time zone"):
        due(datetime(2026, 6, 12), 1, "hours")  # noqa: DTZ001 - what must be refused


def task(code, rule):
    return Task(
        code=code,
        phase="immediate",
        label=code,
        help="",
        lead="health",
        required=True,
        due=rule,
        source="background",
        certainty="background",
    )


def test_a_checklist_falls_due_as_far_as_its_clocks_have_started():
    clocks = {
        "death": london(2027, 12, 24, 16),
        "notification": london(2027, 12, 25, 10),
        "pm_result": None,
        "panel": london(2028, 6, 16, 9, 30),
    }
    tasks = [
        task("tell-coroner", Due("death", 2, "hours")),
        task("send-forms", Due("notification", 2, "working_days")),
        task("explain-result", Due("pm_result", 7, "days")),
        task("minutes-to-coroner", Due("meeting", 5, "working_days")),
        task("send-pack", Due("panel", -10, "working_days")),
        task("keep-open", None),
    ]

    found = due_times(tasks, clocks, iter([date(2027, 12, 29)]))

    assert found == {
        "tell-coroner": london(2027, 12, 24, 18),
        "send-forms": london(2027, 12, 31, 23, 59, 59, 999999),
        "explain-result": None,
        "minutes-to-coroner": None,
        "send-pack": london(2028, 6, 2, 23, 59, 59, 999999),
        "keep-open": None,
    }


def test_no_rule_is_never_due():
    assert due_at(None, {"death": london(2026, 6, 12)}) is None


def test_the_last_moment_is_in_time_and_the_next_is_late():
    limit = due(london(2026, 6, 12, 9, 30), 1, "days")
    moments = [limit - timedelta(days=1), limit, limit + timedelta(microseconds=1)]

    assert [was_in_time(limit, moment) for moment in moments] == [True, True, False]


def test_the_second_half_past_one_of_an_october_night_is_too_late_for_the_first():
    first = in_london(at_london(date(2026, 10, 25), time(1, 30)))
    second = in_london(at_london(date(2026, 10, 25), time(1, 30, fold=1)))

    assert (was_in_time(first, second), was_in_time(second, first)) == (False, True)


DIED_ON = date(2026, 7, 14)


@pytest.mark.parametrize(
    ("died_at", "confirmed_at", "expected"),
    [
        (
            london(2026, 7, 14, 3, 20),
            london(2026, 7, 14, 4),
            ClockStart(datetime(2026, 7, 14, 2, 20, tzinfo=UTC), FROM_DEATH),
        ),
        (
            london(2026, 7, 14, 0, 10),
            None,
            ClockStart(datetime(2026, 7, 13, 23, 10, tzinfo=UTC), FROM_DEATH),
        ),
        (
            None,
            london(2026, 7, 15, 8),
            ClockStart(datetime(2026, 7, 15, 7, tzinfo=UTC), FROM_CONFIRMATION),
        ),
        (None, None, ClockStart(datetime(2026, 7, 13, 23, tzinfo=UTC), FROM_MIDNIGHT)),
    ],
)
def test_the_clock_starts_from_the_best_time_that_is_known(died_at, confirmed_at, expected):
    assert clock_start(DIED_ON, died_at, confirmed_at) == expected


def test_three_ways_of_starting_are_told_in_three_sentences():
    assert len({FROM_DEATH, FROM_CONFIRMATION, FROM_MIDNIGHT}) == 3


@pytest.mark.parametrize(
    ("died_at", "confirmed_at", "reason"),
    [
        (london(2026, 7, 15, 0, 0), None, "not on the date of death"),
        (london(2026, 7, 13, 23, 59), None, "not on the date of death"),
        (None, london(2026, 7, 13, 23, 59), "confirmed before the date of death"),
        (london(2026, 7, 14, 5), london(2026, 7, 13, 5), "confirmed before the date of death"),
        (datetime(2026, 7, 14, 5), None, "has no time zone"),  # noqa: DTZ001
    ],
)
def test_times_that_contradict_the_date_of_death_are_refused(died_at, confirmed_at, reason):
    with pytest.raises(ValueError, match=reason):
        clock_start(DIED_ON, died_at, confirmed_at)
