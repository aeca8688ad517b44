"""Where a task, a response and a discussion can stand, and how a visit can have been made."""

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


class ResponseState(models.TextChoices):
    """Whether the response to an unexpected death was started. Without a row nobody has decided."""

    STARTED = "started", "started"
    NOT_NEEDED = "not_needed", "not needed"


RESPONSE_STEPS: Steps = {
    (ResponseState.STARTED, ResponseState.NOT_NEEDED): Permission.CHECKLIST_COMPLETE,
    (ResponseState.NOT_NEEDED, ResponseState.STARTED): Permission.CHECKLIST_COMPLETE,
}


class DiscussionState(models.TextChoices):
    """Where a meeting of the agencies about one death stands."""

    PLANNED = "planned", "planned"
    HELD = "held", "held"
    CANCELLED = "cancelled", "cancelled"


D = DiscussionState
DISCUSSION_STEPS: Steps = {
    (D.PLANNED, D.HELD): Permission.CHECKLIST_COMPLETE,
    (D.PLANNED, D.CANCELLED): Permission.CHECKLIST_COMPLETE,
    (D.CANCELLED, D.PLANNED): Permission.CHECKLIST_COMPLETE,
    (D.CANCELLED, D.HELD): Permission.CHECKLIST_COMPLETE,  # it took place after all
    (D.HELD, D.CANCELLED): Permission.CHECKLIST_COMPLETE,  # recorded by mistake
}


class AgreedState(models.TextChoices):
    """Where something stands that a meeting of the agencies agreed."""

    OPEN = "open", "open"
    DONE = "done", "done"
    DROPPED = "dropped", "no longer needed"


A = AgreedState
AGREED_STEPS: Steps = {
    (here, there): Permission.CHECKLIST_COMPLETE
    for here in A
    for there in A
    if here != there and A.OPEN in (here, there)
}


class Known(models.TextChoices):
    """An answer to whether something was done."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_APPLICABLE = "not_applicable", "It does not apply to this death"
    NOT_KNOWN = "not_known", "Not known"


class LetterState(models.TextChoices):
    """Where a letter of figures to a service or a commissioner stands."""

    WRITTEN = "written", "written, not sent"
    SENT = "sent", "sent"
    DISCARDED = "discarded", "discarded, never sent"


LETTER_STEPS: Steps = {
    (LetterState.WRITTEN, LetterState.SENT): Permission.STATISTICS_INTERNAL,
    (LetterState.WRITTEN, LetterState.DISCARDED): Permission.STATISTICS_INTERNAL,
}
