"""Who read what: by person, by case, and what somebody should look at twice.

For the information governance lead. Nothing here says who a child was; a case is its reference.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncDate
from django.utils import timezone

from cdop.cases.models import Case, IdentityToken
from cdop.core import names, sealing
from cdop.core.audit import AuditEntry
from cdop.core.dates import end_of, start_of
from cdop.core.periods import Period
from cdop.core.users import User

READINGS = (
    "read",
    "read_unprotected",
    "searched",
    "downloaded",
    "compared",
    "previewed",
    "disclosed",
)
"""How the names of entries end that stand for something read, searched or taken out."""
MORNING, EVENING = 7, 20
"""Hours in London between which people usually work, Monday to Friday."""
FRIDAY = 5
MANY = 15
"""Cases of which one person reads on one day, from which on it is shown."""


@dataclass(frozen=True)
class Reader:
    """What one person read in a period.

    out_of_hours  readings before 7, from 20 o'clock, on Saturdays and Sundays, in London
    most_in_a_day the most cases on one day
    own_name      references of cases in which somebody has the reader's family name
    """

    user_id: int
    name: str
    readings: int
    cases: int
    searches: int
    downloads: int
    out_of_hours: int
    most_in_a_day: int
    own_name: tuple[str, ...] = ()

    @property
    def remarks(self) -> list[str]:
        """What somebody should look at; most of it has a good reason."""
        said = []
        if self.own_name:
            said.append(f"Read of somebody with the same family name: {', '.join(self.own_name)}")
        if self.most_in_a_day >= MANY:
            said.append(f"Read of {self.most_in_a_day} cases on one day")
        if self.out_of_hours:
            said.append(f"{self.out_of_hours} of {self.readings} outside working hours")
        return said


@dataclass(frozen=True)
class SeenBy:
    """What one person, in one role, read of one case."""

    name: str
    hat: str
    readings: int
    first: datetime
    last: datetime
    purposes: tuple[str, ...]


def readings() -> QuerySet[AuditEntry]:
    """Every entry that stands for something read, searched or taken out by a person."""
    ends = Q()
    for word in READINGS:
        ends |= Q(action__endswith=word)
    return AuditEntry.objects.filter(ends, actor__isnull=False)


def within(period: Period) -> QuerySet[AuditEntry]:
    """The readings of a period."""
    return readings().filter(at__gte=start_of(period.first_month), at__lte=end_of(period.last_day))


def by_person(period: Period) -> list[Reader]:
    """A row for everybody who read anything, those with something to look at first."""
    found = within(period)
    london = timezone.get_default_timezone()
    hour, day = ExtractHour("at", tzinfo=london), ExtractIsoWeekDay("at", tzinfo=london)
    late = Q(hour__lt=MORNING) | Q(hour__gte=EVENING) | Q(weekday__gt=FRIDAY)
    rows = (
        found.annotate(hour=hour, weekday=day)
        .order_by()
        .values("actor", "actor__name")
        .annotate(
            readings=Count("number"),
            cases=Count("case_number", distinct=True),
            searches=Count("number", filter=Q(action__endswith="searched")),
            downloads=Count("number", filter=Q(action__endswith="downloaded")),
            out_of_hours=Count("number", filter=late),
        )
    )
    most, same = _most_in_a_day(found, london), _of_own_name(found)
    readers = [
        Reader(
            user_id=row["actor"],
            name=row["actor__name"],
            readings=row["readings"],
            cases=row["cases"],
            searches=row["searches"],
            downloads=row["downloads"],
            out_of_hours=row["out_of_hours"],
            most_in_a_day=most.get(row["actor"], 0),
            own_name=tuple(same.get(row["actor"], ())),
        )
        for row in rows
    ]
    return sorted(readers, key=lambda each: (not each.remarks, each.name))


def of_person(user: User, period: Period) -> QuerySet[AuditEntry]:
    """What one person read in a period, newest first."""
    return within(period).filter(actor=user).order_by("-number")


def of_case(case: Case) -> QuerySet[AuditEntry]:
    """Every reading of a case, from its beginning on, newest first."""
    return readings().filter(case_number=case.pk).select_related("actor").order_by("-number")


def seen_by(case: Case) -> list[SeenBy]:
    """Who has seen the record of this case, in which role, how often and why; last reader first."""
    entries = of_case(case).order_by()
    rows = entries.values("actor__name", "actor", "hat").annotate(
        readings=Count("number"), first=Min("at"), last=Max("at")
    )
    purposes: dict[tuple[int, str], set[str]] = defaultdict(set)
    told = entries.exclude(purpose="").values_list("actor", "hat", "purpose").distinct()
    for actor, hat, purpose in told:
        purposes[actor, hat].add(purpose)
    return [
        SeenBy(
            row["actor__name"],
            row["hat"],
            row["readings"],
            row["first"],
            row["last"],
            tuple(sorted(purposes[row["actor"], row["hat"]])),
        )
        for row in sorted(rows, key=lambda row: row["last"], reverse=True)
    ]


def _most_in_a_day(found: QuerySet[AuditEntry], london: Any) -> dict[int, int]:
    days = (
        found.exclude(case_number=None)
        .annotate(day=TruncDate("at", tzinfo=london))
        .order_by()
        .values_list("actor", "day")
        .annotate(cases=Count("case_number", distinct=True))
    )
    most: dict[int, int] = {}
    for actor, _, cases in days:
        assert actor  # only people read
        most[actor] = max(cases, most.get(actor, 0))
    return most


def _of_own_name(found: QuerySet[AuditEntry]) -> dict[int, list[str]]:
    """By reader, the references of cases they read in which their own family name occurs."""
    pairs = set(found.exclude(case_number=None).order_by().values_list("actor", "case_number"))
    called = dict(User.objects.filter(pk__in={a for a, _ in pairs}).values_list("pk", "name"))
    traces = {pk: _traces(name) for pk, name in called.items()}
    every = {trace for each in traces.values() for trace in each}
    tokens = IdentityToken.objects.filter(kind__in=("name", "mother"), hmac__in=every)
    of_trace: dict[str, set[int]] = defaultdict(set)
    for trace, case in tokens.values_list("hmac", "case"):
        of_trace[trace].add(case)
    same = [
        (reader, number)
        for reader, number in pairs
        if reader and number and any(number in of_trace[trace] for trace in traces[reader])
    ]
    cases = dict(Case.objects.filter(pk__in={c for _, c in same}).values_list("pk", "reference"))
    found_of: dict[int, list[str]] = defaultdict(list)
    for reader, number in sorted(same):
        found_of[reader].append(cases[number])
    return found_of


def _traces(name: str) -> set[str]:
    """The traces under which a child or mother of the last part of a name would be found."""
    parts = list(names.parts(name))[-1:]
    return {sealing.token(kind, part) for part in parts for kind in ("name", "mother")}
