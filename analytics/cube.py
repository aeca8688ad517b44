"""The one count from which every table of a release is rolled up.

The database groups the flat facts once; a death counts towards a basis in the month that the
basis names, and a row says for each basis how it counts. Everything is read in one transaction
that sees one moment and can write nothing.
"""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.utils import timezone

from analytics import dimensions, rollup, tables
from analytics.dimensions import GESTATION, NOT_KNOWN, REVIEW_TIMES, Band
from analytics.models import Population
from analytics.populations import Populations, choose, shipped, years_of
from analytics.rated import rated
from analytics.rollup import Tabulated
from cdop import editions
from cdop.cases.models import CaseFacts
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.core.secrets import secret
from cdop.editions import Edition

# The month of CaseFacts that decides for each basis whether a death counts.
MONTHS = {"notified": "notified_in", "reviewed": "reviewed_in", "died": "died_in"}

# Columns of the cube, by column of CaseFacts; every dimension of a table is one of them.
FACTS = {
    "area": "area",
    "age_band": "age_band",
    "sex": "sex",
    "expectedness": "expectedness",
    "analysis_edition": "edition",
    "category": "category",
    "modifiable": "modifiable",
    "ethnic_group": "ethnic_group",
    "place_of_death": "place_of_death",
    "place_of_event": "place_of_event",
}


def _band(column: str, bands: Sequence[Band]) -> Case:
    """The code of the band in which a number lies; "" where there is no number."""
    return Case(
        *(When(_below(column, band.below), Value(band.code)) for band in bands),
        default=Value(""),
        output_field=CharField(),
    )


def _below(column: str, number: int | None) -> Q:
    return Q(**{f"{column}__lt": number}) if number else Q(**{f"{column}__isnull": False})


# Columns that the database works out from numbers too fine to be shown.
BANDS = {
    "gestation": _band("gestation_weeks", GESTATION),
    "time_to_review": _band("days_to_sign_off", REVIEW_TIMES),
}
FLAGS = [f"basis_{basis}" for basis in MONTHS]
DIVIDING = [*FACTS.values(), *BANDS]
COLUMNS = [*DIVIDING, *FLAGS, "n"]

SEAL_LENGTH = 16  # hexadecimal digits: 64 bits


@dataclass(frozen=True)
class Cube:
    """Deaths in scope, counted once.

    frame       a row per combination of facts that some death has: text columns with
                "not_known" where a fact is missing, a flag per basis (0 or 1), and ``n``
    editions    those of the deaths reviewed in the period, oldest first; where none
                was reviewed, the one in force at its end
    areas       GSS code to name; "not_known" is among them where a death has no area
    snapshot    the time of the count and a seal of what was counted, as ``snapshot_id`` says
    populations those of the period; a kind of which a year is missing is not among them
    """

    period: Period
    frame: pd.DataFrame
    editions: tuple[Edition, ...]
    areas: Mapping[str, str]
    counted_at: datetime
    snapshot: str
    populations: Populations = Populations({})

    @property
    def without_area(self) -> int:
        """Deaths in scope of which nobody has said where the child lived."""
        return int(self.frame.loc[self.frame["area"] == NOT_KNOWN, "n"].sum())

    def tabulate(self) -> list[Tabulated]:
        """Every declared table, in the order of the report, but rates of an unknown population.

        Raises ValueError if a death has a fact that no table has a place for.
        """
        by_code = dimensions.build(self.editions, self.areas)
        declared = [
            table
            for table in tables.declared([edition.code for edition in self.editions])
            if not table.population or table.population in self.populations.years
        ]
        counted = rollup.roll_up_all(self.frame, declared, by_code, period=str(self.period))
        areas = [code for code in self.areas if code != NOT_KNOWN]
        return [
            rated(each, self.populations, areas, self.editions) if each.table.population else each
            for each in counted
        ]


def count(period: Period, *, using: str = DEFAULT_DB_ALIAS) -> Cube:
    """Count every death in scope that was notified, reviewed or happened in ``period``.

    Raises ValueError if a reviewed death does not name its guidance.
    """
    with one_moment(using):
        counted_at = timezone.now()
        areas = dict(Area.objects.using(using).values_list("code", "name"))
        rows = list(statement(period).using(using))
        loaded = Population.objects.using(using).filter(year__in=years_of(period))
        populations = choose(period, [*shipped(), *(each.as_year() for each in loaded)])
    frame = _frame(rows)
    if NOT_KNOWN in set(frame["area"]):
        areas[NOT_KNOWN] = "Not known"
    found = _editions(frame, period)
    seal = snapshot_id(frame, counted_at)
    return Cube(period, frame, found, areas, counted_at, seal, populations)


@contextmanager
def one_moment(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """A transaction in which every read sees the same moment and nothing can be written.

    On SQLite the transactions of this system take the write lock at their start; this one must
    not, since it only reads. Inside a running transaction there is nothing to set any more: the
    one grouped statement still sees one moment.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with _reading(connection), transaction.atomic(using):
            yield
    else:
        with transaction.atomic(using):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


@contextmanager
def _reading(connection: Any) -> Iterator[None]:
    connection.ensure_connection()  # which is when the mode is set
    usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        yield
    finally:
        connection.transaction_mode = usual
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")


def statement(period: Period) -> QuerySet[Any, Any]:
    """The one grouped statement; its rows have the values of ``COLUMNS`` as the database has them.

    A missing fact is None or "", and a flag is true, false or None (a month that is missing).
    """
    within = [
        Q(**{f"{month}__range": (period.first_month, period.last_month)})
        for month in MONTHS.values()
    ]
    return (
        CaseFacts.objects.order_by()
        .filter(Q(*within, _connector=Q.OR), in_scope=True)
        .annotate(**dict(zip(FLAGS, within, strict=True)), **BANDS)
        .values_list(*FACTS, *BANDS, *FLAGS)
        .annotate(n=Count("*"))
    )


def _frame(rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """The cube, sorted, so that the same deaths always make the same one.

    What the database tells apart and the cube does not, such as an area nobody gave and an
    empty code, becomes one row.
    """
    counted: Counter[tuple[Any, ...]] = Counter()
    for *row, n in rows:
        facts = (fact or NOT_KNOWN for fact in row[: len(DIVIDING)])
        flags = (int(bool(flag)) for flag in row[len(DIVIDING) :])
        counted[(*facts, *flags)] += n
    lines = [(*combination, n) for combination, n in sorted(counted.items())]
    return pd.DataFrame(lines, columns=COLUMNS)


def _editions(frame: pd.DataFrame, period: Period) -> tuple[Edition, ...]:
    used = set(frame["edition"][frame["basis_reviewed"] == 1])
    if strange := used - set(editions.codes()):
        raise ValueError(f"A reviewed death does not name its guidance: {', '.join(strange)}.")
    if not used:
        return (editions.in_force(period.last_day),)
    return tuple(editions.get(code) for code in editions.codes() if code in used)


def snapshot_id(frame: pd.DataFrame, counted_at: datetime) -> str:
    """The time of a count and a seal over that time and what was counted.

    It is published, so it tells a reader nothing: without the key nobody can try which counts
    lead to it, and as the time is sealed too, equal counts at two times have two seals. With
    the key, the time of an earlier count tells whether the counts are still the same.
    """
    moment = f"{counted_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    text = f"release-snapshot:{moment}:{json.dumps(frame.values.tolist())}".encode()
    seal = hmac.new(secret("AUDIT_KEY"), text, hashlib.sha256).hexdigest()
    return f"{moment}-{seal[:SEAL_LENGTH]}"
