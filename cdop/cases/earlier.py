"""Cases that another system kept before this one, brought in as they stood there.

What a panel found before this system is in its minutes and its old database, not here. No finding
that nobody signed is made up for it: the counted facts carry the code and the month, and the
import that wrote them, by a named person, stands behind them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cdop.cases import actions, identity
from cdop.cases import facts as working_out
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case, CaseFacts, Clocks
from cdop.cases.states import CaseState
from cdop.core import sealing, steps
from cdop.core.audit import Job, act
from cdop.core.dates import days_between, london_date, month_of
from cdop.core.identifiers import new_reference
from cdop.core.organisations import Area
from cdop.editions.schema import Edition

if TYPE_CHECKING:
    from datetime import date

    from cdop.core.users import User


UNDOING = Job("undoing an import")
REVIEWED_ELSEWHERE = (CaseState.REVIEWED, CaseState.CLOSED)
NOTHING_FOUND: Mapping[str, Any] = {
    "in_scope": False,
    "analysis_edition": "",
    "category": "",
    "modifiable": "",
    "reviewed_in": None,
    "days_to_sign_off": None,
}


@dataclass(frozen=True)
class Found:
    """What a panel found before this system, in the codes of the edition in force at sign-off."""

    signed_off_at: datetime
    edition: str
    category: str
    modifiable: str


def bring_in(
    *,
    answers: Mapping[str, Any],
    edition: Edition,
    area: Area | None,
    in_scope: bool,
    died_on: date,
    died_at: datetime | None,
    confirmed_at: datetime | None,
    notified_at: datetime,
    found: Found,
    closed_at: datetime | None,
    reason: str,
    by: User | Job,
    time_known: bool = True,
) -> Case:
    """Open a case that was reviewed elsewhere; return it as reviewed, or as closed.

    closed_at   when it was closed; None where it still has to be
    reason      the import, for the history of every row
    time_known  whether the import said at what time the panel was told
    What the notifier reported is kept with the notification alone: nobody settles contradictions
    of a case that is over.
    """
    times: dict[str, Any] = {"died_on": died_on, "died_at": died_at, "confirmed_at": confirmed_at}
    with act():
        case = steps.create(
            Case(
                reference=new_reference("C"),
                state=CaseState.CLOSED if closed_at else CaseState.REVIEWED,
                edition=edition.code,
                data_key=sealing.new_key(),
                opened_at=notified_at,
                opened_by=None if isinstance(by, Job) else by,
                closed_at=closed_at,
            ),
            by=by,
            reason=reason,
        )
        identity.open_for(case, IdentityRecord.of(dict(answers)), by=by)
        steps.create(Clocks(case=case, notified_at=notified_at, **times), by=by, reason=reason)
        columns = working_out.from_answers(answers, edition, died_on)
        clocks = times | {"notified_at": notified_at, "time_known": time_known}
        columns |= working_out.times(**clocks) | _found(found, died_on)
        facts = CaseFacts(case=case, area=area, in_scope=in_scope, **columns)
        steps.create(facts, by=by, reason=reason)
    return case


def take_out(case: Case, *, reason: str, by: User) -> Case:
    """Withdraw a case that an import brought in: it counts nowhere, and all of it is kept.

    The caller makes sure that nothing happened to it since. What was found elsewhere goes out of
    the facts, so that a case that is taken up again begins without it; the history has it.
    """
    with act():
        row = Case.objects.held(case.pk)
        if row.state not in REVIEWED_ELSEWHERE:
            return actions.withdraw(row, by=by, reason=reason)
        steps.edit(CaseFacts.objects.get(case=row), by=by, reason=reason, **NOTHING_FOUND)
        stamps: dict[str, Any] = {"closed_at": None, "closed_by": None}
        return steps.step(row, CaseState.WITHDRAWN, by=UNDOING, reason=reason, **stamps)


def _found(found: Found, died_on: date) -> dict[str, Any]:
    signed_off_on = london_date(found.signed_off_at)
    return {
        "analysis_edition": found.edition,
        "category": found.category,
        "modifiable": found.modifiable,
        "reviewed_in": month_of(signed_off_on),
        "days_to_sign_off": days_between(died_on, signed_off_on),
    }
