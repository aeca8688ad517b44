"""Postcodes: how they are written, and in which of the four areas they may lie."""

import re

from cdop.core import directory
from cdop.core.directory import Place
from cdop.core.reference import areas, postcode_districts

LONGEST_TYPED = 20
NO_PLACE = "ZZ99"
# The shapes of the outward part, then a digit and two letters of those that the inward part uses.
# ZZ99 with any two letters is the NHS's own: no fixed abode, abroad, not known.
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][ABD-HJLNP-UW-Z]{2})|(ZZ99)([0-9][A-Z]{2})")


def normalise_postcode(text: str) -> str | None:
    """The postcode in capitals with one space, "CW1 2AB"; None if it does not look like one.

    It checks the shape only: a postcode of the right shape need not exist.
    """
    if len(text) > LONGEST_TYPED:
        return None
    match = POSTCODE.fullmatch("".join(text.split()).upper())
    return " ".join(filter(None, match.groups())) if match else None


def says_where(postcode: str) -> bool:
    """Whether a postcode is of a place: not one that stands for no fixed abode or not known."""
    return not postcode.upper().startswith(NO_PLACE)


def district(postcode: str) -> str | None:
    """The outward part, "CW1"; None if it does not look like a postcode."""
    normal = normalise_postcode(postcode)
    return normal.partition(" ")[0] if normal else None


def place_of(postcode: str) -> Place | None:
    """The local authority of a postcode by the directory; None where that does not know it."""
    normal = normalise_postcode(postcode)
    return directory.find(normal) if normal and says_where(normal) else None


def proposed_areas(postcode: str) -> tuple[str, ...]:
    """The GSS codes of the areas among the four in which a postcode may lie.

    One, or none, where the directory knows the postcode; else all into which its district reaches.
    A proposal for a person to settle.
    """
    place = place_of(postcode)
    if place is None:
        return areas_of_district(postcode)
    return (place.code,) if place.code in {area.code for area in areas()} else ()


def areas_of_district(postcode: str) -> tuple[str, ...]:
    """The GSS codes of the areas among the four in which the postcode's district lies, in part.

    Empty for a district outside all four and for what is no postcode. A proposal for a person to
    settle: districts cross the boundaries of areas, and of England.
    """
    return postcode_districts().get(district(postcode) or "", ())
