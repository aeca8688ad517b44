"""The invented people of a panel, in whose names the rows of a population are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cdop import editions
from cdop.core.audit import Job, act
from cdop.core.roles import Role
from cdop.core.steps import create
from cdop.core.users import RoleHolding, User

CHAIR = "chair"


@dataclass(frozen=True)
class People:
    """Who keeps the cases, and who sits where on the panel, by seat of the core membership.

    A seat of an edition that nobody has stays empty; the one that cannot is the chair's.
    """

    coordinator: User
    seats: Mapping[str, User]

    @property
    def chair(self) -> User:
        return self.seats[CHAIR]


def invent(*, since: date, by: User | Job) -> People:
    """Invented people for every seat of every edition, made where they are not there yet.

    Nobody can sign in as one of them: they have no password.
    """
    seats = dict.fromkeys(
        seat.code for code in editions.codes() for seat in editions.get(code).core_membership
    )
    with act():
        return People(
            coordinator=_person("coordinator", Role.COORDINATOR, since, by),
            seats={
                seat: _person(seat, Role.CHAIR if seat == CHAIR else Role.MEMBER, since, by)
                for seat in seats
            },
        )


def _person(what: str, role: Role, since: date, by: User | Job) -> User:
    email = f"synthetic-{what.replace('_', '-')}@example.org"
    if found := User.objects.filter(email=email).first():
        return found
    user = User(email=email, name=f"Synthetic {what.replace('_', ' ')}")
    user.set_unusable_password()
    create(user, by=by)
    create(RoleHolding(user=user, role=role, starts_on=since), by=by)
    return user
