"""Rows that may be about one child: two of the sheet, or one of the sheet and a case that is here.

Only rows that share an NHS number, a birth date (day and month exchanged or not) or the day of
death are compared, by ``cases.matching``, which tells a twin from the same child. Nothing is
decided by it: a person says for each row whether it is brought in or left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdop.cases import identity, matching, tokens
from cdop.cases.identity import IdentityRecord
from cdop.cases.matching import Known
from cdop.cases.models import Case, CaseFacts, Clocks, IdentityToken
from cdop.cases.states import CaseState
from cdop.core import sealing
from cdop.core.audit import Job
from notifications.legacy_cases import EarlierCase
from notifications.legacy_models import LegacyCase
from notifications.legacy_states import ImportState

if TYPE_CHECKING:
    from datetime import date

    from cdop.core.users import User

AT_ONCE = 500
# A question too many costs a look; a child who is here twice is counted twice.
LEAST = 0.1
OLD_REFERENCE = "legacy reference"
SAME_REFERENCE = "the same reference in the old system"
PURPOSE = "find earlier cases that are here already"
STRONG = ("nhs_number", "birth_date")


@dataclass(frozen=True)
class Alike:
    """A row, what it is like (an earlier line, or the reference of a case), and in which ways."""

    line: int
    other: str
    reasons: tuple[str, ...]

    @property
    def kept(self) -> list[Any]:
        return [self.line, self.other, list(self.reasons)]


@dataclass(frozen=True)
class Compared:
    """One row as it is compared.

    held    the traces under which others find it
    sought  those by which it finds others: a birth date exchanged is only looked for
    """

    row: EarlierCase
    known: Known
    held: frozenset[str]
    sought: frozenset[str]

    @classmethod
    def of(cls, row: EarlierCase) -> Compared:
        record = IdentityRecord.of(row.answers)
        own = tokens.of(record)
        strong = {hmac for kind, hmac in own if kind in STRONG}
        exchanged = tokens.sought(record) - {hmac for _, hmac in own}
        died = {_died(row.times.died_on)}
        return cls(
            row=row,
            known=Known.of(record, row.times.died_on, row.answers.get("sex", "")),
            held=frozenset(strong | died),
            sought=frozenset(strong | died | exchanged),
        )


def find(rows: Iterable[EarlierCase], *, by: User | Job) -> list[Alike]:
    """Every likeness among rows and with the cases that are here, in the order of the lines.

    by  for whom the cases are opened to be compared, which is recorded
    """
    compared = [Compared.of(row) for row in rows]
    found = [*_among(compared)]
    for start in range(0, len(compared), AT_ONCE):
        found += _with_cases(compared[start : start + AT_ONCE], by)
    return sorted(found, key=lambda each: each.line)


def reference_trace(old_reference: str) -> str:
    """The keyed trace under which a reference of the old system is kept."""
    return sealing.token(OLD_REFERENCE, old_reference.casefold())


def _died(on: date) -> str:
    return f"died_on:{on}"


def _among(compared: Sequence[Compared]) -> Iterator[Alike]:
    """Each row with the first earlier one that it is like."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(compared):
        near = {at for trace in each.sought for at in holders[trace]}
        for at in sorted(near):
            if reasons := _reasons(each.known, compared[at].known):
                yield Alike(each.row.line, f"line {compared[at].row.line}", reasons)
                break
        for trace in each.held:
            holders[trace].append(place)


def _with_cases(compared: Sequence[Compared], by: User | Job) -> Iterator[Alike]:
    """Rows with the cases that they are like. One that was withdrawn is none."""
    holders = _holders(compared)
    references = _known_references(each.row for each in compared)
    keys = {key for of_trace in holders.values() for key in of_trace} | set(references.values())
    there = Case.objects.filter(pk__in=keys).exclude(state=CaseState.WITHDRAWN)
    cases = {case.pk: case for case in there}
    known = _known_of(list(cases.values()), by)
    for each in compared:
        same = references.get(reference_trace(each.row.old_reference))
        near = {key for trace in each.sought for key in holders.get(trace, ())}
        near |= {same} if same else set()
        for key in sorted(near & set(cases), key=lambda key: cases[key].reference):
            reasons = _reasons(each.known, known[key]) if key in known else ()
            if key == same:
                reasons = (SAME_REFERENCE, *reasons)
            if reasons:
                yield Alike(each.row.line, cases[key].reference, reasons)


def _holders(compared: Sequence[Compared]) -> dict[str, set[int]]:
    """By trace that one of the rows looks for: the cases that are found under it."""
    sought = {trace for each in compared for trace in each.sought}
    found: dict[str, set[int]] = defaultdict(set)
    rows = IdentityToken.objects.filter(hmac__in=sought, kind__in=STRONG)
    for key, hmac in rows.values_list("case", "hmac"):
        found[hmac].add(key)
    days = {each.row.times.died_on for each in compared}
    for key, on in Clocks.objects.filter(died_on__in=days).values_list("case", "died_on"):
        found[_died(on)].add(key)
    return found


def _known_of(cases: list[Case], by: User | Job) -> dict[int, Known]:
    """What is compared of each case; those whose key was destroyed are left out."""
    if not cases:
        return {}
    records = identity.compared(cases, by=by, purpose=PURPOSE)
    died_on = dict(Clocks.objects.filter(case__in=cases).values_list("case", "died_on"))
    sexes = dict(CaseFacts.objects.filter(case__in=cases).values_list("case", "sex"))
    return {
        key: Known.of(record, died_on.get(key), sexes.get(key, ""))
        for key, record in records.items()
    }


def _known_references(rows: Iterable[EarlierCase]) -> dict[str, int]:
    """By trace of an old reference the case that an import brought in with it."""
    traces = [reference_trace(row.old_reference) for row in rows]
    there = LegacyCase.objects.filter(
        old_reference__in=traces, batch__state=ImportState.IMPORTED
    ).values_list("old_reference", "case")
    return dict(there)


def _reasons(one: Known, other: Known) -> tuple[str, ...]:
    """In which ways two reports are alike, in words; nothing where they are hardly one child's."""
    match = matching.compare_known(one, other)
    equal_numbers = one.nhs_number != "" and one.nhs_number == other.nhs_number
    return match.reasons if equal_numbers or match.score >= LEAST else ()
