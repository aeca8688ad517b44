"""What notifiers reported, value by value: contradictions stand side by side until settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop import editions
from cdop.cases import facts as working_out
from cdop.cases import identity
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case, CaseFacts, Clocks, ReportedValue
from cdop.core import sealing, steps
from cdop.core.audit import Job, act, record
from cdop.core.refusals import Refused

if TYPE_CHECKING:
    from cdop.core.users import User

# Asked about the notifier, not about the child: kept with the notification, never compared.
ABOUT_THE_NOTIFIER = "notifier_"


@dataclass(frozen=True)
class Said:
    """One answer of one notifier, opened."""

    value: ReportedValue
    answer: Any


@dataclass(frozen=True)
class Contradiction:
    """A field for which notifiers said different things, with what each said, oldest first."""

    field: str
    said: tuple[Said, ...]


def keep(
    case: Case,
    answers: Mapping[str, Any],
    *,
    source: str,
    received_at: datetime,
    by: User | Job,
) -> None:
    """Keep each answered field as one notifier reported it."""
    with act():
        for field, answer in _answered(answers):
            sealed = sealing.seal_json(case.data_key, _purpose(field), answer)
            said = {"source": source, "received_at": received_at}
            steps.create(ReportedValue(case=case, field=field, sealed=sealed, **said), by=by)


def contradictions(case: Case, *, by: User) -> list[Contradiction]:
    """The fields that notifiers reported differently and nobody has settled; recorded as a read."""
    identity.why_not_read(by, "contradictions")
    open_values = list(case.reported_values.filter(settled_at=None))
    fields = groupby(open_values, key=lambda value: value.field)
    found = [Contradiction(field, _opened(case, values)) for field, values in fields]
    found = [each for each in found if len({repr(said.answer) for said in each.said}) > 1]
    if found:
        record(
            "reported_values.read",
            case,
            by=by,
            purpose="settle contradictions",
            fields=[each.field for each in found],
        )
    return found


def settle(value: ReportedValue, *, by: User) -> None:
    """Let one reported value stand, write it where its field is kept, and close the others."""
    with act():
        case = value.case
        if why := why_not_settle(value):
            raise Refused(why)
        answer = sealing.unseal_json(case.data_key, _purpose(value.field), value.sealed)
        _apply(case, value.field, answer, by)
        stamps: dict[str, Any] = {"settled_at": timezone.now(), "settled_by": by}
        for open_value in case.reported_values.filter(field=value.field, settled_at=None):
            steps.edit(open_value, by=by, action="reportedvalue.settled", **stamps)


def why_not_settle(value: ReportedValue) -> str:
    """Why a reported value cannot stand as it is; "" means it can."""
    if value.field != "date_of_birth":
        return ""
    answer = sealing.unseal_json(value.case.data_key, _purpose(value.field), value.sealed)
    if date.fromisoformat(answer) <= Clocks.objects.get(case=value.case).died_on:
        return ""
    return (
        "This date of birth is after the date of death. Correct when the child died first, if that "
        "is what is wrong."
    )


def _answered(answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for field, answer in answers.items():
        if answer not in ("", [], None) and not field.startswith(ABOUT_THE_NOTIFIER):
            yield field, answer


def _opened(case: Case, values: Iterator[ReportedValue]) -> tuple[Said, ...]:
    return tuple(
        Said(value, sealing.unseal_json(case.data_key, _purpose(value.field), value.sealed))
        for value in values
    )


def _purpose(field: str) -> str:
    return f"reported:{field}"


def _apply(case: Case, field: str, answer: Any, by: User) -> None:
    """Write a settled answer where its field is kept; clocks are corrected on their own page."""
    if field in IdentityRecord.catalogue:
        known = identity.read(case, by=by, purpose="settle what notifiers reported")
        identity.edit(case, replace(known, **{field: answer}), by=by)
    if field == "date_of_birth":
        died_on = Clocks.objects.get(case=case).died_on
        age = working_out.age({field: answer}, editions.get(case.edition), died_on)
        steps.edit(CaseFacts.objects.get(case=case), by=by, **age)
    if field in working_out.CODED:
        changes: dict[str, Any] = {field: str(answer)}
        steps.edit(CaseFacts.objects.get(case=case), by=by, **changes)
