"""What becomes of a listed death: proposals, and a person's decision about each.

The same for a line of a registrar's or hospital's list and for one of a trust's monthly return.
Nothing is matched without a person, however sure it looks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cdop import editions
from cdop.cases import matching, search, tokens
from cdop.cases.identity import IdentityRecord
from cdop.cases.matching import Known, Match
from cdop.cases.models import Case, IdentityToken
from cdop.cases.search import Candidate
from cdop.cases.states import CaseState
from cdop.core import steps
from cdop.core.audit import act, record
from cdop.core.refusals import Refused, refuse_if
from cdop.core.roles import Permission
from notifications import against_dates, intake, likeness
from notifications.assurance.listed import Listed, holder, unseal
from notifications.assurance.models import DeathList, ListedDeath, Return
from notifications.assurance.states import ListedState
from notifications.intake import Route
from notifications.likeness import MOST_NAMED
from notifications.models import Notification
from notifications.states import NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User

S = ListedState
TRIAGE = Permission.NOTIFICATIONS_TRIAGE
MOST_COMPARED = 200
"""How many waiting notifications are opened to compare a line with, the latest."""
NO_MATCH: dict[str, Any] = {
    "case": None,
    "notification": None,
    "reason_code": "",
    "note": "",
    "settled_at": None,
    "settled_by": None,
}


class Reason(models.TextChoices):
    """Why a listed death needs no notification here."""

    GROWN_UP = "grown_up", "The death was on or after the 18th birthday"
    NOT_BORN_ALIVE = "not_born_alive", "The baby was not born alive"
    TERMINATION = "termination", "It followed a lawful termination of pregnancy"
    ELSEWHERE = "elsewhere", "Another panel reviews this death and has been told"
    TWICE = "twice", "The same death stands on another line"
    ERROR = "error", "The line is a mistake: those who listed it say so"
    OTHER = "other", "Something else"


NEEDS_A_NOTE = {Reason.ELSEWHERE, Reason.TWICE, Reason.OTHER}


@dataclass(frozen=True)
class Waiting:
    """A notification that waits for triage and may be about the listed child, and why."""

    notification: Notification
    match: Match


@dataclass(frozen=True)
class Proposals:
    """What may be about the listed child, best first, for a person to decide.

    family     cases that are rather about a twin, a brother or a sister
    withdrawn  likely cases that were withdrawn, so that nothing can be matched with them
    """

    cases: tuple[Candidate, ...]
    family: tuple[Candidate, ...]
    withdrawn: tuple[Candidate, ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True)
class Counts:
    """What became of the lines. They always add up: ``of`` raises AssertionError otherwise.

    open  what nobody has decided, and what has to be decided again
    """

    total: int
    matched: int
    notified: int
    explained: int
    open: int
    taken_back: int

    @classmethod
    def of(cls, lines: Collection[ListedDeath]) -> Counts:
        """``total`` leaves out what was taken back by those who listed it."""
        by = Counter(line.standing for line in lines)
        counts = cls(
            total=len(lines) - by[S.TAKEN_BACK],
            matched=by[S.MATCHED],
            notified=by[S.NOTIFIED],
            explained=by[S.EXPLAINED],
            open=by[S.OPEN],
            taken_back=by[S.TAKEN_BACK],
        )
        parts = (counts.matched, counts.notified, counts.explained, counts.open)
        assert sum(parts) == counts.total, f"{parts} do not add up to {counts.total}"
        return counts


def proposals(line: ListedDeath, listed: Listed, user: User) -> Proposals:
    """The cases and waiting notifications that may be about the child of a line."""
    found = likeness.sort(likeness.cases(listed.answers(), user))
    return Proposals(
        cases=tuple(found.same)[:MOST_NAMED],
        family=tuple(found.family)[:MOST_NAMED],
        withdrawn=tuple(found.withdrawn)[:MOST_NAMED],
        waiting=tuple(_waiting(line, listed, user))[:MOST_NAMED],
    )


def sure(lines: Mapping[ListedDeath, Listed], user: User) -> dict[ListedDeath, Case]:
    """The open lines of one list for which one case has the same NHS number and date of death.

    Three statements, whatever the number of lines. A case that another line has already, or that
    two lines would get, is proposed to neither.
    """
    sought = {line: listed for line, listed in lines.items() if listed.number}
    traces = {line: _trace(listed.number) for line, listed in sought.items()}
    cases = _cases_by_trace(set(traces.values()), user)
    taken = _taken(lines)
    found = {}
    for line, listed in sought.items():
        fitting = [
            case
            for case, died_on in cases[traces[line]]
            if died_on == listed.died_on and case.pk not in taken
        ]
        if line.state == S.OPEN and len(fitting) == 1:
            found[line] = fitting[0]
    often = Counter(case.pk for case in found.values())
    return {line: case for line, case in found.items() if often[case.pk] == 1}


def match(
    line: ListedDeath,
    *,
    by: User,
    version: int,
    case: Case | None = None,
    notification: Notification | None = None,
) -> ListedDeath:
    """Say that a case, or a notification that waits, is about the listed death."""
    with act():
        row = _locked(line, S.MATCHED, by)
        refuse_if(_why_not_match(row, case, notification))
        stamps = _stamps(by) | {"case": case, "notification": notification}
        return steps.step(row, S.MATCHED, by=by, version=version, **stamps)


def match_all(pairs: Mapping[ListedDeath, Case], on_list: DeathList, *, by: User) -> int:
    """Confirm sure matches as they were shown: all of them or, where one is sure no more, none."""
    with act():
        _lock_holder(on_list)
        rows = on_list.lines.select_related("on_list__data_key", "case")
        now = sure({line: unseal(line) for line in rows}, by)
        for line, case in pairs.items():
            if now.get(line) != case:
                raise Refused(
                    "Something changed while you looked at the list, so nothing was confirmed. "
                    "Look at it again."
                )
            match(line, by=by, version=line.version, case=case)
    return len(pairs)


def explain(
    line: ListedDeath, *, by: User, version: int, reason: str, note: str = ""
) -> ListedDeath:
    """Settle a listed death without a match, for a reason out of ``Reason``."""
    code = Reason(reason)
    refuse_if(why_note_is_missing(reason, note))
    with act():
        row = _locked(line, S.EXPLAINED, by)
        refuse_if(why_not_explain(unseal(row), reason))
        stamps = _stamps(by) | {"reason_code": str(code), "note": note.strip()}
        return steps.step(row, S.EXPLAINED, by=by, version=version, **stamps)


def why_note_is_missing(reason: str, note: str) -> str:
    """Why a reason cannot stand without a note; "" where it can."""
    if reason not in NEEDS_A_NOTE or note.strip():
        return ""
    return "Say more about it: which panel, which line, or what it is."


def why_not_explain(listed: Listed, reason: str) -> str:
    """Why the dates of a line speak against a reason; "" where they do not, or one is missing."""
    born = date.fromisoformat(listed.date_of_birth) if listed.date_of_birth else None
    age = against_dates.age_against(reason, born, listed.died_on)
    if not age:
        return ""
    return (
        f"By the dates of the line the child died at the age of {age}. If one of them is wrong, "
        "choose “Something else” and say which."
    )


def notify(line: ListedDeath, *, by: User, version: int) -> Notification:
    """Make a notification from what the line says; triage then takes it as any other."""
    with act():
        row = _locked(line, S.NOTIFIED, by)
        listed, held = unseal(row), holder(row)
        sent = intake.receive(
            listed.answers() | {"notifier_organisation": _source(held)},
            edition=editions.in_force(listed.died_on),
            route=Route.LIST,
            organisation=_organisation(held),
            by=by,
        )
        stamps = _stamps(by) | {"notification": sent}
        steps.step(row, S.NOTIFIED, by=by, version=version, **stamps)
    return sent


def undo(line: ListedDeath, *, by: User, version: int) -> ListedDeath:
    """Let a line that was matched or settled stand open again; its history keeps what was said.

    Of a line that was notified from here triage decides, as long as its notification stands.
    """
    with act():
        row = _locked(line, S.OPEN, by)
        if row.state == S.NOTIFIED and not row.adrift:
            raise Refused(
                f"Notification {row.notification} was made from this line. If it should not have "
                "been, decline it first."
            )
        return steps.step(row, S.OPEN, by=by, version=version, **NO_MATCH)


def reason_label(code: str) -> str:
    return str(Reason(code).label) if code else ""


def _why_not_match(row: ListedDeath, case: Case | None, notification: Notification | None) -> str:
    if (case is None) == (notification is None):
        return "Choose one case or one notification."
    if case and case.state == CaseState.WITHDRAWN:
        return f"Case {case} is withdrawn, so it is about no death. Choose another one."
    if notification and notification.state == NotificationState.DECLINED:
        return f"Notification {notification} is declined, so it holds no line. Choose another one."
    if notification and notification.case and notification.case.state == CaseState.WITHDRAWN:
        return f"The case of {notification} is withdrawn, so it is about no death."
    others = ListedDeath.objects.filter(on_list=row.on_list, on_return=row.on_return)
    same = Q(case=case) if case else Q(notification=notification)
    other = others.exclude(pk=row.pk).filter(same).first()
    if other:
        return (
            f"Line {other.number} is about {case or notification} already. If this is the same "
            "death, settle this line as standing on another line."
        )
    return ""


def _locked(line: ListedDeath, to: ListedState, by: User) -> ListedDeath:
    """The line, where it can become ``to``, locked after its list or return.

    So two lines cannot take one case at once, and who comes second is told what was decided.
    """
    if not by.can(TRIAGE):
        raise Refused("Your role does not reconcile lists of deaths.", HTTPStatus.FORBIDDEN)
    _lock_holder(holder(line))
    rows = ListedDeath.objects.select_for_update(of=("self",))
    row = rows.select_related("on_list__data_key", "on_return__data_key").get(pk=line.pk)
    refuse_if(steps.state_forbids(row, to))
    return row


def _lock_holder(held: DeathList | Return) -> None:
    type(held).objects.select_for_update(of=("self",)).get(pk=held.pk)


def _stamps(by: User) -> dict[str, Any]:
    return {"settled_at": timezone.now(), "settled_by": by}


def _trace(number: str) -> str:
    """The keyed trace under which a case with this NHS number is found."""
    [(_, hmac)] = tokens.of(IdentityRecord(nhs_number=number))
    return hmac


def _cases_by_trace(traces: Collection[str], user: User) -> dict[str, list[tuple[Case, date]]]:
    rows = IdentityToken.objects.filter(
        kind="nhs_number", hmac__in=traces, case__in=Case.objects.visible_to(user)
    ).exclude(case__state=CaseState.WITHDRAWN)
    found: dict[str, list[tuple[Case, date]]] = defaultdict(list)
    for row in rows.select_related("case__clocks").order_by("case_id"):
        found[row.hmac].append((row.case, row.case.clocks.died_on))
    return found


def _taken(lines: Iterable[ListedDeath]) -> set[int]:
    return {line.case_id for line in lines if line.case_id is not None}


def _waiting(line: ListedDeath, listed: Listed, user: User) -> list[Waiting]:
    """The waiting notifications that have something in common with a line, best first.

    What somebody sent is opened to be compared, which is recorded once.
    """
    rows = Notification.objects.visible_to(user).waiting().filter(data_key__wrapped__isnull=False)
    near = list(rows.select_related("data_key").order_by("-received_at", "-pk")[:MOST_COMPARED])
    if near:
        count = {"notifications": len(near)}
        record("listeddeath.compared", line, by=user, purpose=search.PURPOSE, after=count)
    sought = Known.of(listed.identity, listed.died_on, listed.sex)
    found = [Waiting(row, _compared(sought, row.answers)) for row in near]
    alike = [each for each in found if each.match.score >= search.LEAST]
    return sorted(alike, key=lambda each: (-each.match.score, each.notification.pk))


def _compared(sought: Known, answers: dict[str, Any]) -> Match:
    day = answers.get("date_of_death")
    died_on = date.fromisoformat(day) if day else None
    other = Known.of(IdentityRecord.of(answers), died_on, str(answers.get("sex") or ""))
    return matching.compare_known(sought, other)


def _source(held: DeathList | Return) -> str:
    organisation = _organisation(held)
    return str(organisation) if organisation else "A registrar's or hospital's list of deaths"


def _organisation(held: DeathList | Return) -> Any:
    return held.asked_of.organisation if isinstance(held, Return) else held.organisation
