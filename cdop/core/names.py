"""Names folded for comparison: what two spellings of one name have in common.

Nothing here is shown to anybody. The folded parts become keyed tokens for search and for finding a
death that was reported twice.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping
from enum import IntEnum
from functools import cache

import jellyfish
from rapidfuzz.distance import OSA, JaroWinkler

from cdop.core.reference import given_name_groups

MOST_PARTS = 20
LONGEST_PART = 100
"""Enough for any name; a text of ten thousand characters must not become thousands of tokens."""

# Letters that Unicode does not take apart, as people without the key type them.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"}
)
# O'Brien and O’Brien are OBrien; marks that are not seen (direction, soft hyphen) are nothing.
APOSTROPHES = str.maketrans(dict.fromkeys("'`´‘’‛ʹʻʼʽ′＇", None))
TITLES = frozenset(
    ("mr", "mrs", "ms", "miss", "mx", "master", "dr", "prof", "professor", "rev", "sir", "dame")
)
SEX = "boy|girl|male|female"
UNNAMED = re.compile(
    rf"\b(?:(?:{SEX}) )?(?:baby|infant|newborn|neonate|twin|triplet)\b"
    rf"(?: (?:{SEX})\b)?(?: ([1-9]|[a-d]|i|ii|iii|one|two|three)\b)?(?: of\b)?"
)
PLACES = {"a": "1", "i": "1", "one": "1", "b": "2", "ii": "2", "two": "2", "c": "3", "iii": "3"}
PLACES |= {"three": "3", "d": "4"}
SHORTEST_SLIP = 4
"""In a shorter name one other letter makes another name: Mia and Ava, Ben and Len."""
SPELT_ALIKE = 0.9
SOUND_NEEDS = 0.7


class Likeness(IntEnum):
    """How far two folded parts are one name, the least alike first."""

    OTHER = 0
    INITIAL = 1
    SPELT = 2
    SOUNDS = 3
    FORM = 4
    SAME = 5


def parts(name: str) -> list[str]:
    """The parts of a name, folded, each once, in order: "Zoë O'Brien-Núñez" → zoe obrien nunez.

    Accents, capitals and apostrophes are gone, hyphens part, a leading title is dropped, and so is
    what stands in for a name that was not given yet ("Baby", "Twin 1", "Infant of") unless nothing
    would be left. Other scripts stay as they are. At most 20 parts of 100 characters.
    """
    words = _without_titles(_words(name))
    named = UNNAMED.sub(" ", " ".join(words)).split()
    return list(dict.fromkeys(part[:LONGEST_PART] for part in named or words))[:MOST_PARTS]


def is_unnamed(name: str) -> bool:
    """Whether the name says that the child had none yet: "Baby Smith", "Twin 2"."""
    return UNNAMED.search(" ".join(_words(name))) is not None


def birth_order(name: str) -> str:
    """Which of several the child was, by its name, "1" to "9": "Twin 2", "Twin B"; else ""."""
    found = UNNAMED.search(" ".join(_words(name)))
    place = found.group(1) if found else None
    return PLACES.get(place, place) if place else ""


def likeness(one: str, other: str) -> Likeness:
    """How alike two folded parts are: the same, forms of one name, sounding or spelt alike.

    A letter alone may be anybody's initial, so it is less than all of them.
    """
    if one == other:
        return Likeness.SAME
    if min(len(one), len(other)) == 1:
        return Likeness.INITIAL if one[:1] == other[:1] else Likeness.OTHER
    if _groups().get(one, frozenset()) & _groups().get(other, frozenset()):
        return Likeness.FORM
    similar = JaroWinkler.similarity(one, other)
    if similar >= SOUND_NEEDS and phonetic(one) == phonetic(other):
        return Likeness.SOUNDS
    slip = min(len(one), len(other)) >= SHORTEST_SLIP and OSA.distance(one, other) == 1
    return Likeness.SPELT if slip or similar >= SPELT_ALIKE else Likeness.OTHER


def best_likeness(some: Collection[str], others: Collection[str]) -> Likeness:
    """The likeness of the two parts that are most alike; OTHER where either side has none."""
    pairs = (likeness(one, other) for one in some for other in others)
    return max(pairs, default=Likeness.OTHER)


@cache
def _groups() -> Mapping[str, frozenset[int]]:
    """The numbers of the groups in which a given name stands."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, group in enumerate(given_name_groups()):
        for name in group:
            found[name].add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def phonetic(part: str) -> str:
    """How a folded part sounds (Metaphone); the part itself where that has no answer.

    Metaphone knows English spelling only, so a part in another script keeps its letters.
    """
    return (jellyfish.metaphone(part) if part.isascii() else "") or part


def first_three(part: str) -> str:
    """The first three letters of a folded part, or all of a shorter one."""
    return part[:3]


def _words(name: str) -> list[str]:
    """The runs of letters and digits, folded."""
    text = unicodedata.normalize("NFKD", name.translate(APOSTROPHES).casefold())
    text = text.translate(APOSTROPHES).translate(PLAIN).replace("b/o ", "baby of ")
    return unicodedata.normalize("NFC", "".join(map(_kept, text))).split()


def _kept(character: str) -> str:
    """The character, nothing for accents and what is not seen, a space for what parts words."""
    category = unicodedata.category(character)
    if category in ("Mn", "Cf"):
        return ""
    return character if category[0] in "LNM" else " "


def _without_titles(words: list[str]) -> list[str]:
    """``words`` without leading titles; a title that is all there is counts as a name."""
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    return words
