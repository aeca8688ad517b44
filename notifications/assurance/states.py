"""Where a monthly return, and a death that somebody else lists, can stand."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class ReturnState(models.TextChoices):
    """Where a monthly return stands; who is asked answers, the coordinator settles."""

    ASKED = "asked", "outstanding"
    RETURNED = "returned", "returned"
    SETTLED = "settled", "settled"


class ListedState(models.TextChoices):
    """What became of a death that a trust, a hospital or a registrar lists."""

    OPEN = "open", "not matched yet"
    MATCHED = "matched", "matched"
    NOTIFIED = "notified", "notified from here"
    EXPLAINED = "explained", "settled otherwise"
    TAKEN_BACK = "taken_back", "taken back by those who listed it"


TRIAGE = Permission.NOTIFICATIONS_TRIAGE
R = ReturnState
RETURN_STEPS: Steps = {
    (R.ASKED, R.RETURNED): TRIAGE,  # by link nobody is signed in; or told on the telephone
    (R.RETURNED, R.SETTLED): TRIAGE,
    (R.SETTLED, R.RETURNED): TRIAGE,  # settled too soon
}

L = ListedState
LISTED_STEPS: Steps = {
    (L.OPEN, L.MATCHED): TRIAGE,
    (L.OPEN, L.NOTIFIED): TRIAGE,
    (L.OPEN, L.EXPLAINED): TRIAGE,
    (L.MATCHED, L.OPEN): TRIAGE,
    (L.NOTIFIED, L.OPEN): TRIAGE,  # once triage has declined what was made of it
    (L.EXPLAINED, L.OPEN): TRIAGE,
    # Those who listed it correct what they said; nobody else takes a death off a list.
    (L.OPEN, L.TAKEN_BACK): None,
    (L.MATCHED, L.TAKEN_BACK): None,
    (L.EXPLAINED, L.TAKEN_BACK): None,
    (L.NOTIFIED, L.TAKEN_BACK): None,
}
