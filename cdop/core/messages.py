"""One message to one address: its row, where it can stand, and who may take which step."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from cdop.core import mailing
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.roles import Permission
from cdop.core.sealing import DataKey
from cdop.core.steps import Steps

if TYPE_CHECKING:
    from cdop.core.users import User

PURPOSE = "address"
WITHHELD = "[this stands in the letter alone]"
"""In the words that are kept, the place of what only the addressee may read."""


class MessageState(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", "waiting to be sent"
    SENT = "sent", "sent"
    STOPPED = "stopped", "stopped"
    FAILED = "failed", "could not be sent"
    TOLD = "told", "told by telephone"


M = MessageState
TRIAGE = Permission.NOTIFICATIONS_TRIAGE
NOT_GONE = (M.WAITING, M.FAILED)
"""What can still be stopped: a message that failed could be tried again."""


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> MessageQuerySet:
        return self if user.can(TRIAGE) else self.none()

    def unsent(self) -> MessageQuerySet:
        """What failed, then what waits, the oldest first within each."""
        return self.filter(state__in=NOT_GONE).order_by("state", "queued_at", "pk")

    def due(self, now: datetime) -> MessageQuerySet:
        """What waits and whose time has come, the longest first."""
        due = self.filter(state=M.WAITING, next_try_at__lte=now)
        return due.order_by("next_try_at", "queued_at")


class Message(models.Model):
    """One message to one address. Its words never change; its steps are audit entries."""

    STEPS: ClassVar[Steps] = {
        (M.WAITING, M.SENT): None,
        (M.WAITING, M.FAILED): None,
        (M.WAITING, M.STOPPED): TRIAGE,
        (M.FAILED, M.STOPPED): TRIAGE,
        (M.WAITING, M.TOLD): TRIAGE,
        (M.FAILED, M.TOLD): TRIAGE,
        (M.FAILED, M.WAITING): TRIAGE,
        (M.STOPPED, M.WAITING): TRIAGE,  # stopped for a hoax that was none
    }

    owns_its_key = False  # where it has the key of what it is about, it keeps that not alive

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    about = models.CharField(max_length=20, db_index=True)
    once = models.CharField(max_length=120, unique=True)
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=mailing.LONGEST_SUBJECT)
    body = models.TextField()
    to_family = models.BooleanField(default=False)
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    state = models.CharField(max_length=20, default=M.WAITING)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    first_tried_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    why_stopped = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = {
        "id": Note("Which message; its Message-ID says so", "", Sensitivity.NONE, Seen.NOBODY),
        "version": Note("How often the row was saved", "", Sensitivity.NONE, Seen.NOBODY),
        "about": Note("Reference of what it is about", "", Sensitivity.NONE, Seen.TEAM),
        "once": Note("What it is, so that it exists once", "", Sensitivity.NONE, Seen.NOBODY),
        "template": Note("From which text it was written", "", Sensitivity.NONE, Seen.NOBODY),
        "subject": Note("Its subject, which names nobody", "", Sensitivity.NONE, Seen.TEAM),
        "body": Note("Its words: references and links only", "", Sensitivity.NONE, Seen.TEAM),
        "to_family": Note("Whether it goes to a family", "", Sensitivity.NONE, Seen.TEAM),
        "data_key": Note("The key of the address", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note("The address, sealed", "", Sensitivity.IDENTITY, Seen.NOBODY),
        "state": Note("Whether it has gone", "", Sensitivity.NONE, Seen.TEAM),
        "queued_at": Note("When it was queued", "", Sensitivity.NONE, Seen.TEAM),
        "next_try_at": Note("Not sent before this", "", Sensitivity.NONE, Seen.TEAM),
        "first_tried_at": Note("When it was first tried", "", Sensitivity.NONE, Seen.TEAM),
        "attempts": Note("How often it was tried", "", Sensitivity.NONE, Seen.TEAM),
        "problem": Note("Why the last try failed, in our words", "", Sensitivity.NONE, Seen.TEAM),
        "ended_at": Note("When it was sent or given up", "", Sensitivity.NONE, Seen.TEAM),
        "why_stopped": Note("Why it was stopped", "", Sensitivity.PERSONAL, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["-queued_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["state", "next_try_at"], name="message_due")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="message_ends_when_it_waits_no_more",
                condition=Q(state="waiting", ended_at=None)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
            )
        ]

    audit_case = None

    def __str__(self) -> str:
        return self.subject

    @property
    def message_id(self) -> str:
        """The same at every try, so that a message sent twice is known for one."""
        return f"<{self.pk}@{mailing.host()}>"

    @property
    def label(self) -> str:
        """Where it stands, in words."""
        return MessageState(self.state).label
