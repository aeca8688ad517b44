"""Releases of statistics and their files. What was published stays as it was, for good."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from analytics.populations import KINDS, Group, Year
from analytics.states import OPEN, PUBLIC, STEPS, ReleaseState
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.core.records import Record
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User

SMALLEST_THRESHOLD, USUAL_THRESHOLD, LARGEST_THRESHOLD = 3, 5, 10


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, user: User) -> ReleaseQuerySet:
        """All releases for those who make them, the published ones for those who receive them."""
        if user.can(Permission.RELEASES_DRAFT) or user.can(Permission.RELEASES_APPROVE):
            return self
        if user.can(Permission.RELEASES_READ):
            return self.filter(state=ReleaseState.PUBLISHED)
        return self.none()

    def open(self) -> ReleaseQuerySet:
        """Those on their way to publication."""
        return self.filter(state__in=OPEN)

    def ledger(self) -> ReleaseQuerySet:
        """Everything that was ever published, in that order: what a reader may hold against us."""
        return self.filter(state__in=PUBLIC).order_by("ledger_place")


class Release(Record):
    """The protected tables of one period: counted, protected and frozen when drafted.

    ``number`` is the version of the period's statistics that readers see; ``version``,
    as on every record, counts how often the row was saved. ``content`` is the release
    JSON, the same bytes from the draft to the last reader; a trigger refuses to change
    what the draft wrote.
    """

    STEPS = STEPS

    reference = models.CharField(max_length=20, unique=True)
    period = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    threshold = models.PositiveSmallIntegerField(default=USUAL_THRESHOLD)
    rules = models.TextField()
    editions = models.CharField(max_length=200)
    synthetic = models.BooleanField()
    snapshot = models.CharField(max_length=40)
    counted_at = models.DateTimeField()
    content = models.TextField()
    checks = models.TextField()
    state = models.CharField(max_length=20, default=ReleaseState.DRAFT)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ledger_place = models.PositiveIntegerField(null=True, unique=True)
    evidence = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects = ReleaseQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "reference": Note("What the release is called", "", Sensitivity.NONE, Seen.PUBLIC),
        "period": Note("Which months it counts", "", Sensitivity.NONE, Seen.PUBLIC),
        "number": Note("Which version of the period", "", Sensitivity.NONE, Seen.PUBLIC),
        "supersedes": Note("The version that it corrects", "", Sensitivity.NONE, Seen.PUBLIC),
        "threshold": Note(
            "The smallest count, other than 0, that is shown", "", Sensitivity.NONE, Seen.PUBLIC
        ),
        "rules": Note("How counts were hidden, in words", "", Sensitivity.NONE, Seen.PUBLIC),
        "editions": Note("The guidance of the reviews counted", "", Sensitivity.NONE, Seen.PUBLIC),
        "synthetic": Note(
            "Whether the deaths counted are invented", "", Sensitivity.NONE, Seen.PUBLIC
        ),
        "snapshot": Note("Fingerprint of what was counted", "", Sensitivity.NONE, Seen.PUBLIC),
        "counted_at": Note("When it was counted", "", Sensitivity.NONE, Seen.PUBLIC),
        "content": Note("The protected tables", "", Sensitivity.NONE, Seen.PUBLIC),
        "checks": Note("What was checked, a sentence each", "", Sensitivity.NONE, Seen.PUBLIC),
        "state": Note("Where it stands", "", Sensitivity.NONE, Seen.TEAM),
        "drafted_at": Note("When it was drafted", "", Sensitivity.NONE, Seen.TEAM),
        "drafted_by": Note("Who drafted it", "", Sensitivity.STAFF, Seen.TEAM),
        "approved_at": Note("When it was approved", "", Sensitivity.NONE, Seen.TEAM),
        "approved_by": Note("Who approved it", "", Sensitivity.STAFF, Seen.TEAM),
        "published_at": Note("When it was published", "", Sensitivity.NONE, Seen.PUBLIC),
        "published_by": Note("Who published it", "", Sensitivity.STAFF, Seen.TEAM),
        "ledger_place": Note(
            "Its place among all that was published", "", Sensitivity.NONE, Seen.NOBODY
        ),
        "evidence": Note(
            "What the last check before publication found", "", Sensitivity.PERSONAL, Seen.TEAM
        ),
        "withdrawn_at": Note("When it was withdrawn", "", Sensitivity.NONE, Seen.TEAM),
        "withdrawn_by": Note("Who withdrew it", "", Sensitivity.STAFF, Seen.TEAM),
        "withdrawn_because": Note("Why it was withdrawn", "", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["-drafted_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="release_approved_by_a_second_person",
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="release_approved_when_and_by_whom",
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="release_is_public_after_approval",
                condition=Q(
                    state__in=PUBLIC,
                    approved_at__isnull=False,
                    published_at__isnull=False,
                    published_by__isnull=False,
                    ledger_place__isnull=False,
                )
                | Q(
                    ~Q(state__in=PUBLIC),
                    published_at=None,
                    published_by=None,
                    ledger_place=None,
                ),
            ),
            models.CheckConstraint(
                name="release_withdrawn_with_a_reason",
                condition=Q(
                    ~Q(withdrawn_because=""),
                    state=ReleaseState.WITHDRAWN,
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                )
                | Q(
                    ~Q(state=ReleaseState.WITHDRAWN),
                    withdrawn_at=None,
                    withdrawn_by=None,
                    withdrawn_because="",
                ),
            ),
            models.CheckConstraint(
                name="release_threshold_within_bounds",
                condition=Q(threshold__gte=SMALLEST_THRESHOLD, threshold__lte=LARGEST_THRESHOLD),
            ),
            models.UniqueConstraint(
                fields=["period", "number"],
                condition=~Q(state=ReleaseState.WITHDRAWN),
                name="release_version_once_a_period",
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(state__in=OPEN),
                name="release_one_on_its_way_a_period",
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(state=ReleaseState.PUBLISHED),
                name="release_one_published_a_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}, version {self.number}"

    @property
    def state_label(self) -> str:
        return ReleaseState(self.state).label

    @property
    def months(self) -> Period:
        """The period as months."""
        return Period.parse(self.period)


class ReleaseFileQuerySet(models.QuerySet["ReleaseFile"]):
    def visible_to(self, user: User) -> ReleaseFileQuerySet:
        """Files of the releases one sees; an area's reader sees that area's and Pan-Cheshire's."""
        files = self.filter(release__in=Release.objects.visible_to(user))
        if user.can(Permission.RELEASES_DRAFT) or user.can(Permission.RELEASES_APPROVE):
            return files
        own = user.hat.area_id if user.hat else None
        return files.filter(Q(area=None) | Q(area=own)) if own else files.filter(area=None)

    def listed(self) -> ReleaseFileQuerySet:
        """Without their bytes, in the order in which they were made, for a page of links."""
        return self.select_related("area").defer("content").order_by("pk")


class ReleaseFile(models.Model):
    """One file of a published release, as everybody receives it. Append-only, by triggers."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="files")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    format = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    objects = ReleaseFileQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = {
        "release": Note("Of which release", "", Sensitivity.NONE, Seen.PUBLIC),
        "area": Note("For which area; Pan-Cheshire if none", "", Sensitivity.NONE, Seen.PUBLIC),
        "format": Note("Which kind of file", "", Sensitivity.NONE, Seen.PUBLIC),
        "name": Note("What the file is called", "", Sensitivity.NONE, Seen.PUBLIC),
        "size": Note("How many bytes it has", "", Sensitivity.NONE, Seen.PUBLIC),
        "sha256": Note("Fingerprint of its bytes", "", Sensitivity.NONE, Seen.PUBLIC),
        "content": Note("Its bytes", "", Sensitivity.NONE, Seen.PUBLIC),
    }

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "name"], name="release_file_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def whole(self) -> bool:
        """Whether the bytes are those that were published."""
        return hashlib.sha256(self.content).hexdigest() == self.sha256


class PopulationQuerySet(models.QuerySet["Population"]):
    def visible_to(self, user: User) -> PopulationQuerySet:
        """All, for those who make statistics."""
        return self if user.can(Permission.RELEASES_DRAFT) else self.none()


class Population(Record):
    """One version of the children, or of the births, of a year, as a source gives them.

    A later version takes the place of an earlier one in what is counted from then on; the earlier
    one stays, since releases were made from it.
    """

    kind = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    groups = models.JSONField()
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PopulationQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "kind": Note("Children or births", "", Sensitivity.NONE, Seen.PUBLIC),
        "year": Note("Of which calendar year", "", Sensitivity.NONE, Seen.PUBLIC),
        "number": Note("Which version of the year", "", Sensitivity.NONE, Seen.PUBLIC),
        "source": Note("Who published the numbers", "", Sensitivity.NONE, Seen.PUBLIC),
        "groups": Note("How many, by area, sex and age", "", Sensitivity.NONE, Seen.PUBLIC),
        "loaded_at": Note("When they were brought in", "", Sensitivity.NONE, Seen.TEAM),
        "loaded_by": Note("Who brought them in", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["-year", "kind", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "year", "number"], name="population_version_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{KINDS[self.kind]} of {self.year}, version {self.number}"

    def as_year(self) -> Year:
        """The same for counting."""
        groups = tuple(Group(*group) for group in self.groups)
        return Year(self.kind, self.year, self.number, self.source, groups)
