"""Finding cases by token, as HMACs, and only then opening and scoring those found.

A trace that few cases have tells more than one that many have: what a trace counts for is how rare
it is. So a surname that hundreds share crowds nobody out, and a rare name counts for more than a
common one. At most ``MOST`` cases are opened, which is recorded, and scored by ``matching``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import log2
from typing import TYPE_CHECKING

from django.db.models import Case as Choose
from django.db.models import Count, FloatField, Sum, Value, When

from cdop.cases import identity, matching, tokens
from cdop.cases.identity import IdentityRecord
from cdop.cases.matching import Known, Match, Relation
from cdop.cases.models import Case, CaseFacts, Clocks, IdentityToken
from cdop.cases.states import CaseState
from cdop.core.audit import Job

if TYPE_CHECKING:
    from cdop.core.users import User

MOST = 200
PURPOSE = "find reports about the same child"
SEARCH = Job("search for likely duplicates")
# Below this a report has so little in common with a case that naming it would hide the others.
LEAST = 0.001


@dataclass(frozen=True)
class Candidate:
    """A case that may be about the same child, how it compares, and why, in words."""

    case: Case
    match: Match

    @property
    def alike(self) -> tuple[str, ...]:
        return self.match.reasons

    @property
    def is_family(self) -> bool:
        """Whether it is rather about a twin, a brother or a sister."""
        return self.match.relation is Relation.FAMILY

    @property
    def is_withdrawn(self) -> bool:
        """Whether the case turned out to be about no death: nothing can be put to it."""
        return self.case.state == CaseState.WITHDRAWN


def candidates(
    record: IdentityRecord,
    *,
    died_on: date | None = None,
    sex: str = "",
    together: Collection[int] = (),
    by: User | Job = SEARCH,
) -> list[Candidate]:
    """The cases that may be about the same child or about its family, the most probable first.

    together  primary keys of cases that one person reported as brothers and sisters of this child
    by        for whom they are opened; nobody is shown more of them than the reasons
    """
    cases = Case.objects.in_bulk(nearest(record))
    known = _known_of(list(cases.values()), by)
    sought = Known.of(record, died_on, sex)
    found = [
        Candidate(case, matching.compare_known(sought, known[key], together=key in together))
        for key, case in cases.items()
        if key in known
    ]
    worth_naming = [each for each in found if each.match.score >= LEAST or each.is_family]
    return sorted(worth_naming, key=lambda each: (-each.match.score, -each.case.pk))


def nearest(record: IdentityRecord) -> list[int]:
    """The cases that share the rarest traces with ``record``, at most ``MOST``, by primary key."""
    weights = _weights(list(tokens.sought(record)))
    if not weights:
        return []
    told = [When(hmac=hmac, then=Value(weight)) for hmac, weight in weights.items()]
    shared = IdentityToken.objects.filter(hmac__in=list(weights)).values("case_id")
    ranked = shared.annotate(weight=Sum(Choose(*told, output_field=FloatField())))
    return list(ranked.order_by("-weight", "-case_id").values_list("case_id", flat=True)[:MOST])


def _weights(hmacs: list[str]) -> Mapping[str, float]:
    """What each trace counts for, in bits: one of two cases 1, one of a thousand 10."""
    having = IdentityToken.objects.filter(hmac__in=hmacs).values("hmac").annotate(n=Count("pk"))
    counts = dict(having.values_list("hmac", "n"))
    if not counts:
        return {}
    cases = Case.objects.count()
    return {hmac: log2(1 + cases / count) for hmac, count in sorted(counts.items())}


def _known_of(cases: list[Case], by: User | Job) -> dict[int, Known]:
    """What is compared of each case, by its primary key; opening them is recorded once."""
    records = identity.compared(cases, by=by, purpose=PURPOSE)
    died_on = dict(Clocks.objects.filter(case__in=cases).values_list("case_id", "died_on"))
    sexes = dict(CaseFacts.objects.filter(case__in=cases).values_list("case_id", "sex"))
    return {
        key: Known.of(record, died_on.get(key), sexes.get(key, ""))
        for key, record in records.items()
    }
