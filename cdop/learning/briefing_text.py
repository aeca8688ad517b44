"""What a briefing says: one content, which the page on screen and the PDF show alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from cdop.learning.briefing_models import Briefing
from cdop.panel.paper_text import paragraphs

BULLETS = ("-", "*", "\N{BULLET}")
HEADINGS: Mapping[str, str] = {
    "learned": "What the reviews showed",
    "to_do": "What you can do",
    "more": "Where to find more",
}
LABELS: Mapping[str, str] = {"title": "Title", "audience": "For whom", **HEADINGS}
"""What each part is called, in reading order."""


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list of points (``points``)."""

    text: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """The whole text of a briefing."""

    title: str
    audience: str
    learned: str
    to_do: str
    more: str = ""

    @property
    def sections(self) -> list[tuple[str, list[Block]]]:
        """Each part that says something: its heading and its blocks."""
        return [
            (heading, blocks(getattr(self, name)))
            for name, heading in HEADINGS.items()
            if getattr(self, name).strip()
        ]

    @property
    def texts(self) -> dict[str, str]:
        """By name, what is searched, frozen and hashed."""
        return asdict(self)


def of(briefing: Briefing) -> Said:
    """What the version says that is written now."""
    return Said(**{name: getattr(briefing, name) for name in LABELS})


def blocks(text: str) -> list[Block]:
    """A text as it is shown: a line that begins with a dash is a point of a list."""
    found: list[Block] = []
    for paragraph in paragraphs(text):
        plain: list[str] = []
        points: list[str] = []
        for line in map(str.strip, paragraph.splitlines()):
            if line[:1] in BULLETS and line[1:].strip():
                points.append(line[1:].strip())
            elif points:
                points[-1] += f" {line}"
            else:
                plain.append(line)
        found += [Block(text=" ".join(plain))] if plain else []
        found += [Block(points=tuple(points))] if points else []
    return found
