"""Which notifications on a list may be about a child who is known already, without opening a case.

A case is named where the traces that are kept for search say so: the same NHS number, or the same
date of birth with a name in common; a withdrawn one is about no death and is not named. So a twin
may be named; the page of the notification compares with care, and records it. What waits itself is
compared as it is there: opened where it lies, while the list shows references alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdop.cases import tokens
from cdop.cases.identity import IdentityRecord
from cdop.cases.matching import Known, compare_known
from cdop.cases.models import Case, IdentityToken
from cdop.cases.search import PURPOSE
from cdop.cases.states import CaseState
from cdop.core.audit import record
from cdop.core.sealing import CannotUnseal
from notifications import likeness
from notifications.queries import Line
from notifications.states import NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User

NUMBER, BORN, NAME = "nhs_number", "birth_date", "name"
KINDS = (NUMBER, BORN, NAME)
MOST_NAMED = 3

Traces = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class _Told:
    """A line that waits, what it says of the child, and the traces of that."""

    line: Line
    known: Known
    traces: Traces


def flagged(lines: Iterable[Line], user: User) -> list[Line]:
    """The lines, each that waits with the references of what may be about the same child."""
    lines = list(lines)
    waiting = [each for each in lines if each.notification.state == NotificationState.RECEIVED]
    if waiting:
        count = {"notifications": len(waiting)}
        record("notification.compared", "the list", by=user, purpose=PURPOSE, after=count)
    told = {each.line.notification.pk: each for each in map(_told, waiting) if each}
    cases = _cases(list(told.values()), user)
    return [
        replace(line, maybe=_maybe(told[line.notification.pk], told.values(), cases))
        if line.notification.pk in told
        else line
        for line in lines
    ]


def _told(line: Line) -> _Told | None:
    """What a line says, opened; None where its key was destroyed."""
    try:
        answers = line.notification.answers
    except CannotUnseal:
        return None
    found = tokens.of(IdentityRecord.of(answers))
    traces = frozenset(trace for trace in found if trace[0] in KINDS)
    return _Told(line, likeness.known(answers), traces)


def _maybe(one: _Told, others: Iterable[_Told], cases: dict[str, Traces]) -> tuple[str, ...]:
    mine = one.line.notification
    found = [reference for reference, traces in cases.items() if _alike(one.traces, traces)]
    found += [
        each.line.notification.reference
        for each in others
        if each.line.notification.pk != mine.pk
        and not (mine.together and mine.together == each.line.notification.together)
        and _alike(one.traces, each.traces)
        and compare_known(one.known, each.known).is_likely
    ]
    return tuple(found[:MOST_NAMED])


def _alike(one: Traces, other: Traces) -> bool:
    shared = {kind for kind, _ in one & other}
    return NUMBER in shared or {BORN, NAME} <= shared


def _cases(told: list[_Told], user: User) -> dict[str, Traces]:
    """By reference, the traces that the cases this person sees share with any of the lines."""
    sought = {hmac for each in told for kind, hmac in each.traces if kind != NAME}
    if not sought:
        return {}
    near = IdentityToken.objects.filter(hmac__in=sought, kind__in=(NUMBER, BORN)).values("case")
    visible = Case.objects.visible_to(user).filter(pk__in=near).exclude(state=CaseState.WITHDRAWN)
    rows = IdentityToken.objects.filter(kind__in=KINDS, case__in=visible)
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for reference, kind, hmac in rows.values_list("case__reference", "kind", "hmac"):
        found[reference].add((kind, hmac))
    return {reference: frozenset(traces) for reference, traces in sorted(found.items())}
