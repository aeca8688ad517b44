"""Where a panel meeting can stand."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class MeetingState(models.TextChoices):
    """Where a meeting stands."""

    PLANNED = "planned", "planned"
    OPEN = "open", "open"
    CLOSED = "closed", "closed"


M = MeetingState
STEPS: Steps = {
    (M.PLANNED, M.OPEN): Permission.MEETINGS_RUN,
    (M.OPEN, M.CLOSED): Permission.MEETINGS_RUN,
}
