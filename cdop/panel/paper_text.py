"""How the text of the papers is written and read: plain lines, and three marks at their beginning.

A line that begins with "#" is a heading; a paragraph that begins with "!" may distress and is shown
behind a warning. A paragraph of several lines that all read "Term: words" is a list of terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

HEADING, TERMS, ANSWER, TEXT = "heading", "terms", "answer", "text"
MARK_OF_HEADING, MARK_OF_WARNING = "#", "!"
LONGEST_TERM = 90
WARNING = "What follows describes injuries, a body or a death in a way that can distress."
# What makes the rule put a warning before a passage; the coordinator puts or takes away others.
DISTRESSING = re.compile(
    r"\b(?:post.?mortem|autopsy|injur\w+|bruis\w+|fractur\w+|wounds?|bleed\w*|blood.?stain\w*|"
    r"hang(?:ing|ed)|ligature|strangl\w+|suffocat\w+|drown\w+|burn(?:s|ed|t)|decompos\w+|"
    r"abus\w+|assault\w*|rape\w*|self.?harm\w*|suicid\w+|rigor|lividity|maggots?|body was)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """One paragraph as it is shown.

    kind    "heading", "terms" (``rows``), "answer" (a question, then the answers) or "text"
    warned  whether a warning stands before it
    """

    kind: str
    text: str
    rows: tuple[tuple[str, str], ...] = ()
    warned: bool = False

    @property
    def question(self) -> str:
        return self.text.partition("\n")[0]

    @property
    def answers(self) -> str:
        return self.text.partition("\n")[2]


def blocks(text: str) -> list[Block]:
    """A text as it is shown, paragraph by paragraph."""
    return list(_blocks(text))


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: what stands between empty lines."""
    return [each.strip("\n") for each in re.split(r"\n\s*\n", text.strip()) if each.strip()]


def _blocks(text: str) -> Iterator[Block]:
    for paragraph in paragraphs(text):
        warned = paragraph.startswith(MARK_OF_WARNING)
        said = paragraph.removeprefix(MARK_OF_WARNING).strip() if warned else paragraph
        if said.startswith(MARK_OF_HEADING):
            heading, _, rest = said.partition("\n")
            yield Block(HEADING, heading.lstrip("# "), warned=warned)
            said = rest
        if said.strip():
            yield _block(said, warned)


def _block(said: str, warned: bool) -> Block:
    lines = said.splitlines()
    pairs = tuple(_pair(line) for line in lines)
    if len(pairs) > 1 and all(term for term, _ in pairs):
        return Block(TERMS, said, pairs, warned)
    rest = pairs[1:]
    asked = len(lines) > 1 and lines[0].endswith("?")
    if asked or (rest and all(term for term, _ in rest)):
        return Block(ANSWER, said, rest if all(term for term, _ in rest) else (), warned)
    return Block(TEXT, said, warned=warned)


def _pair(line: str) -> tuple[str, str]:
    term, colon, words = line.partition(": ")
    return (term.strip(), words.strip()) if colon and len(term) <= LONGEST_TERM else ("", "")


def with_warnings(text: str) -> str:
    """The text with a warning before each paragraph that describes what may distress."""
    marked = [
        f"{MARK_OF_WARNING} {each}" if _may_distress(each) else each for each in paragraphs(text)
    ]
    return "\n\n".join(marked)


def _may_distress(paragraph: str) -> bool:
    begins = paragraph.startswith((MARK_OF_HEADING, MARK_OF_WARNING))
    return not begins and DISTRESSING.search(paragraph) is not None
