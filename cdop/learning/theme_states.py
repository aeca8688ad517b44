"""Where a theme, a thematic review and a briefing can stand, and who takes them further."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps

P = Permission


class ThemeState(models.TextChoices):
    """Where a theme stands. One that is ended stays readable and gathers nothing more."""

    GOING_ON = "going_on", "going on"
    ENDED = "ended", "ended"


T = ThemeState
THEME_STEPS: Steps = {
    (T.GOING_ON, T.ENDED): P.LEARNING_MANAGE,
    (T.ENDED, T.GOING_ON): P.LEARNING_MANAGE,
}


class Standing(models.TextChoices):
    """What the team decided about one case of a theme."""

    BY_RULE = "by_rule", "left to the rule"
    ADDED = "added", "added by hand"
    LEFT_OUT = "left_out", "left out by hand"


class ReviewState(models.TextChoices):
    """Where one version of a thematic review stands."""

    DRAFT = "draft", "being written"
    WITH_CHAIR = "with_chair", "with the chair"
    APPROVED = "approved", "approved"


R = ReviewState
REVIEW_STEPS: Steps = {
    (R.DRAFT, R.WITH_CHAIR): P.LEARNING_MANAGE,
    (R.WITH_CHAIR, R.DRAFT): P.THEMATIC_REVIEWS_APPROVE,  # the chair wants something changed
    (R.WITH_CHAIR, R.APPROVED): P.THEMATIC_REVIEWS_APPROVE,
}


class BriefingState(models.TextChoices):
    """Where the next version of a briefing stands."""

    DRAFT = "draft", "being written"
    CHECKED = "checked", "checked"
    PUBLISHED = "published", "published"


B = BriefingState
BRIEFING_STEPS: Steps = {
    (B.DRAFT, B.CHECKED): P.BRIEFINGS_PUBLISH,
    (B.CHECKED, B.DRAFT): P.LEARNING_MANAGE,  # something is changed, so it is checked again
    (B.CHECKED, B.PUBLISHED): P.BRIEFINGS_PUBLISH,
    (B.PUBLISHED, B.DRAFT): P.LEARNING_MANAGE,  # the next version is begun
}
