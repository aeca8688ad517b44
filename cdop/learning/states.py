"""Where a recommendation, an action that follows from it and a letter about it can stand."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps

MANAGE = Permission.RECOMMENDATIONS_MANAGE


class RecommendationState(models.TextChoices):
    """Where a recommendation stands."""

    MADE = "made", "made, not answered"
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"
    DONE = "done", "done"
    SUPERSEDED = "superseded", "superseded"


R = RecommendationState
GOING_ON = (R.MADE, R.ACCEPTED)
"""Something is still to come: its actions are chased."""
ENDED = (R.DECLINED, R.DONE, R.SUPERSEDED)
RECOMMENDATION_STEPS: Steps = {
    (R.MADE, R.ACCEPTED): MANAGE,
    (R.ACCEPTED, R.DONE): MANAGE,
    **{(here, there): MANAGE for here in GOING_ON for there in (R.DECLINED, R.SUPERSEDED)},
    # What was recorded was wrong, or holds no more.
    (R.ACCEPTED, R.MADE): MANAGE,
    **{(here, there): MANAGE for here in ENDED for there in GOING_ON},
}


class PointState(models.TextChoices):
    """Where an action stands that follows from a recommendation."""

    OPEN = "open", "open"
    DONE = "done", "done"
    DROPPED = "dropped", "not to be done"


P = PointState
POINT_STEPS: Steps = {
    (here, there): MANAGE for here in P for there in P if here != there and P.OPEN in (here, there)
}


class LetterState(models.TextChoices):
    """Where a letter about a recommendation stands."""

    WRITTEN = "written", "written, to be approved"
    APPROVED = "approved", "approved, to be posted"
    SENT = "sent", "sent"
    DISCARDED = "discarded", "discarded, never sent"


L = LetterState
LETTER_STEPS: Steps = {
    (L.WRITTEN, L.APPROVED): MANAGE,
    (L.WRITTEN, L.SENT): MANAGE,  # by e-mail, with the approval
    (L.APPROVED, L.SENT): MANAGE,
    (L.WRITTEN, L.DISCARDED): MANAGE,
    (L.APPROVED, L.DISCARDED): MANAGE,
}
