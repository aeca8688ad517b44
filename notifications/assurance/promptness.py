"""How soon deaths are notified: hours from a death to its first notification, by who told us.

Every table counts the same deaths: those of one period that the panel reviews, whatever area is
known. A share is taken of the deaths whose clock is known, and both numbers stand beside it. Rows
are in the order of their names; nothing is ranked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from cdop import editions
from cdop.core.clocks import due, was_in_time
from cdop.core.counts import DoesNotAddUp
from cdop.core.dates import elapsed_hours
from cdop.editions.schema import Due

LEAST_FOR_A_SHARE = 10
"""Below so many deaths with a known clock no percentage and no median is shown: among fewer than
ten, one child more or less moves the share by more than ten points, and the difference between two
hospitals would be chance. The counts are shown; more months together reach the number."""

STANDARDS = ("notified", "referred_to_response", "notified_portal")
"""The standards of an edition against which the first notification is measured."""
ANOTHER_PURPOSE = "referred_to_response"
"""Set for referring an unexpected death; measured here up to the notification, for every death."""

NOT_CHOSEN = "Organisation not chosen"
NOT_KEPT = "No notification is kept here"
NOT_GIVEN = "Role not given"
NOT_KNOWN = "Not known"
LAST = (NOT_CHOSEN, NOT_GIVEN, NOT_KNOWN, NOT_KEPT)
"""What stands below all names, in this order."""

HOSPITAL = {"paediatrician", "neonatologist", "emergency_clinician", "hospital_other", "midwife"}
COMMUNITY = {
    "general_practice",
    "community_nurse",
    "hospice",
    "ambulance",
    "police",
    "social_care",
}
GROWING_UP = (16, 17)
"""The ages in completed years at which children are often treated among adults."""


@dataclass(frozen=True)
class Death:
    """One death that the panel reviews, with what is known of its first notification.

    started_at   the time of death, or else when it was confirmed; None if neither is known
    notified_at  when we were told; None if only the day is known
    role, role_label  what kind of professional told us first; "" where not given
    organisation      who told us first; "" where not chosen
    kept        whether a notification stands behind the case
    adult_ward  "yes", "no" or "", as any of its notifications says
    """

    edition: str
    started_at: datetime | None
    notified_at: datetime | None
    age_years: int | None = None
    has_area: bool = True
    kept: bool = True
    organisation: str = ""
    role: str = ""
    role_label: str = ""
    adult_ward: str = ""

    @property
    def hours(self) -> float | None:
        """From death to notification; None where unknown or where the two contradict each other."""
        if self.started_at is None or self.notified_at is None:
            return None
        passed = elapsed_hours(self.started_at, self.notified_at)
        return passed if passed >= 0 else None


@dataclass(frozen=True)
class Yardstick:
    """A time within which a death ought to be notified, and the codes of the editions with it."""

    due: Due
    editions: frozenset[str]
    note: str

    @property
    def words(self) -> str:
        if self.due.unit == "hours":
            return f"Within {self.due.offset} hours"
        if self.due.offset == 1:
            return "By the end of the next working day"
        return f"By the end of {self.due.offset} {self.due.unit.replace('_', ' ')}"


@dataclass(frozen=True)
class Share:
    """How many were in time, of how many whose clock is known and whose edition has the time."""

    in_time: int
    of: int

    @property
    def percent(self) -> float | None:
        """None below ``LEAST_FOR_A_SHARE``."""
        return 100 * self.in_time / self.of if self.of >= LEAST_FOR_A_SHARE else None

    @property
    def words(self) -> str:
        """ "9 of 12 (75%)", or the two numbers alone."""
        counted = f"{self.in_time:,} of {self.of:,}"
        return counted if self.percent is None else f"{counted} ({self.percent:.0f}%)"


@dataclass(frozen=True)
class Line:
    """One row: all deaths, those with a known clock, their hours in the middle, and the shares."""

    label: str
    deaths: int
    known: int
    median: float | None
    shares: tuple[Share, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """Everything that must add up."""
        return (self.deaths, self.known, *(n for s in self.shares for n in (s.in_time, s.of)))


@dataclass(frozen=True)
class Table:
    """One way of dividing the deaths, with a share in each row for each yardstick.

    ``total`` is counted of all of them, whatever the rows.
    """

    code: str
    title: str
    heading: str
    yardsticks: tuple[Yardstick, ...]
    lines: tuple[Line, ...]
    total: Line


@dataclass(frozen=True)
class Division:
    """One way of dividing deaths: the label of the row in which a death stands."""

    code: str
    title: str
    heading: str
    label: Callable[[Death], str]


def organisation(death: Death) -> str:
    return (death.organisation or NOT_CHOSEN) if death.kept else NOT_KEPT


def setting(death: Death) -> str:
    """Whether the news came from a hospital, from the community, or from an office."""
    if not death.kept:
        return NOT_KEPT
    if not death.role:
        return NOT_GIVEN
    if death.role in HOSPITAL:
        return "Hospital staff and midwives"
    return "Community services" if death.role in COMMUNITY else "Other services and offices"


def role(death: Death) -> str:
    return (death.role_label or NOT_GIVEN) if death.kept else NOT_KEPT


def age(death: Death) -> str:
    if death.age_years is None:
        return NOT_KNOWN
    return "16 and 17 years" if death.age_years in GROWING_UP else "Under 16 years"


def ward(death: Death) -> str:
    return {"yes": "On a ward for adults", "no": "Not on a ward for adults"}.get(
        death.adult_ward, NOT_KNOWN
    )


DIVISIONS = (
    Division("organisation", "By who told us first", "Organisation", organisation),
    Division("setting", "By where the first news came from", "Where from", setting),
    Division("role", "By the kind of professional who told us first", "Role", role),
    Division("age", "Deaths at 16 and 17 years", "Age at death", age),
    Division("ward", "Deaths on wards for adults", "Ward", ward),
)

GROUPS: dict[str, tuple[str, Callable[[Death], bool]]] = {
    "all": ("All ages and wards", lambda death: True),
    "16-17": ("16 and 17 years", lambda death: death.age_years in GROWING_UP),
    "adult_ward": ("On wards for adults", lambda death: death.adult_ward == "yes"),
}
"""Which deaths to look at, by code: in words, and whether a death is one of them."""


def yardsticks(among: Collection[str]) -> tuple[Yardstick, ...]:
    """The times that editions set, in the order of ``STANDARDS``; ``among`` are their codes."""
    found: dict[Due, list[tuple[str, str]]] = defaultdict(list)
    for code in STANDARDS:
        for edition in map(editions.get, sorted(among)):
            for standard in edition.standards:
                if standard.code == code:
                    found[standard.due].append((edition.code, code))
    return tuple(
        Yardstick(rule, frozenset(edition for edition, _ in named), _note(named))
        for rule, named in found.items()
    )


def _note(named: Sequence[tuple[str, str]]) -> str:
    titles = [editions.get(code).title for code, _ in named]
    note = f"Standard of: {'; '.join(dict.fromkeys(titles))}."
    if any(code == ANOTHER_PURPOSE for _, code in named):
        note += (
            " It is set for referring an unexpected death to the response team; here it is measured"
            " up to the notification, for every death."
        )
    return note


def tables(deaths: Collection[Death], closures: Collection[date]) -> tuple[Table, ...]:
    """Every division of the deaths. Raises DoesNotAddUp where rows and total differ."""
    sticks = yardsticks({death.edition for death in deaths})
    measured = [_measure(death, sticks, closures) for death in deaths]
    return tuple(_table(division, sticks, measured) for division in DIVISIONS)


@dataclass(frozen=True)
class _Measured:
    """A death with its hours and, by yardstick, whether it was in time; None if it cannot be."""

    death: Death
    hours: float | None
    in_time: tuple[bool | None, ...]


def _measure(death: Death, sticks: Sequence[Yardstick], closures: Collection[date]) -> _Measured:
    hours = death.hours
    verdicts = tuple(_verdict(death, hours, yardstick, closures) for yardstick in sticks)
    return _Measured(death, hours, verdicts)


def _verdict(
    death: Death, hours: float | None, yardstick: Yardstick, closures: Collection[date]
) -> bool | None:
    if death.started_at is None or death.notified_at is None or hours is None:
        return None
    if death.edition not in yardstick.editions:
        return None
    rule = yardstick.due
    return was_in_time(due(death.started_at, rule.offset, rule.unit, closures), death.notified_at)


def _table(
    division: Division, sticks: tuple[Yardstick, ...], measured: Sequence[_Measured]
) -> Table:
    rows: dict[str, list[_Measured]] = defaultdict(list)
    for each in measured:
        rows[division.label(each.death)].append(each)
    lines = tuple(_line(label, rows[label], len(sticks)) for label in sorted(rows, key=_order))
    total = _line("All deaths", measured, len(sticks))
    table = Table(division.code, division.title, division.heading, sticks, lines, total)
    check(table)
    return table


def check(table: Table) -> None:
    """Raises DoesNotAddUp unless every count of the rows adds up to that of the total."""
    added = tuple(
        sum(column) for column in zip(*(line.counts for line in table.lines), strict=True)
    )
    if (added or (0,) * len(table.total.counts)) != table.total.counts:
        raise DoesNotAddUp(f"{table.title}: rows {added}, total {table.total.counts}.")


def _order(label: str) -> tuple[int, str]:
    return (LAST.index(label) + 1 if label in LAST else 0, label.casefold())


def _line(label: str, rows: Sequence[_Measured], sticks: int) -> Line:
    hours = [row.hours for row in rows if row.hours is not None]
    middle = median(hours) if len(hours) >= LEAST_FOR_A_SHARE else None
    shares = tuple(_share(row.in_time[n] for row in rows) for n in range(sticks))
    return Line(label, len(rows), len(hours), middle, shares)


def _share(verdicts: Iterable[bool | None]) -> Share:
    known = [verdict for verdict in verdicts if verdict is not None]
    return Share(sum(known), len(known))
