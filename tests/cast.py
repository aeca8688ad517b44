"""The cast: one plainly invented person per role, made the way the system makes them."""

from itertools import count

from django.utils.timezone import localdate

from cdop.core.audit import Job, act
from cdop.core.roles import ROLES, Role
from cdop.core.steps import create
from cdop.core.users import RoleHolding, User

TESTS = Job("tests")
_numbers = count(1)


def person(
    role: str | None, name: str = "", *, area: str | None = None, password: str = ""
) -> User:
    """A person who holds one role (or none) from today on."""
    name = name or ROLES[Role(role)].label
    user = User(email=f"person-{next(_numbers)}@example.org", name=name)
    user.set_password(password) if password else user.set_unusable_password()
    with act():
        create(user, by=TESTS)
        if role:
            give(user, role, area=area)
    return user


def give(user: User, role: str, *, area: str | None = None) -> RoleHolding:
    """Give a person one more role from today on."""
    holding = RoleHolding(user=user, role=role, area_id=area, starts_on=localdate())
    return create(holding, by=TESTS)
