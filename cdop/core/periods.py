"""The spans of whole months over which deaths are counted, and how they are written.

| written                | means                                                          |
|------------------------|----------------------------------------------------------------|
| 2014-15                | the year from 1 April 2014 to 31 March 2015                    |
| 2014-15-Q1             | its first quarter, April to June                               |
| 2010-11--2014-15       | five such years pooled                                         |
| 2014-04--2014-12       | any other whole months                                         |
| 2010-11-01--2011-12-31 | the same by first and last day, where the months would look    |
|                        | like years                                                     |

"2010-11" is a year and not November 2010, so November 2010 to December 2011 is written by its days.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from cdop.core.dates import month_of

APRIL = 4
MONTHS_IN_A_YEAR = 12
MONTHS_IN_A_QUARTER = 3
LONGEST_SHOWN = 40

YEAR = re.compile(r"([12][0-9]{3})-([0-9]{2})")
QUARTERS = ("1", "2", "3", "4")
MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")
DAY = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
HOW_TO_WRITE = (
    "Write a year as 2014-15, a quarter as 2014-15-Q1, pooled years as 2010-11--2014-15, or "
    "months as 2014-04--2014-12."
)


def _ordinal(month: date) -> int:
    return MONTHS_IN_A_YEAR * month.year + month.month - 1


def _month(ordinal: int) -> date:
    year, index = divmod(ordinal, MONTHS_IN_A_YEAR)
    return date(year, index + 1, 1)


@dataclass(frozen=True, order=True)
class Period:
    """Whole months from ``first_month`` to ``last_month``, each the first day of its month.

    Raises ValueError if either is another day, or if they are the wrong way round.
    """

    first_month: date
    last_month: date

    def __post_init__(self) -> None:
        if self.first_month.day != 1 or self.last_month.day != 1:
            raise ValueError("A period is made of whole months, each given by its first day.")
        if self.last_month < self.first_month:
            raise ValueError("A period cannot end before it begins.")

    @classmethod
    def year(cls, begins_in: int) -> "Period":
        """The year that begins on 1 April of ``begins_in``."""
        return cls(date(begins_in, APRIL, 1), date(begins_in + 1, APRIL - 1, 1))

    @classmethod
    def of(cls, day: date) -> "Period":
        """The financial year of ``day``."""
        return cls.year(day.year if day.month >= APRIL else day.year - 1)

    @classmethod
    def quarter_of(cls, day: date) -> "Period":
        """The quarter of ``day``."""
        first = _ordinal(day) - _ordinal(day) % MONTHS_IN_A_QUARTER
        return cls(_month(first), _month(first + MONTHS_IN_A_QUARTER - 1))

    @classmethod
    def parse(cls, text: str) -> "Period":
        """The period that ``text`` names; see the module for the forms.

        Raises ValueError with a sentence that says what is wrong and how to write it.
        """
        try:
            return _parsed(text.strip())
        except ValueError as problem:
            shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
            raise ValueError(f"“{shown}” is not a period. {problem}") from None

    @property
    def last_day(self) -> date:
        """The last day of the last month."""
        return _month(_ordinal(self.last_month) + 1) - timedelta(days=1)

    @property
    def is_year(self) -> bool:
        """Whether it is one year from April to March."""
        return self.is_years and len(self) == MONTHS_IN_A_YEAR

    @property
    def is_years(self) -> bool:
        """Whether it is made of whole years from April to March, one or more."""
        return self.first_month.month == APRIL and len(self) % MONTHS_IN_A_YEAR == 0

    @property
    def is_quarter(self) -> bool:
        """Whether it is one quarter of a year."""
        return self == self.quarter_of(self.first_month)

    @property
    def label(self) -> str:
        """Its months in words: "April 2014 to March 2015", or one month alone."""
        ends = f"{self.first_month:%B %Y}", f"{self.last_month:%B %Y}"
        return " to ".join(dict.fromkeys(ends))

    def __len__(self) -> int:
        """How many months it has."""
        return _ordinal(self.last_month) - _ordinal(self.first_month) + 1

    def __str__(self) -> str:
        if self.is_year:
            return _year_text(self.first_month)
        if self.is_quarter:
            quarter = (self.first_month.month - APRIL) % MONTHS_IN_A_YEAR // MONTHS_IN_A_QUARTER + 1
            return f"{Period.of(self.first_month)}-Q{quarter}"
        if self.is_years:
            return f"{_year_text(self.first_month)}--{Period.of(self.last_month)}"
        return _months_text(self)

    def contains(self, day: date) -> bool:
        """Whether ``day``, or the month that it stands for, lies in the period."""
        return self.first_month <= month_of(day) <= self.last_month

    def months(self) -> tuple[date, ...]:
        """Every month, as its first day."""
        return tuple(_month(ordinal) for ordinal in self._ordinals())

    def quarters(self) -> tuple["Period", ...]:
        """The quarters that lie in it whole."""
        return self._whole(Period.quarter_of)

    def years(self) -> tuple["Period", ...]:
        """The years, April to March, that lie in it whole."""
        return self._whole(Period.of)

    def previous(self) -> "Period":
        """As many months, immediately before."""
        return self._moved(-len(self))

    def next(self) -> "Period":
        """As many months, immediately after."""
        return self._moved(len(self))

    def _ordinals(self) -> range:
        return range(_ordinal(self.first_month), _ordinal(self.last_month) + 1)

    def _moved(self, months: int) -> "Period":
        ordinals = self._ordinals()
        return Period(_month(ordinals[0] + months), _month(ordinals[-1] + months))

    def _whole(self, of: Callable[[date], "Period"]) -> tuple["Period", ...]:
        parts = dict.fromkeys(of(month) for month in self.months())
        return tuple(part for part in parts if self._holds(part))

    def _holds(self, part: "Period") -> bool:
        return self.first_month <= part.first_month and part.last_month <= self.last_month


def _year_text(first_month: date) -> str:
    return f"{first_month.year}-{(first_month.year + 1) % 100:02}"


def _months_text(period: Period) -> str:
    first, last = f"{period.first_month:%Y-%m}", f"{period.last_month:%Y-%m}"
    if _is_year(first) and _is_year(last):
        return f"{period.first_month}--{period.last_day}"
    return f"{first}--{last}"


def _is_year(text: str) -> bool:
    match = YEAR.fullmatch(text)
    return match is not None and (int(match[1]) + 1) % 100 == int(match[2])


def _parsed(text: str) -> Period:
    first, between, last = text.partition("--")
    if not between:
        return _year_or_quarter(text)
    if DAY.fullmatch(first) and DAY.fullmatch(last):
        return _whole_months(_day(first), _day(last))
    # Years go first: "2010-11" is also how November 2010 is written.
    if _is_year(first) and _is_year(last):
        return Period(_year(first).first_month, _year(last).last_month)
    if MONTH.fullmatch(first) and MONTH.fullmatch(last):
        return Period(date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01"))
    raise ValueError(HOW_TO_WRITE)


def _year_or_quarter(text: str) -> Period:
    year, between, quarter = text.partition("-Q")
    if not between:
        return _year(text)
    if quarter not in QUARTERS:
        raise ValueError("A year has the quarters Q1 to Q4.")
    return _year(year).quarters()[QUARTERS.index(quarter)]


def _year(text: str) -> Period:
    match = YEAR.fullmatch(text)
    if not match:
        raise ValueError(HOW_TO_WRITE)
    year = Period.year(int(match[1]))
    if not _is_year(text):
        raise ValueError(f"The year that begins in April {match[1]} is written {year}.")
    return year


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is not a date.") from None


def _whole_months(first_day: date, last_day: date) -> Period:
    period = Period(month_of(first_day), month_of(last_day))
    if (first_day, last_day) != (period.first_month, period.last_day):
        raise ValueError("A period begins on the first day of a month and ends on the last.")
    return period
