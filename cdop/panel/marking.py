"""Places of a text that may say who somebody is, each with a trace by which it is known again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cdop.core import sealing
from cdop.panel.identifying import folded
from cdop.panel.paper_models import PlaceFound
from cdop.panel.scan import Place

AROUND = 24
"""Characters on each side of a place that belong to its trace."""


@dataclass(frozen=True)
class Piece:
    """A piece of a text: plain, or a place with whether it was kept."""

    text: str
    place: PlaceFound | None = None
    kept: bool = False


def marked(
    texts: Mapping[str, str], found: Mapping[str, Iterable[Place]], purpose: str
) -> list[PlaceFound]:
    """The places of several texts, by their codes, each with its trace.

    purpose  what the trace is for: the same words leave another one elsewhere
    """
    places: list[PlaceFound] = []
    for code, there in found.items():
        seen: Counter[str] = Counter()
        for place in there:
            said = _around(texts[code], place.start, place.end)
            trace = f"{code}|{place.kind}|{folded(place.words)}|{said}"
            seen[trace] += 1
            mark = sealing.token(purpose, f"{trace}|{seen[trace]}")[:32]
            places.append(
                PlaceFound(
                    mark, code, place.start, place.end, place.kind, place.words, list(place.offered)
                )
            )
    return places


def pieces(text: str, places: Iterable[PlaceFound], kept: Collection[str]) -> list[Piece]:
    """A text cut at its places, which stand in their order; ``kept`` are marks."""
    cut, reached = [], 0
    for place in places:
        cut.append(Piece(text[reached : place.start]))
        cut.append(Piece(place.words, place, place.mark in kept))
        reached = place.end
    return [piece for piece in [*cut, Piece(text[reached:])] if piece.text]


def _around(text: str, start: int, end: int) -> str:
    """The words on both sides: a place that was kept opens again where these change."""
    before = folded(text[max(0, start - AROUND) : start]).split()[-1:]
    after = folded(text[end : end + AROUND]).split()[:1]
    return " ".join([*before, "|", *after])
