"""Meetings of the agencies about one death: planned, held or cancelled, and what follows from one.

A meeting that was held settles the tasks of the checklist that ask for it and starts the clocks
that hang on it, as the edition says of its kind. What was decided is sealed under the key of the
case, and every opening of it is recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from cdop import editions
from cdop.cases.models import Case
from cdop.core import documents, sealing, steps
from cdop.core.audit import act, record
from cdop.core.dates import start_of
from cdop.core.documents import Document
from cdop.core.refusals import Refused, Stale, refuse_if
from cdop.core.uploads import Accepted
from cdop.editions.schema import DiscussionKind
from cdop.rapid_response import actions, facts, rules
from cdop.rapid_response.discussion_models import Decided, Discussion
from cdop.rapid_response.states import DiscussionState, ItemState

if TYPE_CHECKING:
    from cdop.core.users import User

NOT_RECORDED = 0
SEALED_AS = "discussion"
PURPOSE = "to work on the response to the death"


def why_not(case: Case, user: User, kind: str = "") -> str:
    """Why ``user`` may not plan or record meetings of agencies; "" means they may.

    kind  code of a kind of meeting, if one is meant: then one of its tasks has to be theirs
    """
    kinds = editions.get(case.edition).discussions
    tasks = [task for each in kinds if each.code == kind for task in each.settles]
    return rules.why_not_work_on(case, user, tasks)


def kind_of(discussion: Discussion) -> DiscussionKind:
    """What kind of meeting it is, as the case's edition says."""
    return editions.one(editions.get(discussion.case.edition).discussions, discussion.kind)


def read(discussion: Discussion, *, by: User) -> Decided:
    """What was decided; the reading is recorded first, and refused where it cannot be."""
    record("discussion.read", discussion, by=by, case=discussion.case_id, purpose=PURPOSE)
    return _unsealed(discussion)


def save(
    case: Case,
    number: int,
    to: DiscussionState,
    *,
    by: User,
    version: int,
    kind: str,
    planned_for: datetime | None = None,
    held_at: datetime | None = None,
    chair: str = "",
    agencies: Collection[str] = (),
    present: str = "",
    decisions: str = "",
    why: str = "",
    at: datetime | None = None,
) -> Discussion:
    """Plan a meeting, record that it was held or cancelled, or correct what was recorded.

    number   which meeting of the case; 0 for a new one
    version  that of the meeting on the page; 0 for a new one
    at       when it was recorded; now, unless it was recorded elsewhere before
    Raises Refused where the role or where it stands forbids it, Stale where it has moved on.
    """
    refuse_if(why_not(case, by, kind), HTTPStatus.FORBIDDEN)
    held = to == DiscussionState.HELD
    known = [term.code for term in editions.get(case.edition).attending]
    said: dict[str, Any] = {
        "kind": kind,
        "planned_for": planned_for,
        "held_at": held_at if held else None,
        "chair": chair,
        "agencies": [code for code in known if held and code in agencies],
        "present": present if held else "",
        "why": why if to == DiscussionState.CANCELLED else "",
    }
    stamps: dict[str, Any] = {"recorded_at": at or timezone.now(), "recorded_by": by}
    with act():
        row = Case.objects.held(case.pk)
        there = row.discussions.filter(number=number).first() if number else None
        if there and there.version != version:
            raise Stale(there)
        before = _settled_by(there)
        decided = Decided(decisions if held else "")
        written = _write(row, there, to, by, said, decided, stamps)
        _let_follow(row, before | _settled_by(written), by)
    return written


def attach_minutes(discussion: Discussion, accepted: Accepted, *, by: User) -> Discussion:
    """Keep the file of the minutes with the case; one that was there before stays with it, too."""
    refuse_if(why_not(discussion.case, by, discussion.kind), HTTPStatus.FORBIDDEN)
    with act():
        row = _held(discussion)
        kept = documents.keep(
            accepted, key=row.case.data_key, by=by, source="minutes of a meeting of the agencies"
        )
        return steps.edit(row, by=by, minutes=kept)


def minutes_of(discussion: Discussion) -> Document | None:
    """The file of the minutes, if there is one."""
    found = Document.objects.select_related("data_key", "kept_by")
    return found.get(pk=discussion.minutes_id) if discussion.minutes_id else None


def send_to_coroner(
    discussion: Discussion, on: date | None, *, by: User, version: int
) -> Discussion:
    """The minutes went to the coroner on a day, or, with None, they did not after all.

    The task that asks for it is settled with that day, or open again.
    """
    refuse_if(why_not(discussion.case, by, discussion.kind), HTTPStatus.FORBIDDEN)
    with act():
        row = _held(discussion)
        task = kind_of(row).coroner
        if task is None:
            raise Refused("The guidance does not ask for these minutes to go to the coroner.")
        row = steps.edit(row, by=by, version=version, to_coroner_on=on)
        _let_follow(row.case, {task}, by)
    return row


def _write(
    case: Case,
    there: Discussion | None,
    to: DiscussionState,
    by: User,
    said: dict[str, Any],
    decided: Decided,
    stamps: dict[str, Any],
) -> Discussion:
    """The meeting as it is now; nothing is written where nothing changes."""
    if there is None:
        last = case.discussions.aggregate(last=Max("number"))["last"] or 0
        sealed = sealing.seal_json(case.data_key, SEALED_AS, asdict(decided))
        made = Discussion(case=case, number=last + 1, state=to, sealed=sealed, **said, **stamps)
        return steps.create(made, by=by)
    changed = {name: value for name, value in said.items() if getattr(there, name) != value}
    if decided != _unsealed(there):
        changed["sealed"] = sealing.seal_json(case.data_key, SEALED_AS, asdict(decided))
    if to != DiscussionState.HELD and there.to_coroner_on:
        changed["to_coroner_on"] = None
    if there.state != to:
        return steps.step(there, to, by=by, version=there.version, **changed, **stamps)
    if not changed:
        return there
    return steps.edit(there, by=by, version=there.version, **changed, **stamps)


def _unsealed(discussion: Discussion) -> Decided:
    return Decided(**sealing.unseal_json(discussion.case.data_key, SEALED_AS, discussion.sealed))


def _held(discussion: Discussion) -> Discussion:
    """The meeting, read anew behind the lock of its case. Raises Refused where it was not held."""
    case = Case.objects.held(discussion.case_id)
    row = Discussion.objects.get(pk=discussion.pk)
    row.case = case
    if row.state != DiscussionState.HELD:
        raise Refused(f"This meeting is {row.state_label}. Record first that it was held.")
    return row


def _settled_by(discussion: Discussion | None) -> set[str]:
    """The tasks that a meeting of this kind settles, with those that its minutes settle."""
    if discussion is None:
        return set()
    kind = kind_of(discussion)
    return {*kind.settles, *([kind.coroner] if kind.coroner else [])}


def _let_follow(case: Case, tasks: Iterable[str], by: User) -> None:
    """Let tasks, clocks and what is counted follow the meetings of the case as they stand now."""
    held = list(case.discussions.filter(state=DiscussionState.HELD).order_by("held_at"))
    actions.follow_meetings(case, by=by)
    for item in case.checklist.filter(task__in=tasks):
        done_at, note = _done(item.task, held)
        if done_at:
            actions.settle_anew(item, ItemState.DONE, by=by, note=note, done_at=done_at)
        elif item.state == ItemState.DONE and item.note in NOTES:
            actions.come_back(item, by=by)
    facts.note_discussions(case, by=by)


HELD, SENT = "Recorded with the meeting.", "Recorded with the minutes of the meeting."
NOTES = (HELD, SENT)


def _done(task: str, held: Iterable[Discussion]) -> tuple[datetime | None, str]:
    """When the first of the meetings settled a task, and the words beside it; None: not yet."""
    for each in held:
        kind = kind_of(each)
        if task in kind.settles:
            return each.held_at, HELD
        if task == kind.coroner and each.to_coroner_on and each.held_at:
            # A day without a time: its start, unless the meeting itself was later on that day.
            return max(start_of(each.to_coroner_on), each.held_at), SENT
    return None, ""


def of_case(case: Case) -> list[tuple[Discussion, DiscussionKind]]:
    """The meetings about a case with their kinds, in the order in which they were recorded."""
    rows = list(case.discussions.select_related("recorded_by", "case"))
    return [(row, kind_of(row)) for row in rows]


def unsettled(user: User, now: datetime) -> QuerySet[Discussion]:
    """The planned meetings of open cases that the person sees whose time has come and gone."""
    cases = Case.objects.visible_to(user).open()
    planned = Discussion.objects.filter(state=DiscussionState.PLANNED, planned_for__lt=now)
    return planned.filter(case__in=cases).select_related("case").order_by("planned_for", "pk")
