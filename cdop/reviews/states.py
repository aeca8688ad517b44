"""Where the panel's finding can stand. A member's review exists once it is sent."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class FindingState(models.TextChoices):
    """Where a finding stands."""

    RECORDED = "recorded", "recorded"
    SIGNED_OFF = "signed_off", "signed off"


F = FindingState
STEPS: Steps = {(F.RECORDED, F.SIGNED_OFF): Permission.FINDINGS_SIGN_OFF}


class Reached(models.TextChoices):
    """How the panel came to its finding."""

    AGREED = "agreed", "Everybody agreed"
    MAJORITY = "majority", "By a majority"
    CHAIR = "chair", "The chair decided"


class Stands(models.TextChoices):
    """What a member says to one answer of a draft."""

    AGREE = "agree", "I agree"
    QUESTION = "question", "I question it"
