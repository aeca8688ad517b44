"""From a cell to a value, each kind with the sentence that says why it cannot be read.

No sentence here repeats what stood in the cell, so that a list of them can be handed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from rapidfuzz import fuzz, process

from cdop.core.fields import LONG_TEXT_LIMIT, TEXT_LIMIT
from cdop.core.identifiers import normalise_nhs_number
from cdop.core.periods import Period
from cdop.core.postcodes import normalise_postcode
from cdop.core.typed import EARLIEST_YEAR, DateParts, read_date, read_time, tidy

A_FORMULA = re.compile(r"[=@]|[+-][A-Za-z@=]")
A_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})[-/. ]+(?P<month>\d{1,2}|[A-Za-z]{3,9}\.?)[-/., ]+(?P<year>\d+)", re.ASCII
)
A_YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
AT_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
THE_SECOND = re.compile(r"^(\d{1,2})(st|nd|rd|th)\b")
YES, NO = frozenset(("yes", "y", "true", "1")), frozenset(("no", "n", "false", "0"))
UNKNOWN = frozenset(("notknown", "unknown", "nk", "notknownornotrecorded", "notrecorded"))
NEAREST, NEAR_ENOUGH = 3, 60

FORMULA = "This begins like a formula. Paste the values of the cells instead of their formulas."
TWO_FIGURES = "Write the year in four figures: with two it is not clear which century is meant."
NO_DATE = "This is not a date. Write the day first, such as 27/3/2012 or 27 March 2012."
A_NUMBER = (
    "This is a number and no date. Some files count days from 1900 and some from 1904, and nothing "
    "here says which. Format the column as dates."
)
AN_ERROR = "This is an error of the spreadsheet, such as #REF!. Correct the cell."
WITH_TIME = "A time stands beside this date. Put it into the column for the time."


class Bad(Exception):
    """A cell cannot be read; the sentence says why, without what stood in it."""


class CellError:
    """What stands in a cell that holds an error of the spreadsheet."""

    def __str__(self) -> str:
        return "#…"


def text(value: Any, *, lines: bool = False) -> str:
    """Text as it was typed; a whole number without its point."""
    said = tidy(_plain(value), lines=lines)
    limit = LONG_TEXT_LIMIT if lines else TEXT_LIMIT
    if A_FORMULA.match(said):
        raise Bad(FORMULA)
    if len(said) > limit:
        raise Bad(f"This has {len(said):,} characters; at most {limit:,} can be kept.")
    return said


def long_text(value: Any) -> str:
    """Text of several lines."""
    return text(value, lines=True)


def day(value: Any) -> date:
    """A date, of a cell of dates or written in the British order; never with a year of two figures.

    A number that no format makes a date is refused: two ways of counting days are in use, and
    nothing says which of them is meant.
    """
    if isinstance(value, datetime):
        if value.time() != time.min:
            raise Bad(WITH_TIME)
        return _possible(value.date())
    if isinstance(value, date):
        return _possible(value)
    if isinstance(value, time | bool):
        raise Bad(NO_DATE)
    return _possible(_written_day(AT_MIDNIGHT.sub("", tidy(_plain(value)))))


def clock(value: Any) -> time:
    """A time of day in hours and minutes."""
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    try:
        return read_time(_without_seconds(tidy(_plain(value)).lower()))
    except ValidationError as error:
        raise Bad("This is not a time. Write it such as 14:30 or 2:30pm.") from error


def whole(value: Any, most: int) -> int:
    """A whole number from 0 to ``most``."""
    said = _plain(value).strip()
    if not (said.isascii() and said.isdigit()) or int(said[:9]) > most:
        raise Bad(f"This is not a whole number from 0 to {most}.")
    return int(said)


def year(value: Any) -> str:
    """A year from April to March, such as 2012-13."""
    try:
        period = Period.parse(_plain(value).strip().replace("/", "-"))
    except ValueError as error:
        raise Bad("Write the year such as 2012-13, from April to March.") from error
    if not period.is_year:
        raise Bad("Write one year, such as 2012-13.")
    return str(period)


def said(on: date) -> str:
    """A date in words."""
    return f"{on.day} {on:%B %Y}"


def nhs_number(value: Any) -> str:
    """Ten digits. A check digit that does not fit is no reason to refuse a case."""
    number = normalise_nhs_number(tidy(_plain(value)))
    if number is None:
        raise Bad("An NHS number has 10 digits. Leave the cell empty where it is not known.")
    return number


def postcode(value: Any) -> str:
    """A postcode as it is written, or as it was typed where it does not look like one."""
    said = text(value)
    return normalise_postcode(said) or said


def file_names(value: Any) -> tuple[str, ...]:
    """Names of files with ``;`` between them, each once."""
    names = (name.strip() for name in long_text(value).split(";"))
    return tuple(dict.fromkeys(name for name in names if name))


def yes_no(value: Any) -> bool:
    said = _folded(_plain(value))
    if said not in YES | NO:
        raise Bad("Write yes or no.")
    return said in YES


def word(value: Any, known: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """The code that a word means.

    known   every way of writing it, folded, with its code
    labels  the words to propose, with their codes
    An unknown word is refused, with the nearest that are known.
    """
    said = _plain(value)
    if code := known.get(_folded(said)):
        return code
    raise Bad(f"This word is not known here. {_nearest(said, labels)}")


def known_words(labels: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Ways of writing each of (code, label): the label, the code, and "unknown" for not known."""
    found: dict[str, str] = {}
    for code, label in labels:
        found |= {_folded(label): code, _folded(code): code}
        if code == "not_known":
            found |= dict.fromkeys(UNKNOWN, code)
    return found


def _nearest(said: str, labels: Mapping[str, str]) -> str:
    near = process.extract(
        said.casefold(),
        {label: label.casefold() for label in labels},
        scorer=fuzz.WRatio,
        limit=NEAREST,
        score_cutoff=NEAR_ENOUGH,
    )
    if not near:
        return "The guide lists the words of this column."
    return f"Nearest: {', '.join(f'“{label}”' for _, _, label in near)}."


def _plain(value: Any) -> str:
    """A cell as text: 12.0 is 12, and 9990000123.0 is 9990000123."""
    if isinstance(value, CellError):
        raise Bad(AN_ERROR)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return str(value)


def _written_day(said: str) -> date:
    said = THE_SECOND.sub(r"\1", said)
    found = A_YEAR_FIRST.fullmatch(said) or A_DAY_FIRST.fullmatch(said)
    if not found:
        raise Bad(A_NUMBER if said.isdecimal() else NO_DATE)
    if len(found["year"]) == 2:
        raise Bad(TWO_FIGURES)
    try:
        return read_date(DateParts(found["day"], found["month"], found["year"]), "The date")
    except ValidationError as error:
        raise Bad(f"{error.messages[0]}. {_order(found['month'])}".strip()) from error


def _order(month: str) -> str:
    return "The day comes first." if month.isdecimal() and int(month) > 12 else ""


def _possible(on: date) -> date:
    if on.year < EARLIEST_YEAR:
        raise Bad(f"The year is before {EARLIEST_YEAR}.")
    return on


def _without_seconds(said: str) -> str:
    return re.sub(r"^(\d{1,2}:\d{2}):\d{2}(\.\d+)?$", r"\1", said)


def _folded(said: str) -> str:
    return "".join(letter for letter in said.casefold() if letter.isalnum())
