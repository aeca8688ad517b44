"""Everything that changes a case. Each is one act: all of it happens, or none of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop.cases import (
    confirmation,
    contacts,
    corrections,
    families,
    identity,
    placement,
    reports,
    rules,
)
from cdop.cases import facts as working_out
from cdop.cases.clock_readings import days_not_held, days_since_death
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import (
    Case,
    CaseAccess,
    CaseFacts,
    Clocks,
)
from cdop.cases.states import CaseState
from cdop.core import casework, sealing, steps
from cdop.core.audit import Job, act
from cdop.core.dates import london_date, month_of
from cdop.core.identifiers import new_reference
from cdop.core.organisations import Area
from cdop.core.refusals import Refused, refuse_if
from cdop.editions.schema import Edition

if TYPE_CHECKING:
    from cdop.core.users import User

Answers = Mapping[str, Any]


def open_case(
    *,
    answers: Answers,
    edition: Edition,
    area: Area | None,
    in_scope: bool,
    died_on: date,
    died_at: datetime | None,
    confirmed_at: datetime | None,
    notified_at: datetime,
    source: str,
    by: User | Job,
    at: datetime | None = None,
    time_known: bool = True,
) -> Case:
    """Open a case from the answers of its first notification; return it.

    area        where the child normally lived; None if in none of the four areas
    source      what the team calls the notification, kept beside each value it reported
    time_known  whether somebody said at what time of its day the notification came
    """
    with act():
        case = steps.create(
            Case(
                reference=new_reference("C"),
                edition=edition.code,
                data_key=sealing.new_key(),
                opened_at=at or timezone.now(),
                opened_by=None if isinstance(by, Job) else by,
            ),
            by=by,
        )
        known = IdentityRecord.of(dict(answers))
        identity.open_for(case, known, by=by)
        families.open_for(case, known, by=by)
        times = {"died_on": died_on, "died_at": died_at, "confirmed_at": confirmed_at}
        steps.create(Clocks(case=case, notified_at=notified_at, **times), by=by)
        clocks = times | {"notified_at": notified_at, "time_known": time_known}
        _create_facts(case, answers, edition, area, in_scope, by, **clocks)
        reports.keep(case, answers, source=source, received_at=notified_at, by=by)
        contacts.keep(case, answers, source=source, by=by)
    return case


def add_report(
    case: Case, *, answers: Answers, notified_at: datetime, source: str, by: User | Job
) -> None:
    """Put what another notification says beside what is known, to be settled where they differ.

    An earlier arrival moves the clock of the notification back to it.
    """
    if case.state == CaseState.WITHDRAWN:
        raise Refused("This case is withdrawn. Nothing can be put to it.")
    with act():
        reports.keep(case, answers, source=source, received_at=notified_at, by=by)
        contacts.keep(case, answers, source=source, by=by)
        corrections.move_notification(case, notified_at, by=by)


def change_scope(
    case: Case,
    *,
    in_scope: bool,
    reason: str,
    by: User,
    version: int | None = None,
    rule: str = "",
    stop: bool = False,
) -> CaseFacts:
    """Decide anew whether this panel reviews the death, and why.

    version  that of the facts on the page; Stale is raised where they were changed since
    rule     the code of ``placement.OutOfScope`` by which it does not
    stop     whether nothing more is asked of anybody who works on the checklist
    """
    with act():
        case = Case.objects.held(case.pk)
        refuse_if(rules.why_not_change_scope(placement.of(case), in_scope=in_scope))
        if not in_scope and (why := casework.why_not_leave(case)):
            raise Refused(why)
        facts = corrections.correct_facts(
            case, by=by, version=version, reason=reason, in_scope=in_scope
        )
        placement.note_scope(case, rule="" if in_scope else rule, reason=reason, by=by)
        if not in_scope and case.state == CaseState.READY:
            steps.step(case, CaseState.GATHERING, by=by, reason=reason)
        if stop and not in_scope:
            casework.case_stopped(case, _nothing_more(rule, reason), by)
    return facts


def withdraw(case: Case, *, by: User, reason: str) -> Case:
    """It never was a case for this panel: counted nowhere, nothing more is asked, all is kept.

    Raises Refused where the panel has reviewed it, or where it is on an agenda.
    """
    with act():
        row = Case.objects.held(case.pk)
        refuse_if(rules.why_not_withdraw(row) or casework.why_not_leave(row))
        corrections.correct_facts(row, by=by, reason=reason, in_scope=False)
        casework.case_stopped(row, f"The case is withdrawn. {reason}".strip(), by)
        return steps.step(row, CaseState.WITHDRAWN, by=by, reason=reason)


def take_up_again(case: Case, *, by: User, reason: str) -> Case:
    """It was a case for this panel after all. Whether it is reviewed has to be decided anew."""
    if not reason.strip():
        raise Refused("Say why the case is taken up again.")
    with act():
        row = Case.objects.held(case.pk)
        if row.state != CaseState.WITHDRAWN:
            raise Refused(f"This case is {CaseState(row.state).label}, not withdrawn.")
        row = steps.step(row, CaseState.GATHERING, by=by, reason=reason)
        confirmation.true_after_all(row, by=by, reason=reason)
    return row


def take_report_off(case: Case, source: str, *, by: User, time_known: bool = True) -> None:
    """Undo ``add_report``: what the notification said is kept, but stands behind the case no more.

    time_known  whether somebody said at what time the first of those that are left came
    The clock of the notification goes to the first of those that are left, and a confirmation
    that rested on it is open again. Raises Refused where a part of it was settled.
    """
    with act():
        row = Case.objects.held(case.pk)
        reports.withdraw(row, source, by=by)
        contacts.withdraw(row, source, by=by)
        if first := reports.first_received(row):
            corrections.count_notified_from(row, first, by=by, time_known=time_known)
        confirmation.look_again(row, by=by)


def give_access(
    case: Case,
    user: User,
    *,
    by: User | Job,
    ends_on: date | None,
    leads: Collection[str] = (),
) -> CaseAccess:
    """Let a professional of another agency work on this one case, until a day.

    leads  whose tasks are theirs, in the codes of the case's edition; all tasks where it is empty
    """
    given: dict[str, Any] = {
        "ends_on": ends_on,
        "leads": sorted(leads),
        "withdrawn_at": None,
        "ends_at": None,
        "opened_why": "",
    }
    with act():
        case = Case.objects.held(case.pk)
        held = CaseAccess.objects.filter(case=case, user=user).first()
        if held:
            return steps.edit(held, by=by, **given)
        return steps.create(CaseAccess(case=case, user=user, **given), by=by)


def end_access(access: CaseAccess, *, by: User) -> CaseAccess:
    """Withdraw the access of a professional to a case: from now on it is not there for them."""
    with act():
        Case.objects.held(access.case_id)
        if CaseAccess.objects.get(pk=access.pk).withdrawn_at:
            raise Refused("This access was withdrawn already.")
        now = timezone.now()
        return steps.edit(access, by=by, action="caseaccess.withdrawn", withdrawn_at=now)


def make_ready(case: Case, *, by: User | Job) -> Case:
    """The case has what the panel needs."""
    with act():
        row = Case.objects.held(case.pk)
        if reasons := rules.why_not_ready(row):
            raise Refused(" ".join(reasons))
        return steps.step(row, CaseState.READY, by=by)


def take_back(case: Case, *, by: User | Job, reason: str) -> Case:
    """The panel needs more before it can review."""
    with act():
        row = Case.objects.held(case.pk)
        if row.state != CaseState.READY:
            label = CaseState(row.state).label
            raise Refused(f"This case is {label}. Only one that is ready for panel is taken back.")
        return steps.step(row, CaseState.GATHERING, by=by, reason=reason)


def reopen(case: Case, *, by: User, reason: str) -> Case:
    """What was found may have to change, as after an inquest: the panel reviews the death again.

    What was signed off, and when it first was, stays until a new version is signed off.
    """
    if not reason.strip():
        raise Refused("Say why the case is reopened.")
    with act():
        row = Case.objects.held(case.pk)
        refuse_if(rules.why_not_reopen(row))
        stamps: dict[str, Any] = {"closed_at": None, "closed_by": None}
        return steps.step(row, CaseState.GATHERING, by=by, reason=reason, **stamps)


def take_finding(
    case_id: int,
    *,
    by: User,
    signed_off_at: datetime,
    edition: str,
    category: str,
    modifiable: str,
    expectedness: str,
) -> None:
    """Write what the panel found into the facts; with the first sign-off the case is reviewed.

    A later version of the finding, as of a case that was reopened, changes what was found and never
    when it was first signed off.
    """
    with act():
        case = Case.objects.held(case_id)
        facts = CaseFacts.objects.select_for_update().get(pk=case_id)
        found: dict[str, Any] = {
            "analysis_edition": edition,
            "category": category,
            "modifiable": modifiable,
            "expectedness": expectedness or facts.expectedness,
        }
        if facts.reviewed_in is None:
            found["reviewed_in"] = month_of(london_date(signed_off_at))
            days = days_since_death(case_id, signed_off_at)
            found["days_to_sign_off"] = days
            found["days_not_held"] = days_not_held(case_id, days)
        if facts.reviewed_in is None or case.state == CaseState.READY:
            steps.step(case, CaseState.REVIEWED, by=by)
        steps.edit(facts, by=by, action="casefacts.found", **found)


def close(case: Case, *, by: User, at: datetime | None = None) -> Case:
    """Close a reviewed case. Raises Refused, having changed nothing."""
    stamps: dict[str, Any] = {"closed_at": at or timezone.now(), "closed_by": by}
    with act():
        row = Case.objects.held(case.pk)
        refuse_if(rules.why_not_close(row) or casework.why_not_close(row))
        return steps.step(row, CaseState.CLOSED, by=by, **stamps)


def _create_facts(
    case: Case,
    answers: Answers,
    edition: Edition,
    area: Area | None,
    in_scope: bool,
    by: User | Job,
    **clocks: Any,
) -> CaseFacts:
    columns = working_out.from_answers(answers, edition, clocks["died_on"])
    columns |= working_out.times(**clocks)
    return steps.create(CaseFacts(case=case, area=area, in_scope=in_scope, **columns), by=by)


def _nothing_more(rule: str, reason: str) -> str:
    why = f"{placement.OutOfScope(rule).label}." if rule else reason
    return f"{why} Thank you to everybody who helped: nothing more is needed."
