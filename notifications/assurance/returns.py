"""Monthly returns that came: what was answered, and that every death in it is settled.

What somebody answers is compared with nothing before a person does it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop.core import outbox, sealing, steps
from cdop.core.audit import Job, act
from cdop.core.refusals import Refused, Stale, refuse_if
from notifications.assurance import listed
from notifications.assurance.asking import locked, must_triage
from notifications.assurance.listed import Listed
from notifications.assurance.models import (
    ANSWERED_BY,
    ListedDeath,
    Return,
)
from notifications.assurance.settling import NO_MATCH
from notifications.assurance.states import ListedState, ReturnState

if TYPE_CHECKING:
    from cdop.core.users import User

TRUST = Job("an organisation without account")


@dataclass(frozen=True)
class Answer:
    """What an organisation says about a month. ``name``, ``role`` and ``phone`` of who says it."""

    deaths: tuple[Listed, ...]
    name: str
    role: str
    phone: str = ""


def why_closed(asked: Return, now: datetime | None = None) -> str:
    """Why a link opens its return no more; "" means that it does."""
    if asked.state == ReturnState.SETTLED:
        return "This return is complete. If something in it was wrong, please ring us."
    if asked.expires_at <= (now or timezone.now()):
        return "The time of this link is over. Please ring us, and we send another."
    return ""


def answer(
    asked: Return, said: Answer, *, by: User | Job, version: int, now: datetime | None = None
) -> Return:
    """Keep what an organisation says, over what it said before. Raises Refused where it is closed.

    version  of the return that the person saw; Stale is raised where somebody answered since
    A death that is said again as it was keeps what was decided about it.
    """
    now = now or timezone.now()
    if not isinstance(by, Job):
        must_triage(by)
    with act():
        row = locked(asked)
        closed = why_closed(row, now) if isinstance(by, Job) else _why_not_key(row)
        if closed:
            raise Refused(closed)
        # Until somebody has answered only reminders make new versions, and nothing is overwritten.
        if row.version != version and row.state != ReturnState.ASKED:
            if _is_what_stands(said, row):
                return row
            raise Stale(row)
        person = {"name": said.name, "role": said.role, "phone": said.phone}
        stamps: dict[str, Any] = {
            "returned_at": now,
            "none_died": not said.deaths,
            "sealed": sealing.seal_json(row.data_key, ANSWERED_BY, person),
        }
        _keep_lines(row, said.deaths, by)
        outbox.stop(row.reference, by=by, reason="The return was answered.")
        if row.state == ReturnState.ASKED:
            return steps.step(row, ReturnState.RETURNED, by=by, **stamps)
        return steps.edit(row, by=by, action="return.corrected", **stamps)


def settle(asked: Return, *, by: User, version: int) -> Return:
    """Say that every death of a return is settled; from then on its link corrects it no more."""
    with act():
        row = locked(asked)
        refuse_if(why_not_settle(row))
        stamps: dict[str, Any] = {"settled_at": timezone.now(), "settled_by": by}
        return steps.step(row, ReturnState.SETTLED, by=by, version=version, **stamps)


def open_again(asked: Return, *, by: User, version: int) -> Return:
    """Let a settled return be corrected again."""
    stamps: dict[str, Any] = {"settled_at": None, "settled_by": None}
    return steps.step(asked, ReturnState.RETURNED, by=by, version=version, **stamps)


def why_not_settle(asked: Return) -> str:
    """Why a return cannot be settled yet; "" means it can."""
    if asked.state == ReturnState.ASKED:
        return "This return has not come yet."
    if ListedDeath.objects.filter(on_return=asked).to_decide().exists():
        return "Match or settle each death of this return first."
    return ""


def lines(asked: Return) -> dict[ListedDeath, Listed]:
    """Every death of a return. Whoever shows it to a person records the reading first."""
    rows = asked.lines.select_related("on_return__data_key", "case", "notification__case")
    return {row: listed.unseal(row) for row in rows}


def said(asked: Return) -> Answer | None:
    """What was answered last, for those who correct it; None before anybody answered."""
    if asked.state == ReturnState.ASKED:
        return None
    standing = {
        row: line for row, line in lines(asked).items() if row.state != ListedState.TAKEN_BACK
    }
    return Answer(deaths=tuple(standing.values()), **asked.answered_by)


def _keep_lines(row: Return, deaths: Iterable[Listed], by: User | Job) -> None:
    """Make the lines say what is said now: what is gone is taken back, what is new stands open."""
    standing = {
        line: said for line, said in lines(row).items() if line.state != ListedState.TAKEN_BACK
    }
    wanted = list(deaths)
    for line, before in standing.items():
        if before in wanted:
            wanted.remove(before)
        else:
            # By the job: it is the organisation that takes it back, whoever keys it in.
            steps.step(line, ListedState.TAKEN_BACK, by=TRUST, **NO_MATCH)
    first = row.lines.count() + 1
    for number, new in enumerate(wanted, first):
        sealed = listed.seal(row.data_key, new)
        steps.create(ListedDeath(on_return=row, number=number, sealed=sealed), by=by)


def _is_what_stands(new: Answer, row: Return) -> bool:
    """Whether it was answered so already, word for word: by a second press of the button."""
    before = said(row)
    return (
        before is not None
        and replace(before, deaths=()) == replace(new, deaths=())
        and Counter(before.deaths) == Counter(new.deaths)
    )


def _why_not_key(row: Return) -> str:
    if row.state == ReturnState.SETTLED:
        return "This return is settled. Open it again first."
    return ""
