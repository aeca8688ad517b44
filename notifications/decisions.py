"""What triage decides about a notification. Each is one act: all of it happens, or none of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cdop import editions
from cdop.cases import actions as cases
from cdop.cases import links, placement
from cdop.cases.models import Case
from cdop.cases.placement import OutOfScope, ResidenceOf, Where
from cdop.core import steps
from cdop.core.audit import act
from cdop.core.organisations import Area, Organisation
from cdop.core.refusals import Refused, Stale, refuse_if
from cdop.core.roles import Permission
from cdop.rapid_response import actions as rapid_response
from notifications import against_dates, letters, rules
from notifications.models import Notification
from notifications.states import NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User

N = NotificationState
BORN_TOGETHER = timedelta(days=1)
"""Twins can be born on both sides of midnight."""


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
    MALICIOUS = "malicious", "It was sent to do harm"
    TEST = "test", "It was a test of the form"


# There is no death, or the notifier has been told before; what still waits is stopped.
NOBODY_IS_TOLD = (
    DeclineReason.DUPLICATE,
    DeclineReason.MISTAKE,
    DeclineReason.HOAX,
    DeclineReason.MALICIOUS,
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
    rule: str = "",
    residence: str = "",
    organisation: Organisation | None = None,
    at: datetime | None = None,
) -> Case:
    """Open a case from the notification and start its checklist; return the case.

    area          the one of the four for which the death counts
    reason        why ``in_scope`` is not what the edition's rules propose; needed only then
    rule          a code of ``OutOfScope``; else the first rule that speaks against a review
    residence     where the child lived, if not in ``area``; a code of ``Where``
    organisation  who told us; None leaves what the route knew
    Raises Refused or Stale, having changed nothing and opened no case.
    """
    with act():
        row = locked(notification, N.ACCEPTED, by, version)
        answers, edition = row.answers, editions.get(row.edition)
        outside = rules.outside(answers, edition)
        if in_scope == bool(outside) and not reason.strip():
            raise Refused("Say why you decide otherwise than the rules on scope propose.")
        times = rules.times_of(answers)
        case = cases.open_case(
            answers=answers,
            edition=edition,
            area=area,
            in_scope=in_scope,
            notified_at=row.received_at,
            source=row.reference,
            by=by,
            at=at,
            **times._asdict(),
        )
        rule = "" if in_scope else rule or next(iter(outside), "")
        placement.open_for(
            case,
            by=by,
            agreeing=rule == OutOfScope.RESIDENT,
            residence_of=_whose_home(answers, times.died_on),
            residence=residence or (area.code if area else Where.NOT_KNOWN),
            scope_rule=rule,
            scope_reason=reason.strip()[: placement.NAME_LIMIT],
        )
        rapid_response.start(case, by=by)
        stamps: dict[str, Any] = {"case": case, "decision_note": reason.strip()}
        taken = _take(row, N.ACCEPTED, by, at, organisation=organisation, **stamps)
        _link_family(taken, case, by)
        letters.alert_opened(case, taken, by)
    return case


def attach(
    notification: Notification,
    case: Case,
    *,
    by: User,
    version: int,
    note: str = "",
    organisation: Organisation | None = None,
) -> Notification:
    """Put what the notification says beside what is known of a case that is there already."""
    with act():
        row = locked(notification, N.ATTACHED, by, version)
        # Held: a case is withdrawn or attached to, never both.
        case = Case.objects.held(case.pk)
        cases.add_report(
            case, answers=row.answers, notified_at=row.received_at, source=row.reference, by=by
        )
        said: dict[str, Any] = {"case": case, "decision_note": note.strip()}
        taken = _take(row, N.ATTACHED, by, organisation=organisation, **said)
        _link_family(taken, case, by)
        return taken


def pass_on(
    notification: Notification,
    *,
    by: User,
    version: int,
    panel: str,
    note: str = "",
    organisation: Organisation | None = None,
) -> Notification:
    """Pass it on to another panel by name; it stays open until that panel says that it has it."""
    if not panel.strip():
        raise Refused("Say to which panel it is passed on.")
    with act():
        row = locked(notification, N.PASSED_ON, by, version)
        said: dict[str, Any] = {"passed_to": panel.strip(), "decision_note": note.strip()}
        passed = _take(row, N.PASSED_ON, by, organisation=organisation, **said)
        letters.tell_declined(passed, by, panel=passed.passed_to)
        return passed


def confirm_receipt(
    notification: Notification, *, by: User, version: int, receipt_from: str, at: datetime
) -> Notification:
    """The other panel said that it has it: who there, and when."""
    if not receipt_from.strip():
        raise Refused("Say who at the other panel confirmed that it arrived.")
    if at > timezone.now():
        raise Refused("The time must be in the past.")
    with act():
        row = locked(notification, N.TAKEN_OVER, by, version)
        said: dict[str, Any] = {"receipt_from": receipt_from.strip(), "receipt_at": at}
        return steps.step(row, N.TAKEN_OVER, by=by, **said)


def decline(
    notification: Notification,
    *,
    by: User,
    version: int,
    reason: str,
    note: str = "",
    organisation: Organisation | None = None,
) -> Notification:
    """Open no case; what was sent is kept. ``reason`` is a code of ``DeclineReason``."""
    code = DeclineReason(reason)
    if code == DeclineReason.ELSEWHERE and not note.strip():
        raise Refused("Say which panel reviews this death, so that the notifier can be told.")
    with act():
        row = locked(notification, N.DECLINED, by, version)
        said: dict[str, Any] = {"decline_code": code, "decision_note": note.strip()}
        declined = _take(row, N.DECLINED, by, organisation=organisation, **said)
        if code in NOBODY_IS_TOLD:
            letters.stop_all(declined, by, code.label)
        else:
            letters.tell_declined(declined, by)
        return declined


def reason_label(notification: Notification) -> str:
    """Why it was declined, in words; "" where it was not."""
    code = notification.decline_code
    return str(DeclineReason(code).label) if code else ""


def why_not(notification: Notification, to: NotificationState, by: User) -> str:
    """Why the notification cannot be decided so by this person now; "" means it can."""
    if steps.state_forbids(notification, to):
        return decided_already(notification)
    return steps.person_may_not(notification, to, by)


def decided_already(notification: Notification) -> str:
    """What was decided, by whom: the person who comes second is told, and can go on from there."""
    label = NotificationState(notification.state).label
    case = f", {notification.case}" if notification.case else ""
    if notification.decided_by is None:
        return f"This notification is {label}."
    return f"{notification.decided_by} has decided already: this notification is {label}{case}."


def locked(notification: Notification, to: NotificationState, by: User, version: int) -> Any:
    """The row, locked, where the step is allowed and the page that asked for it is not stale.

    Checked before anything is written, so that of two people who decide at once the second opens
    no case and is told what the first decided.
    """
    row = _held(notification)
    if not by.can(Permission.NOTIFICATIONS_TRIAGE):
        raise Refused("Your role does not triage notifications.", HTTPStatus.FORBIDDEN)
    refuse_if(why_not(row, to, by))
    if row.version != version:
        raise Stale(row)
    return row


def _held(notification: Notification) -> Notification:
    """The notification, locked with all that was sent together with it.

    So of twins that are accepted at once the second finds the case of the first. Locked in one
    order, so that nobody waits for somebody who waits for them.
    """
    [together] = Notification.objects.filter(pk=notification.pk).values_list("together", flat=True)
    family = Q(together=together) if together else Q()
    rows = Notification.objects.select_for_update(of=("self",)).order_by("pk")
    return {row.pk: row for row in rows.filter(Q(pk=notification.pk) | family)}[notification.pk]


def _take(
    row: Notification,
    to: NotificationState,
    by: User,
    at: datetime | None = None,
    organisation: Organisation | None = None,
    **stamps: Any,
) -> Notification:
    if organisation is not None:
        stamps["organisation"] = organisation
    return steps.step(row, to, by=by, decided_at=at or timezone.now(), decided_by=by, **stamps)


def _whose_home(answers: rules.Answers, died_on: date) -> ResidenceOf:
    born = rules.day_of(answers, "date_of_birth")
    newborn = born is not None and (died_on - born).days < against_dates.NEWBORN_DAYS
    return ResidenceOf.MOTHER if newborn else ResidenceOf.CHILD


def _link_family(row: Notification, case: Case, by: User) -> None:
    """Say on both cases that one person reported the two children as of one family."""
    if row.together is None:
        return
    family = Notification.objects.filter(together=row.together)
    for other in family.exclude(case=case).select_related("case", "data_key"):
        if other.case:
            links.link(case, other.case, _kinship(row.answers, other.answers), by=by)


def _kinship(one: rules.Answers, other: rules.Answers) -> links.Kind:
    born = [rules.day_of(answers, "date_of_birth") for answers in (one, other)]
    first, second = born
    together = first and second and abs(first - second) <= BORN_TOGETHER
    return links.Kind.TWIN if together else links.Kind.SIBLING
