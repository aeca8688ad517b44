"""One-page briefings for front-line staff: what is written, what was kept, what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.learning.theme_models import Theme
from cdop.learning.theme_states import BRIEFING_STEPS, BriefingState
from cdop.panel.paper_models import PlaceFound

if TYPE_CHECKING:
    from cdop.core.users import User

TITLE_LIMIT = 90


class BriefingQuerySet(models.QuerySet["Briefing"]):
    def visible_to(self, user: User) -> BriefingQuerySet:
        """All of them for the team, whose drafts may still tell too much; for nobody else."""
        return self if user.can(Permission.LEARNING_MANAGE) else self.none()

    def public(self) -> BriefingQuerySet:
        """Those of which a version can be read by everybody now."""
        return self.filter(published_number__isnull=False, withdrawn_on=None)


class Briefing(Record):
    """One briefing on a theme: the version that is written now, and which version is public.

    address           its place under /briefings/, the same for all versions
    number            of the version that is written, or was published last
    found             the places that the last search marked and that a second person may keep
    published_number  the last version that was published
    """

    STEPS = BRIEFING_STEPS

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="briefings")
    address = models.CharField(max_length=80, unique=True)
    number = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=TITLE_LIMIT)
    audience = models.CharField(max_length=200)
    learned = models.TextField()
    to_do = models.TextField()
    more = models.TextField(blank=True)
    found = models.JSONField(default=list)
    state = models.CharField(max_length=20, default=BriefingState.DRAFT)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_number = models.PositiveSmallIntegerField(null=True)
    withdrawn_on = models.DateField(null=True)
    why_withdrawn = models.TextField(blank=True)

    objects = BriefingQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, Seen.TEAM)
        for name, meaning, sensitivity in [
            ("theme", "On which theme", Sensitivity.NONE),
            ("address", "Under which address it is published", Sensitivity.NONE),
            ("number", "Which version is written", Sensitivity.NONE),
            ("title", "Its title", Sensitivity.NONE),
            ("audience", "For whom it is", Sensitivity.NONE),
            ("learned", "What the reviews showed", Sensitivity.NONE),
            ("to_do", "What staff can do", Sensitivity.NONE),
            ("more", "Where they find more", Sensitivity.NONE),
            ("found", "What the last search marked", Sensitivity.PERSONAL),
            ("state", "Where it stands", Sensitivity.NONE),
            ("checked_at", "When it was checked", Sensitivity.NONE),
            ("checked_by", "Who checked it", Sensitivity.STAFF),
            ("published_number", "The last version that was published", Sensitivity.NONE),
            ("withdrawn_on", "When it was withdrawn", Sensitivity.NONE),
            ("why_withdrawn", "Why", Sensitivity.NONE),
        ]
    }

    class Meta:
        ordering: ClassVar = ["title", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="briefing_checked_when_and_by_whom",
                condition=Q(state="draft", checked_at=None, checked_by=None)
                | ~Q(state="draft") & Q(checked_at__isnull=False, checked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="briefing_withdrawn_after_it_was_published_and_why",
                condition=Q(withdrawn_on=None, why_withdrawn="")
                | Q(withdrawn_on__isnull=False, published_number__isnull=False)
                & ~Q(why_withdrawn=""),
            ),
        ]

    audit_case = None

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return BriefingState(self.state).label

    @property
    def is_public(self) -> bool:
        return self.published_number is not None and self.withdrawn_on is None

    @property
    def places(self) -> list[PlaceFound]:
        """The places of the last search, in their order."""
        return [PlaceFound(**row) for row in self.found]


class BriefingPlace(Record):
    """A place of a briefing that somebody who did not write it kept, with the reason."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="kept")
    mark = models.CharField(max_length=64)
    words = models.TextField()
    kind = models.CharField(max_length=120)
    why = models.TextField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "briefing": Note("In which briefing", "", Sensitivity.NONE, Seen.TEAM),
        "mark": Note("Keyed trace of the place", "", Sensitivity.SECRET, Seen.NOBODY),
        "words": Note("What stands there", "", Sensitivity.NONE, Seen.TEAM),
        "kind": Note("What the search took it for", "", Sensitivity.NONE, Seen.TEAM),
        "why": Note("Why it can stay", "", Sensitivity.NONE, Seen.TEAM),
        "kept_at": Note("When it was kept", "", Sensitivity.NONE, Seen.TEAM),
        "kept_by": Note("Who kept it", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["briefing_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["briefing", "mark"], name="briefing_place_once"),
            models.CheckConstraint(name="briefing_place_has_a_reason", condition=~Q(why="")),
        ]

    audit_case = None

    def __str__(self) -> str:
        return f"place in briefing {self.briefing_id}"


class PublishedBriefing(Record):
    """One version of a briefing as it was published: never changed, by triggers on both databases.

    said    title, audience and sections, by name
    digest  SHA-256 of ``said``, so that a copy can be held against it
    """

    append_only = True

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="published")
    number = models.PositiveSmallIntegerField()
    said = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "briefing": Note("Of which briefing", "", Sensitivity.NONE, Seen.PUBLIC),
        "number": Note("Which version", "", Sensitivity.NONE, Seen.PUBLIC),
        "said": Note("What it says", "", Sensitivity.NONE, Seen.PUBLIC),
        "digest": Note("Its digest", "", Sensitivity.NONE, Seen.PUBLIC),
        "published_at": Note("When it was published", "", Sensitivity.NONE, Seen.PUBLIC),
        "checked_by": Note("Who checked it", "", Sensitivity.STAFF, Seen.TEAM),
        "published_by": Note("Who published it", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["briefing_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["briefing", "number"], name="briefing_version_once"),
            models.CheckConstraint(
                name="briefing_published_by_somebody_else_than_checked_it",
                condition=~Q(checked_by=models.F("published_by")),
            ),
        ]

    audit_case = None

    def __str__(self) -> str:
        return f"version {self.number} of briefing {self.briefing_id}"
