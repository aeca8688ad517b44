"""Ages, which follow birthdays and calendar days.

A date of birth that is not known gives None, never 0: an age of 0 is the age of a newborn child.
A death before birth is refused with ValueError wherever both dates are given.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from cdop.editions.schema import CHILDHOOD_YEARS, AgeBand

DAYS_IN_A_MONTH = 365.25 / 12
NOT_KNOWN = "age not known"


def birthday(born_on: date, years: int) -> date:
    """The day that completes so many years; for a child born on 29 February, 1 March if need be."""
    year = born_on.year + years
    try:
        return born_on.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def age_in_days(born_on: date | None, on: date) -> int | None:
    """Days from the day of birth, which is 0, to ``on``."""
    if born_on is None:
        return None
    if on < born_on:
        raise ValueError("The date of death is before the date of birth.")
    return (on - born_on).days


def completed_months(born_on: date | None, on: date) -> int | None:
    """Whole months of age. A month without the day of birth completes on the 1st of the next."""
    if born_on is None or age_in_days(born_on, on) is None:
        return None
    months = 12 * (on.year - born_on.year) + on.month - born_on.month
    return months - 1 if on.day < born_on.day else months


def completed_years(born_on: date | None, on: date) -> int | None:
    """Age in whole years, which changes on the birthday."""
    months = completed_months(born_on, on)
    return None if months is None else months // 12


def is_child(born_on: date, on: date) -> bool:
    """Whether ``on`` comes before the 18th birthday."""
    return on < birthday(born_on, CHILDHOOD_YEARS)


def age_band(born_on: date | None, died_on: date, bands: Iterable[AgeBand]) -> str | None:
    """The code of the band that holds the age at death.

    None if the date of birth is not known, and from the 18th birthday on, which is out of scope;
    the caller knows which of the two it is.

    Raises ValueError if the child died before birth, or at an age that ``bands`` leave out.
    """
    days = age_in_days(born_on, died_on)
    if born_on is None or not is_child(born_on, died_on):
        return None
    for band in bands:
        first = _reached(born_on, band.from_days, band.from_years)
        beyond = _reached(born_on, band.until_days, band.until_years)
        if first <= died_on < beyond:
            return band.code
    raise ValueError(f"No age band holds an age of {days} days.")


def _reached(born_on: date, days: int | None, years: int | None) -> date:
    """The day on which a child reaches an age that is given in days or else in years."""
    return birthday(born_on, years or 0) if days is None else born_on + timedelta(days=days)


def age_in_words(born_on: date | None, on: date) -> str:
    """The age in its largest sensible unit.

    Days until a month is complete, months until the second birthday, then years: "3 days",
    "4 months", "2 years".
    """
    days = age_in_days(born_on, on)
    months = completed_months(born_on, on)
    if days is None or months is None:
        return NOT_KNOWN
    if days == 0:
        return "less than 1 day"
    if months == 0:
        return _count(days, "day")
    return _count(months, "month") if months < 24 else _count(months // 12, "year")


def approximate_age(days: int | None, years: int | None) -> str:
    """The age in words from a case's facts alone, for a reader who must not know the dates.

    days   age in days
    years  completed years

    Days to the 27th, then "about 4 months" until the second birthday, then years.
    """
    if days is None or years is None:
        return NOT_KNOWN
    if days == 0:
        return "less than 1 day"
    if days < 28:
        return _count(days, "day")
    if years < 2:
        return f"about {_count(max(1, int(days / DAYS_IN_A_MONTH)), 'month')}"
    return _count(years, "year")


def _count(number: int, unit: str) -> str:
    return f"1 {unit}" if number == 1 else f"{number} {unit}s"
