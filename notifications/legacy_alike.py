"""Rows that may be about one child: two of the sheet, or one of the sheet and a case that is here.

Nothing is opened for it: rows and cases are compared by the keyed traces of ``cases.tokens`` alone.
Nothing is decided by it either. Twins look alike too; a person says for each row whether it is
brought in or left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdop.cases import tokens
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case, Clocks, IdentityToken
from cdop.core import sealing
from notifications.legacy_models import LegacyCase
from notifications.legacy_rows import EarlierCase
from notifications.legacy_states import ImportState

AT_ONCE = 200
OLD_REFERENCE = "legacy reference"
SAME_REFERENCE = "the same reference in the old system"
SAME_DEATH = "the same date of death"
# Without one of these no two rows are compared: names alone are too common.
STRONG = ("nhs_number", "birth_date", "birth_swapped", "died_on")
NAMES = ("name", "name_sound")
# Idle to say where a whole name is shared.
NAMES_WEAKER = ("name_sound", "name_start")
BESIDE_A_BIRTH = frozenset((*NAMES, "mother", "postcode", "died_on"))

Traces = Mapping[str, str]
"""Kind by trace of one child, as ``tokens.sought`` gives them, with the date of death."""


@dataclass(frozen=True)
class Alike:
    """A row, what it is like (an earlier line, or the reference of a case), and in which ways."""

    line: int
    other: str
    reasons: tuple[str, ...]

    @property
    def kept(self) -> list[Any]:
        return [self.line, self.other, list(self.reasons)]


def find(rows: Sequence[EarlierCase]) -> list[Alike]:
    """Every likeness among rows and with the cases that are here, in the order of the lines."""
    traces = [_traces(row) for row in rows]
    found = [*_among(rows, traces)]
    for start in range(0, len(rows), AT_ONCE):
        found += _with_cases(rows[start : start + AT_ONCE], traces[start : start + AT_ONCE])
    return sorted(found, key=lambda each: each.line)


def reference_trace(old_reference: str) -> str:
    """The keyed trace under which a reference of the old system is kept."""
    return sealing.token(OLD_REFERENCE, old_reference.casefold())


def _traces(row: EarlierCase) -> Traces:
    died_on = {_died(row.times.died_on.isoformat()): "died_on"}
    return tokens.sought(IdentityRecord.of(row.answers)) | died_on


def _died(iso: str) -> str:
    return f"died_on:{iso}"


def _among(rows: Sequence[EarlierCase], traces: Sequence[Traces]) -> Iterator[Alike]:
    """Each row with the first earlier one that it is like."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        near = {at for trace in _strong(traces[place]) for at in holders[trace]}
        for at in sorted(near):
            if reasons := _reasons(traces[place], _held(traces[at])):
                yield Alike(row.line, f"line {rows[at].line}", reasons)
                break
        for trace in _strong(traces[place], held=True):
            holders[trace].append(place)


def _held(traces: Traces) -> set[str]:
    """The traces under which a row is found; an exchanged birth date is only looked for."""
    return {trace for trace, kind in traces.items() if kind != "birth_swapped"}


def _strong(traces: Traces, *, held: bool = False) -> list[str]:
    """The traces by which a row is looked for, or ``held``: under which it is found."""
    kinds = [kind for kind in STRONG if not (held and kind == "birth_swapped")]
    return [trace for trace, kind in traces.items() if kind in kinds]


def _with_cases(rows: Sequence[EarlierCase], traces: Sequence[Traces]) -> Iterator[Alike]:
    theirs = _traces_of_cases(traces)
    references = _known_references(rows)
    cases = Case.objects.in_bulk({*theirs, *references.values()})
    shown = {pk: case.reference for pk, case in cases.items()}
    for row, own in zip(rows, traces, strict=True):
        known = references.get(reference_trace(row.old_reference))
        for pk, reference in sorted(shown.items(), key=lambda each: each[1]):
            reasons = _reasons(own, theirs.get(pk, set()))
            if pk == known:
                reasons = (SAME_REFERENCE, *reasons)
            if reasons:
                yield Alike(row.line, reference, reasons)


def _traces_of_cases(traces: Iterable[Traces]) -> dict[int, set[str]]:
    """By case that shares a strong trace with one of the rows: all its traces."""
    sought = {trace for own in traces for trace in _strong(own) if not trace.startswith("died_on")}
    days = {trace.partition(":")[2] for own in traces for trace in own if own[trace] == "died_on"}
    kinds = [kind for kind in STRONG if kind in tokens.KINDS]
    near = set(
        IdentityToken.objects.filter(hmac__in=sought, kind__in=kinds).values_list("case", flat=True)
    )
    died = {
        case: _died(on.isoformat())
        for case, on in Clocks.objects.filter(died_on__in=days).values_list("case", "died_on")
    }
    found: dict[int, set[str]] = defaultdict(set)
    rows = IdentityToken.objects.filter(case__in=near | set(died)).values_list("case", "hmac")
    for case, hmac in rows:
        found[case].add(hmac)
    for case, trace in died.items():
        found[case].add(trace)
    return dict(found)


def _known_references(rows: Iterable[EarlierCase]) -> dict[str, int]:
    """By trace of an old reference the case that an import brought in with it."""
    traces = [reference_trace(row.old_reference) for row in rows]
    there = LegacyCase.objects.filter(
        old_reference__in=traces, batch__state=ImportState.IMPORTED
    ).values_list("old_reference", "case")
    return dict(there)


def _reasons(own: Traces, theirs: set[str]) -> tuple[str, ...]:
    """In which ways two children are alike, in words; nothing where that is too little."""
    shared = [kind for trace, kind in own.items() if trace in theirs]
    if not _is_likely(shared):
        return ()
    weaker = NAMES_WEAKER if "name" in shared else ()
    said = [tokens.KINDS[kind] for kind in tokens.KINDS if kind in shared and kind not in weaker]
    return (*said, *([SAME_DEATH] if "died_on" in shared else []))


def _is_likely(shared: Sequence[str]) -> bool:
    """One NHS number; one birth date and something else; or one day of death and two names."""
    if "nhs_number" in shared:
        return True
    if {"birth_date", "birth_swapped"} & set(shared):
        return bool(BESIDE_A_BIRTH & set(shared))
    return "died_on" in shared and sum(kind == "name" for kind in shared) > 1
