"""Conversations with a family: what was said on a day, kept and never edited.

A mistake is put right by another conversation. What was told, asked and not to be said is sealed
with the key of the family; in the clear stands only when, by whom kept, and whether they asked
something that the review should answer.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cdop.cases import families, identity
from cdop.cases.families import Family
from cdop.cases.models import Case
from cdop.core import sealing, steps
from cdop.core.audit import act, record
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.dates import london_date
from cdop.core.refusals import refuse_if

if TYPE_CHECKING:
    from cdop.core.users import User

PURPOSE = "conversation"


class How(models.TextChoices):
    """By which way two people spoke."""

    THEY_RANG = "they_rang", "They rang"
    WE_RANG = "we_rang", "We rang"
    MEETING = "meeting", "A visit or a meeting"
    WRITTEN = "written", "A letter or a message"


class Verified(models.TextChoices):
    """How we knew with whom we spoke."""

    CALLED_BACK = "called_back", "We rang back on a number that we hold"
    DETAILS = "details", "They knew what only the family knows"
    KNOWN = "known", "We know them by voice or face"
    KEY_WORKER = "key_worker", "Through their key worker"
    NOT = "not", "Not recognised: nothing was told"


class Conversation(models.Model):
    """One conversation with somebody of a family. Append-only, by triggers on both databases."""

    append_only = True

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=20, choices=How.choices)
    verified = models.CharField(max_length=20, choices=Verified.choices)
    asks = models.BooleanField(default=False)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = {
        "family": Note("With which family", "", Sensitivity.NONE, Seen.NOBODY),
        "case": Note("About which case", "", Sensitivity.NONE, Seen.NOBODY),
        "at": Note("When", "", Sensitivity.NONE, Seen.TEAM),
        "how": Note("By telephone, in person or in writing", "", Sensitivity.NONE, Seen.TEAM),
        "verified": Note("How they were recognised", "", Sensitivity.NONE, Seen.TEAM),
        "asks": Note("Whether they asked something", "", Sensitivity.NONE, Seen.TEAM),
        "sealed": Note("What was said, sealed", "", Sensitivity.IDENTITY, Seen.TEAM),
        "kept_at": Note("When it was written down", "", Sensitivity.NONE, Seen.TEAM),
        "kept_by": Note("Who wrote it down", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["family", "-at"], name="conversation_newest")]

    def __str__(self) -> str:
        return f"conversation {self.pk}"

    @property
    def audit_case(self) -> int:
        return self.case_id

    @property
    def how_label(self) -> str:
        return How(self.how).label

    @property
    def verified_label(self) -> str:
        return Verified(self.verified).label


@dataclass(frozen=True)
class ConversationRecord:
    """What was said in one conversation, sealed with the key of the family."""

    spoken_with: str = ""
    told: str = ""
    asked: str = ""
    not_said: str = ""

    catalogue: ClassVar[dict[str, Note]] = {
        name: Note(meaning, "", Sensitivity.IDENTITY, Seen.TEAM)
        for name, meaning in [
            ("spoken_with", "Who it was"),
            ("told", "What they were told"),
            ("asked", "What they asked, or want the review to answer"),
            ("not_said", "What was kept back, and why"),
        ]
    }


@dataclass(frozen=True)
class Spoken:
    """A conversation, opened."""

    row: Conversation
    said: ConversationRecord


def keep(
    case: Case,
    said: ConversationRecord,
    *,
    how: How,
    verified: Verified,
    by: User,
    next_on: date | None = None,
    at: datetime | None = None,
) -> Conversation:
    """Write down a conversation about a case, and when the family hears from us next.

    Raises Refused, having changed nothing: nobody is told anything before we know who they are.
    """
    identity.why_not_read(by, "conversation")
    at = at or timezone.now()
    refuse_if(why_not_keep(said, verified, at))
    with act():
        family = families.locked(case)
        row = steps.create(
            Conversation(
                family=family,
                case=case,
                at=at,
                how=how,
                verified=verified,
                asks=bool(said.asked),
                sealed=sealing.seal_json(family.data_key, PURPOSE, asdict(said)),
                kept_at=timezone.now(),
                kept_by=by,
            ),
            by=by,
            action="conversation.kept",
        )
        last_on = max(filter(None, [family.last_on, london_date(at)]))
        if verified == Verified.NOT:
            return row
        steps.edit(family, by=by, action="family.spoken_with", last_on=last_on, next_on=next_on)
    return row


def why_not_keep(said: ConversationRecord, verified: Verified, at: datetime) -> str:
    """What does not fit in what is to be written down; "" means it does."""
    if not said.spoken_with:
        return "Say who it was."
    if verified == Verified.NOT and said.told:
        return "Nothing is told to somebody whom we did not recognise. Say what happened below."
    if not (said.told or said.asked or said.not_said):
        return "Say what they were told, or what they asked."
    if at > timezone.now():
        return "The conversation was today or in the past."
    return ""


def read(family: Family, case: Case, *, by: User, purpose: str) -> list[Spoken]:
    """The conversations with a family, newest first; recorded as one reading about this case."""
    identity.why_not_read(by, purpose)
    rows = Conversation.objects.filter(Q(family=family) | Q(family__joined_to=family))
    found = list(rows.select_related("family__data_key", "kept_by"))
    if found:
        count = {"conversations": len(found)}
        record("conversation.read", family, by=by, case=case.pk, purpose=purpose, after=count)
    return [Spoken(row, _unseal(row)) for row in found]


def _unseal(row: Conversation) -> ConversationRecord:
    return ConversationRecord(**sealing.unseal_json(row.family.data_key, PURPOSE, row.sealed))
