"""A professional opens a case that nobody gave them, for a day, with a reason; it is told at once.

For what nobody could plan. Cover that is known beforehand is given by the team, from day to day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.utils import timezone

from cdop.cases.models import Case, CaseAccess
from cdop.core import outbox, steps
from cdop.core.audit import act, record
from cdop.core.refusals import Refused, refuse_if
from cdop.core.roles import Permission, Role
from cdop.core.users import RoleHolding, User

LASTS = timedelta(hours=24)
SHOWN = timedelta(days=30)
NOT_THERE = "There is no case of this reference. Check it, or ring the coordinator."


def open_at_once(reference: str, *, reason: str, by: User) -> CaseAccess:
    """Let this person see and work on a case for 24 hours; tell the information governance lead.

    Raises Refused where there is no such case or they see it already. A try is recorded too.
    """
    if not by.can(Permission.CASES_RESPOND):
        raise Refused("Your role does not open cases.", status=HTTPStatus.FORBIDDEN)
    found = Case.objects.filter(reference=reference).first()
    if found is None:
        record("caseaccess.tried", "a reference that is not there", by=by, purpose=reason)
        raise Refused(NOT_THERE)
    with act():
        case = Case.objects.held(found.pk)
        held = CaseAccess.objects.filter(case=case, user=by).first()
        refuse_if("You see this case already." if held and not held.is_over else "")
        opened: dict[str, Any] = {"ends_at": timezone.now() + LASTS, "opened_why": reason}
        action = "caseaccess.opened_at_once"
        if held:
            nothing: dict[str, Any] = {"ends_on": None, "withdrawn_at": None}
            access = steps.edit(held, by=by, action=action, reason=reason, **opened, **nothing)
        else:
            made = CaseAccess(case=case, user=by, **opened)
            access = steps.create(made, by=by, action=action, reason=reason)
        _tell(access, by)
    return access


def lately(now: datetime | None = None) -> list[CaseAccess]:
    """What was opened in this way within 30 days, the newest first."""
    since = (now or timezone.now()) - SHOWN + LASTS
    rows = CaseAccess.objects.opened_at_once().filter(ends_at__gte=since)
    return list(rows.select_related("case", "user").order_by("-ends_at"))


def _tell(access: CaseAccess, by: User) -> None:
    """To everybody who oversees; which case and who stands on the page, not in the letter."""
    today = timezone.localdate()
    leads = RoleHolding.objects.in_force(today).filter(role=Role.GOVERNANCE_LEAD)
    for holding in leads.filter(user__is_active=True).select_related("user"):
        once = f"opened:{access.pk}:{access.version}:{holding.user_id}"
        about, to = access.case.reference, {once: holding.user.email}
        outbox.queue("opened_at_once", to, about=about, by=by, context={"reference": about})
