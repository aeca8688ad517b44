"""Finding cases by token: names and numbers are compared as HMACs, never in the clear."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from cdop.cases import tokens
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case, IdentityToken

MOST = 200


@dataclass(frozen=True)
class Candidate:
    """A case that may be about the same child, and what is alike, in words, the strongest first."""

    case: Case
    alike: tuple[str, ...]


def candidates(record: IdentityRecord) -> list[Candidate]:
    """The cases that share a trace with ``record``, those with the most in common first."""
    sought = tokens.sought(record)
    shared: dict[int, set[str]] = defaultdict(set)
    rows = IdentityToken.objects.filter(hmac__in=list(sought)).values_list("case_id", "hmac")
    for case_id, hmac in rows[: MOST * len(tokens.KINDS)]:
        shared[case_id].add(sought[hmac])
    best = sorted(shared, key=lambda case_id: (_weight(shared[case_id]), case_id), reverse=True)
    cases = Case.objects.in_bulk(best[:MOST])
    return [
        Candidate(cases[case_id], _in_words(shared[case_id]))
        for case_id in best[:MOST]
        if case_id in cases
    ]


# A shared number weighs more than a shared date, a shared date more than a shared name.
_WEIGHTS = {
    "nhs_number": 64,
    "birth_date": 16,
    "birth_swapped": 8,
    "postcode": 8,
    "mother": 4,
    "name": 4,
    "name_sound": 2,
    "name_start": 1,
}


def _weight(kinds: set[str]) -> int:
    return sum(_WEIGHTS[kind] for kind in kinds)


def _in_words(kinds: set[str]) -> tuple[str, ...]:
    """What is alike, strongest first; a shared name makes its sound and beginning idle to say."""
    said = [kind for kind in tokens.KINDS if kind in kinds]
    if "name" in kinds:
        said = [kind for kind in said if kind not in ("name_sound", "name_start")]
    return tuple(tokens.KINDS[kind] for kind in said)
