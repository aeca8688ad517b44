"""Where a case, the agreement on who reviews it, and its confirmation can stand, and the steps."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class CaseState(models.TextChoices):
    """Where a case stands between opening and learning."""

    GATHERING = "gathering", "gathering information"
    READY = "ready", "ready for panel"
    REVIEWED = "reviewed", "reviewed"
    CLOSED = "closed", "closed"
    WITHDRAWN = "withdrawn", "withdrawn"


UNDER_WAY = (CaseState.GATHERING, CaseState.READY)
"""On the way to the panel."""

C = CaseState
STEPS: Steps = {
    (C.GATHERING, C.READY): Permission.CASES_MANAGE,
    (C.READY, C.GATHERING): Permission.CASES_MANAGE,  # the panel asked for more
    (C.READY, C.REVIEWED): Permission.FINDINGS_SIGN_OFF,
    (C.REVIEWED, C.CLOSED): Permission.CASES_MANAGE,
    (C.REVIEWED, C.GATHERING): Permission.CASES_MANAGE,  # reopened, mostly after an inquest
    (C.CLOSED, C.GATHERING): Permission.CASES_MANAGE,
    (C.GATHERING, C.WITHDRAWN): Permission.CASES_MANAGE,  # it never was one for this panel
    (C.READY, C.WITHDRAWN): Permission.CASES_MANAGE,
    (C.WITHDRAWN, C.GATHERING): Permission.CASES_MANAGE,  # it was one after all
    (C.REVIEWED, C.WITHDRAWN): None,  # with the import that brought it in, which a person undoes
    (C.CLOSED, C.WITHDRAWN): None,
}


class PlacementState(models.TextChoices):
    """Who reviews a death, as far as the panels have agreed."""

    OURS = "ours", "reviewed here"
    AGREEING = "agreeing", "being agreed between panels"
    ELSEWHERE = "elsewhere", "reviewed elsewhere, awaiting outcome"
    OUTCOME = "outcome", "reviewed elsewhere, outcome received"


P = PlacementState
PLACEMENT_STEPS: Steps = {
    (P.OURS, P.AGREEING): Permission.CASES_MANAGE,
    (P.OURS, P.ELSEWHERE): Permission.CASES_MANAGE,
    (P.AGREEING, P.OURS): Permission.CASES_MANAGE,
    (P.AGREEING, P.ELSEWHERE): Permission.CASES_MANAGE,
    (P.ELSEWHERE, P.OURS): Permission.CASES_MANAGE,  # the other panel gave it back
    (P.ELSEWHERE, P.AGREEING): Permission.CASES_MANAGE,
    (P.ELSEWHERE, P.OUTCOME): Permission.CASES_MANAGE,
    (P.OUTCOME, P.ELSEWHERE): Permission.CASES_MANAGE,  # recorded on the wrong case
}


class ConfirmationState(models.TextChoices):
    """Whether somebody besides the first notifier has said that the child died."""

    UNCONFIRMED = "unconfirmed", "not confirmed"
    CONFIRMED = "confirmed", "confirmed"
    MISTAKEN = "mistaken", "sent by mistake"
    HOAX = "hoax", "a hoax"
    MALICIOUS = "malicious", "sent to do harm"


F = ConfirmationState
UNTRUE = (F.MISTAKEN, F.HOAX, F.MALICIOUS)
CONFIRMATION_STEPS: Steps = {
    (F.UNCONFIRMED, F.CONFIRMED): Permission.CASES_MANAGE,
    (F.CONFIRMED, F.UNCONFIRMED): Permission.CASES_MANAGE,  # its source fell away
    **{(F.UNCONFIRMED, what): Permission.CASES_MANAGE for what in UNTRUE},
    **{(F.CONFIRMED, what): Permission.CASES_MANAGE for what in UNTRUE},
    **{(what, F.UNCONFIRMED): Permission.CASES_MANAGE for what in UNTRUE},
}


class HoldState(models.TextChoices):
    """Whether something outside the panel still holds up a case."""

    RUNNING = "running", "running"
    ENDED = "ended", "ended"


H = HoldState
HOLD_STEPS: Steps = {
    (H.RUNNING, H.ENDED): Permission.CASES_MANAGE,
    (H.ENDED, H.RUNNING): Permission.CASES_MANAGE,  # it had not ended after all
}


class LinkedState(models.TextChoices):
    """Where another review or proceeding about the same death stands."""

    ASKED = "asked", "asked for"
    UNDER_WAY = "under_way", "under way"
    ENDED = "ended", "ended"
    DECLINED = "declined", "declined"


K = LinkedState
LINKED_STEPS: Steps = {
    (K.ASKED, K.UNDER_WAY): Permission.CASES_MANAGE,
    (K.ASKED, K.DECLINED): Permission.CASES_MANAGE,
    (K.UNDER_WAY, K.ENDED): Permission.CASES_MANAGE,
    (K.DECLINED, K.ASKED): Permission.CASES_MANAGE,  # asked again, with more to say
    (K.ENDED, K.UNDER_WAY): Permission.CASES_MANAGE,  # taken up again, or recorded by mistake
    (K.UNDER_WAY, K.ASKED): Permission.CASES_MANAGE,  # recorded by mistake
}


class SignalState(models.TextChoices):
    """Where a signal stands."""

    OPEN = "open", "open"
    DECIDED = "decided", "decided"
    ESCALATED = "escalated", "escalated"
    CLOSED = "closed", "closed"


G = SignalState
SIGNAL_STEPS: Steps = {
    (G.OPEN, G.DECIDED): Permission.CASES_MANAGE,
    (G.OPEN, G.ESCALATED): Permission.CASES_MANAGE,
    (G.DECIDED, G.ESCALATED): Permission.CASES_MANAGE,
    (G.DECIDED, G.CLOSED): Permission.CASES_MANAGE,
    (G.ESCALATED, G.CLOSED): Permission.CASES_MANAGE,
    (G.DECIDED, G.OPEN): Permission.CASES_MANAGE,  # something new is known
    (G.ESCALATED, G.OPEN): Permission.CASES_MANAGE,
    (G.CLOSED, G.OPEN): Permission.CASES_MANAGE,
}


class NoticeState(models.TextChoices):
    """Where an urgent notice stands."""

    TO_SEND = "to_send", "to be given"
    SENT = "sent", "given"
    NOT_NEEDED = "not_needed", "not needed"


N = NoticeState
NOTICE_STEPS: Steps = {
    (N.TO_SEND, N.SENT): Permission.CASES_MANAGE,
    (N.TO_SEND, N.NOT_NEEDED): Permission.CASES_MANAGE,
    (N.SENT, N.TO_SEND): Permission.CASES_MANAGE,  # recorded by mistake
    (N.NOT_NEEDED, N.TO_SEND): Permission.CASES_MANAGE,
}


class QuestionState(models.TextChoices):
    """Where a question of a family stands."""

    ASKED = "asked", "not answered yet"
    ANSWERED = "answered", "answered, to be approved"
    APPROVED = "approved", "answered and approved"
    DROPPED = "dropped", "no longer asked"


Q = QuestionState
QUESTION_STEPS: Steps = {
    (Q.ASKED, Q.ANSWERED): Permission.CASES_MANAGE,
    (Q.ANSWERED, Q.APPROVED): Permission.CASES_MANAGE,
    (Q.APPROVED, Q.ANSWERED): Permission.CASES_MANAGE,  # another answer, to be approved again
    (Q.ASKED, Q.DROPPED): Permission.CASES_MANAGE,
    (Q.ANSWERED, Q.DROPPED): Permission.CASES_MANAGE,
    (Q.DROPPED, Q.ASKED): Permission.CASES_MANAGE,
}
