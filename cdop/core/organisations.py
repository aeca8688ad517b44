"""The four areas, and every organisation that the panel works with."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record


class Area(models.Model):
    """One of the four areas whose children's deaths the panel reviews; rows come by migration."""

    code = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(unique=True)

    catalogue: ClassVar[dict[str, Note]] = {
        "code": Note("The GSS code", "", Sensitivity.NONE, Seen.PUBLIC),
        "name": Note("The area's name", "", Sensitivity.NONE, Seen.PUBLIC),
        "position": Note("Where it stands in lists", "", Sensitivity.NONE, Seen.NOBODY),
    }

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.name


class OrganisationKind(models.TextChoices):
    """What an organisation does for children, alive or after their death."""

    ACUTE_TRUST = "acute_trust", "Acute hospital trust"
    COMMUNITY_TRUST = "community_trust", "Community or mental health trust"
    AMBULANCE = "ambulance", "Ambulance service"
    PRIMARY_CARE = "primary_care", "Primary care"
    HOSPICE = "hospice", "Hospice"
    POLICE = "police", "Police"
    SOCIAL_CARE = "social_care", "Children's social care"
    EDUCATION = "education", "School or nursery"
    CORONER = "coroner", "Coroner's office"
    REGISTRAR = "registrar", "Registration service"
    COMMISSIONER = "commissioner", "Commissioner"
    PUBLIC_HEALTH = "public_health", "Public health"
    BOARD = "board", "Safeguarding board or partnership"
    PANEL = "panel", "Child death overview panel"
    OTHER = "other", "Other"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def in_use(self) -> "OrganisationQuerySet":
        """Those that can be chosen: what has ended stays on the records that name it."""
        return self.filter(ended_at=None)


class Organisation(Record):
    """A trust, service, office, board or panel. A demonstration holds invented ones only."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    ods_code = models.CharField(max_length=10, blank=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    ended_at = models.DateTimeField(null=True)

    objects = OrganisationQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "name": Note("What it is called", "", Sensitivity.NONE, Seen.SIGNED_IN),
        "kind": Note("What it does", "", Sensitivity.NONE, Seen.SIGNED_IN),
        "ods_code": Note("Its NHS organisation code", "", Sensitivity.NONE, Seen.SIGNED_IN),
        "area": Note("The area it serves, if one", "", Sensitivity.NONE, Seen.SIGNED_IN),
        "ended_at": Note("Since when it is not in use", "", Sensitivity.NONE, Seen.SIGNED_IN),
    }

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ods_code"],
                condition=~models.Q(ods_code=""),
                name="organisation_ods_code_once",
            ),
            models.UniqueConstraint(Lower("name"), name="organisation_name_once_whatever_capitals"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_label(self) -> str:
        return str(OrganisationKind(self.kind).label)


def choices(keep: str = "") -> list[tuple[str, str]]:
    """The organisations in use by name, for a select.

    keep  the key of one that an old record names: it stays on offer there although it has ended
    """
    ended = Organisation.objects.exclude(ended_at=None).filter(pk=keep) if keep else ()
    offered = [(str(each.pk), each.name) for each in Organisation.objects.in_use()]
    return [*offered, *((str(each.pk), f"{each.name} (no longer in use)") for each in ended)]


class Closure(Record):
    """A day that is no working day although the calendar of bank holidays does not know it."""

    on = models.DateField(unique=True)
    reason = models.CharField(max_length=200)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "on": Note("The day", "", Sensitivity.NONE, Seen.SIGNED_IN),
        "reason": Note("Why it is no working day", "", Sensitivity.NONE, Seen.SIGNED_IN),
    }

    class Meta:
        ordering: ClassVar = ["on"]

    def __str__(self) -> str:
        return f"{self.on}: {self.reason}"


def closed_days() -> frozenset[date]:
    """The days of the table of closures, for ``core.clocks``."""
    return frozenset(Closure.objects.values_list("on", flat=True))
