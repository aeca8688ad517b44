"""The searchable traces of an identity, each an HMAC under the secret token key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from cdop.core import names, sealing
from cdop.core.identifiers import normalise_nhs_number
from cdop.core.postcodes import normalise_postcode, says_where

if TYPE_CHECKING:
    from cdop.cases.identity import IdentityRecord


def of(record: IdentityRecord) -> set[tuple[str, str]]:
    """Every (kind, hmac) under which the child can be found."""
    return {(kind, sealing.token(kind, value)) for kind, value in _traces(record) if value}


def sought(record: IdentityRecord) -> set[str]:
    """The hmac of every trace by which another record of the same child may be found.

    A birth date with day and month exchanged is looked for where the right one is kept.
    """
    found = {hmac for _, hmac in of(record)}
    if swapped := _swapped(record.date_of_birth):
        found.add(sealing.token("birth_date", swapped))
    return found


def _traces(record: IdentityRecord) -> Iterator[tuple[str, str]]:
    yield "nhs_number", normalise_nhs_number(record.nhs_number) or ""
    yield "birth_date", record.date_of_birth
    postcode = normalise_postcode(record.postcode) or ""
    yield "postcode", postcode if says_where(postcode) else ""
    own = f"{record.given_names} {record.family_name} {record.other_names}"
    for part in names.parts(own):
        yield "name", part
        yield "name_sound", names.phonetic(part)
        yield "name_start", names.first_three(part)
    for part in names.parts(record.mother_name):
        yield "mother", part


def _swapped(iso: str) -> str:
    """The date with day and month exchanged, where that is another date."""
    if not iso:
        return ""
    born = date.fromisoformat(iso)
    if born.day > 12 or born.day == born.month:
        return ""
    return born.replace(month=born.day, day=born.month).isoformat()
