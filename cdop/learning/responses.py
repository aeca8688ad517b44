"""What came back: letters with which an organisation or board answers, scanned and kept sealed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.timezone import localdate

from cdop.core import documents, steps
from cdop.core.audit import act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.documents import Document
from cdop.core.organisations import Organisation
from cdop.core.records import Record
from cdop.core.refusals import Refused, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.uploads import Accepted
from cdop.learning import naming, progress
from cdop.learning.letter_models import LearningLetter
from cdop.learning.models import Recommendation
from cdop.learning.states import LetterState

if TYPE_CHECKING:
    from cdop.core.users import User

SOURCE = "answer to a recommendation"


class ResponseLetter(Record):
    """One answer to a recommendation: whose, when it came, what it says, and its scan."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="responses")
    letter = models.ForeignKey(LearningLetter, models.PROTECT, null=True, related_name="responses")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    received_on = models.DateField()
    words = models.TextField()
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "recommendation": Note("To which recommendation", "", Sensitivity.NONE, Seen.TEAM),
        "letter": Note("To which letter of ours, if to one", "", Sensitivity.NONE, Seen.TEAM),
        "organisation": Note("Whose answer", "", Sensitivity.NONE, Seen.TEAM),
        "received_on": Note("When it came", "", Sensitivity.NONE, Seen.TEAM),
        "words": Note("What it says, in a few words", "", Sensitivity.NONE, Seen.TEAM),
        "document": Note("Its scan, if one is kept", "", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        verbose_name = "answer"
        ordering: ClassVar = ["-received_on", "-pk"]

    def __str__(self) -> str:
        return f"answer {self.pk} to recommendation {self.recommendation_id}"

    @property
    def audit_case(self) -> int | None:
        return self.recommendation.audit_case


def keep(
    recommendation: Recommendation,
    *,
    organisation: Organisation,
    received_on: date,
    words: str,
    letter: LearningLetter | None = None,
    file: Accepted | None = None,
    looked_at: bool = False,
    by: User,
) -> ResponseLetter:
    """Keep an answer, with the file in which it came if there is one. Raises Refused."""
    refuse_unless(by, Permission.RECOMMENDATIONS_MANAGE, otherwise=progress.NOT_YOURS)
    if not words.strip():
        raise Refused("Say what the answer says.")
    if not recommendation.made_on <= received_on <= localdate():
        raise Refused("It came between the day of the recommendation and today.")
    refuse_if(_why_not_to(recommendation, letter))
    refuse_if(naming.why_not([words], recommendation.finding, looked_at=looked_at, by=by))
    with act():
        kept = None
        if file:
            kept = documents.keep(file, key=recommendation.data_key, by=by, source=SOURCE)
        made = ResponseLetter(
            recommendation=recommendation,
            letter=letter,
            organisation=organisation,
            received_on=received_on,
            words=words.strip(),
            document=kept,
        )
        made = steps.create(made, by=by, action="responseletter.received")
        said = f"{organisation} answered: {words.strip()}"
        progress.keep(recommendation, said, by=by, on=received_on)
    return made


def _why_not_to(recommendation: Recommendation, letter: LearningLetter | None) -> str:
    if letter is None:
        return ""
    if letter.recommendation_id != recommendation.pk or letter.state != LetterState.SENT:
        return "They answer a letter about this recommendation that was sent."
    return ""
