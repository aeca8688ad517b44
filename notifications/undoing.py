"""Undoing what triage decided, and withdrawing a case that never was one.

Each is one act with a reason. Nothing is removed: what was decided, the case that was opened and
what was reported to it stay as they were, and count nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdop.cases import actions as cases
from cdop.cases import confirmation
from cdop.cases.models import Case
from cdop.cases.states import ConfirmationState
from cdop.core import outbox, steps
from cdop.core.audit import act
from cdop.core.refusals import Refused, Stale, refuse_if
from notifications import letters
from notifications.decisions import decided_already, locked
from notifications.intake import Route
from notifications.models import LegacyCase, Notification, NotificationQuerySet
from notifications.states import NotificationState

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdop.core.users import User

N = NotificationState


def undo(notification: Notification, *, by: User, version: int, reason: str) -> Notification:
    """Undo what was decided last. Raises Refused, having changed nothing, where it cannot be."""
    if not reason.strip():
        raise Refused("Say why the decision is undone.")
    act_of = UNDO.get(N(notification.state), undo_decline)
    return act_of(notification, by=by, version=version, reason=reason.strip())


def undo_accept(notification: Notification, *, by: User, version: int, reason: str) -> Notification:
    """Withdraw the case that was opened, and let the notification wait again.

    Raises Refused where others stand behind the case, the panel has reviewed it or it is on an
    agenda.
    """
    with act():
        row = _decided_as(N.ACCEPTED, notification, by, version)
        case = Case.objects.held(row.case_id)
        if others := behind(case).exclude(pk=row.pk):
            names = " and ".join(str(other) for other in others)
            raise Refused(f"{names} stands behind case {case} too. Undo that first.")
        cases.withdraw(case, by=by, reason=reason)
        outbox.stop(case.reference, by=by, reason="The case was withdrawn.")
        return _back(row, by, reason)


def undo_attach(notification: Notification, *, by: User, version: int, reason: str) -> Notification:
    """Take what it reported off the case, and let the notification wait again.

    Raises Refused where a part of it was settled together with what others said.
    """
    with act():
        row = _decided_as(N.ATTACHED, notification, by, version)
        case = Case.objects.held(row.case_id)
        known = _time_was_given(behind(case).exclude(pk=row.pk).first())
        cases.take_report_off(case, row.reference, by=by, time_known=known)
        return _back(row, by, reason)


def undo_pass_on(
    notification: Notification, *, by: User, version: int, reason: str
) -> Notification:
    """It was not for that panel, or they did not take it: let it wait again."""
    return _undo_without_a_case(N.PASSED_ON, notification, by, version, reason)


def undo_decline(
    notification: Notification, *, by: User, version: int, reason: str = ""
) -> Notification:
    """Let a declined notification wait again; why it was declined stays in its history."""
    return _undo_without_a_case(N.DECLINED, notification, by, version, reason)


def undo_receipt(
    notification: Notification, *, by: User, version: int, reason: str
) -> Notification:
    """The other panel does not have it after all: it awaits word again."""
    with act():
        row = _decided_as(N.TAKEN_OVER, notification, by, version, N.PASSED_ON)
        nothing: dict[str, Any] = {"receipt_from": "", "receipt_at": None}
        return steps.step(row, N.PASSED_ON, by=by, reason=reason, **nothing)


UNDO: dict[NotificationState, Callable[..., Notification]] = {
    N.ACCEPTED: undo_accept,
    N.ATTACHED: undo_attach,
    N.PASSED_ON: undo_pass_on,
    N.TAKEN_OVER: undo_receipt,
    N.DECLINED: undo_decline,
}


def withdraw(case: Case, what: ConfirmationState, *, by: User, version: int, reason: str) -> Case:
    """The report was a mistake, a hoax or meant to do harm: stop everything, and keep everything.

    version  that of the case on the page
    The notifications stay where they are, behind the case. Raises Refused where the panel has
    reviewed it or it is on an agenda, Stale where somebody changed the case meanwhile.
    """
    if not reason.strip():
        raise Refused("Say how you know.")
    with act():
        row = _unchanged(case, version)
        confirmation.untrue(row, what, by=by, reason=reason)
        withdrawn = cases.withdraw(row, by=by, reason=f"It was {what.label}. {reason.strip()}")
        outbox.stop(row.reference, by=by, reason=what.label)
        for notification in behind(row):
            letters.stop_all(notification, by, what.label)
    return withdrawn


def take_up(case: Case, *, by: User, version: int, reason: str) -> Case:
    """A withdrawn case was one after all. Raises Refused where no notification stands behind it."""
    with act():
        row = _unchanged(case, version)
        refuse_if(why_not_take_up(row))
        return cases.take_up_again(row, by=by, reason=reason)


def why_not_take_up(case: Case) -> str:
    """Why a withdrawn case stays so: its notification waits again, and is accepted anew."""
    if behind(case).exists():
        return ""
    return "The notification of this case waits for triage again. Accept it into a new case."


def behind(case: Case) -> NotificationQuerySet:
    """The notifications that stand behind a case, the first to arrive first."""
    return Notification.objects.filter(case=case).order_by("received_at", "pk")


def _time_was_given(first: Notification | None) -> bool:
    """Whether somebody said at what time it came: an import has made that up for some."""
    if first is None or first.route != Route.LEGACY:
        return True
    return LegacyCase.objects.filter(case=first.case_id, time_given=True).exists()


def _unchanged(case: Case, version: int) -> Case:
    row = Case.objects.held(case.pk)
    if row.version != version:
        raise Stale(row)
    return row


def _decided_as(
    here: NotificationState,
    notification: Notification,
    by: User,
    version: int,
    to: NotificationState = N.RECEIVED,
) -> Any:
    """The row, locked, where it was decided so: undoing another decision would leave its case."""
    row = locked(notification, to, by, version)
    if row.state != here:
        raise Refused(decided_already(row))
    return row


def _undo_without_a_case(
    here: NotificationState, notification: Notification, by: User, version: int, reason: str
) -> Notification:
    with act():
        row = _decided_as(here, notification, by, version)
        letters.take_back_declined(row, by)
        return _back(row, by, reason)


def _back(row: Notification, by: User, reason: str) -> Notification:
    texts: dict[str, Any] = dict.fromkeys(
        ("decline_code", "decision_note", "passed_to", "receipt_from"), ""
    )
    nothing = dict.fromkeys(("case", "decided_at", "decided_by", "receipt_at"))
    return steps.step(row, N.RECEIVED, by=by, reason=reason, **texts, **nothing)
