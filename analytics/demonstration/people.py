"""The people of the demonstration: one or more per role, plainly invented."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import make_password

from analytics import synthesis
from analytics.demonstration import news
from cdop.core.audit import Job
from cdop.core.organisations import Organisation, OrganisationKind
from cdop.core.roles import ROLES, Role
from cdop.core.second_lock import SecondLock
from cdop.core.steps import create
from cdop.core.users import RoleHolding, User
from cdop.panel import terms
from cdop.panel.models import Meeting

DEMONSTRATION = Job("demonstration")
# The same for everybody, and printed: a demonstration holds no real child and sends nothing out.
PASSWORD = "synthetic-children-only"  # nosec B105
SINCE = date(2010, 4, 1)
PARTNERSHIP = "Invented Safeguarding Partnership"


@dataclass(frozen=True)
class Person:
    """Somebody invented. ``seat`` is their part of the panel's core membership, if any."""

    name: str
    role: Role
    area: str | None = None
    seat: str = ""

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@example.org"


PEOPLE = (
    Person("Cora Coordinator", Role.COORDINATOR),
    Person("Dev Deputy", Role.DEPUTY_COORDINATOR),
    Person("Nan Nurse", Role.CDOP_NURSE),
    Person("Dora Doctor", Role.DESIGNATED_DOCTOR),
    Person("Rob Responder", Role.RESPONDER),
    Person("Chas Chair", Role.CHAIR, seat="chair"),
    Person("Vic Vice", Role.VICE_CHAIR, seat="public_health"),
    Person("Mia Member", Role.MEMBER, seat="child_health"),
    Person("Max Member", Role.MEMBER, seat="social_care"),
    Person("Mo Member", Role.MEMBER, seat="police"),
    Person("Meg Member", Role.MEMBER, seat="nursing_midwifery"),
    Person("Mel Member", Role.MEMBER, seat="primary_care"),
    Person("Min Member", Role.MEMBER, seat="education"),
    Person("Mab Member", Role.MEMBER, seat="lay"),
    Person("Mae Member", Role.MEMBER, seat="safeguarding_health"),
    Person("Mal Member", Role.MEMBER),
    Person("Rita Reader", Role.AREA_READER, area="E06000049"),
    Person("Reg Reader", Role.AREA_READER, area="E06000050"),
    Person("Rhea Reader", Role.AREA_READER, area="E06000006"),
    Person("Rex Reader", Role.AREA_READER, area="E06000007"),
    Person("Bo Boardmanager", Role.BOARD_MANAGER, area="E06000050"),
    Person("Ines Infogovernance", Role.GOVERNANCE_LEAD),
)

ORGANISATIONS = (
    (news.GENERAL, OrganisationKind.ACUTE_TRUST, "E06000049"),
    (news.INFIRMARY, OrganisationKind.ACUTE_TRUST, "E06000050"),
    (news.COMMUNITY, OrganisationKind.COMMUNITY_TRUST, None),
    (news.AMBULANCE, OrganisationKind.AMBULANCE, None),
    (news.POLICE, OrganisationKind.POLICE, None),
    (news.SOCIAL_CARE, OrganisationKind.SOCIAL_CARE, None),
    (news.UNIVERSITY, OrganisationKind.ACUTE_TRUST, None),
    (news.PRACTICE, OrganisationKind.PRIMARY_CARE, "E06000050"),
    (news.HOSPICE, OrganisationKind.HOSPICE, None),
    (news.REGISTRATION, OrganisationKind.REGISTRAR, None),
    (news.CORONER, OrganisationKind.CORONER, None),
    ("Invented Neighbouring Panel", OrganisationKind.PANEL, None),
    (PARTNERSHIP, OrganisationKind.BOARD, None),
)
"""Name, kind and area, if one. The people work at the first of them."""
WORKPLACES = 6


@dataclass(frozen=True)
class Cast:
    """The invented people after they were given accounts."""

    users: dict[str, User]

    def first(self, role: Role) -> User:
        """The first person with the role."""
        return self.users[next(person for person in PEOPLE if person.role == role).email]

    @property
    def seated(self) -> list[tuple[User, str]]:
        """Everybody who sits on the panel, with their seat."""
        return [(self.users[person.email], person.seat) for person in PEOPLE if person.seat]

    @property
    def stand_in(self) -> User:
        """The panel member who has no seat of their own."""
        free = [person for person in PEOPLE if person.role == Role.MEMBER and not person.seat]
        return self.users[free[0].email]

    def seat_of(self, code: str) -> User:
        """Who sits on a seat."""
        return next(user for user, seat in self.seated if seat == code)

    def invited(self, meeting: Meeting) -> list[User]:
        """The people who are invited to a meeting, by seat as ``PEOPLE`` has them."""
        there = set(meeting.attendance.values_list("user", flat=True))
        return [user for user, _ in self.seated if user.pk in there]

    @property
    def panel(self) -> synthesis.People:
        """The same people as an invented population knows them."""
        seats = {seat: user for user, seat in self.seated}
        return synthesis.People(coordinator=self.first(Role.COORDINATOR), seats=seats)

    @property
    def reviewers(self) -> list[User]:
        """The panel members who review cases before a meeting: the first two."""
        members = [person for person in PEOPLE if person.role == Role.MEMBER]
        return [self.users[person.email] for person in members[:2]]


def seat(cast: Cast) -> None:
    """Everybody on the panel has a term of office, for the organisation at which they work."""
    for user, code in cast.seated:
        place = user.organisation
        assert place is not None  # everybody works somewhere
        terms.save(
            None,
            seat=code,
            user=user,
            organisation=place,
            starts_on=SINCE,
            ends_on=None,
            version=0,
            by=DEMONSTRATION,
        )


def make() -> Cast:
    """Give everybody an account, a role and an organisation."""
    places = [
        create(Organisation(name=name, kind=kind, area_id=area), by=DEMONSTRATION)
        for name, kind, area in ORGANISATIONS
    ][:WORKPLACES]
    password = make_password(PASSWORD)  # hashed once: that takes its time by design
    return Cast(
        {
            person.email: _account(person, places[number % len(places)], password)
            for number, person in enumerate(PEOPLE)
        }
    )


def sign_ins() -> list[tuple[str, str, str]]:
    """One sign-in per role: the role's label, the e-mail address, the area if one."""
    firsts = {person.role: person for person in reversed(PEOPLE)}
    return [
        (ROLES[role].label, firsts[role].email, firsts[role].area or "")
        for role in Role
        if role in firsts
    ]


def _account(person: Person, place: Organisation, password: str) -> User:
    user = User(name=person.name, email=person.email, organisation=place, password=password)
    create(user, by=DEMONSTRATION)
    holding = RoleHolding(user=user, role=person.role, area_id=person.area, starts_on=SINCE)
    create(holding, by=DEMONSTRATION)
    if holding.rule.second_lock:
        TOTP.activate(user, generate_totp_secret())
    return user


def code_now(app: Authenticator) -> str:
    """What an authenticator app set up for this account shows now."""
    secret = SecondLock().decrypt(app.data["secret"])
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD))
