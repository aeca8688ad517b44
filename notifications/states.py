"""Where a notification can stand."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class NotificationState(models.TextChoices):
    """Where a notification stands; triage decides."""

    RECEIVED = "received", "waiting for triage"
    ACCEPTED = "accepted", "accepted into a new case"
    ATTACHED = "attached", "attached to a case"
    DECLINED = "declined", "declined"


N = NotificationState
STEPS: Steps = {
    (N.RECEIVED, N.ACCEPTED): Permission.NOTIFICATIONS_TRIAGE,
    (N.RECEIVED, N.ATTACHED): Permission.NOTIFICATIONS_TRIAGE,
    (N.RECEIVED, N.DECLINED): Permission.NOTIFICATIONS_TRIAGE,
    (N.DECLINED, N.RECEIVED): Permission.NOTIFICATIONS_TRIAGE,  # declined by mistake
}
