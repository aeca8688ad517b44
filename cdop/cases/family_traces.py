"""The searchable traces of a family: parts of names and telephone numbers, under the secret key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cdop.core import names, sealing

NAME, SOUND, NUMBER = "name", "name_sound", "telephone"
DIGITS_OF_A_NUMBER = 6
TELEPHONE = re.compile(r"\+?\d[\d\s()-]{4,}\d")

Trace = tuple[str, str]
"""Its kind, and the HMAC."""


def of(people: Iterable[dict[str, str]]) -> set[Trace]:
    """Every trace by which these people can be found."""
    found: set[Trace] = set()
    for person in people:
        for part in names.parts(person.get("name", "")):
            found |= set(of_name(part))
        found |= {of_number(number) for number in numbers(person)}
    return found


def of_name(part: str) -> Iterator[Trace]:
    """The traces of one part of a name: by its letters, and by its sound."""
    yield NAME, sealing.token(NAME, part)
    yield SOUND, sealing.token(SOUND, names.phonetic(part))


def of_number(digits: str) -> Trace:
    """The trace of a telephone number, as ``digits`` gives it."""
    return NUMBER, sealing.token(NUMBER, digits)


def numbers(person: dict[str, str]) -> set[str]:
    """The telephone numbers of a person, as far as they stand in what was typed."""
    written = TELEPHONE.findall(" ".join(person.values()))
    return {number for each in written if (number := as_number(each))}


def as_number(typed: str) -> str:
    """A telephone number as it is compared: its digits, without the code of the country.

    "" where there are too few of them to be one.
    """
    digits = re.sub(r"\D", "", typed.replace("(0)", ""))
    for code in ("0044", "44") if typed.strip().startswith(("+", "00")) else ():
        if digits.startswith(code):
            digits = "0" + digits.removeprefix(code)
            break
    return digits if len(digits) >= DIGITS_OF_A_NUMBER else ""
