"""Correcting what a case says: the one place that writes identity, clocks and facts after opening.

Whatever is corrected, what follows from it is worked out anew in the same act: the age from
a birth date, months and durations from the clocks, and in the later stages what hangs on
the facts (``casework.facts_changed``). What was signed off or counted for good stays.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cdop import editions
from cdop.cases import facts as working_out
from cdop.cases import identity, rules
from cdop.cases.clock_readings import days_not_held
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case, CaseFacts, Clocks
from cdop.core import casework, steps
from cdop.core.audit import Job, act
from cdop.core.dates import days_between
from cdop.core.refusals import refuse_if

if TYPE_CHECKING:
    from cdop.core.users import User


def correct_facts(
    case: Case, *, by: User, version: int | None = None, reason: str = "", **changes: Any
) -> CaseFacts:
    """Correct counted facts. Raises Stale where somebody else changed them since ``version``."""
    with act():
        facts = _locked(case)
        changed = [name for name, value in changes.items() if getattr(facts, name) != value]
        refuse_if(rules.why_not_correct(case, changed))
        facts = steps.edit(facts, by=by, version=version, reason=reason, **changes)
        casework.facts_changed(case, by)
    return facts


def correct_identity(
    case: Case, record: IdentityRecord, *, by: User, version: int | None = None
) -> None:
    """Correct who the child was, and the age that follows. Raises Stale as ``identity.edit``."""
    with act():
        _locked(case)
        refuse_if(rules.why_not_correct(case))
        identity.edit(case, record, by=by, version=version)
        _recount_age(case, record.date_of_birth, by)
        casework.facts_changed(case, by)


def correct_clocks(
    case: Case,
    *,
    by: User,
    version: int,
    died_on: date,
    died_at: datetime | None,
    confirmed_at: datetime | None,
) -> Clocks:
    """Correct when the child died, and all that follows. Raises Stale as ``steps.edit``."""
    with act():
        facts = _locked(case)
        refuse_if(rules.why_not_correct(case))
        was = Clocks.objects.get(case=case)
        later = days_between(was.died_on, died_on)
        corrected: dict[str, Any] = {"died_on": died_on, "died_at": died_at}
        corrected["confirmed_at"] = confirmed_at
        clocks = steps.edit(was, by=by, version=version, **corrected)
        recount_times(case, by)
        known = identity.read(case, by=by, purpose="work out the age anew")
        _recount_age(case, known.date_of_birth, by)
        if facts.days_to_sign_off is not None:
            steps.edit(facts, by=by, days_to_sign_off=max(0, facts.days_to_sign_off - later))
            recount_held(case, by=by)
        casework.facts_changed(case, by)
    return clocks


def move_notification(case: Case, notified_at: datetime, *, by: User | Job) -> None:
    """An earlier notification turned up: the clock goes back to it, but not of a closed case."""
    clocks = Clocks.objects.select_related("case").get(case=case)
    if notified_at < clocks.notified_at and not rules.why_not_correct(case):
        _set_notified(clocks, notified_at, by, time_known=True)


def count_notified_from(
    case: Case, notified_at: datetime, *, by: User | Job, time_known: bool = True
) -> None:
    """The notification that came first was taken off the case: the clock goes to the next one.

    time_known  whether somebody said at what time that one came
    Not of a closed case: what was counted stays.
    """
    clocks = Clocks.objects.select_related("case").get(case=case)
    if notified_at != clocks.notified_at and not rules.why_not_correct(case):
        _set_notified(clocks, notified_at, by, time_known=time_known)


def _set_notified(
    clocks: Clocks, notified_at: datetime, by: User | Job, *, time_known: bool
) -> None:
    with act():
        steps.edit(clocks, by=by, notified_at=notified_at)
        recount_times(clocks.case, by, time_known=time_known)
        casework.facts_changed(clocks.case, by)


def recount_held(case: Case, *, by: User | Job) -> None:
    """Work out the days that were not held anew, where the death was reviewed.

    Before the first sign-off there is nothing to work out. Of a case whose days nobody knew when
    it was brought in from another system none are made up.
    """
    facts = CaseFacts.objects.get(case=case)
    days = facts.days_to_sign_off
    if days is None or facts.days_not_held is None:
        return
    steps.edit(facts, by=by, days_not_held=days_not_held(case.pk, days))


def recount_times(case: Case, by: User | Job, *, time_known: bool | None = None) -> None:
    """Work out months and hours anew from the clocks.

    time_known  as ``facts.times``; None where it is as it was: hours not known stay not known
    """
    clocks, facts = Clocks.objects.get(case=case), CaseFacts.objects.get(case=case)
    if time_known is None:
        time_known = facts.hours_to_notification is not None
    columns = working_out.times(
        clocks.died_on,
        clocks.died_at,
        clocks.confirmed_at,
        clocks.notified_at,
        time_known=time_known,
    )
    steps.edit(facts, by=by, **columns)


def _recount_age(case: Case, date_of_birth: str, by: User | Job) -> None:
    died_on = Clocks.objects.get(case=case).died_on
    answers = {"date_of_birth": date_of_birth}
    age = working_out.age(answers, editions.get(case.edition), died_on)
    steps.edit(CaseFacts.objects.get(case=case), by=by, **age)


def _locked(case: Case) -> CaseFacts:
    """The facts, locked until the act ends after their case: two corrections wait for each other,
    and a correction for who withdraws the case."""
    case.state = Case.objects.held(case.pk).state
    return CaseFacts.objects.select_for_update().get(case=case)
