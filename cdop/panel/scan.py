"""The scan of the papers: every place of a text that may say who somebody was or is.

First what identity knows, exactly and then in the ways in which people mistype and shorten names;
then what merely has the look of it. A place that is found needlessly costs the coordinator a
moment; one that is missed cannot be called back. So it finds too much rather than too little, and
both are measured (``tests/drills/scanned.py``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError

from cdop.cases.clock_readings import words_for
from cdop.core import names
from cdop.core.dates import days_between
from cdop.core.names import Likeness
from cdop.core.typed import DateParts, read_date
from cdop.panel import identifying, patterns
from cdop.panel.everyday_words import EVERYDAY
from cdop.panel.identifying import Span, Terms, apart, name_parts, words_of

NEARLY = "a word that is like a name in one of the records"
ADVICE = (
    identifying.ADVICE
    | patterns.ADVICE
    | {NEARLY: "If it stands for somebody, write what they were to the child."}
)
SHORTEST_MISTYPED = 5
"""In a shorter word without a capital, one other letter makes another word."""
SHORTEST_SOUNDING, SHORTEST_ALIKE = 4, 3
FAMILY = (identifying.CHILD, identifying.MOTHER, identifying.CARER, identifying.SIBLING)
BETWEEN_INITIALS = r"\.?[\s-]?"
OFFERED: Mapping[str, tuple[str, ...]] = {
    identifying.CHILD: ("the child",),
    identifying.MOTHER: ("the mother",),
    identifying.CARER: ("the father", "the carer", "a relative"),
    identifying.SIBLING: ("a brother", "a sister", "another child of the family", "a relative"),
    identifying.WORKER: ("a professional", "the doctor", "the nurse", "the social worker"),
    identifying.ORGANISATION: ("the hospital", "the school", "the practice", "a service"),
    identifying.BORN: ("the day of birth",),
    identifying.ADDRESS: ("home", "a house"),
    patterns.STREET: ("home", "a house"),
    patterns.SERVICE: ("the hospital", "the school", "the practice", "a service"),
    patterns.PERSON: ("a relative", "a professional", "somebody"),
    patterns.CAPITAL: ("a relative", "a professional", "a place"),
    patterns.INITIAL: ("the child", "a relative", "a professional"),
}
TAKEN_OUT = "[number taken out]"
BEFORE_A_LETTER = re.compile(
    r"(?:vitamin|hepatitis|group|type|ward|stage|figure|category|influenza|plan|appendix|form|"
    r"part|section|strep(?:tococcus)?|class|grade|option|unit|agency|trust|child|school)\s+$",
    re.IGNORECASE,
)
BEFORE_A_NAME = re.compile(r"\.\s?[A-Z]")
IN_A_DATE = re.compile(r"(\d{1,4})\D+?([A-Za-z]{3,9}|\d{1,2})\D+?(\d{2,4})")


@dataclass(frozen=True)
class Place:
    """One place in a text that may say who somebody is.

    start, end  its characters in the plain text
    kind        what was found, in words; the key of ``ADVICE``
    offered     words that could stand there instead
    """

    start: int
    end: int
    kind: str
    words: str
    offered: tuple[str, ...]


def places_in(text: str, sought: Terms) -> list[Place]:
    """The places of a plain text (``identifying.plain_text``) in order, each once."""
    found = apart(
        [
            *identifying.spans(text, sought),
            *_nearly(text, sought.names),
            *_initials(text, sought.initials),
            *_known_days(text, sought.dates),
            *patterns.looks_like(text, sought.areas),
        ]
    )
    return [_place(text, span, sought.died_on) for span in found]


def named_in(text: str, sought: Terms) -> list[Place]:
    """The places that name somebody beyond doubt: what is known, and names that are nearly it.

    What is merely like a name counts where it is written as one: with a capital that no beginning
    of a sentence explains.
    """
    near = [each for each in _nearly(text, sought.names) if _is_written_as_a_name(text, each)]
    days = _known_days(text, sought.dates)
    found = apart([*identifying.spans(text, sought), *days, *near])
    return [_place(text, span, sought.died_on) for span in found]


def like_in(text: str, sought: Terms) -> list[Place]:
    """The other places of ``places_in``: they have the look of something, and may be nothing."""
    named = named_in(text, sought)
    return [
        place
        for place in places_in(text, sought)
        if not any(place.start < each.end and each.start < place.end for each in named)
    ]


def unsaid(place: Place) -> Place:
    """The place without whose name it is like: that alone would tell something."""
    return replace(place, kind=NEARLY) if place.kind in identifying.ADVICE else place


BEGINS_A_SENTENCE = re.compile(r"(?:^|[.!?:\n\u2022\u2013-])[\s\"'“‘(]*$")


def _is_written_as_a_name(text: str, span: Span) -> bool:
    before = text[max(0, span[0] - 20) : span[0]]
    return text[span[0]].isupper() and not BEGINS_A_SENTENCE.search(before)


def _place(text: str, span: Span, died_on: date | None) -> Place:
    start, end, kind = span
    words = text[start:end]
    return Place(start, end, kind, words, _offered(kind, words, died_on))


def _offered(kind: str, words: str, died_on: date | None) -> tuple[str, ...]:
    if kind in OFFERED:
        return OFFERED[kind]
    if kind == identifying.DIED:
        return (words_for(0),)
    if kind in (patterns.DATE, identifying.RELATIVE_BORN):
        day = _day(words)
        return (words_for(days_between(died_on, day)),) if day and died_on else ()
    return (TAKEN_OUT,)


def _day(words: str) -> date | None:
    """The day that words name in figures or with a month; None where they leave anything open."""
    found = IN_A_DATE.search(words)
    if not found:
        return None
    first, month, last = found.groups()
    day, year = (last, first) if len(first) == 4 else (first, last)
    try:
        return read_date(DateParts(day, month, year if len(year) == 4 else f"20{year}"), "It")
    except ValidationError:
        return None


def _nearly(text: str, people: Iterable[tuple[str, str]]) -> Iterator[Span]:
    """Words that are a short form, a slip of the keys, or the sound of a name, or hold it."""
    sought: dict[str, str] = {}
    for kind, name in people:
        for part in name_parts(name):
            sought.setdefault(part, kind)
    long_enough = {part: kind for part, kind in sought.items() if len(part) > 2}
    asked: dict[tuple[str, bool], str] = {}
    for word in words_of(text):
        key = word.folded, text[word.start].isupper()
        if key not in asked:
            asked[key] = _nearly_one_of(*key, long_enough)
        if kind := asked[key]:
            yield word.start, word.end, kind


def _nearly_one_of(word: str, capital: bool, sought: Mapping[str, str]) -> str:
    too_short = len(word) < (2 if capital else 3)
    if too_short or word in ORDINARY or any(map(str.isdigit, word)):
        return ""
    bare = word.removesuffix("s")
    if bare in ORDINARY or (bare in EVERYDAY and not capital):
        return ""
    for part, kind in sought.items():
        if _nearly_is(word, part, capital) or _nearly_is(bare, part, capital):
            return kind
    return ""


def _nearly_is(word: str, part: str, capital: bool) -> bool:
    if part not in EVERYDAY and len(part) >= SHORTEST_MISTYPED and part in word:
        return True
    likeness = names.likeness(word, part)
    if likeness == Likeness.FORM:
        return capital or word not in EVERYDAY
    if likeness not in (Likeness.SPELT, Likeness.SOUNDS):
        return False
    shortest = SHORTEST_SOUNDING if likeness == Likeness.SOUNDS else SHORTEST_MISTYPED
    return min(len(word), len(part)) >= (SHORTEST_ALIKE if capital else shortest)


def _initials(text: str, people: Iterable[tuple[str, str]]) -> Iterator[Span]:
    """Initials in capitals of the people who are known: two and more in their order, or one."""
    text = _without_accents(text)
    for letters in dict.fromkeys(each for _, each in people):
        rest = "".join(rf"(?:{BETWEEN_INITIALS}{letter})?" for letter in letters[1:])
        for found in re.finditer(rf"(?<![\w.]){letters[0]}{rest}\b\.?", text):
            several = sum(map(str.isalpha, found[0])) > 1
            if several and found[0] not in ABBREVIATIONS:
                yield *found.span(), patterns.INITIAL
    if singles := {letter for kind, each in people if kind in FAMILY for letter in each}:
        yield from _single(text, singles)


def _without_accents(text: str) -> str:
    """The text with plain letters, each where it stood."""
    return "".join(unicodedata.normalize("NFKD", character)[0] for character in text)


def _single(text: str, letters: Iterable[str]) -> Iterator[Span]:
    """One letter in capitals that is no word, figure or type of something."""
    alone = rf"(?<![\w.'’/&-])[{''.join(sorted(letters))}]\b(?![\w'’/+&-])(?!\s*\d)"
    for found in re.finditer(alone, text):
        # "A" and "I" are words, but before a stop and a capital.
        word = found[0] in ("A", "I") and not BEFORE_A_NAME.match(text, found.end())
        if not word and not BEFORE_A_LETTER.search(
            text[max(0, found.start() - 20) : found.start()]
        ):
            yield *found.span(), patterns.INITIAL


def _known_days(text: str, dates: Iterable[tuple[str, date]]) -> Iterator[Span]:
    """Days that are known, written as day and month in figures alone: 3/3, 03/03."""
    for kind, day in dates:
        for found in re.finditer(rf"(?<![\d/])0?{day.day}/0?{day.month}(?![\d/])", text):
            yield *found.span(), kind


# fmt: off
ABBREVIATIONS = frozenset((
    "A&E", "ED", "PC", "DC", "IV", "IM", "BP", "HR", "CT", "MR", "PM", "AM", "NHS", "ECG",
))
ORDINARY = frozenset((
    "about", "after", "again", "agency", "area", "away", "baby", "been", "before", "began",
    "being", "birth", "blood", "born", "both", "bottle", "breast", "brought", "called", "came",
    "care", "carer", "cause", "chest", "child", "children", "coroner", "could", "days", "death",
    "died", "doctor", "down", "early", "else", "every", "family", "father", "first", "found",
    "from", "given", "group", "have", "having", "health", "heart", "help", "home", "hospital",
    "hours", "house", "illness", "infant", "known", "later", "list", "live", "lived", "long",
    "lung", "made", "male", "many", "minutes", "months", "more", "morning", "most", "mother",
    "named", "near", "need", "needed", "never", "night", "none", "normal", "note", "notes",
    "nothing", "nurse", "only", "other", "over", "panel", "parent", "parents", "plan", "police",
    "post", "record", "records", "report", "review", "room", "said", "school", "seen", "since",
    "sister", "sleep", "social", "some", "staff", "term", "than", "that", "the", "their",
    "them", "then", "there", "these", "they", "this", "time", "times", "told", "under", "unit",
    "very", "visit", "ward", "weeks", "well", "went", "were", "what", "when", "where", "which",
    "while", "window", "windows", "with", "worker", "would", "year", "years", "young",
))
# fmt: on
"""Words of every report that are never taken for a slip of the keys."""
