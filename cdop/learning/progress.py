"""What became of a recommendation, line by line: kept as it was written, and never edited."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.timezone import localdate

from cdop.core import steps
from cdop.core.audit import Job, act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.refusals import Refused, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.learning import naming
from cdop.learning.models import ActionPoint, Recommendation

if TYPE_CHECKING:
    from cdop.core.users import User

NOT_YOURS = "Your role does not look after recommendations."


class ProgressNote(models.Model):
    """One line of the history of a recommendation. Append-only, by triggers on both databases."""

    append_only = True

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="progress")
    point = models.ForeignKey(ActionPoint, models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    words = models.TextField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    catalogue: ClassVar[dict[str, Note]] = {
        "recommendation": Note("Of which recommendation", "", Sensitivity.NONE, Seen.NOBODY),
        "point": Note("Of which action, if of one", "", Sensitivity.NONE, Seen.TEAM),
        "on": Note("The day on which it happened", "", Sensitivity.NONE, Seen.TEAM),
        "words": Note("What happened", "", Sensitivity.NONE, Seen.TEAM),
        "kept_at": Note("When it was written down", "", Sensitivity.NONE, Seen.TEAM),
        "kept_by": Note("Who wrote it down, if a person", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"line {self.pk} of recommendation {self.recommendation_id}"

    @property
    def audit_case(self) -> int | None:
        return self.recommendation.audit_case


def note(
    recommendation: Recommendation,
    *,
    words: str,
    on: date,
    by: User,
    point: ActionPoint | None = None,
    looked_at: bool = False,
) -> ProgressNote:
    """Write down what a person has learned. Raises Refused, having changed nothing."""
    refuse_unless(by, Permission.RECOMMENDATIONS_MANAGE, otherwise=NOT_YOURS)
    if not words.strip():
        raise Refused("Say what happened.")
    if on > localdate():
        raise Refused("It happened today or in the past.")
    refuse_if(naming.why_not([words], recommendation.finding, looked_at=looked_at, by=by))
    return keep(recommendation, words.strip(), by=by, on=on, point=point)


def keep(
    recommendation: Recommendation,
    words: str,
    *,
    by: User | Job,
    on: date | None = None,
    point: ActionPoint | None = None,
    at: datetime | None = None,
) -> ProgressNote:
    """Add a line, within the act that gives rise to it: words of ours, or searched already."""
    at = at or timezone.now()
    with act():
        made = ProgressNote(
            recommendation=recommendation,
            point=point,
            on=on or timezone.localdate(at),
            words=words,
            kept_at=at,
            kept_by=None if isinstance(by, Job) else by,
        )
        return steps.create(made, by=by, action="progress.kept")
