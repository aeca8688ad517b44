"""Where a panel meeting, a case at it, a declared interest and the minutes can stand."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class MeetingState(models.TextChoices):
    """Where a meeting stands."""

    PLANNED = "planned", "planned"
    OPEN = "open", "open"
    CLOSED = "closed", "closed"


M = MeetingState
STEPS: Steps = {
    (M.PLANNED, M.OPEN): Permission.MEETINGS_RUN,
    (M.OPEN, M.CLOSED): Permission.MEETINGS_RUN,
}


class ItemState(models.TextChoices):
    """What became of a case at a meeting."""

    LISTED = "listed", "on the agenda"
    DISCUSSED = "discussed", "discussed"
    DEFERRED = "deferred", "deferred"


A = ItemState
ITEM_STEPS: Steps = {
    (A.LISTED, A.DISCUSSED): Permission.FINDINGS_RECORD,
    (A.LISTED, A.DEFERRED): Permission.CASES_DEFER,
    (A.DEFERRED, A.LISTED): Permission.CASES_DEFER,  # taken up after all
}


class DeclarationState(models.TextChoices):
    """Where a declared interest stands: to be decided, one of three outcomes, or withdrawn."""

    DECLARED = "declared", "to be decided"
    TAKES_PART = "takes_part", "takes part but does not lead"
    ANSWERS = "answers", "answers questions only"
    LEAVES = "leaves", "leaves for this case"
    WITHDRAWN = "withdrawn", "withdrawn"


D = DeclarationState
OUTCOMES = (D.TAKES_PART, D.ANSWERS, D.LEAVES)
DECLARATION_STEPS: Steps = {
    **{(D.DECLARED, outcome): Permission.MEETINGS_RUN for outcome in OUTCOMES},
    **{
        (before, after): Permission.MEETINGS_RUN  # decided anew
        for before in OUTCOMES
        for after in OUTCOMES
        if before != after
    },
    (D.DECLARED, D.WITHDRAWN): Permission.PACKS_READ,
    (D.WITHDRAWN, D.DECLARED): Permission.PACKS_READ,
}

# What follows from an interest for the person who declared it. Nothing declared: everything.
READS = frozenset({D.TAKES_PART, D.ANSWERS, D.WITHDRAWN})
"""May read the papers of the case."""
JUDGES = frozenset({D.TAKES_PART, D.WITHDRAWN})
"""May send a review, be second reader, and counts for the quorum of the case."""
LEADS = frozenset({D.WITHDRAWN})
"""May lead the case, decide on others' interests in it, record its finding and sign it off."""


class MinutesState(models.TextChoices):
    """Where the minutes of a meeting stand."""

    DRAFT = "draft", "draft"
    WITH_CHAIR = "with_chair", "with the chair"
    APPROVED = "approved", "approved"


N = MinutesState
MINUTES_STEPS: Steps = {
    (N.DRAFT, N.WITH_CHAIR): Permission.MEETINGS_ARRANGE,
    (N.WITH_CHAIR, N.DRAFT): Permission.MEETINGS_RUN,  # given back, with a remark
    (N.WITH_CHAIR, N.APPROVED): Permission.MEETINGS_RUN,
}
