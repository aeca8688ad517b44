"""What people type into a box, read: text, dates in three boxes, times, people.

A ValidationError says in a sentence what to change and, where there are several boxes, names those
that are wrong in ``params["parts"]``.
"""

import re
import unicodedata
from calendar import isleap
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import NamedTuple

from django.core.exceptions import ValidationError

NAME_LIMIT = 200
EARLIEST_YEAR = 1900
LATEST_YEAR = 2100
FIGURES_OF_A_YEAR = 4
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


# What people type into a box for a number, a time or an address of which they know nothing.
NOT_KNOWN_WORDS = frozenset(
    ["not known", "unknown", "not sure", "don't know", "dont know", "do not know", "n/k", "nk", "?"]
)


def says_not_known(typed: str) -> bool:
    """Whether somebody wrote that they do not know, where a box may as well stay empty."""
    return " ".join(typed.lower().replace("\u2019", "'").rstrip(".").split()) in NOT_KNOWN_WORDS


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
    if len(parts.year) != FIGURES_OF_A_YEAR or not parts.year.isdecimal():
        raise _wrong(f"{noun} must have a year of four numbers, like 2026", "year")
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        years = f"{EARLIEST_YEAR} to {LATEST_YEAR}"
        raise _wrong(f"{noun} must have a year from {years}", "year")
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


BETWEEN_WEEKS_AND_DAYS = re.compile(r"/ ?40|weeks?|days?|and|[wd+]")
DAYS_OF_A_WEEK = 7


def read_weeks(typed: str) -> tuple[int, int]:
    """Weeks and days of a pregnancy in lower-case words, such as 39, 24+3 or 24 weeks 3 days.

    Raises ValidationError saying how to write them.
    """
    figures = BETWEEN_WEEKS_AND_DAYS.sub(" ", typed).split()
    if not 1 <= len(figures) <= 2 or not all(f.isdecimal() and len(f) <= 3 for f in figures):
        raise ValidationError("Enter the weeks in figures, such as 39 or 24+3")
    weeks, days = int(figures[0]), int(figures[-1]) if len(figures) > 1 else 0
    if days >= DAYS_OF_A_WEEK:
        raise ValidationError("After the weeks there can be 0 to 6 days, such as 24+3")
    return weeks, days


class Person(NamedTuple):
    """One of the family, as typed. ``details`` holds whatever else helps: a date of birth, an
    address, a telephone number."""

    name: str = ""
    relationship: str = ""
    details: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> "Person":
        """The person of an answer that was kept."""
        return cls(**kept)

    @property
    def words(self) -> str:
        """The person on one line."""
        return ", ".join(filter(None, self))


TOLD = {
    "yes": "has been told of the death",
    "no": "has not been told of the death",
    "not_known": "not known whether they have been told of the death",
}


class Professional(NamedTuple):
    """One professional who knew the child, as typed. ``told`` is a code of ``TOLD`` or ""."""

    name: str = ""
    role: str = ""
    organisation: str = ""
    telephone: str = ""
    told: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> "Professional":
        """The professional of an answer that was kept.

        Until professionals had boxes of their own they were kept as ``Person`` is.
        """
        if "relationship" not in kept:
            return cls(**kept)
        return cls(kept["name"], role=kept["relationship"], organisation=kept["details"])

    @property
    def words(self) -> str:
        """The professional on one line."""
        return ", ".join(filter(None, (*self[:-1], TOLD.get(self.told, ""))))


def read_person(person: Person | Professional, row: int) -> dict[str, str]:
    """One person as an answer to keep; ``row`` counts from 0. ValidationError names its boxes."""
    typed = person._asdict()
    for part, text in typed.items():
        if len(text) > NAME_LIMIT:
            sentence = f"must be {NAME_LIMIT} characters or fewer. You typed {len(text):,}."
            raise _wrong(f"{part.capitalize()} of person {row + 1} {sentence}", f"{row}-{part}")
    if typed.get("told", "") not in ("", *TOLD):
        raise _wrong("Choose one of the answers on the page", f"{row}-told")
    return typed


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
