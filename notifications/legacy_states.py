"""Where an import of earlier cases can stand."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class ImportState(models.TextChoices):
    """Where an import stands: looked at, then brought in or left, and perhaps taken back."""

    CHECKED = "checked", "read and not brought in"
    IMPORTED = "imported", "brought in"
    LEFT = "left", "left"
    UNDONE = "undone", "undone"


S = ImportState
STEPS: Steps = {
    (S.CHECKED, S.IMPORTED): Permission.CASES_MANAGE,
    (S.CHECKED, S.LEFT): Permission.CASES_MANAGE,
    (S.IMPORTED, S.UNDONE): Permission.CASES_MANAGE,
}
