"""Words by which an identity is known, looked for in a text in every usual spelling.

Nothing here reads a record: ``panel.redaction`` opens the identity and hands the words over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError

from cdop.cases.identity import IdentityRecord
from cdop.core import names
from cdop.core.typed import MONTHS, DateParts, read_date
from cdop.panel.everyday_words import EVERYDAY, GENERIC, ORDINALS, STREETS

SHORTEST_JOINED = 5
"""Letters that neighbouring words must have together to be read as one name written apart."""
GAP = r"[\s.\-\u2010-\u2015/()]*"


@dataclass(frozen=True)
class Hit:
    """One place in a text that says who the child was.

    kind   what was found, in words ("the child's name")
    line   counted from 1
    words  what stands there
    """

    kind: str
    line: int
    words: str

    @property
    def sentence(self) -> str:
        return f"Line {self.line} has “{self.words}”, which is {self.kind}. {ADVICE[self.kind]}"


CHILD, MOTHER, CARER, SIBLING = (
    "part of the child's name",
    "part of the mother's name",
    "part of a carer's name",
    "part of the name of a brother, sister or other person of the household",
)
BORN, DIED, RELATIVE_BORN = "the date of birth", "the date of death", "a date about a relative"
NUMBER, POSTCODE, ADDRESS = "the NHS number", "the postcode", "part of the address"
TELEPHONE = "a relative's number"
WORKER, ORGANISATION = "the name of somebody who worked with the family", "the name of a service"
ADVICE = {
    CHILD: "Write “the child”.",
    MOTHER: "Write “mother”.",
    CARER: "Write “father”, “carer” or what they were to the child.",
    SIBLING: "Write “brother”, “sister” or what they were to the child.",
    BORN: "Write an age instead.",
    DIED: "Write the time before or after death in days instead.",
    RELATIVE_BORN: "Write an age instead.",
    NUMBER: "Take it out.",
    POSTCODE: "Take it out.",
    ADDRESS: "Write “home” or the kind of place.",
    TELEPHONE: "Take it out.",
    WORKER: "Write what they did, such as “the health visitor”.",
    ORGANISATION: "Write the kind of service, such as “the hospital”.",
}
SHORTEST_NUMBER = {NUMBER: 6, POSTCODE: 5, TELEPHONE: 6, WORKER: 6}
DATE_IN_TEXT = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s/.,-]+(\w+)[\s/.,-]+(\d{4})")
NUMBER_IN_TEXT = re.compile(r"\d[\d\s-]{4,}\d")


@dataclass(frozen=True)
class Terms:
    """What to look for, each with its kind.

    numbers   letters and digits without spaces: NHS number, postcode, telephone numbers
    address   folded lines
    services  names of services, schools and hospitals, folded
    initials  of each person, in the order of their names, in capitals
    died_on   from which other dates are counted in days
    areas     names of areas, folded, which may stand in a text
    """

    names: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, date], ...]
    numbers: tuple[tuple[str, str], ...]
    address: tuple[str, ...]
    services: tuple[str, ...] = ()
    initials: tuple[tuple[str, str], ...] = ()
    died_on: date | None = None
    areas: frozenset[str] = frozenset()


def terms(known: IdentityRecord, died_on: date | None, areas: Iterable[str] = ()) -> Terms:
    """What the identity gives to look for. The names of ``areas`` may stand in a text."""
    relatives = [*known.carers, *known.siblings]
    told = " ; ".join(person.get("details", "") for person in relatives)
    born = [(BORN, date.fromisoformat(known.date_of_birth))] if known.date_of_birth else []
    died = [(DIED, died_on)] if died_on else []
    numbers = [(NUMBER, known.nhs_number), (POSTCODE, known.postcode)]
    numbers += [(TELEPHONE, number) for number in NUMBER_IN_TEXT.findall(told)]
    return Terms(
        names=tuple((kind, name) for kind, name in _people(known) if name),
        dates=(*born, *died, *((RELATIVE_BORN, day) for day in _dates_in(told))),
        numbers=tuple((kind, "".join(filter(str.isalnum, text))) for kind, text in numbers),
        address=_address_lines(known.address, areas),
        initials=_initials(
            [(CHILD, known.full_name), *(each for each in _people(known) if each[0] != CHILD)]
        ),
        died_on=died_on,
        areas=frozenset(map(folded, areas)),
    )


def with_workers(
    sought: Terms, workers: Iterable[str], telephones: Iterable[str], services: Iterable[str]
) -> Terms:
    """The same with the names of those who worked with the family, and of their services."""
    people = [(WORKER, name) for name in dict.fromkeys(workers) if name]
    short = {part for name in services for part in _short_forms(folded(name), sought.areas)}
    words = [(ORGANISATION, each) for each in sorted(short) if " " not in each]
    numbers = ((WORKER, "".join(filter(str.isalnum, each))) for each in telephones)
    return replace(
        sought,
        names=(*sought.names, *people, *words),
        numbers=(*sought.numbers, *numbers),
        services=tuple(sorted(each for each in short if " " in each)),
        initials=(*sought.initials, *_initials(people)),
    )


def together(several: Iterable[Terms], areas: Iterable[str]) -> Terms:
    """What to look for in a text about several cases; no day is counted from a death in it."""
    rows = list(several)

    def all_of(name: str) -> tuple:
        return tuple(dict.fromkeys(each for row in rows for each in getattr(row, name)))

    return Terms(
        names=all_of("names"),
        dates=all_of("dates"),
        numbers=all_of("numbers"),
        address=all_of("address"),
        services=all_of("services"),
        initials=all_of("initials"),
        areas=frozenset(map(folded, areas)),
    )


def _short_forms(service: str, areas: frozenset[str]) -> Iterator[str]:
    """A service's name, and what is left of it as its last, usual words are left out."""
    words = service.split()
    while words:
        telling = [word for word in words if word not in GENERIC and word not in areas]
        if telling and (len(words) > 1 or len(words[0]) >= SHORTEST_JOINED):
            yield " ".join(words)
        if words[-1] not in GENERIC:
            return
        words = words[:-1]


def _initials(people: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    found = (
        (kind, "".join(part[0] for part in names.parts(name)).upper()) for kind, name in people
    )
    return tuple((kind, each) for kind, each in found if each.isascii() and each.isalpha())


def _people(known: IdentityRecord) -> list[tuple[str, str]]:
    return [
        *((CHILD, name) for name in (known.given_names, known.family_name, known.other_names)),
        (MOTHER, known.mother_name),
        *((CARER, person.get("name", "")) for person in known.carers),
        *((SIBLING, person.get("name", "")) for person in known.siblings),
    ]


def _dates_in(told: str) -> Iterator[date]:
    for day, month, year in DATE_IN_TEXT.findall(told):
        with suppress(ValidationError):
            yield read_date(DateParts(day, month, year), "The date")


Span = tuple[int, int, str]
"""First character, the one after the last, and what stands there."""


def found(text: str, sought: Terms) -> list[Hit]:
    """The places in ``text`` where one of the terms stands, in order, each place once."""
    plain = plain_text(text)
    return [
        Hit(kind, plain.count("\n", 0, start) + 1, plain[start:end])
        for start, end, kind in apart(spans(plain, sought))
    ]


def plain_text(text: str) -> str:
    """The text as it is searched: one way of writing each letter, nothing that is not seen."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not _unseen(c))


def spans(plain: str, sought: Terms) -> list[Span]:
    """Where the terms stand in a plain text, in any order; places may overlap."""
    return [
        *_numbers(plain, sought.numbers),
        *_dates(plain, sought.dates),
        *_lines(plain, sought.address, ADDRESS),
        *_lines(plain, sought.services, ORGANISATION),
        *_names(plain, sought.names),
    ]


def apart(overlapping: Iterable[Span]) -> list[Span]:
    """The places in order, without those that begin inside another."""
    kept, reached = [], 0
    for span in sorted(overlapping, key=lambda span: (span[0], -span[1])):
        if span[0] >= reached:
            kept.append(span)
            reached = span[1]
    return kept


@dataclass(frozen=True)
class Word:
    """A run of letters and digits, folded, with where it stands in the text."""

    folded: str
    start: int
    end: int


def _numbers(plain: str, numbers: Iterable[tuple[str, str]]) -> Iterator[Span]:
    for kind, characters in numbers:
        if len(characters) >= SHORTEST_NUMBER[kind]:
            apart = GAP.join(map(re.escape, characters))
            yield from _spans(rf"(?<![^\W_]){apart}(?![^\W_])", plain, kind)


def _dates(plain: str, dates: Iterable[tuple[str, date]]) -> Iterator[Span]:
    for kind, day in dates:
        for pattern in _spellings(day):
            yield from _spans(pattern, plain, kind)


def _spellings(day: date) -> list[str]:
    """Patterns for the ways in which people write a date, with and without its year."""
    name = MONTHS[day.month - 1]
    d, m, y = rf"0?{day.day}", rf"0?{day.month}", rf"(?:{day.year}|{day:%y})"
    word = rf"(?:{name}|{name[:3]}|{name[:4]})\b"
    nth = rf"(?:{d}(?:\s*(?:st|nd|rd|th))?|{ORDINALS[day.day - 1].replace('-', GAP)})"
    part = r"\s*[/.,\-\u2010-\u2015\s]\s*"
    between = r"(?:[\s,.\-\u2010-\u2015]|\bof\b|\bthe\b)*"
    return [
        rf"(?<!\d){d}{part}{m}{part}{y}(?!\d)",
        rf"(?<!\d){m}{part}{d}{part}{y}(?!\d)",
        rf"(?<!\d){day.year}{part}{m}{part}{d}(?!\d)",
        rf"(?<!\d)(?:{day:%d%m%Y}|{day:%Y%m%d}|{day:%d%m%y})(?!\d)",
        rf"(?<![^\W_]){nth}{between}{word}(?:{between}'?{y}(?!\d))?",
        rf"\b{word}{between}{nth}(?![^\W_])(?:{between}'?{y}(?!\d))?",
    ]


def _spans(pattern: str, plain: str, kind: str) -> Iterator[Span]:
    for match in re.finditer(pattern, plain, re.IGNORECASE):
        yield match.start(), match.end(), kind


def _names(plain: str, people: Iterable[tuple[str, str]]) -> Iterator[Span]:
    sought: dict[str, str] = {}
    for kind, name in people:
        for part in name_parts(name):
            sought.setdefault(part, kind)
    for run, start, end in _runs(list(words_of(plain))):
        name = run if run in sought else run.removesuffix("s")
        everyday = name in EVERYDAY or len(name) < 3
        if name in sought and (plain[start].isupper() or not everyday):
            yield start, end, sought[name]


def name_parts(name: str) -> set[str]:
    """The parts of a name of two letters and more, and each hyphenated or spaced name as one."""
    parts = names.parts(name)
    together = {"".join(names.parts(word)) for word in name.split()} | {"".join(parts)}
    return {part for part in {*parts, *together} if len(part) > 1}


def _runs(words: list[Word]) -> Iterator[tuple[str, int, int]]:
    """Each word, and two or three neighbours as one, for a name may be written apart."""
    for first, word in enumerate(words):
        yield word.folded[: names.LONGEST_PART], word.start, word.end
        for last in (first + 1, first + 2):
            joined = "".join(each.folded for each in words[first : last + 1])
            if last < len(words) and len(joined) >= SHORTEST_JOINED:
                yield joined, word.start, words[last].end


def _lines(plain: str, lines: Iterable[str], kind: str) -> Iterator[Span]:
    """Each line, word by word, however its words are written apart and shortened."""
    words = list(words_of(plain))
    short = [STREETS.get(word.folded, word.folded) for word in words]
    for line in lines:
        wanted = line.split()
        for first in range(len(words) - len(wanted) + 1):
            last = first + len(wanted) - 1
            if short[first : last + 1] == wanted:
                yield words[first].start, words[last].end, kind


def _address_lines(address: str, areas: Iterable[str]) -> tuple[str, ...]:
    """The lines of an address, folded, with and without the number of the house."""
    allowed = {folded(area) for area in areas}
    lines = [folded(line) for line in re.split(r"[\n,;]", address)]
    bare = [re.sub(r"^(?:\w*\d\w*\s+)+", "", line) for line in lines]
    told = [line for line in [*lines, *bare] if line not in allowed and not _says_nothing(line)]
    return tuple(dict.fromkeys(told))


def _says_nothing(line: str) -> bool:
    return len(line) < 4 or line.isdigit() or line in {"england", "cheshire", "united kingdom"}


def folded(line: str) -> str:
    """A line as it is compared: its words folded, kinds of street shortened."""
    return " ".join(STREETS.get(word.folded, word.folded) for word in words_of(line))


def words_of(plain: str) -> Iterator[Word]:
    """The words of a text, folded as ``core.names`` folds the parts of a name."""
    folded, start, end = "", 0, 0
    for place, character in enumerate(f"{plain} "):
        if kept := _fold(character):
            start = start if folded else place
            folded, end = folded + kept, place + 1
        elif kept is None and folded:
            yield Word(unicodedata.normalize("NFC", folded), start, end)
            folded = ""


@lru_cache(maxsize=4096)
def _fold(character: str) -> str | None:
    """The folded character; "" for what is skipped inside a word, None for what ends one."""
    apart = unicodedata.normalize("NFKD", character.casefold()).translate(names.APOSTROPHES)
    letters = "".join(c for c in apart.translate(names.PLAIN) if unicodedata.category(c) != "Mn")
    if all(unicodedata.category(c)[0] in "LNM" for c in letters):
        return letters
    return None


def _unseen(character: str) -> bool:
    """Whether nobody sees the character: soft hyphens, zero widths, marks of direction."""
    return unicodedata.category(character) == "Cf"
