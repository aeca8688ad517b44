"""What a case waits for: an owner, and a next look that is never far ahead."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from django.utils.timezone import localdate

from cdop.core.refusals import Refused
from cdop.core.roles import ROLES, Permission
from cdop.core.users import RoleHolding, User

if TYPE_CHECKING:
    from django.db.models import QuerySet

MONTHS_AHEAD = 3


def latest(today: date) -> date:
    """The last day on which a next look may lie: the same day three months on, or the last of its
    month where that has no such day."""
    months = today.month - 1 + MONTHS_AHEAD
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def why_not_next(on: date, today: date | None = None) -> str:
    """Why somebody cannot look again on that day; "" means they can."""
    today = today or localdate()
    if on < today:
        return "The next check must be today or in the future"
    if on > latest(today):
        return "The next check must be within three months"
    return ""


def check_next(on: date) -> None:
    """Raises Refused where nobody may wait as long as that."""
    if why := why_not_next(on):
        raise Refused(f"{why}.")


def owners(on: date | None = None) -> QuerySet[User]:
    """The people who can have something of a case in their hands: the team."""
    roles = [role for role, rule in ROLES.items() if Permission.CASES_MANAGE in rule.permissions]
    held = RoleHolding.objects.in_force(on or localdate()).filter(role__in=roles)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def check_owner(owner: User) -> None:
    """Raises Refused where somebody is not of the team, so that nobody would ever look."""
    if not owners().filter(pk=owner.pk).exists():
        raise Refused(f"{owner} does not keep cases. Choose somebody of the team.")
