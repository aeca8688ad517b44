"""What a postcode proposes of a home outside the four areas; a person settles it."""

from __future__ import annotations

import re

from cdop.cases.placement import Where
from cdop.core.postcodes import normalise_postcode, place_of, says_where

# The postcodes that the NHS writes where there is none of a home. What is not here says nothing.
STANDING_IN = {
    "ZZ99 3VZ": Where.NO_FIXED_ABODE,
    "ZZ99 3CZ": Where.ENGLAND,
    "ZZ99 3GZ": Where.WALES,
    "ZZ99 1WZ": Where.SCOTLAND,
    "ZZ99 2WZ": Where.NORTHERN_IRELAND,
}
# Letters of the post's areas that lie in one country; those on a border are left to a person, but
# for the districts of Flintshire, which is our neighbour.
COUNTRIES = {
    Where.WALES: "CF LL SA",
    Where.SCOTLAND: "AB DD EH FK G HS IV KA KW KY ML PA PH ZE",
    Where.NORTHERN_IRELAND: "BT",
}
ON_A_BORDER = "CA CH DG GL HR LD NP SY TD"
# The first letter of the code of a local authority.
BY_CODE = {
    "E": Where.ENGLAND,
    "W": Where.WALES,
    "S": Where.SCOTLAND,
    "N": Where.NORTHERN_IRELAND,
}
FLINTSHIRE = ("CH6", "CH7", "CH8")
_BY_LETTERS = {letters: where for where, all_of in COUNTRIES.items() for letters in all_of.split()}


def proposed(postcode: str) -> str:
    """The code of ``Where`` that a postcode proposes; "" where it proposes none."""
    whole = normalise_postcode(postcode)
    if whole is None:
        return ""
    if not says_where(whole):
        return STANDING_IN.get(whole, "")
    if place := place_of(whole):
        return BY_CODE.get(place.code[:1], "")
    district = whole.partition(" ")[0]
    if district in FLINTSHIRE:
        return Where.WALES
    letters = re.match("[A-Z]+", district)
    if letters is None or letters[0] in ON_A_BORDER.split():
        return ""
    return _BY_LETTERS.get(letters[0], Where.ENGLAND)
