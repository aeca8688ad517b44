"""Where a draft of papers can stand, and what can become of a place that may name somebody."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class DraftState(models.TextChoices):
    """Where a draft of papers stands."""

    OPEN = "open", "being prepared"
    RELEASED = "released", "released"
    DROPPED = "dropped", "dropped"


D = DraftState
DRAFT_STEPS: Steps = {
    (D.OPEN, D.RELEASED): Permission.MEETINGS_ARRANGE,
    (D.OPEN, D.DROPPED): Permission.MEETINGS_ARRANGE,
}


class Decision(models.TextChoices):
    """What became of a place that may say who somebody is."""

    REPLACED = "replaced", "replaced"
    KEPT = "kept", "kept"
