"""Where a notification can stand."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class NotificationState(models.TextChoices):
    """Where a notification stands; triage decides."""

    RECEIVED = "received", "waiting for triage"
    ACCEPTED = "accepted", "accepted into a new case"
    ATTACHED = "attached", "attached to a case"
    PASSED_ON = "passed_on", "passed on, awaiting word"
    TAKEN_OVER = "taken_over", "taken over by another panel"
    DECLINED = "declined", "declined"


N = NotificationState
TRIAGE = Permission.NOTIFICATIONS_TRIAGE
STEPS: Steps = {
    (N.RECEIVED, N.ACCEPTED): TRIAGE,
    (N.RECEIVED, N.ATTACHED): TRIAGE,
    (N.RECEIVED, N.PASSED_ON): TRIAGE,
    (N.RECEIVED, N.DECLINED): TRIAGE,
    (N.PASSED_ON, N.TAKEN_OVER): TRIAGE,
    # Every decision can be undone; what was decided stays in the history.
    (N.ACCEPTED, N.RECEIVED): TRIAGE,
    (N.ATTACHED, N.RECEIVED): TRIAGE,
    (N.PASSED_ON, N.RECEIVED): TRIAGE,
    (N.TAKEN_OVER, N.PASSED_ON): TRIAGE,
    (N.DECLINED, N.RECEIVED): TRIAGE,
}
OPEN = (N.RECEIVED, N.PASSED_ON)
"""What triage still has to do something about."""
