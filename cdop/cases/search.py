"""Finding cases by token, as HMACs, and only then opening and scoring those found.

A trace that few cases have tells more than one that many have: what a trace counts for is how rare
it is. So a surname that hundreds share crowds nobody out, and a rare name counts for more than a
common one. At most ``MOST`` cases are opened, which is recorded, and scored by ``matching``.

For a page of many reports at once (``candidates_of_several``) the same is done with fewer cases for
each, in as many statements as for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
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
MOST_OF_SEVERAL = 50
"""How many cases are opened for each of several reports."""
TRACES_OF_SEVERAL = 1000
"""How many traces of cases are fetched for each of several reports, the rarest kinds first."""
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


@dataclass(frozen=True)
class Sought:
    """A report whose child is looked for among the cases.

    together  primary keys of cases that one person reported as brothers and sisters of this child
    """

    record: IdentityRecord
    died_on: date | None = None
    sex: str = ""
    together: Collection[int] = ()


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
    return _compared(Sought(record, died_on, sex, together), cases, known)


def candidates_of_several(
    sought: Sequence[Sought], *, by: User | Job = SEARCH
) -> list[list[Candidate]]:
    """The likely ones of ``candidates`` for each of several reports, in the order of ``sought``."""
    pools = nearest_of_several([each.record for each in sought])
    cases = Case.objects.in_bulk({key for pool in pools for key in pool})
    known = _known_of(list(cases.values()), by)
    return [
        _likely(each, {key: cases[key] for key in pool if key in cases}, known)
        for each, pool in zip(sought, pools, strict=True)
    ]


def _likely(
    sought: Sought, cases: Mapping[int, Case], known: Mapping[int, Known]
) -> list[Candidate]:
    """The likely ones of ``_compared``; what cannot be likely is not compared to the end."""
    mine = Known.of(sought.record, sought.died_on, sought.sex)
    worth_it = {
        key: case
        for key, case in cases.items()
        if key in known and matching.can_be_likely(mine, known[key])
    }
    return [each for each in _compared(sought, worth_it, known) if each.match.is_likely]


def _compared(
    sought: Sought, cases: Mapping[int, Case], known: Mapping[int, Known]
) -> list[Candidate]:
    mine = Known.of(sought.record, sought.died_on, sought.sex)
    found = [
        Candidate(case, matching.compare_known(mine, known[key], together=key in sought.together))
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


def nearest_of_several(records: Sequence[IdentityRecord]) -> list[list[int]]:
    """``nearest`` for each of several records, at most ``MOST_OF_SEVERAL`` for each."""
    traces = [tokens.sought(record) for record in records]
    counts = _counts({hmac for each in traces for hmac in each})
    rare = [_rarest(each, counts) for each in traces]
    weights = _weighed(counts)
    having = _having({hmac for each in rare for hmac in each})
    return [_heaviest(each, having, weights) for each in rare]


def _rarest(hmacs: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    """The traces that fewest cases have, as long as they are few enough to fetch; at least one."""
    found: list[str] = []
    room = TRACES_OF_SEVERAL
    for hmac in sorted((each for each in hmacs if each in counts), key=lambda each: counts[each]):
        if found and counts[hmac] > room:
            break
        found.append(hmac)
        room -= counts[hmac]
    return found


def _having(hmacs: Collection[str]) -> Mapping[str, list[int]]:
    """The cases that have each of the traces, by primary key."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = IdentityToken.objects.filter(hmac__in=hmacs).values_list("hmac", "case_id")
    for hmac, case in rows:
        found[hmac].append(case)
    return found


def _heaviest(
    hmacs: Iterable[str], having: Mapping[str, list[int]], weights: Mapping[str, float]
) -> list[int]:
    weight: dict[int, float] = defaultdict(float)
    for hmac in hmacs:
        for case in having[hmac]:
            weight[case] += weights[hmac]
    return nlargest(MOST_OF_SEVERAL, weight, key=lambda case: (weight[case], case))


def _weights(hmacs: list[str]) -> Mapping[str, float]:
    return _weighed(_counts(hmacs))


def _counts(hmacs: Collection[str]) -> dict[str, int]:
    """How many cases have each of the traces; those that none has are left out."""
    having = IdentityToken.objects.filter(hmac__in=hmacs).values("hmac").annotate(n=Count("pk"))
    return dict(having.values_list("hmac", "n"))


def _weighed(counts: Mapping[str, int]) -> Mapping[str, float]:
    """What each trace counts for, in bits: one of two cases 1, one of a thousand 10."""
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
