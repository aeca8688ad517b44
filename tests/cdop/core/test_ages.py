"""Ages at death: birthdays, leap days and the edges of every band."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cdop.core.ages import (
    NOT_KNOWN,
    age_band,
    age_in_days,
    age_in_words,
    approximate_age,
    birthday,
    completed_months,
    completed_years,
    is_child,
)
from cdop.editions.schema import AgeBand


def band(code, *, days=(None, None), years=(None, None)):
    return AgeBand(
        code=code,
        label=code,
        parent=None,
        from_days=days[0],
        until_days=days[1],
        from_years=years[0],
        until_years=years[1],
        source="S14",
        certainty="sourced",
    )


BANDS = (
    band("0-27d", days=(0, 28)),
    band("28-364d", days=(28, None), years=(None, 1)),
    band("1-4", years=(1, 5)),
    band("5-9", years=(5, 10)),
    band("10-14", years=(10, 15)),
    band("15-17", years=(15, 18)),
)
LEAP_DAY = date(2012, 2, 29)
BORN = st.dates(date(1990, 1, 1), date(2030, 12, 31)) | st.just(LEAP_DAY)
LIVED = st.integers(0, 20 * 366)


def naive_years(born_on, on):
    """Birthdays counted one by one; 1 March stands in for a 29 February that does not exist."""
    reached = 0
    day = born_on
    while day < on:
        day += timedelta(days=1)
        is_leap_year = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
        wanted = (born_on.month, born_on.day)
        if wanted == (2, 29) and not is_leap_year:
            wanted = (3, 1)
        reached += (day.month, day.day) == wanted
    return reached


def naive_band(born_on, on):
    years, days = naive_years(born_on, on), (on - born_on).days
    if years >= 18:
        return None
    if years == 0:
        return "0-27d" if days <= 27 else "28-364d"
    return ("1-4", "5-9", "10-14", "15-17")[years // 5]


@pytest.mark.parametrize(
    ("born_on", "years", "expected"),
    [
        (LEAP_DAY, 1, date(2013, 3, 1)),
        (LEAP_DAY, 4, date(2016, 2, 29)),
        (LEAP_DAY, 18, date(2030, 3, 1)),
        (date(2012, 2, 28), 1, date(2013, 2, 28)),
        (date(2012, 3, 1), 1, date(2013, 3, 1)),
        (LEAP_DAY, 0, LEAP_DAY),
    ],
)
def test_a_birthday_of_29_february_is_1_march_in_common_years(born_on, years, expected):
    assert birthday(born_on, years) == expected


@pytest.mark.parametrize(
    ("born_on", "died_on", "expected"),
    [
        (date(2014, 5, 1), date(2014, 5, 1), (0, 0, 0, "0-27d")),
        (date(2014, 5, 1), date(2014, 5, 28), (27, 0, 0, "0-27d")),
        (date(2014, 5, 1), date(2014, 5, 29), (28, 0, 0, "28-364d")),
        (date(2014, 5, 1), date(2015, 4, 30), (364, 11, 0, "28-364d")),
        (date(2014, 5, 1), date(2015, 5, 1), (365, 12, 1, "1-4")),
        # A leap day in the first year: the 365th day comes before the birthday.
        (date(2015, 5, 1), date(2016, 4, 30), (365, 11, 0, "28-364d")),
        (date(2015, 5, 1), date(2016, 5, 1), (366, 12, 1, "1-4")),
        (LEAP_DAY, date(2013, 2, 28), (365, 11, 0, "28-364d")),
        (LEAP_DAY, date(2013, 3, 1), (366, 12, 1, "1-4")),
        (date(2010, 1, 31), date(2010, 2, 28), (28, 0, 0, "28-364d")),
        (date(2010, 1, 31), date(2010, 3, 1), (29, 1, 0, "28-364d")),
        (date(2009, 5, 1), date(2014, 4, 30), (1825, 59, 4, "1-4")),
        (date(2009, 5, 1), date(2014, 5, 1), (1826, 60, 5, "5-9")),
        (date(2004, 5, 1), date(2014, 4, 30), (3651, 119, 9, "5-9")),
        (date(2004, 5, 1), date(2014, 5, 1), (3652, 120, 10, "10-14")),
        (date(1999, 5, 1), date(2014, 4, 30), (5478, 179, 14, "10-14")),
        (date(1999, 5, 1), date(2014, 5, 1), (5479, 180, 15, "15-17")),
        (date(1996, 5, 1), date(2014, 4, 30), (6573, 215, 17, "15-17")),
        (date(1996, 5, 1), date(2014, 5, 1), (6574, 216, 18, None)),
        (date(1996, 2, 29), date(2014, 2, 28), (6574, 215, 17, "15-17")),
        (date(1996, 2, 29), date(2014, 3, 1), (6575, 216, 18, None)),
    ],
)
def test_an_age_at_death_is_this_many_days_months_years_and_this_band(born_on, died_on, expected):
    found = (
        age_in_days(born_on, died_on),
        completed_months(born_on, died_on),
        completed_years(born_on, died_on),
        age_band(born_on, died_on, BANDS),
    )

    assert found == expected


@given(BORN, LIVED)
@example(LEAP_DAY, 365)
@example(LEAP_DAY, 6575)
def test_years_and_bands_agree_with_counting_birthdays_day_by_day(born_on, lived):
    died_on = born_on + timedelta(days=lived)

    found = (completed_years(born_on, died_on), age_band(born_on, died_on, BANDS))

    assert found == (naive_years(born_on, died_on), naive_band(born_on, died_on))
    assert is_child(born_on, died_on) == (found[1] is not None)


@given(BORN, LIVED)
def test_nobody_grows_younger(born_on, lived):
    on = born_on + timedelta(days=lived)
    months = [completed_months(born_on, on + timedelta(days=later)) for later in (0, 1)]

    assert months[1] - months[0] in (0, 1)


def test_an_unknown_date_of_birth_is_no_age_and_never_0():
    on = date(2014, 5, 1)

    found = [measure(None, on) for measure in (age_in_days, completed_months, completed_years)]

    assert found == [None, None, None]
    assert (age_band(None, on, BANDS), age_in_words(None, on)) == (None, NOT_KNOWN)


@pytest.mark.parametrize(
    "measure",
    [
        age_in_days,
        completed_months,
        completed_years,
        age_in_words,
        lambda born_on, on: age_band(born_on, on, BANDS),
    ],
)
def test_a_death_before_birth_is_refused(measure):
    with pytest.raises(ValueError, match="before the date of birth"):
        measure(date(2014, 5, 2), date(2014, 5, 1))


def test_bands_that_leave_out_an_age_are_refused_rather_than_guessed():
    with pytest.raises(ValueError, match="No age band holds an age of 3 days"):
        age_band(date(2014, 5, 1), date(2014, 5, 4), BANDS[1:])


@pytest.mark.parametrize(
    ("born_on", "on", "words"),
    [
        (date(2014, 5, 1), date(2014, 5, 1), "less than 1 day"),
        (date(2014, 5, 1), date(2014, 5, 2), "1 day"),
        (date(2014, 5, 1), date(2014, 5, 4), "3 days"),
        (date(2014, 5, 1), date(2014, 5, 31), "30 days"),
        (date(2014, 5, 1), date(2014, 6, 1), "1 month"),
        (date(2014, 5, 1), date(2014, 9, 30), "4 months"),
        (date(2014, 5, 1), date(2015, 5, 1), "12 months"),
        (date(2014, 5, 1), date(2016, 4, 30), "23 months"),
        (date(2014, 5, 1), date(2016, 5, 1), "2 years"),
        (LEAP_DAY, date(2029, 12, 31), "17 years"),
    ],
)
def test_an_age_is_told_in_its_largest_sensible_unit(born_on, on, words):
    assert age_in_words(born_on, on) == words


@pytest.mark.parametrize(
    ("days", "years", "words"),
    [
        (None, None, NOT_KNOWN),
        (400, None, NOT_KNOWN),
        (None, 3, NOT_KNOWN),
        (0, 0, "less than 1 day"),
        (1, 0, "1 day"),
        (27, 0, "27 days"),
        (28, 0, "about 1 month"),
        (61, 0, "about 2 months"),
        (364, 0, "about 11 months"),
        (366, 1, "about 12 months"),
        (730, 1, "about 23 months"),
        (731, 2, "2 years"),
        (6573, 17, "17 years"),
    ],
)
def test_an_approximate_age_needs_no_date(days, years, words):
    assert approximate_age(days, years) == words


@given(BORN, st.integers(28, 730))
def test_an_approximate_age_is_never_more_than_a_month_out(born_on, lived):
    on = born_on + timedelta(days=lived)
    months, years = completed_months(born_on, on), completed_years(born_on, on)

    words = approximate_age(lived, years)

    near = [f"about {n} month{'' if n == 1 else 's'}" for n in range(months - 1, months + 2)]
    assert words in near if years < 2 else words == "2 years"
