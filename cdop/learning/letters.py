"""Letters about a recommendation to the organisation or board that is to act.

Each is written by one person and approved by another, who has read it. By e-mail it goes with the
approval, its words in the message; by post somebody says when it went. From then on it is a
disclosure to its addressee: recorded, and its words stay as they are.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.timezone import localdate

from cdop.core import outbox, sealing, steps
from cdop.core.audit import act, record
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.identifiers import new_reference
from cdop.core.jinja import day
from cdop.core.organisations import Organisation
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.learning import naming, progress
from cdop.learning.models import NAME_LIMIT, Recommendation
from cdop.learning.states import LETTER_STEPS, LetterState

if TYPE_CHECKING:
    from cdop.core.users import User

S = LetterState
ADDRESSEE = "addressee of a letter"
TEMPLATE = "recommendation_letter"
BY_EMAIL = "By email"
OWN = "You wrote this letter, so a second person reads and approves it."


@dataclass(frozen=True)
class Addressee:
    """To whom a letter goes, sealed with the recommendation's key.

    email  "" where it goes by post
    """

    attention: str = ""
    email: str = ""

    catalogue: ClassVar[dict[str, Note]] = {
        "attention": Note("To whom there", "", Sensitivity.IDENTITY, Seen.TEAM),
        "email": Note("The address, if by e-mail", "", Sensitivity.IDENTITY, Seen.TEAM),
    }


class LearningLetterQuerySet(models.QuerySet["LearningLetter"]):
    def to_approve(self) -> LearningLetterQuerySet:
        return self.filter(state=S.WRITTEN)

    def unanswered(self) -> LearningLetterQuerySet:
        """Sent, with an answer asked for, and none has come."""
        return self.filter(state=S.SENT, answer_by__isnull=False, responses=None)


class LearningLetter(Record):
    """One letter about one recommendation: to whom, its words, who approved it, when it went."""

    STEPS = LETTER_STEPS

    reference = models.CharField(max_length=20, unique=True)
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="letters")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    words = models.TextField()
    answer_by = models.DateField(null=True)
    state = models.CharField(max_length=20, default=S.WRITTEN)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    settled_on = models.DateField(null=True)
    how = models.CharField(max_length=NAME_LIMIT, blank=True)

    objects = LearningLetterQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, Seen.TEAM)
        for name, meaning, sensitivity in [
            ("reference", "What the letter is called", Sensitivity.NONE),
            ("recommendation", "About which recommendation", Sensitivity.NONE),
            ("organisation", "To which organisation", Sensitivity.NONE),
            ("sealed", "To whom there, and their address", Sensitivity.IDENTITY),
            ("words", "What it says", Sensitivity.NONE),
            ("answer_by", "By when an answer is asked for, if one is", Sensitivity.NONE),
            ("state", "Where it stands", Sensitivity.NONE),
            ("written_by", "Who wrote it last", Sensitivity.STAFF),
            ("approved_at", "When it was approved", Sensitivity.NONE),
            ("approved_by", "Who approved it", Sensitivity.STAFF),
            ("settled_on", "When it went, or was discarded", Sensitivity.NONE),
            ("how", "How it went, or why not", Sensitivity.NONE),
        ]
    }

    class Meta:
        verbose_name = "letter"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="learning_letter_approved_by_a_second_person",
                condition=Q(approved_by=None) | ~Q(approved_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="learning_letter_approved_when_and_by_whom",
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="learning_letter_goes_once_it_is_approved",
                condition=~Q(state__in=["approved", "sent"]) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="learning_letter_settled_when_and_how",
                condition=Q(state__in=["written", "approved"], settled_on=None, how="")
                | Q(state__in=["sent", "discarded"], settled_on__isnull=False) & ~Q(how=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def audit_case(self) -> int | None:
        return self.recommendation.audit_case

    @property
    def state_label(self) -> str:
        return LetterState(self.state).label

    @property
    def to(self) -> Addressee:
        return Addressee(
            **sealing.unseal_json(self.recommendation.data_key, ADDRESSEE, self.sealed)
        )

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.words.splitlines() if line.strip()]


def write(
    recommendation: Recommendation,
    *,
    organisation: Organisation,
    attention: str,
    email: str,
    words: str,
    answer_by: date | None,
    looked_at: bool = False,
    by: User,
) -> LearningLetter:
    """Write a letter; nothing goes before somebody else has approved it. Raises Refused."""
    refuse_unless(by, Permission.RECOMMENDATIONS_MANAGE, otherwise=progress.NOT_YOURS)
    refuse_if(_why_not_said(attention, words, answer_by))
    refuse_if(naming.why_not([words], recommendation.finding, looked_at=looked_at, by=by))
    with act():
        to = Addressee(attention.strip(), email.strip())
        made = LearningLetter(
            reference=new_reference("D"),
            recommendation=recommendation,
            organisation=organisation,
            sealed=sealing.seal_json(recommendation.data_key, ADDRESSEE, asdict(to)),
            words=words.strip(),
            answer_by=answer_by,
            written_by=by,
        )
        return steps.create(made, by=by, action="learningletter.written")


def rewrite(
    letter: LearningLetter,
    *,
    organisation: Organisation,
    attention: str,
    email: str,
    words: str,
    answer_by: date | None,
    looked_at: bool = False,
    by: User,
    version: int,
) -> LearningLetter:
    """Change a letter that nobody has approved; whoever changed it last does not approve it."""
    refuse_unless(by, Permission.RECOMMENDATIONS_MANAGE, otherwise=progress.NOT_YOURS)
    refuse_if(_why_not_said(attention, words, answer_by))
    refuse_if(naming.why_not([words], letter.recommendation.finding, looked_at=looked_at, by=by))
    with act():
        row = _locked(letter, version)
        if row.state != S.WRITTEN:
            raise Refused(f"This letter is {row.state_label}, so its words stay as they are.")
        said: dict[str, Any] = {"organisation": organisation, "words": words.strip()}
        said |= {"answer_by": answer_by, "written_by": by}
        to = Addressee(attention.strip(), email.strip())
        if to != row.to:
            key = row.recommendation.data_key
            said["sealed"] = sealing.seal_json(key, ADDRESSEE, asdict(to))
        return steps.edit(row, by=by, version=version, **said)


def why_not_approve(letter: LearningLetter, by: User) -> str:
    """Why this person does not approve the letter; "" means that they can."""
    return OWN if letter.written_by_id == by.pk else ""


def approve(letter: LearningLetter, *, by: User, version: int) -> LearningLetter:
    """A second person has read it and stands for it; by e-mail it goes with that.

    Raises Stale where it is not the letter that was read, Refused for whoever wrote it.
    """
    with act():
        row = _locked(letter, version)
        refuse_if(why_not_approve(row, by))
        stamps: dict[str, Any] = {"approved_at": timezone.now(), "approved_by": by}
        if not row.to.email:
            return steps.step(row, S.APPROVED, by=by, version=version, **stamps)
        stamps |= {"settled_on": localdate(), "how": BY_EMAIL}
        sent = steps.step(row, S.SENT, by=by, version=version, **stamps)
        _queue(sent, by)
        _disclosed(sent, by)
    return sent


def posted(
    letter: LearningLetter, *, settled_on: date, how: str, by: User, version: int
) -> LearningLetter:
    """An approved letter went by post or by hand on a day. Raises Stale, Refused."""
    if not how.strip():
        raise Refused("Say how it was sent.")
    with act():
        row = _locked(letter, version)
        if row.approved_at and not localdate(row.approved_at) <= settled_on <= localdate():
            raise Refused("It went between the day on which it was approved and today.")
        said: dict[str, Any] = {"settled_on": settled_on, "how": how.strip()}
        sent = steps.step(row, S.SENT, by=by, version=version, **said)
        _disclosed(sent, by)
    return sent


def discard(letter: LearningLetter, *, how: str, by: User, version: int) -> LearningLetter:
    """It is not sent, and why. Raises Stale, Refused."""
    if not how.strip():
        raise Refused("Say why it is not sent.")
    said: dict[str, Any] = {"settled_on": localdate(), "how": how.strip()}
    return steps.step(letter, S.DISCARDED, by=by, version=version, **said)


def _why_not_said(attention: str, words: str, answer_by: date | None) -> str:
    if not (attention.strip() and words.strip()):
        return "Say to whom the letter goes, and what it says."
    if answer_by and answer_by <= localdate():
        return "An answer is asked for by a day to come."
    return ""


def _queue(letter: LearningLetter, by: User) -> None:
    recommendation = letter.recommendation
    outbox.queue(
        TEMPLATE,
        {f"{letter.reference}:letter": letter.to.email},
        about=recommendation.reference,
        by=by,
        context={
            "reference": letter.reference,
            "recommendation": recommendation.words,
            "about": recommendation.reference,
            "made": day(recommendation.made_on),
            "words": letter.words,
            "answer_by": day(letter.answer_by),
            "organisation": str(letter.organisation),
        },
    )


def _disclosed(letter: LearningLetter, by: User) -> None:
    """The disclosure to the addressee, for the record and for the history of the recommendation."""
    to = {"organisation": letter.organisation_id, "how": letter.how}
    record("learningletter.disclosed", letter, by=by, after=to)
    words = f"Letter {letter.reference} went to {letter.organisation}. {letter.how}."
    progress.keep(letter.recommendation, words, by=by, on=letter.settled_on)


def _locked(letter: LearningLetter, version: int) -> LearningLetter:
    rows = LearningLetter.objects.select_for_update(of=("self",))
    related = ("recommendation__data_key", "organisation")
    row = rows.select_related(*related).get(pk=letter.pk)
    if row.version != version:
        raise Stale(row)
    return row
