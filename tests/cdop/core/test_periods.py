"""Periods: how they are written, read back, split and moved."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cdop.core.periods import Period

FIRSTS = st.builds(date, st.integers(1950, 2100), st.integers(1, 12), st.just(1))


def later(month, count):
    """The month so many months later, by stepping over the ends of months."""
    for _ in range(count):
        month = (month + timedelta(days=31)).replace(day=1)
    return month


PERIODS = st.builds(
    lambda first, more: Period(first, later(first, more)),
    FIRSTS,
    st.integers(0, 130) | st.sampled_from([2, 11, 59]),
)


@pytest.mark.parametrize(
    ("text", "first", "last", "label"),
    [
        ("2014-15", date(2014, 4, 1), date(2015, 3, 1), "April 2014 to March 2015"),
        ("1999-00", date(1999, 4, 1), date(2000, 3, 1), "April 1999 to March 2000"),
        ("2014-15-Q1", date(2014, 4, 1), date(2014, 6, 1), "April 2014 to June 2014"),
        ("2014-15-Q4", date(2015, 1, 1), date(2015, 3, 1), "January 2015 to March 2015"),
        ("2010-11--2014-15", date(2010, 4, 1), date(2015, 3, 1), "April 2010 to March 2015"),
        # Both could be months too; years are meant.
        ("2010-11--2011-12", date(2010, 4, 1), date(2012, 3, 1), "April 2010 to March 2012"),
        ("2014-04--2014-12", date(2014, 4, 1), date(2014, 12, 1), "April 2014 to December 2014"),
        ("2014-12--2014-12", date(2014, 12, 1), date(2014, 12, 1), "December 2014"),
        (
            "2010-11-01--2011-12-31",
            date(2010, 11, 1),
            date(2011, 12, 1),
            "November 2010 to December 2011",
        ),
    ],
)
def test_what_is_written_is_read_and_written_again(text, first, last, label):
    period = Period.parse(text)

    assert (period, str(period), period.label) == (Period(first, last), text, label)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (" 2014-15 ", "2014-15"),
        ("2014-15--2014-15", "2014-15"),
        ("2014-04--2015-03", "2014-15"),
        ("2014-04-01--2015-03-31", "2014-15"),
        ("2015-01--2015-03", "2014-15-Q4"),
        ("2013-04--2015-03", "2013-14--2014-15"),
        ("2012-01-01--2012-02-29", "2012-01--2012-02"),
    ],
)
def test_another_way_of_writing_the_same_months_is_the_same_period(text, written):
    assert str(Period.parse(text)) == written


@given(PERIODS)
@example(Period(date(2010, 11, 1), date(2011, 12, 1)))
@example(Period(date(2000, 1, 1), date(2000, 1, 1)))
@example(Period(date(2011, 12, 1), date(2011, 12, 1)))
def test_every_period_survives_being_written(period):
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2014-16", "The year that begins in April 2014 is written 2014-15."),
        ("2014-12", "The year that begins in April 2014 is written 2014-15."),
        ("2014-16-Q1", "The year that begins in April 2014 is written 2014-15."),
        ("2010-11--2014-16", "Write a year as 2014-15"),
        ("2014-15-Q5", "A year has the quarters Q1 to Q4."),
        ("2014-15-Q0", "A year has the quarters Q1 to Q4."),
        ("2014-15-Q", "A year has the quarters Q1 to Q4."),
        ("2014-15-Q12", "A year has the quarters Q1 to Q4."),
        ("2014-15--2010-11", "A period cannot end before it begins."),
        ("2014-12--2014-04", "A period cannot end before it begins."),
        ("2014-04-02--2014-05-31", "begins on the first day of a month and ends on the last"),
        ("2014-04-01--2014-05-30", "begins on the first day of a month and ends on the last"),
        ("2014-02-01--2014-02-30", "2014-02-30 is not a date."),
        ("2014-13--2014-14", "Write a year as 2014-15"),
        ("2014-04--2014-15", "Write a year as 2014-15"),
        ("2014", "Write a year as 2014-15"),
        ("2014/15", "Write a year as 2014-15"),
        ("2014–15", "Write a year as 2014-15"),
        ("٢٠١٤-١٥", "Write a year as 2014-15"),
        ("0001-02", "Write a year as 2014-15"),
        ("2014-15--2015-16--2016-17", "Write a year as 2014-15"),
        ("--", "Write a year as 2014-15"),
        ("", "Write a year as 2014-15"),
        ("2014-15\n2015-16", "Write a year as 2014-15"),
    ],
)
def test_nonsense_is_answered_with_a_sentence(text, reason):
    with pytest.raises(ValueError) as refusal:
        Period.parse(text)

    assert f"“{text}” is not a period. " in str(refusal.value)
    assert reason in str(refusal.value)


def test_a_long_text_is_not_thrown_back_whole():
    with pytest.raises(ValueError) as refusal:
        Period.parse("9" * 10_000)

    assert len(str(refusal.value)) < 250


@given(st.text(max_size=30) | st.from_regex(r"[0-9Q-]{0,24}", fullmatch=True))
def test_no_text_does_worse_than_be_refused(text):
    try:
        period = Period.parse(text)
    except ValueError as refusal:
        assert "is not a period" in str(refusal)
    else:
        assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (date(2014, 4, 2), date(2014, 5, 1), "whole months"),
        (date(2014, 4, 1), date(2014, 5, 31), "whole months"),
        (date(2014, 5, 1), date(2014, 4, 1), "end before it begins"),
    ],
)
def test_a_period_is_whole_months_in_order(first, last, reason):
    with pytest.raises(ValueError, match=reason):
        Period(first, last)


@given(PERIODS)
def test_months_agree_with_stepping_from_one_to_the_next(period):
    expected = [period.first_month]
    while expected[-1] != period.last_month:
        expected.append(later(expected[-1], 1))

    assert (period.months(), len(period)) == (tuple(expected), len(expected))


@given(PERIODS)
def test_a_period_holds_its_days_and_none_beside_them(period):
    first, last, day = period.first_month, period.last_day, timedelta(days=1)

    held = [period.contains(each) for each in (first - day, first, last, last + day)]

    assert held == [False, True, True, False]


@given(FIRSTS, st.integers(0, 30))
def test_the_year_and_the_quarter_of_a_day_hold_it(first, more):
    day = first + timedelta(days=more)
    year, quarter = Period.of(day), Period.quarter_of(day)

    assert year.contains(day)
    assert quarter.contains(day)
    assert quarter in year.quarters()
    assert (len(year), year.is_year, len(quarter), quarter.is_quarter) == (12, True, 3, True)


def test_the_year_turns_on_1_april():
    assert [str(Period.of(day)) for day in (date(2015, 3, 31), date(2015, 4, 1))] == [
        "2014-15",
        "2015-16",
    ]


def written(periods):
    return [str(period) for period in periods]


def test_a_year_has_four_quarters():
    quarters = ["2014-15-Q1", "2014-15-Q2", "2014-15-Q3", "2014-15-Q4"]

    assert written(Period.parse("2014-15").quarters()) == quarters


def test_pooled_years_come_apart_into_years():
    pooled = Period.parse("2010-11--2012-13")

    assert written(pooled.years()) == ["2010-11", "2011-12", "2012-13"]
    assert len(pooled.quarters()) == 12


def test_only_whole_quarters_and_years_are_given():
    ragged = Period.parse("2014-03--2015-05")

    assert written(ragged.years()) == ["2014-15"]
    assert written(ragged.quarters()) == ["2014-15-Q1", "2014-15-Q2", "2014-15-Q3", "2014-15-Q4"]
    assert Period.parse("2014-05--2014-06").quarters() == ()


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("2014-15", "2013-14", "2015-16"),
        ("2014-15-Q1", "2013-14-Q4", "2014-15-Q2"),
        ("2010-11--2014-15", "2005-06--2009-10", "2015-16--2019-20"),
        ("2014-12--2014-12", "2014-11--2014-11", "2015-01--2015-01"),
    ],
)
def test_the_neighbours_of_a_period_are_as_long_as_it_is(text, before, after):
    period = Period.parse(text)

    assert written([period.previous(), period.next()]) == [before, after]


@given(PERIODS)
def test_going_on_and_back_leads_home(period):
    assert period.next().previous() == period
    assert period.previous().last_day + timedelta(days=1) == period.first_month


def test_periods_stand_in_the_order_of_time():
    texts = ["2015-16", "2014-15-Q2", "2014-15", "2014-15-Q1"]

    ordered = sorted(Period.parse(text) for text in texts)

    assert written(ordered) == ["2014-15-Q1", "2014-15", "2014-15-Q2", "2015-16"]
