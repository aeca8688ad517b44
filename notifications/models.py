"""Notifications: what was sent, kept as it was sent, sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.cases.models import Case
from cdop.core import sealing
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.organisations import Organisation
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.core.sealing import DataKey
from notifications.api_models import Delivery, System, SystemSecret, SystemToken
from notifications.assurance.models import (
    DeathList,
    ListedDeath,
    NotListed,
    Return,
    ReturningOrganisation,
)
from notifications.legacy_models import LegacyCase, LegacyFile, LegacyImport
from notifications.returning import ReturnLink
from notifications.states import STEPS, NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User

__all__ = [
    "DeathList",
    "Delivery",
    "LegacyCase",
    "LegacyFile",
    "LegacyImport",
    "ListedDeath",
    "NotListed",
    "Notification",
    "NotificationQuerySet",
    "Return",
    "ReturnLink",
    "ReturningOrganisation",
    "System",
    "SystemSecret",
    "SystemToken",
]

PURPOSE = "notification"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> NotificationQuerySet:
        return self if user.can(Permission.NOTIFICATIONS_TRIAGE) else self.none()

    def waiting(self) -> NotificationQuerySet:
        return self.filter(state=NotificationState.RECEIVED)


class Notification(Record):
    """One report of a child's death. Several may stand behind one case."""

    STEPS = STEPS

    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, default=NotificationState.RECEIVED)
    route = models.CharField(max_length=20)
    edition = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    questionnaire = models.CharField(max_length=40, default="notification")
    notifier_role = models.CharField(max_length=40, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    adult_ward = models.CharField(max_length=20, blank=True)
    together = models.UUIDField(null=True, db_index=True)
    draft = models.UUIDField(null=True, unique=True)
    draft_token = models.CharField(max_length=64, blank=True)
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decline_code = models.CharField(max_length=40, blank=True)
    decision_note = models.TextField(blank=True)
    passed_to = models.CharField(max_length=200, blank=True)
    receipt_from = models.CharField(max_length=200, blank=True)
    receipt_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "reference": Note("What the notifier quotes", "A0", Sensitivity.NONE, Seen.TEAM),
        "state": Note("What triage decided", "", Sensitivity.NONE, Seen.TEAM),
        "route": Note("By which route it came", "", Sensitivity.NONE, Seen.TEAM),
        "edition": Note("The guidance whose form was used", "", Sensitivity.NONE, Seen.TEAM),
        "received_at": Note("When it arrived", "A1", Sensitivity.CLOCK, Seen.TEAM),
        "questionnaire": Note("Which form of its edition", "", Sensitivity.NONE, Seen.TEAM),
        "notifier_role": Note(
            "What kind of professional sent it", "A1", Sensitivity.STAFF, Seen.TEAM
        ),
        "organisation": Note("Which organisation told us", "A1", Sensitivity.NONE, Seen.TEAM),
        "adult_ward": Note(
            "Whether the child died on a ward for adults", "N", Sensitivity.PERSONAL, Seen.TEAM
        ),
        "together": Note(
            "Notifications of brothers and sisters that one person sent together",
            "",
            Sensitivity.PERSONAL,
            Seen.TEAM,
        ),
        "draft": Note("The draft it was sent from, once", "", Sensitivity.NONE, Seen.NOBODY),
        "draft_token": Note(
            "Hash of the token of the browser that sent it", "", Sensitivity.SECRET, Seen.NOBODY
        ),
        "data_key": Note("The key of what was sent", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note("Every answer, as sent", "A1–A22", Sensitivity.IDENTITY, Seen.TEAM),
        "case": Note("The case it stands behind", "", Sensitivity.NONE, Seen.TEAM),
        "decided_at": Note("When triage decided", "", Sensitivity.NONE, Seen.TEAM),
        "decided_by": Note("Who decided", "", Sensitivity.STAFF, Seen.TEAM),
        "decline_code": Note("Why it was declined", "", Sensitivity.PERSONAL, Seen.TEAM),
        "decision_note": Note("What triage noted", "", Sensitivity.PERSONAL, Seen.TEAM),
        "passed_to": Note("To which panel it was passed on", "", Sensitivity.NONE, Seen.TEAM),
        "receipt_from": Note("Who there said that it arrived", "", Sensitivity.STAFF, Seen.TEAM),
        "receipt_at": Note("When they said so", "", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["-received_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "-received_at"], name="notification_by_state")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="notification_with_a_case_when_taken",
                condition=Q(state__in=["accepted", "attached"], case__isnull=False)
                | (~Q(state__in=["accepted", "attached"]) & Q(case=None)),
            ),
            models.CheckConstraint(
                name="notification_declined_with_a_reason",
                condition=~Q(state="declined") | ~Q(decline_code=""),
            ),
            models.CheckConstraint(
                name="notification_passed_on_to_somebody",
                condition=~Q(state__in=["passed_on", "taken_over"]) | ~Q(passed_to=""),
            ),
            models.CheckConstraint(
                name="notification_taken_over_by_word_of_somebody",
                condition=~Q(state="taken_over")
                | (~Q(receipt_from="") & Q(receipt_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state_label(self) -> str:
        return str(NotificationState(self.state).label)

    @property
    def answers(self) -> dict[str, Any]:
        """Every answer as it was sent. Whoever shows it to a person records the read first."""
        return sealing.unseal_json(self.data_key, PURPOSE, self.sealed)
