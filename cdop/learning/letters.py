"""Letters about a recommendation to the organisation or board that is to act.

Each is written by one person and approved by another, who has read it. By e-mail it goes with the
approval, its words in the message; by post somebody says when it went. From then on it is a
disclosure to its addressee: recorded, and its words stay as they are.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.timezone import localdate

from cdop.core import outbox, sealing, steps
from cdop.core.audit import act, record
from cdop.core.identifiers import new_reference
from cdop.core.jinja import day
from cdop.core.organisations import Organisation
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.learning import naming, progress
from cdop.learning.letter_models import ADDRESSEE, Addressee, LearningLetter
from cdop.learning.models import Recommendation
from cdop.learning.states import LetterState

if TYPE_CHECKING:
    from cdop.core.users import User

S = LetterState
TEMPLATE = "recommendation_letter"
BY_EMAIL = "By email"
CHANGED = (
    "The recommendation was put right after this letter was written. Open the letter to change it, "
    "read it, and save it: then it has the new words."
)
OWN = "You wrote this letter, so a second person reads and approves it."


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
            recommends=recommendation.words,
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
        said |= {"recommends": row.recommendation.words}
        to = Addressee(attention.strip(), email.strip())
        if to != row.to:
            key = row.recommendation.data_key
            said["sealed"] = sealing.seal_json(key, ADDRESSEE, asdict(to))
        return steps.edit(row, by=by, version=version, **said)


def why_not_approve(letter: LearningLetter, by: User) -> str:
    """Why this person does not approve the letter; "" means that they can."""
    if letter.recommends != letter.recommendation.words:
        return CHANGED
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
            "recommendation": letter.recommends,
            "about": recommendation.reference,
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
