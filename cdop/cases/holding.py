"""What is done with a hold: begin it, put it right, look at it again, end it.

Each act looks at the case behind its lock, and works out the days that were not held anew where
the panel has reviewed the death already.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate

from cdop.cases import corrections, watching
from cdop.cases.holds import ENDED_CASES, Hold, Meanwhile
from cdop.cases.models import Case
from cdop.cases.states import CaseState, HoldState
from cdop.core import steps
from cdop.core.audit import act
from cdop.core.refusals import Refused, Stale, refuse_if

if TYPE_CHECKING:
    from cdop.core.users import User


def begin(
    case: Case,
    *,
    kind: str,
    reason: str,
    owner: User,
    began_on: date,
    next_check_on: date,
    next_family_on: date | None,
    why_no_family: str = "",
    by: User,
) -> Hold:
    """Record that a case waits for something outside the panel.

    kind            a code of the vocabulary "holds" of the case's edition
    next_family_on  the next word to the family; None with ``why_no_family``
    Raises Refused, having changed nothing.
    """
    with act():
        row = Case.objects.held(case.pk)
        refuse_if(why_not_begin(row))
        said = {"kind": kind, "reason": reason.strip(), "owner": owner, "began_on": began_on}
        said |= _watched(owner, next_check_on, next_family_on, why_no_family)
        refuse_if(_why_not_since(row, began_on))
        hold = steps.create(Hold(case=row, **said), by=by)
        corrections.recount_held(row, by=by)
    return hold


def correct(
    hold: Hold,
    *,
    kind: str,
    reason: str,
    owner: User,
    began_on: date,
    next_check_on: date,
    next_family_on: date | None,
    why_no_family: str = "",
    by: User,
    version: int,
) -> Hold:
    """Put right what is said of a running hold. Raises Stale, Refused."""
    with act():
        row = _running(hold, version)
        said: dict[str, Any] = {"kind": kind, "reason": reason.strip(), "began_on": began_on}
        if (next_check_on, owner) != (row.next_check_on, row.owner):
            said |= _watched(owner, next_check_on, next_family_on, why_no_family)
        else:
            said |= {"next_family_on": next_family_on, "why_no_family": why_no_family.strip()}
        refuse_if(_why_not_since(row.case, began_on))
        row = steps.edit(row, by=by, version=version, **said)
        corrections.recount_held(row.case, by=by)
    return row


def check(
    hold: Hold,
    *,
    found: str,
    owner: User,
    next_check_on: date,
    next_family_on: date | None,
    why_no_family: str = "",
    meanwhile: Meanwhile,
    view_of: str = "",
    view_on: date | None = None,
    by: User,
    version: int,
    on: date | None = None,
) -> Hold:
    """Somebody looked at it again: what they found, the view on a review meanwhile, who is next.

    What was found before stays in the history. Raises Stale, Refused.
    """
    view: dict[str, Any] = {"meanwhile": meanwhile, "view_of": view_of.strip(), "view_on": view_on}
    if meanwhile == Meanwhile.NOT_ASKED:
        view |= {"view_of": "", "view_on": None}
    elif not (view_of.strip() and view_on):
        raise Refused("Say who was asked whether the panel may review it, and when they answered.")
    with act():
        row = _running(hold, version)
        said = {"check_found": found.strip(), "checked_on": on or localdate(), **view}
        said |= _watched(owner, next_check_on, next_family_on, why_no_family)
        return steps.edit(row, by=by, version=version, action="hold.checked", **said)


def end(hold: Hold, *, ended_on: date, how_ended: str, by: User, version: int) -> Hold:
    """The case waits no longer. Raises Stale, Refused."""
    if not how_ended.strip():
        raise Refused("Say how it ended.")
    with act():
        row = _running(hold, version)
        if ended_on < row.began_on or ended_on > localdate():
            raise Refused("It ended between the day on which it began and today.")
        said: dict[str, Any] = {"ended_on": ended_on, "how_ended": how_ended.strip()}
        row = steps.step(row, HoldState.ENDED, by=by, version=version, **said)
        corrections.recount_held(row.case, by=by)
    return row


def run_again(hold: Hold, *, by: User, version: int, next_check_on: date) -> Hold:
    """It had not ended after all. How it was said to have ended stays in the history."""
    watching.check_next(next_check_on)
    with act():
        case = Case.objects.held(hold.case_id)
        refuse_if(why_not_begin(case))
        said: dict[str, Any] = {"ended_on": None, "how_ended": "", "next_check_on": next_check_on}
        row = steps.step(hold, HoldState.RUNNING, by=by, version=version, **said)
        corrections.recount_held(case, by=by)
    return row


def why_not_begin(case: Case) -> str:
    """Why nothing can hold up this case any more; "" means it can."""
    if case.state not in ENDED_CASES:
        return ""
    return f"This case is {CaseState(case.state).label}, so nothing holds it up."


def _why_not_since(case: Case, began_on: date) -> str:
    if began_on > localdate():
        return "A hold begins today or in the past."
    if began_on < case.clocks.died_on:
        return "Nothing held up the case before the child died."
    return ""


def _watched(
    owner: User, next_check_on: date, next_family_on: date | None, why_no_family: str
) -> dict[str, Any]:
    """Who looks again and when, and when the family hears; each within its time."""
    watching.check_owner(owner)
    watching.check_next(next_check_on)
    why_no_family = "" if next_family_on else why_no_family.strip()
    if next_family_on is None and not why_no_family:
        raise Refused("Say when the family hears from us next, or why it does not.")
    if next_family_on and next_family_on < localdate():
        raise Refused("The next word to the family is today or in the future.")
    return {
        "owner": owner,
        "next_check_on": next_check_on,
        "next_family_on": next_family_on,
        "why_no_family": why_no_family,
    }


def _running(hold: Hold, version: int) -> Hold:
    """The hold as it is now, behind the lock of its case. Raises Stale, Refused."""
    case = Case.objects.held(hold.case_id)
    row = Hold.objects.select_for_update(of=("self",)).select_related("owner").get(pk=hold.pk)
    row.case = case
    if row.version != version:
        raise Stale(row)
    refuse_if(why_not_begin(case) or ("" if row.is_running else "This hold has ended."))
    return row
