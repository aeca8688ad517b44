"""What in a briefing may let somebody recognise one death, without any record being read.

Beside what the papers are searched for (``panel.patterns``): a briefing is public, so an age to the
day, a small count, a single child who is told of, a town, and a sentence out of a paper are marked,
too. Each is a rule that a coordinator could read aloud; what it finds may be kept, with a reason,
by somebody who did not write the briefing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cdop.panel.identifying import Span, apart, words_of
from cdop.panel.scan import Place

AGE = "an age to the day or the week"
COUNT = "a count below 5"
ONE_CHILD = "words about one child or one death"
TOWN = "the name of a place"
QUOTE = "words as they stand in the papers or the finding of a case"
ADVICE = {
    AGE: "Write months or years, or “young babies”.",
    COUNT: "Write “some” or “a few”, or leave the number out.",
    ONE_CHILD: "Write of children in general: what happens, what helps.",
    TOWN: "Leave it out: few deaths happen in one place.",
    QUOTE: "Say it in other words, of children in general.",
}
LONGEST_QUOTE = 7
"""So many words in a row may stand in a paper as well; that is our choice."""

NUMBER = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
UNIT = r"(?:hour|day|week)s?"
AGES = (
    rf"\b{NUMBER}[\s-]{UNIT}[\s-](?:and\s+{NUMBER}[\s-]{UNIT}[\s-])?old\b",
    rf"\b(?:aged|at the age of|age of|age)\s+(?:of\s+)?{NUMBER}[\s-]{UNIT}\b",
    rf"\b(?:at|after|on)\s+{NUMBER}\s+{UNIT}\s+of\s+(?:age|life)\b",
    r"\bday\s+\d{1,3}\s+of\s+life\b",
    rf"\b{NUMBER}\s+(?:weeks?|months?|years?)(?:,?\s+and|,)\s+{NUMBER}\s+(?:days?|weeks?)\b",
)
SMALL = r"(?:[1-4]|one|two|three|four|a single|the only|only one|a couple of|a pair of|both)"
WHO = (
    r"(?:child(?:ren)?|bab(?:y|ies)|infants?|newborns?|twins?|toddlers?|boys?|girls?|sons?|"
    r"daughters?|teenagers?|adolescents?|young (?:people|person|men|man|women|woman)|pupils?|"
    r"students?|deaths?|cases?|famil(?:y|ies)|mothers?|fathers?|parents?|siblings?|brothers?|"
    r"sisters?|reviews?)"
)
COUNTS = (
    rf"(?<![\w.,/-]){SMALL}\s+(?:\w+[\s-]+){{0,3}}?{WHO}\b",
    rf"(?<![\w.,/-]){SMALL}\s+(?:out\s+)?of\s+"
    rf"(?:these|those|them|\d+|{NUMBER}|the\s+(?:\w+\s+){{0,2}}?(?:\d+|{NUMBER}|{WHO}))\b",
    rf"(?<![\w.,/-]){SMALL}\s+(?:had\s+)?(?:died|survived)\b",
    rf"\b{WHO}:\s*[1-4]\b(?![.,]?\d)",
    r"(?<![\w.,/-])[1-4]\s+(?:in|/)\s+(?:\d{1,2}|[a-z]+)\b(?=[^.\n]{0,40}\b(?:child|bab|infant|death))",
)
SINGLE = (
    r"(?:child|baby|infant|newborn|twin|toddler|boy|girl|son|daughter|teenager|adolescent|pupil|"
    r"student|young (?:person|man|woman)|family|mother|father|parent|death|case|brother|sister)"
)
TOLD = (
    r"(?:who\s+)?(?:was|were|had|did|died|lived|slept|suffered|stopped|became|went|came|took|"
    r"attended|drowned|fell|choked|hanged|hung|collapsed|woke|told|said|felt|rang)"
)
CHILDREN_IN = r"(?:in|from|of|at|near|outside)\s+(?:the\s+)?[A-Z]"
ONE = (
    rf"\b(?:a|an|the|this|that|one|another)\s+(?:[\w-]+\s+){{0,4}}?{SINGLE}\s+{TOLD}\b",
    rf"\b(?:[Aa]|[Aa]n|[Tt]he|[Tt]his|[Oo]ne)\s+(?:[\w-]+\s+){{0,4}}?{SINGLE}\s+{CHILDREN_IN}[\w’'-]*",
    r"\b(?:in|from|after|during)\s+(?:one|a recent|another|this|that|the latest)\s+"
    r"(?:case|death|review|tragedy|incident)\b",
    r"\b(?:last|this)\s+(?:week|month|winter|spring|summer|autumn|year)\b",
)
CAPITALS_MATTER = frozenset({ONE[1]})

# From general knowledge of the region, as the postcode districts of ``core/reference`` are: towns
# and larger villages of the four areas and just outside them. The names of the areas themselves may
# stand, but not behind a child.
# fmt: off
TOWNS = (
    "Alderley Edge", "Alsager", "Altrincham", "Appleton", "Audlem", "Barnton", "Birchwood",
    "Birkenhead", "Blacon", "Bollington", "Broadheath", "Burtonwood", "Chester", "Congleton",
    "Crewe", "Culcheth", "Disley", "Ellesmere Port", "Frodsham", "Grappenhall", "Great Sankey",
    "Handforth", "Haslington", "Helsby", "Holmes Chapel", "Knutsford", "Latchford", "Liverpool",
    "Lymm", "Macclesfield", "Malpas", "Manchester", "Middlewich", "Moore", "Nantwich", "Neston",
    "Northwich", "Orford", "Padgate", "Parkgate", "Penketh", "Poynton", "Prestbury", "Runcorn",
    "Sandbach", "Shavington", "Stockport", "Stockton Heath", "Stoke-on-Trent", "Tarporley",
    "Tarvin", "Thelwall", "Upton", "Weaverham", "Westbrook", "Widnes", "Willaston", "Wilmslow",
    "Winsford", "Wirral", "Wrexham",
)
# fmt: on
TOWN_NAMES = re.compile(rf"\b(?:{'|'.join(TOWNS)})\b(?!\s+and\s+Chester)(?<!and Chester)")


def places_in(text: str, said: Iterable[str]) -> list[Place]:
    """The places of a plain text that may let somebody recognise one death, in order.

    said  texts of papers and findings, out of which no longer piece may stand here
    """
    found = [*_by_pattern(text), *_quotes(text, said)]
    return [
        Place(start, end, kind, text[start:end], offered=()) for start, end, kind in apart(found)
    ]


def _by_pattern(text: str) -> Iterator[Span]:
    for kind, patterns in ((ONE_CHILD, ONE), (COUNT, COUNTS), (AGE, AGES)):
        for pattern in patterns:
            flags = 0 if pattern in CAPITALS_MATTER else re.IGNORECASE
            for found in re.finditer(pattern, text, flags):
                yield *found.span(), kind
    for found in TOWN_NAMES.finditer(text):
        yield *found.span(), TOWN


def _quotes(text: str, said: Iterable[str]) -> Iterator[Span]:
    """Runs of more words than ``LONGEST_QUOTE`` that stand in one of the texts as well."""
    length = LONGEST_QUOTE + 1
    words = list(words_of(text))
    runs = {
        tuple(each.folded for each in words[first : first + length]): first
        for first in range(len(words) - length + 1)
    }
    if not runs:
        return
    hits: set[int] = set()
    for other in said:
        there = [word.folded for word in words_of(other)]
        pieces = {tuple(there[first : first + length]) for first in range(len(there) - length + 1)}
        hits |= {runs[piece] for piece in pieces & runs.keys()}
    for first, last in _joined(sorted(hits), length):
        yield words[first].start, words[last - 1].end, QUOTE


def _joined(firsts: Iterable[int], length: int) -> Iterator[tuple[int, int]]:
    """Runs that lie over each other as one: its first word, and the one after its last."""
    begun: tuple[int, int] | None = None
    for first in firsts:
        if begun and first < begun[1]:
            begun = begun[0], first + length
        else:
            if begun:
                yield begun
            begun = first, first + length
    if begun:
        yield begun
