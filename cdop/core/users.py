"""People who sign in, the roles they hold and the hat they wear."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.timezone import localdate

from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.organisations import Area, Organisation
from cdop.core.records import Record, RowHistory
from cdop.core.roles import ROLES, Permission, Role, RoleRule


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with an account. Accounts are given by invitation and may carry an end date."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people"
    )
    is_active = models.BooleanField(default=True)
    ends_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    last_login = None  # sign-ins are audit entries, not a column that hides the one before

    history = RowHistory(excluded_fields=["password"])
    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "password": Note("Hash of the password", "", Sensitivity.SECRET, Seen.NOBODY),
        "email": Note("Where the person is written to", "", Sensitivity.STAFF, Seen.SELF),
        "name": Note("The person's name", "", Sensitivity.STAFF, Seen.SIGNED_IN),
        "organisation": Note("Where the person works", "", Sensitivity.STAFF, Seen.SIGNED_IN),
        "is_active": Note("Whether the account is open", "", Sensitivity.STAFF, Seen.TEAM),
        "ends_on": Note("The last day of the account", "", Sensitivity.STAFF, Seen.SELF),
    }

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            # Sign-in asks for the address whatever its capitals, so two may not differ by these.
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_capitals")
        ]

    audit_case = None

    def __str__(self) -> str:
        return self.name

    def holdings_in_force(self, on: date | None = None) -> list[RoleHolding]:
        """The hats this person may wear on a day (today unless told), in the order of roles."""
        if not self.is_active or (self.ends_on and self.ends_on < (on or localdate())):
            return []
        order = list(Role)
        held = self.holdings.in_force(on or localdate()).select_related("area")
        return sorted(held, key=lambda holding: (order.index(Role(holding.role)), holding.pk))

    @cached_property
    def hat(self) -> RoleHolding | None:
        """The role worn now: the only one held, or the one chosen with ``wear``."""
        held = self.holdings_in_force()
        return held[0] if len(held) == 1 else None

    def wear(self, holding: RoleHolding) -> None:
        """Put on a hat for as long as this object lives."""
        self.hat = holding

    def can(self, permission: Permission) -> bool:
        """Whether the hat worn now carries the permission."""
        return self.hat is not None and permission in self.hat.rule.permissions


class RoleHoldingQuerySet(models.QuerySet["RoleHolding"]):
    def in_force(self, on: date) -> RoleHoldingQuerySet:
        """Those of the day; what one person gave counts once another has approved it."""
        approved = Q(granted_by=None) | Q(approved_by__isnull=False)
        return self.not_over(on).filter(approved, starts_on__lte=on)

    def not_over(self, on: date) -> RoleHoldingQuerySet:
        """Those whose end has not come, approved or not, begun or not."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), withdrawn_at=None)

    def waiting(self) -> RoleHoldingQuerySet:
        """Those that somebody gave and nobody has approved or turned down."""
        return self.not_over(localdate()).filter(granted_by__isnull=False, approved_by=None)


class RoleHolding(Record):
    """One role of one person, from a day to a day, given by one person and approved by another."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="holdings")
    role = models.CharField(max_length=30)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = RoleHoldingQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "user": Note("Whose role", "", Sensitivity.STAFF, Seen.SELF),
        "role": Note("Which role", "", Sensitivity.STAFF, Seen.SIGNED_IN),
        "area": Note("For which area, if one", "", Sensitivity.STAFF, Seen.SIGNED_IN),
        "starts_on": Note("First day", "", Sensitivity.STAFF, Seen.SELF),
        "ends_on": Note("Last day, if set", "", Sensitivity.STAFF, Seen.SELF),
        "granted_by": Note("Who gave it", "", Sensitivity.STAFF, Seen.SELF),
        "approved_by": Note("Who approved it", "", Sensitivity.STAFF, Seen.SELF),
        "withdrawn_at": Note(
            "When it was turned down, taken back or ended at once", "", Sensitivity.STAFF, Seen.SELF
        ),
    }

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="role_given_by_two_people",
                condition=Q(granted_by=None) | ~Q(granted_by=F("approved_by")),
            ),
            models.CheckConstraint(
                name="role_never_approved_by_its_holder",
                condition=Q(approved_by=None) | ~Q(approved_by=F("user")),
            ),
            models.CheckConstraint(
                name="role_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule.label}, {self.area}" if self.area else self.rule.label

    @property
    def state(self) -> str:
        """Where it stands today, in words; the first accounts were given by nobody."""
        if self.granted_by_id and not self.approved_by_id:
            return "Turned down or taken back" if self.withdrawn_at else "Waits for approval"
        if self.withdrawn_at or (self.ends_on and self.ends_on < localdate()):
            return "Ended"
        return "In force" if self.starts_on <= localdate() else "Planned"

    @property
    def rule(self) -> RoleRule:
        return ROLES[Role(self.role)]
