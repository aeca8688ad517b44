"""The decisions, the first hours and the meetings after the deaths of a period, as counts.

Each is one grouped query over the flat row of a case. Counted are the deaths that are not known to
have been expected, and those of which a decision is recorded all the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from cdop import editions
from cdop.cases.models import CaseFacts
from cdop.core.counts import Counts, DoesNotAddUp
from cdop.rapid_response.compliance import NO_AREA, by_area
from cdop.rapid_response.discussion_models import Discussion
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.responses import EXPECTED
from cdop.rapid_response.states import DiscussionState, Known, ResponseState


@dataclass(frozen=True)
class Decisions(Counts):
    """Whether a response was started after the deaths of one row.

    met          deaths for which it is recorded that a criterion applies
    met_started  of these, those after which it was started
    """

    of: int = 0
    started: int = 0
    not_needed: int = 0
    not_recorded: int = 0
    met: int = 0
    met_started: int = 0

    def checked(self) -> Decisions:
        """The same; raises DoesNotAddUp where a death was decided twice or not at all."""
        if self.started + self.not_needed + self.not_recorded != self.of:
            raise DoesNotAddUp(f"The decisions do not make up the deaths: {self}")
        if not self.met_started <= min(self.met, self.started) or self.met > self.of:
            raise DoesNotAddUp(f"More criteria than deaths: {self}")
        return self


@dataclass(frozen=True)
class Answers:
    """What is known of one question about the first hours, over the deaths of a period."""

    label: str
    yes: int
    no: int
    not_applicable: int
    not_known: int
    not_recorded: int

    @property
    def known(self) -> int:
        """Deaths of which it is known whether it was done: what a share is over."""
        return self.yes + self.no

    @property
    def of(self) -> int:
        return self.known + self.not_applicable + self.not_known + self.not_recorded


ASKED = {
    "ambulance_protocol": "The ambulance service followed its protocol",
    "history_taken": "A full history was taken",
    "examination": "The child was examined fully",
    "samples": "The samples were taken",
    "skeletal_survey": "A skeletal survey was made",
}


@dataclass(frozen=True)
class Met:
    """How many meetings of one kind were held, and about how many deaths."""

    label: str
    held: int
    deaths: int


def asked(counted: QuerySet[CaseFacts]) -> QuerySet[CaseFacts]:
    """Those of the deaths after which a response has to be decided, with a checklist."""
    lists = ChecklistItem.objects.values("case")
    decided = Q(case__response_facts__response__in=ResponseState.values)
    return counted.filter(~Q(expectedness=EXPECTED) | decided, case__in=lists)


def decisions(counted: QuerySet[CaseFacts]) -> list[tuple[str, Decisions]]:
    """A row for each area that has such deaths, and the total last."""
    columns = ("area__name", "case__response_facts__response", "case__response_facts__criteria_met")
    grouped = asked(counted).order_by().values_list(*columns).annotate(n=Count("pk"))
    rows: dict[str, Decisions] = defaultdict(Decisions)
    for area, response, met, number in grouped:
        rows[area or NO_AREA] += Decisions(
            of=number,
            met=number if met else 0,
            met_started=number if met and response == ResponseState.STARTED else 0,
            **{response or "not_recorded": number},
        )
    total = sum(rows.values(), Decisions())
    named = [*sorted(rows.items(), key=by_area), ("Total", total)]
    return [(area, each.checked()) for area, each in named]


def first_hours(counted: QuerySet[CaseFacts]) -> list[Answers]:
    """A row for each question about the first hours."""
    columns = [f"case__response_facts__{name}" for name in ASKED]
    grouped = asked(counted).order_by().values_list(*columns).annotate(n=Count("pk"))
    found: dict[str, Counter[str]] = {name: Counter() for name in ASKED}
    for *codes, number in grouped:
        for name, code in zip(ASKED, codes, strict=True):
            found[name][code] += number
    return [_answers(label, found[name]) for name, label in ASKED.items()]


def _answers(label: str, found: Counter[str]) -> Answers:
    said = {str(code): found[code] for code in Known.values}
    return Answers(label=label, not_recorded=found.total() - sum(said.values()), **said)


def meetings(counted: QuerySet[CaseFacts]) -> list[Met]:
    """A row for each kind of meeting that was held about these deaths."""
    held = Discussion.objects.filter(state=DiscussionState.HELD, case__in=counted.values("case"))
    grouped = held.order_by().values_list("kind", "case__edition")
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    labels: dict[str, str] = {}
    for kind, edition, number, deaths in grouped.annotate(
        n=Count("pk"), deaths=Count("case", distinct=True)
    ):
        labels[kind] = editions.one(editions.get(edition).discussions, kind).label
        counts[kind] = [counts[kind][0] + number, counts[kind][1] + deaths]
    return [Met(labels[kind], *counts[kind]) for kind in _in_order(counts)]


def _in_order(kinds: Any) -> list[str]:
    """The kinds in the order in which the editions name them."""
    known = [kind.code for code in editions.codes() for kind in editions.get(code).discussions]
    return sorted(kinds, key=known.index)
