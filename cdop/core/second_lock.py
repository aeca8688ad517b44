"""The second lock of an account: who must have one, whether it was opened, what changes it.

A passkey, or an authenticator app with its codes; recovery codes stand in for either. allauth asks
for it at every sign-in of an account that has one. Here stands what allauth leaves to a project:
that some roles demand it, that its secrets are sealed, that a change of it is recorded.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from cdop.core import outbox, sealing
from cdop.core.audit import record
from cdop.core.sealing import DataKey
from cdop.core.users import RoleHolding, User

OPENED = "mfa"
"""What allauth writes into the session for a code, a passkey or a recovery code."""
PURPOSE = "second lock"
LOCKS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SERVICE = "Child death review"
"""What an authenticator app and a passkey are shown under."""


def is_demanded(held: Iterable[RoleHolding]) -> bool:
    """Whether any of these roles is worn behind a second lock only."""
    return any(holding.rule.second_lock for holding in held)


def is_opened(request: HttpRequest) -> bool:
    """Whether the second lock was opened since the person signed in."""
    records = get_authentication_records(request, cast(User, request.user))
    return any(each.get("method") == OPENED for each in records)


def note_opened(request: HttpRequest, user: User, kind: str) -> None:
    """Remember that the lock was opened: who sets one up has just opened it."""
    record_authentication(request, user, OPENED, type=kind)


def changed(user: User, action: str, *, by: User, purpose: str = "") -> None:
    """Record a change of somebody's locks, and tell them: it may have been somebody else."""
    record(action, user, by=by, purpose=purpose)
    outbox.queue("second_lock_changed", {f"lock:{uuid.uuid4()}": user.email}, about="", by=by)


def is_set_up(user: User) -> bool:
    """Whether a person has a second lock."""
    return Authenticator.objects.filter(user=user, type__in=LOCKS).exists()


def remove_all(user: User) -> None:
    """Take every second lock of a person away, recovery codes too."""
    Authenticator.objects.filter(user=user).delete()


def is_last(authenticator: Authenticator) -> bool:
    """Whether a person would have no second lock left without this one."""
    others = Authenticator.objects.filter(user=authenticator.user, type__in=LOCKS)
    return not others.exclude(pk=authenticator.pk).exists()


class SecondLock(DefaultMFAAdapter):
    """How allauth keeps second locks here."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Your role needs a second lock, and this is the only one. "
        "Set up another one first.",
        "incorrect_code": "This code is not right, or it was used before. Wait for the next one.",
    }

    def encrypt(self, text: str) -> str:
        """The text sealed under a data key of its own, after the key's id."""
        key = sealing.new_key()
        sealed = sealing.seal(key, PURPOSE, text.encode())
        return f"{key.pk}:{base64.b64encode(sealed).decode()}"

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed. Raises CannotUnseal where the key is wrong or was destroyed."""
        key_id, _, sealed = encrypted_text.partition(":")
        key = DataKey.objects.get(pk=key_id)
        return sealing.unseal(key, PURPOSE, base64.b64decode(sealed)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody whose role demands one."""
        if authenticator.type not in LOCKS:
            return True
        user = User.objects.get(pk=authenticator.user_id)
        return not (is_last(authenticator) and is_demanded(user.holdings_in_force()))

    def send_notification_mail(self, *_: Any, **__: Any) -> None:
        """Nothing: ``changed`` has written to the person, in the same act as the change."""

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "My passkey" if number == 1 else f"Passkey {number}"

    def get_totp_issuer(self) -> str:
        return SERVICE

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": SERVICE}
