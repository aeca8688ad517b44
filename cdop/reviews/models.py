"""What a member thinks alone and what the panel finds together: the same analysis, two owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.cases.models import Case
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.panel.declarations import Declaration
from cdop.panel.models import AgendaItem
from cdop.panel.states import JUDGES, MeetingState
from cdop.reviews.analysis_models import Analysis
from cdop.reviews.states import STEPS, FindingState, Reached, Stands

if TYPE_CHECKING:
    from cdop.core.users import User


class ReviewQuerySet(models.QuerySet["Review"]):
    def of(self, user: User) -> ReviewQuerySet:
        return self.filter(reviewer=user)

    def visible_to(self, user: User) -> ReviewQuerySet:
        """One's own; others' once one's own view is sent or the meeting was opened.

        Whoever chose to answer the lead's draft sees that one before, and no other.
        """
        if not user.can(Permission.PACKS_READ):
            return self.none()
        chosen = DraftReading.objects.filter(reader=user).order_by().values("review")
        seen = others_are_open(user) | Q(pk__in=chosen) | Q(reviewer=user)
        read = self.filter(seen, item__in=AgendaItem.objects.readable_by(user))
        return read.filter(Q(reviewer=user) | Q(pk__in=Review.objects.judging().values("pk")))

    def judging(self) -> ReviewQuerySet:
        """Without those of people whose declared interest keeps them from judging the case."""
        apart = Declaration.objects.exclude(state__in=JUDGES).filter(
            item=models.OuterRef("item"), user=models.OuterRef("reviewer")
        )
        return self.exclude(models.Exists(apart))


class Review(Record):
    """What one member found alone, before the meeting; sent once, then fixed."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    analysis = models.OneToOneField(Analysis, models.PROTECT, related_name="review")
    sent_at = models.DateTimeField()

    objects = ReviewQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "item": Note("Of which case at which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "reviewer": Note("By whom", "", Sensitivity.STAFF, Seen.PANEL),
        "analysis": Note("What the member found", "C", Sensitivity.NONE, Seen.PANEL),
        "sent_at": Note("When it was sent", "", Sensitivity.STAFF, Seen.PANEL),
    }

    class Meta:
        ordering: ClassVar = ["item_id", "sent_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "reviewer"], name="review_once_per_member")
        ]

    def __str__(self) -> str:
        return f"review of {self.item_id} by {self.reviewer_id}"

    @property
    def audit_case(self) -> int | None:
        return self.item.case_id


class DraftReadingQuerySet(models.QuerySet["DraftReading"]):
    def sent(self) -> DraftReadingQuerySet:
        return self.exclude(sent_at=None)

    def visible_to(self, user: User) -> DraftReadingQuerySet:
        """One's own; others' answers as soon as one would see others' reviews."""
        if not user.can(Permission.PACKS_READ):
            return self.none()
        seen = Q(reader=user) | Q(sent_at__isnull=False) & others_are_open(user)
        return self.filter(seen, item__in=AgendaItem.objects.readable_by(user))


class DraftReading(Record):
    """A member who writes no review of their own has opened the lead's, to agree or to question.

    From then on they can send no review made alone. Sent, it counts as their view and not as a
    review.
    """

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="draft_readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, models.PROTECT, related_name="draft_readings")
    opened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = DraftReadingQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "item": Note("Of which case at which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "reader": Note("By whom", "", Sensitivity.STAFF, Seen.PANEL),
        "review": Note("Whose draft", "", Sensitivity.NONE, Seen.PANEL),
        "opened_at": Note("When they opened it", "", Sensitivity.STAFF, Seen.PANEL),
        "sent_at": Note("When they sent their answers", "", Sensitivity.STAFF, Seen.PANEL),
    }

    class Meta:
        verbose_name = "reading of a draft"
        verbose_name_plural = "readings of drafts"
        ordering: ClassVar = ["item_id", "opened_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "reader"], name="draft_read_once_per_member")
        ]

    def __str__(self) -> str:
        return f"reading of the draft on {self.item_id} by {self.reader_id}"

    @property
    def audit_case(self) -> int | None:
        return self.item.case_id


class DraftAnswer(Record):
    """What a member says to one question of the lead's draft."""

    reading = models.ForeignKey(DraftReading, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=60)
    stands = models.CharField(max_length=20, choices=Stands.choices)
    words = models.TextField(blank=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "reading": Note("Whose, of which draft", "", Sensitivity.NONE, Seen.NOBODY),
        "question": Note("To which question of the form", "", Sensitivity.NONE, Seen.PANEL),
        "stands": Note("Agreed to or questioned", "C", Sensitivity.PERSONAL, Seen.PANEL),
        "words": Note("What is questioned", "C", Sensitivity.PERSONAL, Seen.PANEL),
    }

    class Meta:
        verbose_name = "answer to a draft"
        verbose_name_plural = "answers to drafts"
        ordering: ClassVar = ["reading_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reading", "question"], name="draft_answered_once"),
            models.CheckConstraint(
                name="draft_questioned_in_words", condition=Q(stands="agree") | ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.stands}"

    @property
    def audit_case(self) -> int | None:
        return self.reading.item.case_id


def others_are_open(user: User) -> Q:
    """Of rows with an ``item``: where a person sees what others thought of it.

    That is where their own view is sent, or the meeting was opened.
    """
    answered = DraftReading.objects.filter(reader=user).sent().order_by().values("item")
    own = Q(item__in=Review.objects.of(user).order_by().values("item")) | Q(item__in=answered)
    return own | ~Q(item__meeting__state=MeetingState.PLANNED)


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User) -> FindingQuerySet:
        """The findings of the meetings to which one is invited; all for the team.

        Not those on cases in which one declared an interest and leaves, or awaits the decision.
        """
        return self.filter(item__in=AgendaItem.objects.readable_by(user))


class Finding(Record):
    """What the panel found; signed off by the chair, then frozen. A change is a new number."""

    STEPS = STEPS

    case = models.ForeignKey(Case, models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField(default=1)
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="findings")
    analysis = models.OneToOneField(Analysis, models.PROTECT, related_name="finding")
    state = models.CharField(max_length=20, default=FindingState.RECORDED)
    reached = models.CharField(max_length=20, choices=Reached.choices, blank=True)
    dissent = models.TextField(blank=True)
    would_change = models.TextField(blank=True)
    why_changed = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_off_at = models.DateTimeField(null=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = FindingQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.TEAM),
        "number": Note("Which version of the finding", "", Sensitivity.NONE, Seen.PANEL),
        "item": Note("At which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "analysis": Note("What the panel found", "C", Sensitivity.NONE, Seen.PANEL),
        "state": Note("Whether it is signed off", "", Sensitivity.NONE, Seen.PANEL),
        "reached": Note("How the panel came to it", "C", Sensitivity.NONE, Seen.PANEL),
        "dissent": Note(
            "What was said against it, not by whom", "C", Sensitivity.PERSONAL, Seen.PANEL
        ),
        "would_change": Note(
            "What evidence would change it", "C", Sensitivity.PERSONAL, Seen.PANEL
        ),
        "why_changed": Note("Why there is a later version", "", Sensitivity.PERSONAL, Seen.PANEL),
        "recorded_at": Note("When it was recorded", "", Sensitivity.NONE, Seen.PANEL),
        "recorded_by": Note("Who recorded it", "", Sensitivity.STAFF, Seen.PANEL),
        "signed_off_at": Note("When it was signed off", "C", Sensitivity.NONE, Seen.PANEL),
        "signed_off_by": Note("Who signed it off", "C", Sensitivity.STAFF, Seen.PANEL),
    }

    class Meta:
        ordering: ClassVar = ["case_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="finding_number_once"),
            models.CheckConstraint(
                name="finding_signed_off_when_and_by_whom",
                condition=Q(state="recorded", signed_off_at=None, signed_off_by=None)
                | Q(state="signed_off", signed_off_at__isnull=False, signed_off_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"finding {self.number} on case {self.case_id}"

    @property
    def state_label(self) -> str:
        return FindingState(self.state).label

    @property
    def reached_label(self) -> str:
        return Reached(self.reached).label if self.reached else ""
