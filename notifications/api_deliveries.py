"""A notification that a system sends: kept once, however often it is sent.

The notification and the key by which it is known again are written in one transaction. So what is
acknowledged is committed, and whoever got no answer may send the same again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from cdop.core import sealing
from cdop.core.audit import act, record
from notifications import intake
from notifications.api_answers import Reading
from notifications.api_credentials import job
from notifications.api_models import Delivery, System
from notifications.api_problems import Problem, Trouble, not_signed_in
from notifications.intake import Route
from notifications.models import Notification

OTHER_CONTENT = (
    "This idempotency key came with other content before. Send each notification under a key of "
    "its own, and a repetition exactly as it was."
)


@dataclass(frozen=True)
class Parcel:
    """What makes a delivery the same as one before: who sent what by which route, under which key.

    key      the idempotency key, as it was sent
    content  what was sent, written in the one canonical way
    """

    system: System
    route: Route
    key: str
    content: str

    @property
    def hashed_key(self) -> str:
        return sealing.token(f"delivery key of {self.system.pk}", self.key)

    @property
    def fingerprint(self) -> str:
        return sealing.token(f"delivery by {self.route}", self.content)


def deliver(parcel: Parcel, reading: Reading, now: datetime) -> Notification:
    """The notification that was sent, kept now or before.

    Raises Trouble: 401 where access ended meanwhile, 409 where the key came with other content,
    422 where the answers cannot be kept. A refusal keeps nothing of what was sent; the audit chain
    names the questions.
    """
    system = parcel.system
    with act():
        _lock(system)
        if before := _before(parcel):
            return before
        if not reading.problems:
            return _keep(parcel, reading, now)
    record("system.refused", system, by=job(system), fields=reading.asked)
    raise Trouble(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "answers",
        "Nothing was kept. Correct what is listed and send it again; the same key may be used.",
        problems=reading.problems,
    )


def sent_by(system: System, reference: str) -> Notification | None:
    """The notification with this reference, if it was this system that sent it."""
    rows = Delivery.objects.select_related("notification")
    found = rows.filter(system=system, notification__reference=reference).first()
    return found.notification if found else None


def _lock(system: System) -> None:
    """Let one call of a system write at a time, and none once its access has ended."""
    rows = System.objects.order_by().select_for_update()
    if rows.filter(pk=system.pk, ended_at=None).first() is None:
        raise not_signed_in("The access of this system has been ended.")


def _before(parcel: Parcel) -> Notification | None:
    rows = Delivery.objects.select_related("notification")
    found = rows.filter(system=parcel.system, key=parcel.hashed_key).first()
    if found is None:
        return None
    if found.fingerprint != parcel.fingerprint:
        problem = Problem("Idempotency-Key", "other_content", OTHER_CONTENT)
        raise Trouble(HTTPStatus.CONFLICT, "other_content", OTHER_CONTENT, problems=[problem])
    record("system.repeated", found.notification, by=job(parcel.system))
    return found.notification


def _keep(parcel: Parcel, reading: Reading, now: datetime) -> Notification:
    notification = intake.receive(
        reading.answers,
        edition=reading.edition,
        route=parcel.route,
        organisation=parcel.system.organisation,
        by=job(parcel.system),
        at=now,
    )
    Delivery.objects.create(
        system=parcel.system,
        key=parcel.hashed_key,
        fingerprint=parcel.fingerprint,
        notification=notification,
    )
    return notification
