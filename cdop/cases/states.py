"""Where a case can stand, and which steps lead from where to where."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class CaseState(models.TextChoices):
    """Where a case stands between opening and learning."""

    GATHERING = "gathering", "gathering information"
    READY = "ready", "ready for panel"
    REVIEWED = "reviewed", "reviewed"
    CLOSED = "closed", "closed"


C = CaseState
STEPS: Steps = {
    (C.GATHERING, C.READY): Permission.CASES_MANAGE,
    (C.READY, C.GATHERING): Permission.CASES_MANAGE,  # the panel asked for more
    (C.READY, C.REVIEWED): Permission.FINDINGS_SIGN_OFF,
    (C.REVIEWED, C.CLOSED): Permission.CASES_MANAGE,
}
