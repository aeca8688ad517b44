"""Where a request to an agency can stand, and who may take which step."""

from django.db import models

from cdop.core.roles import Permission
from cdop.core.steps import Steps


class RequestState(models.TextChoices):
    """Where a request to one agency stands."""

    ASKED = "asked", "asked"
    ASSIGNED = "assigned", "with a respondent"
    TO_APPROVE = "to_approve", "to be approved by the agency"
    RETURNED = "returned", "returned"
    PARTIAL = "partial", "returned in part"
    NIL = "nil", "returned: nothing held"
    NOT_APPLICABLE = "not_applicable", "not applicable"
    CLOSED = "closed", "closed without a report"


R = RequestState
OPEN = (R.ASKED, R.ASSIGNED, R.TO_APPROVE)
"""With the agency: somebody there has to act, and is reminded."""
CAME = (R.RETURNED, R.PARTIAL, R.NIL)
"""Something came back."""
SET_ASIDE = (R.NOT_APPLICABLE, R.CLOSED)
"""Ended by the coordinator; not applicable is not counted as asked for."""

MANAGE = Permission.CASES_MANAGE
STEPS: Steps = {
    # By the agency itself, through its links, where no account is.
    (R.ASKED, R.ASSIGNED): None,
    # The contact takes it back; or the coordinator writes to another contact.
    (R.ASSIGNED, R.ASKED): MANAGE,
    (R.TO_APPROVE, R.ASKED): MANAGE,
    **{(R.ASKED, came): MANAGE for came in CAME},  # or by the coordinator, from a letter
    **{(R.ASSIGNED, came): MANAGE for came in CAME},
    (R.ASSIGNED, R.TO_APPROVE): None,
    (R.TO_APPROVE, R.ASSIGNED): None,
    **{(R.TO_APPROVE, came): MANAGE for came in CAME},
    # By the coordinator.
    **{(here, there): MANAGE for here in OPEN for there in SET_ASIDE},
    **{(here, R.ASKED): MANAGE for here in (*CAME, *SET_ASIDE)},  # asked once more
    (R.PARTIAL, R.RETURNED): MANAGE,  # the rest came by post
}


class Role(models.TextChoices):
    """Who at the agency holds a link."""

    CONTACT = "contact", "single point of contact"
    RESPONDENT = "respondent", "respondent"


class Came(models.TextChoices):
    """How a report came back."""

    LINK = "link", "through the link"
    EMAIL = "email", "by email"
    POST = "post", "by post"
    OTHER = "other", "in another way"
