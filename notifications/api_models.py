"""Trusts' own systems: who they are, what they sign in with, and what they sent once.

Of a secret, a token and an idempotency key only a keyed hash is kept, so nothing in these tables
can be used by whoever reads them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.organisations import Organisation
from cdop.core.records import Record
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User


class SystemQuerySet(models.QuerySet["System"]):
    def visible_to(self, user: User) -> SystemQuerySet:
        return self if user.can(Permission.NOTIFICATIONS_TRIAGE) else self.none()


class System(Record):
    """A system of one organisation that may report deaths through the interface."""

    reference = models.CharField(max_length=20, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    registered_at = models.DateTimeField()
    secret_made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = SystemQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "reference": Note("Its client id", "", Sensitivity.NONE, Seen.TEAM),
        "organisation": Note("Whose system it is", "", Sensitivity.NONE, Seen.TEAM),
        "name": Note("What the organisation calls it", "", Sensitivity.NONE, Seen.TEAM),
        "registered_at": Note("When it was registered", "", Sensitivity.NONE, Seen.TEAM),
        "secret_made_at": Note("When its latest secret was made", "", Sensitivity.NONE, Seen.TEAM),
        "ended_at": Note("When its access was ended", "", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["organisation__name", "name", "pk"]

    def __str__(self) -> str:
        return self.reference


class SecretQuerySet(models.QuerySet["SystemSecret"]):
    def live(self, at: datetime) -> SecretQuerySet:
        """Those with which a system may sign in."""
        lasting = Q(ends_at=None) | Q(ends_at__gt=at)
        return self.filter(lasting, system__ended_at=None)


class SystemSecret(models.Model):
    """One secret of a system. While it is exchanged for a new one, both are good."""

    system = models.ForeignKey(System, models.PROTECT, related_name="secrets")
    hashed = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    objects = SecretQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = {
        "system": Note("Whose secret", "", Sensitivity.NONE, Seen.TEAM),
        "hashed": Note("Keyed hash of the secret", "", Sensitivity.SECRET, Seen.NOBODY),
        "made_at": Note("When it was made", "", Sensitivity.NONE, Seen.TEAM),
        "ends_at": Note("From when it is no longer good", "", Sensitivity.NONE, Seen.TEAM),
        "used_at": Note("When it was last exchanged for a token", "", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"secret {self.pk} of {self.system}"


class SystemToken(models.Model):
    """What a system was given for its secret, good for some minutes."""

    hashed = models.CharField(max_length=64, unique=True)
    secret = models.ForeignKey(SystemSecret, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()

    catalogue: ClassVar[dict[str, Note]] = {
        "hashed": Note("Keyed hash of the token", "", Sensitivity.SECRET, Seen.NOBODY),
        "secret": Note("The secret it was given for", "", Sensitivity.NONE, Seen.NOBODY),
        "expires_at": Note("Until when it is good", "", Sensitivity.NONE, Seen.NOBODY),
    }

    def __str__(self) -> str:
        return f"token until {self.expires_at}"


class Delivery(models.Model):
    """Which notification a system sent under which idempotency key."""

    system = models.ForeignKey(System, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    notification = models.OneToOneField(
        "notifications.Notification", models.PROTECT, related_name="+"
    )

    catalogue: ClassVar[dict[str, Note]] = {
        "system": Note("Which system sent it", "", Sensitivity.NONE, Seen.TEAM),
        "key": Note("Keyed hash of the idempotency key", "", Sensitivity.SECRET, Seen.NOBODY),
        "fingerprint": Note("Keyed hash of what was sent", "", Sensitivity.SECRET, Seen.NOBODY),
        "notification": Note("What came of it", "", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "key"], name="delivery_once_per_key")
        ]

    def __str__(self) -> str:
        return f"delivery of {self.notification}"
