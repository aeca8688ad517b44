"""The case record: who the child was is sealed and apart from the facts that are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.cases.access_models import CaseAccess
from cdop.cases.states import STEPS, CaseState
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.organisations import Area, Organisation
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.core.sealing import DataKey

if TYPE_CHECKING:
    from cdop.core.users import User


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> CaseQuerySet:
        """The identified cases that this hat reaches: all, those one was given, or none."""
        if user.can(Permission.CASES_MANAGE):
            return self
        if user.can(Permission.CASES_RESPOND):
            return self.filter(pk__in=CaseAccess.objects.in_force(user).values("case"))
        return self.none()

    def held(self, key: int) -> Case:
        """The case, locked until the act ends.

        Whatever depends on more than one row of a case is decided behind this lock, which is
        taken before any other of the case: so of two at once the second sees what the first did.
        """
        return self.select_for_update(of=("self",)).get(pk=key)

    def open(self) -> CaseQuerySet:
        return self.exclude(state__in=(CaseState.CLOSED, CaseState.WITHDRAWN))


class Case(Record):
    """One child's death under review. Says nothing about the child by itself."""

    STEPS = STEPS

    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, default=CaseState.GATHERING)
    edition = models.CharField(max_length=20)
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = CaseQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "reference": Note("What the team calls the case", "A0", Sensitivity.NONE, Seen.RESPONDERS),
        "state": Note("Where it stands", "A1", Sensitivity.NONE, Seen.RESPONDERS),
        "edition": Note(
            "The guidance of its notification and checklist", "", Sensitivity.NONE, Seen.RESPONDERS
        ),
        "data_key": Note("The key of all that is sealed", "", Sensitivity.NONE, Seen.NOBODY),
        "opened_at": Note("When it was opened", "A1", Sensitivity.NONE, Seen.TEAM),
        "opened_by": Note("Who opened it", "A1", Sensitivity.STAFF, Seen.TEAM),
        "closed_at": Note("When it was closed", "A1", Sensitivity.NONE, Seen.TEAM),
        "closed_by": Note("Who closed it", "A1", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["-opened_at", "-id"], name="case_newest_first"),
            models.Index(fields=["state", "-opened_at"], name="case_by_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="case_closed_when_and_by_whom",
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state_label(self) -> str:
        return CaseState(self.state).label

    @property
    def audit_case(self) -> int | None:
        return self.pk


class Identity(Record):
    """Who the child was: one sealed record, opened by ``cases.identity.read`` alone."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="identity")
    sealed = models.BinaryField()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note(
            "Names, birth date, NHS number, address, family",
            "A3–A11",
            Sensitivity.IDENTITY,
            Seen.TEAM,
        ),
    }

    class Meta:
        verbose_name_plural = "identities"

    def __str__(self) -> str:
        return f"identity of case {self.case_id}"


class IdentityToken(models.Model):
    """One searchable trace of an identity: the HMAC of a name part, number or date."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    hmac = models.CharField(max_length=64)

    catalogue: ClassVar[dict[str, Note]] = {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.NOBODY),
        "kind": Note("What kind of trace", "", Sensitivity.NONE, Seen.NOBODY),
        "hmac": Note("The trace, under a secret key", "", Sensitivity.IDENTITY, Seen.NOBODY),
    }

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hmac", "kind"], name="identity_token")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "kind", "hmac"], name="identity_token_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"


class Clocks(Record):
    """The exact dates and times that the first days need; later stages never read them."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="clocks")
    died_on = models.DateField()
    died_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.NOBODY),
        "died_on": Note("Date of death in London", "A12", Sensitivity.CLOCK, Seen.RESPONDERS),
        "died_at": Note("Time of death, if known", "A12", Sensitivity.CLOCK, Seen.RESPONDERS),
        "confirmed_at": Note(
            "When the death was confirmed, if known", "A12", Sensitivity.CLOCK, Seen.RESPONDERS
        ),
        "notified_at": Note(
            "When the first notification arrived", "A1", Sensitivity.CLOCK, Seen.RESPONDERS
        ),
    }

    class Meta:
        verbose_name_plural = "clocks"

    def __str__(self) -> str:
        return f"clocks of case {self.case_id}"


class CaseFacts(Record):
    """What is counted and what the panel sees: one flat row per case, without identity.

    Codes are those of the editions; "" means not decided yet. Months are stored as
    their first day. The action that decides a column writes it (``cases.facts``).
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="facts")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    in_scope = models.BooleanField(default=True)
    died_in = models.DateField()
    notified_in = models.DateField()
    reviewed_in = models.DateField(null=True)
    hours_to_notification = models.PositiveIntegerField(null=True)
    days_to_sign_off = models.PositiveIntegerField(null=True)
    days_not_held = models.PositiveIntegerField(null=True)
    sex = models.CharField(max_length=20, blank=True)
    age_days = models.PositiveIntegerField(null=True)
    age_years = models.PositiveSmallIntegerField(null=True)
    age_band = models.CharField(max_length=20, blank=True)
    gestation_weeks = models.PositiveSmallIntegerField(null=True)
    ethnic_group = models.CharField(max_length=40, blank=True)
    place_of_death = models.CharField(max_length=40, blank=True)
    place_of_event = models.CharField(max_length=40, blank=True)
    expectedness = models.CharField(max_length=20, blank=True)
    analysis_edition = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=40, blank=True)
    modifiable = models.CharField(max_length=20, blank=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.NOBODY),
        "area": Note("Area of normal residence", "A7", Sensitivity.PERSONAL, Seen.PANEL),
        "in_scope": Note(
            "Whether the death is one that this panel reviews", "", Sensitivity.NONE, Seen.TEAM
        ),
        "died_in": Note("Month of death", "A12", Sensitivity.PERSONAL, Seen.PANEL),
        "notified_in": Note("Month of notification", "A1", Sensitivity.NONE, Seen.PANEL),
        "reviewed_in": Note(
            "Month in which the chair first signed off", "C", Sensitivity.NONE, Seen.PANEL
        ),
        "hours_to_notification": Note(
            "Hours from death to notification", "A1", Sensitivity.PERSONAL, Seen.TEAM
        ),
        "days_to_sign_off": Note(
            "Days from death to first sign-off", "A1", Sensitivity.PERSONAL, Seen.PANEL
        ),
        "days_not_held": Note(
            "Those of them on which nothing outside the panel held up the case",
            "",
            Sensitivity.PERSONAL,
            Seen.PANEL,
        ),
        "sex": Note("Sex", "A5", Sensitivity.PERSONAL, Seen.PANEL),
        "age_days": Note("Age in days", "A4", Sensitivity.PERSONAL, Seen.PANEL),
        "age_years": Note("Age in completed years", "A4", Sensitivity.PERSONAL, Seen.PANEL),
        "age_band": Note("Age band", "A4", Sensitivity.PERSONAL, Seen.PANEL),
        "gestation_weeks": Note("Weeks of gestation", "B2", Sensitivity.PERSONAL, Seen.PANEL),
        "ethnic_group": Note("Ethnic group", "A9", Sensitivity.PERSONAL, Seen.PANEL),
        "place_of_death": Note("Kind of place of death", "A13", Sensitivity.PERSONAL, Seen.PANEL),
        "place_of_event": Note(
            "Kind of place of the event that led to it", "A14", Sensitivity.PERSONAL, Seen.PANEL
        ),
        "expectedness": Note("Expected or unexpected", "A15", Sensitivity.PERSONAL, Seen.PANEL),
        "analysis_edition": Note("The guidance of the review", "", Sensitivity.NONE, Seen.PANEL),
        "category": Note("Category of death, as found", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "modifiable": Note(
            "Answer on modifiable factors, as found", "C", Sensitivity.PERSONAL, Seen.PANEL
        ),
    }

    class Meta:
        verbose_name_plural = "case facts"
        indexes: ClassVar = [
            models.Index(
                fields=[
                    basis,
                    "in_scope",
                    "area",
                    "age_band",
                    "sex",
                    "expectedness",
                    "analysis_edition",
                    "category",
                    "modifiable",
                    "ethnic_group",
                    "place_of_death",
                    "place_of_event",
                    "gestation_weeks",
                    "days_to_sign_off",
                ],
                name=f"facts_counted_by_{basis}",
            )
            for basis in ("notified_in", "reviewed_in", "died_in")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="facts_months_are_first_days",
                condition=Q(died_in__day=1, notified_in__day=1)
                & (Q(reviewed_in=None) | Q(reviewed_in__day=1)),
            )
        ]

    def __str__(self) -> str:
        return f"facts of case {self.case_id}"


class Contact(Record):
    """A professional or agency that knew the child, with how to reach them sealed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts")
    agency = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=100, blank=True)
    sealed = models.BinaryField()
    withdrawn_at = models.DateTimeField(null=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.NOBODY),
        "agency": Note("Kind of agency", "A20", Sensitivity.PERSONAL, Seen.RESPONDERS),
        "organisation": Note("Which organisation", "A20", Sensitivity.PERSONAL, Seen.RESPONDERS),
        "source": Note("Which notification named them", "", Sensitivity.NONE, Seen.TEAM),
        "sealed": Note("Name and how to reach them", "A20", Sensitivity.IDENTITY, Seen.TEAM),
        "withdrawn_at": Note(
            "When that notification was taken off the case", "", Sensitivity.NONE, Seen.TEAM
        ),
    }

    class Meta:
        ordering: ClassVar = ["agency", "pk"]

    def __str__(self) -> str:
        return f"{self.agency} of case {self.case_id}"


class ReportedValue(Record):
    """What one notifier said about one field, kept beside what others said until settled."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reported_values")
    field = models.CharField(max_length=60)
    sealed = models.BinaryField()
    source = models.CharField(max_length=100)
    received_at = models.DateTimeField()
    differs = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.NOBODY),
        "field": Note("Which question", "", Sensitivity.NONE, Seen.TEAM),
        "sealed": Note("The answer, sealed", "A", Sensitivity.IDENTITY, Seen.TEAM),
        "source": Note("Which notification said so", "A1", Sensitivity.NONE, Seen.TEAM),
        "received_at": Note("When it arrived", "A1", Sensitivity.CLOCK, Seen.TEAM),
        "differs": Note(
            "Whether another notifier says otherwise, which nobody has settled",
            "",
            Sensitivity.NONE,
            Seen.TEAM,
        ),
        "settled_at": Note("When it was settled", "", Sensitivity.NONE, Seen.TEAM),
        "settled_by": Note("Who settled it", "", Sensitivity.STAFF, Seen.TEAM),
        "withdrawn_at": Note(
            "When its notification was taken off the case", "", Sensitivity.NONE, Seen.TEAM
        ),
    }

    class Meta:
        ordering: ClassVar = ["field", "received_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reported_value_settled_both_or_neither",
                condition=Q(settled_at=None, settled_by=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} of case {self.case_id} from {self.source}"
