"""Where a task of the checklist can stand, and how a visit can have been made."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class ItemState(models.TextChoices):
    """Where one task of the checklist stands."""

    OPEN = "open", "open"
    DONE = "done", "done"
    NOT_DONE = "not_done", "not done"
    NOT_APPLICABLE = "not_applicable", "not applicable"


S = ItemState
STEPS: Steps = {
    (here, there): Permission.CHECKLIST_COMPLETE
    for here in S
    for there in S
    if here != there and S.OPEN in (here, there)
}


class VisitOutcome(models.TextChoices):
    """How the home or the place of the death was visited."""

    JOINTLY = "jointly", "police and a health professional together"
    POLICE = "police", "police only"
    HEALTH = "health", "a health professional only"
    NONE = "none", "nobody, though a visit was indicated"
    NOT_INDICATED = "not_indicated", "nobody: no visit was indicated"


MADE = (VisitOutcome.JOINTLY, VisitOutcome.POLICE, VisitOutcome.HEALTH)
"""A visit was made, so there is a moment at which it was."""
