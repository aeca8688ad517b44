"""Asking for monthly returns: which children died there last month, or none.

``remind`` asks each organisation on the first working day of a month about the month before, by a
link that needs no account, and again after five and ten working days; then it is a task of the
coordinator.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from cdop.core import outbox, sealing, steps
from cdop.core.audit import Job, act
from cdop.core.clocks import add_working_days, due
from cdop.core.dates import london_date, month_of
from cdop.core.identifiers import new_reference
from cdop.core.jinja import month as month_in_words
from cdop.core.messages import WITHHELD
from cdop.core.organisations import Organisation, closed_days
from cdop.core.periods import Period
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from notifications.assurance.models import (
    CONTACT,
    Return,
    ReturningOrganisation,
)
from notifications.assurance.states import ReturnState

if TYPE_CHECKING:
    from cdop.core.users import User

ASKING = Job("monthly returns")

REMINDED_AFTER = (5, 10)
"""Working days after the return was asked for: a first reminder, a second, then a task."""
LINK_LASTS = timedelta(days=60)


def add(
    organisation: Organisation,
    *,
    email: str,
    first_month: date,
    last_month: date | None = None,
    adult_wards: str = "",
    by: User,
    now: datetime | None = None,
) -> ReturningOrganisation:
    """Ask an organisation every month from ``first_month`` on, the first day of that month.

    It is asked at once about the months that are past; ``ask_due`` asks about those to come.
    """
    must_triage(by)
    now, key = now or timezone.now(), sealing.new_key()
    with act():
        asked = steps.create(
            ReturningOrganisation(
                organisation=organisation,
                first_month=first_month,
                last_month=last_month,
                adult_wards=adult_wards,
                data_key=key,
                sealed=sealing.seal_json(key, CONTACT, email),
            ),
            by=by,
        )
        for month in _months(asked, last_month_due(now)):
            _ask(asked, month, now)
    return asked


def change(
    asked: ReturningOrganisation, *, version: int, email: str, by: User, **changes: Any
) -> ReturningOrganisation:
    """Change to whom it is written, about which wards, or until when.

    With another address every link that was sent is dead, and each return that is not settled is
    asked for again: whoever reads the old address may be a stranger.
    """
    must_triage(by)
    if email == asked.email:
        return steps.edit(asked, by=by, version=version, **changes)
    changes["sealed"] = sealing.seal_json(asked.data_key, CONTACT, email)
    with act():
        made = steps.edit(asked, by=by, version=version, **changes)
        for each in made.returns.order_by("pk"):
            row = locked(each)
            if row.state == ReturnState.SETTLED:
                # Nobody is written to; but opened again it must not answer to the old link.
                _renew(row, by)
            else:
                _ask_anew(row, by)
    return made


def ask_due(now: datetime | None = None) -> int:
    """Ask for every return that is due and was not asked for; say how many. Safe to repeat."""
    now = now or timezone.now()
    last = last_month_due(now)
    asked = defaultdict(set)
    for key, month in Return.objects.values_list("asked_of", "month"):
        asked[key].add(month)
    return sum(
        _ask(each, month, now)
        for each in ReturningOrganisation.objects.filter(first_month__lte=last)
        for month in _months(each, last)
        if month not in asked[each.pk]
    )


def remind_due(now: datetime | None = None) -> int:
    """Remind those who have not answered; say how many were written to. Safe to repeat."""
    now = now or timezone.now()
    outstanding = Return.objects.filter(
        state=ReturnState.ASKED, reminders__lt=len(REMINDED_AFTER), expires_at__gt=now
    )
    closures = closed_days()
    return sum(_remind(row, now, closures) for row in outstanding.order_by("pk"))


def ask_again(asked: Return, *, by: User, version: int) -> Return:
    """Write once more, with a new link; the one before opens nothing any more."""
    must_triage(by)
    with act():
        row = locked(asked)
        if row.state == ReturnState.SETTLED:
            raise Refused("This return is settled. Open it again first.")
        return _ask_anew(row, by, version)


def by_token(token: str) -> Return | None:
    """The return that a link opens, whatever its state; None for a link that never was."""
    rows = Return.objects.select_related("asked_of__organisation", "data_key")
    return rows.filter(token=_hash(token)).first() if token else None


def by_reference(reference: str) -> Return | None:
    """The return that is called so. It says who is asked about which month, and no more."""
    rows = Return.objects.select_related("asked_of__organisation")
    return rows.filter(reference=reference).first() if reference else None


def last_month_due(now: datetime) -> date:
    """The latest month about which to ask: the one before, from this month's first working day."""
    today = london_date(now)
    this = Period(month_of(today), month_of(today))
    before = this.previous()
    begun = today >= add_working_days(this.first_month, 0, closed_days())
    return before.first_month if begun else before.previous().first_month


def _months(asked: ReturningOrganisation, last: date) -> Iterator[date]:
    until = min(last, asked.last_month or last)
    if asked.first_month <= until:
        yield from Period(asked.first_month, until).months()


def _ask(asked: ReturningOrganisation, month: date, now: datetime) -> bool:
    """Ask for one return, unless another run of ``remind`` has done so meanwhile."""
    with act():
        # The row of the organisation is what two runs meet at.
        row = ReturningOrganisation.objects.select_for_update(of=("self",)).get(pk=asked.pk)
        if Return.objects.filter(asked_of=row, month=month).exists():
            return False
        link = uuid.uuid4()
        made = steps.create(
            Return(
                reference=new_reference("M"),
                asked_of=row,
                month=month,
                asked_at=now,
                expires_at=now + LINK_LASTS,
                link=link,
                token=_hash(token_of(link)),
                data_key=sealing.new_key(),
            ),
            by=ASKING,
            action="return.asked",
        )
        _write(made, "return_asked", f"asked:{link}", ASKING)
    return True


def _ask_anew(row: Return, by: User, version: int | None = None) -> Return:
    """Write as if for the first time, with a new link; what waits with the old one is stopped."""
    now = timezone.now()
    anew = {"expires_at": now + LINK_LASTS, "asked_at": now, "reminders": 0}
    made = _renew(row, by, version, **anew)
    _write(made, "return_asked", f"asked:{made.link}", by)
    return made


def _renew(row: Return, by: User, version: int | None = None, **changes: Any) -> Return:
    """Draw a new link: the one before opens nothing, and what still carries it does not go."""
    link = uuid.uuid4()
    changes |= {"link": link, "token": _hash(token_of(link))}
    action = "return.asked_again" if "asked_at" in changes else "return.link_ended"
    made = steps.edit(row, by=by, version=version, action=action, **changes)
    outbox.stop(row.reference, by=by, reason="Its link opens nothing any more.")
    return made


def _remind(row: Return, now: datetime, closures: frozenset[date]) -> bool:
    passed = sum(due(row.asked_at, days, "working_days", closures) < now for days in REMINDED_AFTER)
    if passed <= row.reminders:
        return False
    with act():
        row = locked(row)
        if row.state != ReturnState.ASKED or passed <= row.reminders:
            return False
        made = steps.edit(row, by=ASKING, action="return.reminded", reminders=passed)
        _write(made, "return_reminder", f"reminder:{passed}:{row.link}", ASKING)
    return True


def _write(asked: Return, template: str, what: str, by: User | Job) -> None:
    outbox.queue(
        template,
        {f"{asked.reference}:{what}": asked.asked_of.email},
        about=asked.reference,
        by=by,
        context={
            "organisation": str(asked.asked_of),
            "month": month_in_words(asked.month),
            "link": WITHHELD,
        },
        secret=outbox.link(reverse("report:return_link", args=[token_of(asked.link)])),
    )


def locked(asked: Return) -> Return:
    rows = Return.objects.select_for_update(of=("self",))
    return rows.select_related("asked_of__organisation", "data_key").get(pk=asked.pk)


def must_triage(by: User) -> None:
    if not by.can(Permission.NOTIFICATIONS_TRIAGE):
        raise Refused("Your role does not keep monthly returns.", HTTPStatus.FORBIDDEN)


def token_of(link: uuid.UUID) -> str:
    """What stands in the link. A copy of the database cannot work it out: it takes the secret."""
    return sealing.token("return link", str(link))


def _hash(token: str) -> str:
    return sealing.token("return", token)
