"""What a trust's system signs in with: a secret, and for it tokens (RFC 6749, section 4.4).

Secrets and tokens are drawn with 256 bits, so a keyed hash is enough: there is nothing to guess
that a slow hash would have to protect. Both are shown once, when they are made.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from cdop.core import sealing, steps
from cdop.core.audit import Job, act, record
from cdop.core.identifiers import new_reference, normalise_reference
from cdop.core.organisations import Organisation
from cdop.core.refusals import Refused
from notifications.api_models import System, SystemSecret, SystemToken

if TYPE_CHECKING:
    from cdop.core.users import User

TOKEN_LASTS = timedelta(minutes=10)
SECRET_BYTES = 32
NO_HASH = "0" * 64


def job(system: System) -> Job:
    """As whom the audit chain names a system."""
    return Job(f"system {system.reference}")


def register(*, organisation: Organisation, name: str, by: User | Job) -> tuple[System, str]:
    """A new system and its first secret, which nothing shows again."""
    now = timezone.now()
    with act():
        system = System(
            reference=new_reference("S"),
            organisation=organisation,
            name=name,
            registered_at=now,
            secret_made_at=now,
        )
        steps.create(system, by=by, action="system.registered")
        return system, _new_secret(system, now)


def renew(
    system: System, *, version: int, overlap: timedelta, by: User | Job
) -> tuple[System, str]:
    """A new secret; those before it stay good for ``overlap`` more. Raises Refused or Stale."""
    _check_open(system)
    now = timezone.now()
    with act():
        row = steps.edit(
            system, version=version, by=by, action="system.secret_made", secret_made_at=now
        )
        SystemSecret.objects.live(now + overlap).filter(system=row).update(ends_at=now + overlap)
        return row, _new_secret(row, now)


def end_secret(secret: SystemSecret, *, by: User | Job) -> None:
    """End one secret now, with every token that was given for it."""
    now = timezone.now()
    with act():
        if SystemSecret.objects.live(now).filter(pk=secret.pk).update(ends_at=now):
            record("system.secret_ended", secret.system, by=by)
        SystemToken.objects.filter(secret=secret).delete()


def end(system: System, *, version: int, by: User | Job) -> System:
    """End the access of a system now, whatever it holds. Raises Refused or Stale."""
    _check_open(system)
    with act():
        row = steps.edit(
            system, version=version, by=by, action="system.ended", ended_at=timezone.now()
        )
        SystemToken.objects.filter(secret__system=row).delete()
        return row


def secret_of(client: str, secret: str) -> SystemSecret | None:
    """The live secret that a client signs in with; None where id and secret do not fit."""
    rows = SystemSecret.objects.live(timezone.now()).select_related("system__organisation")
    given = _hash("secret", secret)
    found = None
    for row in rows.filter(system__reference=normalise_reference(client) or ""):
        if hmac.compare_digest(row.hashed, given):
            found = row
    return found


def issue(secret: SystemSecret) -> str:
    """A token for a live secret; tokens of this system that have expired are removed."""
    now, token = timezone.now(), secrets.token_urlsafe(SECRET_BYTES)
    with act():
        SystemToken.objects.filter(secret__system=secret.system, expires_at__lte=now).delete()
        SystemToken.objects.create(
            hashed=_hash("token", token), secret=secret, expires_at=now + TOKEN_LASTS
        )
        SystemSecret.objects.filter(pk=secret.pk).update(used_at=now)
        record("system.token", secret.system, by=job(secret.system))
    return token


def system_of(token: str) -> System | None:
    """The system that a token was given to, while token and secret are good."""
    now, given = timezone.now(), _hash("token", token)
    live = SystemSecret.objects.live(now)
    rows = SystemToken.objects.select_related("secret__system__organisation")
    row = rows.filter(hashed=given, expires_at__gt=now, secret__in=live).first()
    fits = hmac.compare_digest(row.hashed if row else NO_HASH, given)
    return row.secret.system if row and fits else None


def _new_secret(system: System, now: datetime) -> str:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    SystemSecret.objects.create(system=system, hashed=_hash("secret", secret), made_at=now)
    return secret


def _check_open(system: System) -> None:
    if system.ended_at:
        raise Refused("The access of this system has been ended. Register it anew.")


def _hash(kind: str, value: str) -> str:
    return sealing.token(f"system {kind}", value)
