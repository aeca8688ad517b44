"""What people type into a box, read: text, dates in three boxes, times, people.

A ValidationError says in a sentence what to change and, where there are several boxes, names those
that are wrong in ``params["parts"]``.
"""

import re
import unicodedata
from calendar import isleap
from collections.abc import Sequence
from datetime import date, time
from typing import NamedTuple

from django.core.exceptions import ValidationError

NAME_LIMIT = 200
EARLIEST_YEAR = 1900
LATEST_YEAR = 2100
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

# Isolates and overrides of writing direction: invisible, and able to make a name or a number
# read as another one. Letters of right-to-left scripts carry their direction themselves.
DIRECTION_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def tidy(typed: object, *, lines: bool = False) -> str:
    """What was typed, composed (NFC), without control characters and space at the ends.

    With ``lines`` line breaks stay, each as one line feed. Emoji and every script stay as they are.
    """
    text = unicodedata.normalize("NFC", str(typed)).translate(DIRECTION_CONTROLS)
    text = re.sub(r"\r\n?", "\n", text)
    kept = "\n\t" if lines else ""
    plain = (
        character if character in kept or unicodedata.category(character) != "Cc" else " "
        for character in text.replace("\0", "")
    )
    return "".join(plain).strip()


class DateParts(NamedTuple):
    """The three boxes of a date, as typed."""

    day: str = ""
    month: str = ""
    year: str = ""

    @classmethod
    def of(cls, value: object) -> "DateParts":
        """The boxes for a date, for what was typed before, or for nothing."""
        if isinstance(value, date):
            return cls(str(value.day), str(value.month), str(value.year))
        return cls(*map(str, value)) if isinstance(value, tuple | list) else cls()

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the empty boxes."""
        return tuple(name for name, part in zip(self._fields, self, strict=True) if not part)


def read_date(parts: DateParts, noun: str) -> date:
    """The date in three boxes. Raises ValidationError naming the boxes that are wrong."""
    if parts.missing:
        raise _wrong(f"{noun} must include a {_and(parts.missing)}", *parts.missing)
    day, month, year = _figure(parts.day), _month(parts.month), _figure(parts.year)
    if not 1 <= day <= 31:
        raise _wrong(f"{noun} must have a day from 1 to 31", "day")
    if not month:
        raise _wrong(f"{noun} must have a month from 1 to 12, or its name", "month")
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        years = f"{EARLIEST_YEAR} to {LATEST_YEAR}"
        raise _wrong(f"{noun} must have a year in 4 figures, from {years}", "year")
    if day > LONGEST_MONTH[month - 1]:
        raise _wrong(f"There is no {day} {MONTHS[month - 1]}", "day", "month")
    if (month, day) == (2, 29) and not isleap(year):
        raise _wrong(f"There is no 29 February in {year}", "day", "month", "year")
    return date(year, month, day)


TIME = re.compile(r"(?P<hour>\d{1,2})([:.h ]?(?P<minute>\d{2}))? ?((?P<half>[ap])\.?m\.?)?")
TIME_WORDS = {"midday": time(12), "noon": time(12), "midnight": time(0)}


def read_time(typed: str) -> time:
    """The time in lower-case words or figures. Raises ValidationError saying how to write it."""
    if typed in TIME_WORDS:
        return TIME_WORDS[typed]
    found = TIME.fullmatch(typed)
    if not found or not (found["minute"] or found["half"]):
        raise ValidationError("Enter the time in hours and minutes, such as 14:30 or 2:30pm")
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if (hour, minute, half) == (24, 0, None):
        raise ValidationError("Write midnight as 00:00, with the date of the day that begins")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half and (half == "a" or hour == 0):
        raise ValidationError(f"There is no {typed}. Enter the time as 14:30 or 2:30pm.")
    if hour > 23 or minute > 59:
        raise ValidationError(f"There is no {typed}. Enter the time as 14:30 or 2:30pm.")
    return time(hour, minute)


class Person(NamedTuple):
    """One of several people, as typed. ``details`` holds whatever else helps: a date of birth, a
    telephone number, where somebody works."""

    name: str = ""
    relationship: str = ""
    details: str = ""


def read_person(person: Person, row: int) -> dict[str, str]:
    """One person as an answer to keep; ``row`` counts from 0. ValidationError names its boxes."""
    for part, typed in person._asdict().items():
        if len(typed) > NAME_LIMIT:
            sentence = f"must be {NAME_LIMIT} characters or fewer. You typed {len(typed):,}."
            raise _wrong(f"{part.capitalize()} of person {row + 1} {sentence}", f"{row}-{part}")
    return person._asdict()


def _wrong(sentence: str, *parts: str) -> ValidationError:
    return ValidationError(sentence, params={"parts": parts})


def _figure(typed: str) -> int:
    """The number typed; 0, which no box of a date may hold, for anything else."""
    return int(typed) if typed.isdecimal() and len(typed) <= 4 else 0


def _month(typed: str) -> int:
    """The month from 1 to 12, by figure or by at least three letters of its name; else 0."""
    word = typed.lower().rstrip(".")
    named = [name.lower().startswith(word) for name in MONTHS]
    if len(word) >= 3 and any(named):
        return named.index(True) + 1
    return _figure(typed) if _figure(typed) <= 12 else 0


def _and(words: Sequence[str]) -> str:
    """ "day", "day and year"."""
    return " and ".join(words)
