"""What notifiers reported, value by value: contradictions stand side by side until settled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Min, QuerySet
from django.utils import timezone

from cdop.cases import corrections, identity, queries
from cdop.cases import facts as working_out
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case, Clocks, ReportedValue
from cdop.core import sealing, steps
from cdop.core.audit import Job, act, record
from cdop.core.dates import in_london
from cdop.core.refusals import Refused, refuse_if

if TYPE_CHECKING:
    from cdop.core.users import User

# Asked about the notifier, not about the child: kept with the notification, never compared.
ABOUT_THE_NOTIFIER = "notifier_"
# Two answers to one of these add to each other, so that there is nothing to settle.
TOLD_TOGETHER = frozenset(
    {
        "agencies_known",
        "circumstances",
        "consultants",
        "coroner_details",
        "follow_up_details",
        "key_worker",
        "known_events",
        "known_professionals",
        "other_information",
        "other_reviews",
        "response_criteria",
    }
)


@dataclass(frozen=True)
class Said:
    """One answer of one notifier, opened."""

    value: ReportedValue
    answer: Any


@dataclass(frozen=True)
class Value:
    """One of the values of a field, with everybody who said it, oldest first.

    stands  whether it is what the case says now
    """

    answer: Any
    said: tuple[ReportedValue, ...]
    stands: bool


@dataclass(frozen=True)
class Contradiction:
    """A field for which notifiers said different things, with what each said, oldest first.

    now  what the case says, None where it keeps no such field of its own
    """

    field: str
    said: tuple[Said, ...]
    now: Any = None

    @property
    def values(self) -> list[Value]:
        """What was said, each value once."""
        found: dict[str, list[Said]] = {}
        for each in self.said:
            found.setdefault(_folded(each.answer), []).append(each)
        now = None if self.now is None else _folded(self.now)
        return [
            Value(said[0].answer, tuple(each.value for each in said), key == now)
            for key, said in found.items()
        ]

    @property
    def is_otherwise(self) -> bool:
        """Whether the case says what none of those did of whom this is open."""
        return self.now not in (None, "") and not any(value.stands for value in self.values)


def keep(
    case: Case,
    answers: Mapping[str, Any],
    *,
    source: str,
    received_at: datetime,
    by: User | Job,
) -> None:
    """Keep each answered field as one notifier reported it, and mark where it differs."""
    with act():
        said = {"source": source, "received_at": received_at}
        new = [
            ReportedValue(
                case=case,
                field=field,
                sealed=sealing.seal_json(case.data_key, _purpose(field), answer),
                **said,
            )
            for field, answer in _answered(answers)
        ]
        steps.create_all(new, by=by)
        _mark(case, by)


def differences(case: Case) -> int:
    """For how many fields notifiers said different things that nobody has settled."""
    return len(_open(case).filter(differs=True).order_by().values_list("field").distinct())


def contradictions(case: Case, *, by: User) -> list[Contradiction]:
    """The fields that notifiers reported differently and nobody has settled; recorded as a read."""
    identity.why_not_read(by, "contradictions")
    fields = groupby(_open(case).filter(differs=True), key=lambda value: value.field)
    said = {field: _opened(case, values) for field, values in fields}
    stands = _stands(case, said, by)
    found = [Contradiction(field, each, stands.get(field)) for field, each in said.items()]
    if found:
        record(
            "reported_values.read",
            case,
            by=by,
            purpose="settle contradictions",
            fields=[each.field for each in found],
        )
    return found


def withdraw(case: Case, source: str, *, by: User) -> None:
    """Take back what one notification reported: kept as it was, but no longer held against others.

    Raises Refused where a part of it was settled: the case would say what nobody reported.
    """
    with act():
        values = list(_standing(case).filter(source=source))
        if settled := [value.field for value in values if value.settled_at]:
            raise Refused(
                f"What {source} said was settled together with what others said: "
                f"{', '.join(_asked(case, field) for field in settled)}. It stays with this case."
            )
        now = timezone.now()
        for value in values:
            said: dict[str, Any] = {"withdrawn_at": now, "differs": False}
            steps.edit(value, by=by, action="reportedvalue.withdrawn", **said)
        _mark(case, by)


def answers_by_source(case: Case, fields: Collection[str]) -> dict[str, dict[str, Any]]:
    """What each notification that stands behind the case answered to some questions, in order."""
    rows = _standing(case).filter(field__in=fields).order_by("received_at", "pk")
    found: dict[str, dict[str, Any]] = {}
    for value in rows:
        found.setdefault(value.source, {})[value.field] = _answer(case, value)
    return found


def first_received(case: Case) -> datetime | None:
    """When the first of the notifications arrived that still stand behind the case."""
    return _standing(case).order_by().aggregate(first=Min("received_at"))["first"]


def settle(value: ReportedValue, *, by: User) -> None:
    """Let one reported value stand, write it where its field is kept, and close the others."""
    with act():
        case = Case.objects.held(value.case_id)
        value = ReportedValue.objects.select_for_update().get(pk=value.pk)
        if value.settled_at or value.withdrawn_at:
            raise Refused("Somebody settled this meanwhile. Look at the case as it is now.")
        answer = _answer(case, value)
        refuse_if(why_not_settle(case, value.field, answer))
        _apply(case, value.field, answer, by)
        stamps: dict[str, Any] = {"settled_at": timezone.now(), "settled_by": by, "differs": False}
        for open_value in _open(case).filter(field=value.field):
            steps.edit(open_value, by=by, action="reportedvalue.settled", **stamps)


def why_not_settle(case: Case, field: str, answer: Any) -> str:
    """Why a reported value cannot stand as it is; "" means it can."""
    clocks = Clocks.objects.get(case=case)
    if field == "date_of_birth" and date.fromisoformat(answer) > clocks.died_on:
        return (
            "This date of birth is after the date of death. Correct when the child died first, if "
            "that is what is wrong."
        )
    if field in OF_THE_CLOCKS and answer != OF_THE_CLOCKS[field](clocks):
        return (
            "The case says otherwise. Correct when the child died, or when this was confirmed, on "
            "its own page; then settle this."
        )
    return ""


def _time(moment: datetime | None) -> str:
    return f"{in_london(moment):%H:%M}" if moment else ""


# What notifiers say of the clocks, as the clocks themselves would say it.
OF_THE_CLOCKS: dict[str, Callable[[Clocks], str]] = {
    "date_of_death": lambda clocks: clocks.died_on.isoformat(),
    "time_of_death": lambda clocks: _time(clocks.died_at),
    "time_death_confirmed": lambda clocks: _time(clocks.confirmed_at),
}


def _answered(answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for field, answer in answers.items():
        if answer not in ("", [], None) and not field.startswith(ABOUT_THE_NOTIFIER):
            yield field, answer


def _standing(case: Case) -> QuerySet[ReportedValue]:
    """What the notifications said that still stand behind the case."""
    return case.reported_values.filter(withdrawn_at=None)


def _open(case: Case) -> QuerySet[ReportedValue]:
    return _standing(case).filter(settled_at=None)


def _mark(case: Case, by: User | Job) -> None:
    """Mark anew which open values differ, where the case has more than one source of them."""
    values = list(_open(case))
    if len({value.source for value in values}) < 2 and not any(v.differs for v in values):
        return
    for field, group in groupby(values, key=lambda value: value.field):
        said = list(group)
        differs = field not in TOLD_TOGETHER and len({_key(case, each) for each in said}) > 1
        for value in said:
            steps.edit(value, by=by, action="reportedvalue.compared", differs=differs)


def _key(case: Case, value: ReportedValue) -> str:
    return _folded(_answer(case, value))


def _folded(answer: Any) -> str:
    """An answer as it is compared: neither capitals nor spaces make it another one."""
    return " ".join(str(answer).casefold().split()) if isinstance(answer, str) else repr(answer)


def _stands(case: Case, fields: Iterable[str], by: User) -> dict[str, Any]:
    """What the case says now of the fields that it keeps. Reading who the child was is recorded."""
    found: dict[str, Any] = {}
    sought = set(fields)
    if sealed := sought & IdentityRecord.catalogue.keys():
        known = identity.read(case, by=by, purpose="settle what notifiers reported")
        found |= {field: getattr(known, field) for field in sealed}
    for field in sought.intersection(working_out.REPORTED):
        fact = getattr(case.facts, field)
        found[field] = "" if fact is None else str(fact)
    if clocked := sought & OF_THE_CLOCKS.keys():
        clocks = Clocks.objects.get(case=case)
        found |= {field: OF_THE_CLOCKS[field](clocks) for field in clocked}
    return found


def _asked(case: Case, field: str) -> str:
    """What the form asked, in its words."""
    asked = queries.questions(queries.edition_of(case)).get(field)
    return f"“{asked.label}”" if asked else field


def _opened(case: Case, values: Iterable[ReportedValue]) -> tuple[Said, ...]:
    return tuple(Said(value, _answer(case, value)) for value in values)


def _answer(case: Case, value: ReportedValue) -> Any:
    return sealing.unseal_json(case.data_key, _purpose(value.field), value.sealed)


def _purpose(field: str) -> str:
    return f"reported:{field}"


def _apply(case: Case, field: str, answer: Any, by: User) -> None:
    """Write a settled answer where its field is kept: with the identity, or among the facts."""
    if field in IdentityRecord.catalogue:
        known = identity.read(case, by=by, purpose="settle what notifiers reported")
        corrections.correct_identity(case, replace(known, **{field: answer}), by=by)
    elif field in working_out.REPORTED:
        corrections.correct_facts(case, by=by, **working_out.reported(field, answer))


def told(case: Case, field: str) -> list[Any]:
    """Every answer to one field that still stands, oldest first: for the system to decide by."""
    return [_answer(case, value) for value in _standing(case).filter(field=field)]
