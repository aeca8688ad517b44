"""Where a task of the checklist can stand."""

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
