"""No recommendation, action or letter names a child: its words are searched before they are kept.

What comes from a finding is searched with what the case knows, by the panel's search, which records
its reading. Everything is searched for what has the look of a name, an address or a number. What
the case knows cannot stand; what merely looks so can, once a person has looked at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdop.core.organisations import Area, Organisation
from cdop.panel import identifying, patterns, redaction
from cdop.panel.identifying import Terms, folded, plain_text
from cdop.panel.scan import ADVICE, Place, places_in

if TYPE_CHECKING:
    from cdop.core.users import User
    from cdop.reviews.models import Finding

PURPOSE = "find identifying words in a recommendation"
NEVER = frozenset(identifying.ADVICE) - {identifying.ORGANISATION} | {
    patterns.NUMBER,
    patterns.POSTCODE,
}
"""What cannot stand. A service may be named: it is to act."""
SERVICES = (patterns.SERVICE, patterns.CAPITAL)


@dataclass(frozen=True)
class Found:
    """What was found in one text, a sentence for each place.

    never  what has to be put otherwise
    looks  what a person has to look at
    """

    never: tuple[str, ...]
    looks: tuple[str, ...]


def search(texts: Mapping[str, str], finding: Finding | None, *, by: User) -> dict[str, Found]:
    """By its code, what in each text may name somebody; texts in which nothing does are left out.

    finding  out of which it comes, if any: the identity of its case is asked, which is recorded
    """
    said = {code: plain_text(text) for code, text in texts.items() if text.strip()}
    if not said:
        return {}
    if finding is not None:
        places = redaction.places(said, finding.case, by=by, purpose=PURPOSE)
    else:
        areas = frozenset(map(folded, Area.objects.values_list("name", flat=True)))
        nobody = Terms(names=(), dates=(), numbers=(), address=(), areas=areas)
        places = {code: places_in(text, nobody) for code, text in said.items()}
    known = [folded(name) for name in Organisation.objects.values_list("name", flat=True)]
    found = {code: _found(each, known) for code, each in places.items()}
    return {code: each for code, each in found.items() if each.never or each.looks}


def why_not(texts: Iterable[str], finding: Finding | None, *, looked_at: bool, by: User) -> str:
    """Why these words cannot be kept; "" means that they can.

    looked_at  whether the person says that what merely looks like a name is none
    """
    said = {str(number): text for number, text in enumerate(texts)}
    found = search(said, finding, by=by).values()
    if named := [sentence for each in found for sentence in each.never]:
        return " ".join(named)
    if looks := [sentence for each in found for sentence in each.looks]:
        return "" if looked_at else " ".join(looks)
    return ""


def _found(places: Iterable[Place], known: list[str]) -> Found:
    kept = [place for place in places if not _is_a_known_service(place, known)]
    return Found(
        never=tuple(_sentence(place) for place in kept if place.kind in NEVER),
        looks=tuple(_sentence(place) for place in kept if place.kind not in NEVER),
    )


def _is_a_known_service(place: Place, known: list[str]) -> bool:
    """Whether it is the name of an organisation of the list, or a part of one."""
    words = folded(place.words)
    return place.kind in SERVICES and any(f" {words} " in f" {name} " for name in known)


def _sentence(place: Place) -> str:
    return f"“{place.words}” is or may be {place.kind}. {ADVICE[place.kind]}"
