"""Where a release can stand, and which steps lead from where to where."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class ReleaseState(models.TextChoices):
    """Where a release stands between counting and the next version."""

    DRAFT = "draft", "draft"
    APPROVED = "approved", "approved"
    PUBLISHED = "published", "published"
    SUPERSEDED = "superseded", "superseded"
    WITHDRAWN = "withdrawn", "withdrawn"


R = ReleaseState
STEPS: Steps = {
    (R.DRAFT, R.APPROVED): Permission.RELEASES_APPROVE,
    (R.DRAFT, R.WITHDRAWN): Permission.RELEASES_DRAFT,
    (R.APPROVED, R.PUBLISHED): Permission.RELEASES_DRAFT,
    (R.APPROVED, R.WITHDRAWN): Permission.RELEASES_DRAFT,  # the last check refused it
    (R.PUBLISHED, R.SUPERSEDED): Permission.RELEASES_DRAFT,
}

OPEN = (R.DRAFT, R.APPROVED)
PUBLIC = (R.PUBLISHED, R.SUPERSEDED)
