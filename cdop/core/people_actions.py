"""Accounts and roles: one person gives them, another approves; whoever leaves loses all at once.

An account opens with the approval of its first role, and only then is the person written to.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from cdop.core import outbox, second_lock, steps
from cdop.core.audit import AuditEntry, Job, act
from cdop.core.dates import london_date
from cdop.core.organisations import Area, Organisation
from cdop.core.refusals import Refused, refuse_if, refused_if_overtaken
from cdop.core.roles import ROLES, Permission, Role
from cdop.core.users import RoleHolding, User

P = Permission
GRANTORS = frozenset(role for role, rule in ROLES.items() if P.ROLES_GRANT in rule.permissions)
THERE_ALREADY = "There is an account with this email address already. Give them a role there."
LAST = "Nobody else could give roles then. Give somebody the role of coordinator first."
UNUSED = Job("unused accounts")


@dataclass(frozen=True)
class NewRole:
    """A role to be given: which, for which area, from and to which day."""

    role: Role
    area: Area | None
    starts_on: date
    ends_on: date | None


def invite(
    *, name: str, email: str, organisation: Organisation | None, given: NewRole, by: User
) -> User:
    """An account that opens when somebody else approves its first role.

    Whoever had one that was closed gets it back in the same way, with this role alone.
    Raises Refused where somebody has an open account with the address.
    """
    _must_grant(by)
    said: dict[str, Any] = {"name": name, "organisation": organisation}
    with act(), refused_if_overtaken(THERE_ALREADY):
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            user = User(email=email, is_active=False, **said)
            user.set_unusable_password()
            steps.create(user, by=by, action="user.invited")
        else:
            refuse_if(THERE_ALREADY if user.is_active or waiting(user) else "")
            user = steps.edit(user, by=by, action="user.invited", **said)
        _give(user, given, by)
    return user


def give_role(user: User, given: NewRole, *, by: User) -> RoleHolding:
    """One more role for somebody with an account; it counts once another person has approved it."""
    _must_grant(by)
    with act():
        is_open = _held(user).is_active
        refuse_if("" if is_open else "This account is closed. Invite the person again.")
        return _give(user, given, by)


def approve(holding: RoleHolding, *, version: int, by: User) -> RoleHolding:
    """Let a role count. Not by who gave it, nor by who gets it."""
    with act():
        user = _held(holding.user)
        refuse_if(why_not_approve(holding, by), HTTPStatus.FORBIDDEN)
        action = "role.approved"
        approved = steps.edit(holding, by=by, version=version, action=action, approved_by=by)
        if not user.is_active:
            user = steps.edit(user, by=by, action="user.opened", is_active=True)
        if not user.has_usable_password():
            _write_to(user, by)
    return approved


def decline(holding: RoleHolding, *, version: int, by: User) -> RoleHolding:
    """Do not let a role count; it can be given again."""
    with act():
        refuse_if(why_not_decline(holding, by), HTTPStatus.FORBIDDEN)
        return _withdraw(holding, by=by, version=version, action="role.declined")


def end_role(holding: RoleHolding, *, version: int, by: User) -> RoleHolding:
    """The end of a role, at once."""
    _must_grant(by)
    with act():
        refuse_if(_why_not_without(holding.user, but=holding))
        return _withdraw(holding, by=by, version=version, action="role.ended")


def close(user: User, *, version: int, reason: str, by: User) -> User:
    """The end of an account: roles, sessions, password and second locks, all at once."""
    _must_grant(by)
    refuse_if("You cannot close your own account. Ask another coordinator." if user == by else "")
    with act():
        refuse_if(_why_not_without(user))
        return _close(user, by=by, version=version, reason=reason, action="user.closed")


def reset_second_lock(user: User, *, reason: str, by: User) -> None:
    """Take somebody's second locks away, so that they set up a new one at the next sign-in.

    reason  how it was made sure that it is them
    """
    _must_grant(by)
    refuse_if("Somebody else must reset your own second lock." if user == by else "")
    with act():
        second_lock.remove_all(user)
        second_lock.changed(user, "user.second_lock_reset", by=by, purpose=reason)


def close_unused(today: date | None = None) -> list[User]:
    """Close the accounts that nobody has used for so long; those that were."""
    day = today or localdate()
    since = day - timedelta(days=settings.ACCOUNT_UNUSED_DAYS)
    closed = []
    for user in User.objects.filter(is_active=True):
        if last_used(user) >= since:
            continue
        with act():
            if _why_not_without(user):
                continue
            _close(user, by=UNUSED, reason="not used", action="user.closed_unused")
            closed.append(user)
    return closed


def last_sign_in(user: User) -> datetime | None:
    """When the person last signed in."""
    entries = AuditEntry.objects.filter(actor=user, action="user.signed_in")
    return entries.aggregate(last=Max("at"))["last"]


def last_used(user: User) -> date:
    """The day of the last sign-in, or of the last change of the account where that is later."""
    moments = [last_sign_in(user), user.history.latest().history_date]
    return max(london_date(moment) for moment in moments if moment)


def waiting(user: User | None = None) -> list[RoleHolding]:
    """The roles that wait for approval, of everybody or of one person, the longest first."""
    found = RoleHolding.objects.waiting().select_related("user", "area", "granted_by")
    return list(found.filter(user=user) if user else found)


def why_not_approve(holding: RoleHolding, by: User) -> str:
    """Why this person cannot approve this role; "" means that they can."""
    if not by.can(P.ROLES_APPROVE):
        return "Your role does not approve roles."
    if by in (holding.granted_by, holding.user):
        return "Somebody else must approve this role: neither who gave it nor who gets it."
    return _why_decided(holding)


def why_not_decline(holding: RoleHolding, by: User) -> str:
    """Why this person cannot turn this role down; who gave it may take it back."""
    return _why_decided(holding) if by == holding.granted_by else why_not_approve(holding, by)


def why_not_area(role: Role, *, one: bool) -> str:
    """Why a role cannot be held for one area, or for all; "" means that it can."""
    if ROLES[role].of_one_area == one:
        return ""
    return "This role is for all areas." if one else "Choose the area: this role is for one area."


def _why_decided(holding: RoleHolding) -> str:
    decided = holding.approved_by_id or holding.withdrawn_at
    return "This role is decided already." if decided else ""


def _give(user: User, given: NewRole, by: User) -> RoleHolding:
    refuse_if(_why_not_give(user, given))
    row = RoleHolding(
        user=user,
        role=given.role,
        area=given.area,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        granted_by=by,
    )
    return steps.create(row, by=by, action="role.given")


def _why_not_give(user: User, given: NewRole) -> str:
    if why := why_not_area(given.role, one=given.area is not None):
        return why
    same = RoleHolding.objects.filter(user=user, role=given.role, area=given.area)
    live = same.in_force(localdate()) | same.waiting()
    return "They have this role already, or it waits for approval." if live.exists() else ""


def _why_not_without(user: User, *, but: RoleHolding | None = None) -> str:
    """Why a person, or one role of theirs, cannot be done without: nobody else could give roles."""
    if but and but.role not in GRANTORS:
        return ""
    held = RoleHolding.objects.in_force(localdate()).filter(role__in=GRANTORS)
    # Locked, so that of two who would each leave the other as the last, the second is refused.
    able = {
        row.user_id for row in held.filter(user__is_active=True).select_for_update(of=("self",))
    }
    return LAST if able == {user.pk} else ""


def _close(
    user: User, *, by: User | Job, reason: str, action: str, version: int | None = None
) -> User:
    row = _held(user)
    for holding in row.holdings.not_over(localdate()):
        _withdraw(holding, by=by, action="role.ended")
    second_lock.remove_all(row)
    unusable = make_password(None)
    said: dict[str, Any] = {"is_active": False, "password": unusable}
    return steps.edit(row, by=by, version=version, action=action, reason=reason, **said)


def _withdraw(
    holding: RoleHolding, *, by: User | Job, action: str, version: int | None = None
) -> RoleHolding:
    return steps.edit(holding, by=by, version=version, action=action, withdrawn_at=timezone.now())


def _held(user: User) -> User:
    """The person, locked until the act ends: a role is given before an account closes, or after."""
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _write_to(user: User, by: User) -> None:
    context = {"link": outbox.link(reverse("account_reset_password"))}
    once = f"invited:{uuid.uuid4()}"
    outbox.queue("invited", {once: user.email}, about="", by=by, context=context)


def _must_grant(by: User) -> None:
    if not by.can(P.ROLES_GRANT):
        raise Refused("Your role does not give accounts or roles.", status=HTTPStatus.FORBIDDEN)
