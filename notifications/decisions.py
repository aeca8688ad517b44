"""What triage decides about a notification. Each is one act: all of it happens, or none of it."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from cdop import editions
from cdop.cases import actions as cases
from cdop.cases.models import Case
from cdop.core import steps
from cdop.core.audit import act
from cdop.core.organisations import Area
from cdop.core.refusals import Refused, Stale
from cdop.core.roles import Permission
from cdop.rapid_response import actions as rapid_response
from notifications import letters, rules
from notifications.models import Notification
from notifications.states import NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User


class DeclineReason(models.TextChoices):
    """Why a notification leads to no case here."""

    ELSEWHERE = "elsewhere", "Another panel reviews this death"
    NOT_BORN_ALIVE = "not_born_alive", "The baby was not born alive"
    GROWN_UP = "grown_up", "The death was on or after the 18th birthday"
    TERMINATION = "termination", "It followed a lawful termination of pregnancy"
    TOO_EARLY = "too_early", "The baby was born before the week that the guidance names"
    DUPLICATE = "duplicate", "The same notifier sent it twice"
    MISTAKE = "mistake", "It was sent by mistake: the child has not died"
    HOAX = "hoax", "It was a hoax"
    TEST = "test", "It was a test of the form"


# There is no death, or the notifier has been told before; what still waits is stopped.
NOBODY_IS_TOLD = (
    DeclineReason.DUPLICATE,
    DeclineReason.MISTAKE,
    DeclineReason.HOAX,
    DeclineReason.TEST,
)


def accept(
    notification: Notification,
    *,
    by: User,
    version: int,
    area: Area | None,
    in_scope: bool,
    reason: str = "",
    at: datetime | None = None,
) -> Case:
    """Open a case from the notification and start its checklist; return the case.

    reason  why ``in_scope`` is not what the edition's rules propose; needed only then
    Raises Refused or Stale, having changed nothing and opened no case.
    """
    with act():
        row = _locked(notification, NotificationState.ACCEPTED, by, version)
        answers, edition = row.answers, editions.get(row.edition)
        proposed = not rules.why_out_of_scope(answers, edition)
        if in_scope != proposed and not reason.strip():
            raise Refused("Say why you decide otherwise than the rules on scope propose.")
        case = cases.open_case(
            answers=answers,
            edition=edition,
            area=area,
            in_scope=in_scope,
            notified_at=row.received_at,
            source=row.reference,
            by=by,
            at=at,
            **rules.times_of(answers)._asdict(),
        )
        rapid_response.start(case, by=by)
        stamps: dict[str, Any] = {"case": case, "decision_note": reason.strip()}
        taken = _take(row, NotificationState.ACCEPTED, by, at, **stamps)
        letters.alert_opened(case, taken, by)
    return case


def attach(
    notification: Notification, case: Case, *, by: User, version: int, note: str = ""
) -> Notification:
    """Put what the notification says beside what is known of a case that is there already."""
    with act():
        row = _locked(notification, NotificationState.ATTACHED, by, version)
        cases.add_report(
            case, answers=row.answers, notified_at=row.received_at, source=row.reference, by=by
        )
        return _take(row, NotificationState.ATTACHED, by, case=case, decision_note=note.strip())


def decline(
    notification: Notification, *, by: User, version: int, reason: str, note: str = ""
) -> Notification:
    """Open no case; what was sent is kept. ``reason`` is a code of ``DeclineReason``."""
    code = DeclineReason(reason)
    if code == DeclineReason.ELSEWHERE and not note.strip():
        raise Refused("Say which panel reviews this death, so that the notifier can be told.")
    with act():
        row = _locked(notification, NotificationState.DECLINED, by, version)
        declined = _take(
            row, NotificationState.DECLINED, by, decline_code=code, decision_note=note.strip()
        )
        if code in NOBODY_IS_TOLD:
            letters.stop_all(declined, by, code.label)
        else:
            letters.tell_declined(declined, by)
        return declined


def undo_decline(notification: Notification, *, by: User, version: int) -> Notification:
    """Let a declined notification wait again; why it was declined stays in its history."""
    with act():
        row = _locked(notification, NotificationState.RECEIVED, by, version)
        letters.take_back_declined(row, by)
        nothing: dict[str, Any] = {
            "decided_at": None,
            "decided_by": None,
            "decline_code": "",
            "decision_note": "",
        }
        return steps.step(row, NotificationState.RECEIVED, by=by, **nothing)


def reason_label(notification: Notification) -> str:
    """Why it was declined, in words; "" where it was not."""
    code = notification.decline_code
    return str(DeclineReason(code).label) if code else ""


def why_not(notification: Notification, to: NotificationState, by: User) -> str:
    """Why the notification cannot be decided so by this person now; "" means it can."""
    if steps.state_forbids(notification, to):
        return _decided_already(notification)
    return steps.person_may_not(notification, to, by)


def _decided_already(notification: Notification) -> str:
    """What was decided, by whom: the person who comes second is told, and can go on from there."""
    label = NotificationState(notification.state).label
    case = f", {notification.case}" if notification.case else ""
    if notification.decided_by is None:
        return f"This notification is {label}."
    return f"{notification.decided_by} has decided already: this notification is {label}{case}."


def _locked(notification: Notification, to: NotificationState, by: User, version: int) -> Any:
    """The row, locked, where the step is allowed and the page that asked for it is not stale.

    Checked before anything is written, so that of two people who decide at once the second opens
    no case and is told what the first decided.
    """
    row = Notification.objects.select_for_update(of=("self",)).get(pk=notification.pk)
    if not by.can(Permission.NOTIFICATIONS_TRIAGE):
        raise Refused("Your role does not triage notifications.", HTTPStatus.FORBIDDEN)
    if why := why_not(row, to, by):
        raise Refused(why)
    if row.version != version:
        raise Stale(row)
    return row


def _take(
    row: Notification,
    to: NotificationState,
    by: User,
    at: datetime | None = None,
    **stamps: Any,
) -> Notification:
    return steps.step(row, to, by=by, decided_at=at or timezone.now(), decided_by=by, **stamps)
