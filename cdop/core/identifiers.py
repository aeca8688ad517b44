"""NHS numbers, and the references that this system gives out."""

import re
import secrets
import unicodedata
from collections.abc import Sequence
from functools import cache, reduce
from typing import Protocol

from nhs_number import (
    REGION_ENGLAND_WALES_IOM,
    REGION_NORTHERN_IRELAND,
    REGION_SCOTLAND,
    calculate_checksum,
    standardise_format,
)

SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
LONGEST_TYPED = 40
"""Longer than anything that people type for a number or a reference, spaces included."""

SYNTHETIC_PREFIX = "999"


def _compact(text: str) -> str:
    """``text`` without spaces and dashes, full-width characters made plain; "" if far too long."""
    if len(text) > LONGEST_TYPED:
        return ""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text))


def normalise_nhs_number(text: str) -> str | None:
    """The ten digits of an NHS number, however they were spaced; None if it is not ten digits.

    Says nothing about the check digit: see ``nhs_number_problem``.
    """
    compact = _compact(text)
    return standardise_format(compact) or None if compact.isascii() else None


def nhs_number_problem(text: str) -> str:
    """What is wrong with an NHS number, in a sentence; "" if nothing is.

    A warning only: a death is reported with whatever number is at hand. Numbers that begin with
    999 are kept for tests and pass here; ``is_synthetic`` tells them apart.
    """
    number = normalise_nhs_number(text)
    if number is None:
        return _problem_of_form(_compact(text))
    if calculate_checksum(number[:9]) != int(number[9]):
        return "The last digit does not fit the others, so at least one digit is mistyped."
    return "" if is_synthetic(number) else _problem_of_range(number)


def _problem_of_form(compact: str) -> str:
    if compact.isascii() and compact.isdigit():
        return f"An NHS number has 10 digits; this has {len(compact)}."
    return "An NHS number is 10 digits, for example 999 000 0123."


def _problem_of_range(number: str) -> str:
    if REGION_ENGLAND_WALES_IOM.contains_number(number):
        return ""
    if REGION_SCOTLAND.contains_number(number):
        return "This number is in the range that Scotland uses."
    if REGION_NORTHERN_IRELAND.contains_number(number):
        return "This number is in the range that Northern Ireland uses."
    return "This number is in a range that has not been given out in England or Wales."


def format_nhs_number(number: str) -> str:
    """Ten digits as they are read out: "999 000 0123"."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def is_synthetic(number: str) -> bool:
    """Whether ten digits are in the range 999 000 0000 to 999 999 9999, which is kept for tests."""
    return number.startswith(SYNTHETIC_PREFIX)


def synthetic_nhs_number(position: int) -> str:
    """The valid number at ``position`` in the range kept for tests, counted from 1, as ten digits.

    Raises ValueError below 1 and beyond the last of the range.
    """
    left = position - 1
    for thousand in range(1000 if left >= 0 else 0):
        numbers = _synthetic_numbers(thousand)
        if left < len(numbers):
            return numbers[left]
        left -= len(numbers)
    raise ValueError(f"There is no synthetic NHS number at position {position}.")


@cache
def _synthetic_numbers(thousand: int) -> tuple[str, ...]:
    """The valid numbers among a thousand neighbours: about one in eleven has no check digit."""
    stems = (f"{SYNTHETIC_PREFIX}{thousand:03}{last:03}" for last in range(1000))
    checked = ((stem, calculate_checksum(stem)) for stem in stems)
    return tuple(f"{stem}{check}" for stem, check in checked if check is not None and check < 10)


# References are nine symbols of Crockford's base 32, which leaves out I, L, O and U: a letter for
# the kind of thing, seven drawn, one check. Each symbol is an element of the field of 32 elements,
# and the check makes a polynomial over them vanish: with a different power of a generator at each
# place, any one wrong symbol and any swap of two neighbours is found.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Without vowels a reference cannot spell a word, which nobody should meet on a child's record.
DRAWN = ALPHABET.replace("A", "").replace("E", "")
DRAWN_SYMBOLS = 7
FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over two elements
READ_AS = str.maketrans("OIL", "011")
PREFIXES = ALPHABET[10:]
REFERENCE = re.compile(rf"[{PREFIXES}][{ALPHABET}]{{{DRAWN_SYMBOLS + 1}}}")


class Chooser(Protocol):
    """``secrets``, or a ``random.Random`` where the same references must come out again."""

    def choice(self, seq: Sequence[str], /) -> str: ...


def new_reference(prefix: str, random: Chooser = secrets) -> str:
    """A new reference such as "C-4K7M-2QX9", not guessable and not in any order.

    prefix  one capital letter of the alphabet, for the kind of thing that is named
    random  where the symbols are drawn from

    One of some twenty thousand million; whoever stores it still has to keep it unique.
    Raises ValueError for another prefix.
    """
    if len(prefix) != 1 or prefix not in PREFIXES:
        raise ValueError(f"{prefix!r} cannot begin a reference: use one letter but I, L, O or U.")
    while True:
        body = prefix + "".join(random.choice(DRAWN) for _ in range(DRAWN_SYMBOLS))
        check = ALPHABET[_multiplied(_remainder(body))]
        if check in DRAWN:
            return _grouped(body + check)


def normalise_reference(text: str) -> str | None:
    """The reference that ``text`` means, as it is printed; None if it cannot be one.

    Forgives capitals, spaces and dashes, O for 0, and I or L for 1. One mistyped symbol, or two
    neighbours swapped, is always found out.
    """
    compact = _compact(text)
    symbols = compact.upper().translate(READ_AS) if compact.isascii() else ""
    if not REFERENCE.fullmatch(symbols) or _remainder(symbols):
        return None
    return _grouped(symbols)


def _grouped(symbols: str) -> str:
    return f"{symbols[0]}-{symbols[1:5]}-{symbols[5:]}"


def _multiplied(element: int) -> int:
    """The element times the generator of the field."""
    doubled = element << 1
    return doubled ^ FIELD_POLYNOMIAL if doubled & 32 else doubled


def _remainder(symbols: str) -> int:
    """0 for nine symbols that belong together; for the first eight it leads to the ninth."""
    return reduce(lambda total, symbol: _multiplied(total) ^ ALPHABET.index(symbol), symbols, 0)
