"""What a family asks the review to answer: question by question, until they have been told.

Question and answer are sealed with the key of the family. The wording for the panel stands apart,
in a table of its own, and names nobody: it is all of a family that the panel reads.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from cdop.cases import families, identity
from cdop.cases.families import Family
from cdop.cases.models import Case
from cdop.cases.states import QUESTION_STEPS, QuestionState
from cdop.core import casework, sealing, steps
from cdop.core.audit import act, record
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale, refuse_if

if TYPE_CHECKING:
    from cdop.core.users import User

PURPOSE = "question"
S = QuestionState


class FamilyQuestion(Record):
    """One question of a family about one of its children, and what became of it."""

    STEPS = QUESTION_STEPS

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="family_questions")
    state = models.CharField(max_length=20, default=S.ASKED)
    asked_on = models.DateField()
    sealed = models.BinaryField()
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    may_tell = models.BooleanField(default=False)
    approved_on = models.DateField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    told_on = models.DateField(null=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, seen)
        for name, meaning, sensitivity, seen in [
            ("family", "Of which family", Sensitivity.NONE, Seen.NOBODY),
            ("case", "About which child", Sensitivity.NONE, Seen.NOBODY),
            ("state", "Where it stands", Sensitivity.NONE, Seen.TEAM),
            ("asked_on", "When it was asked", Sensitivity.NONE, Seen.TEAM),
            ("sealed", "Question and answer, sealed", Sensitivity.IDENTITY, Seen.TEAM),
            ("answered_on", "When an answer was found", Sensitivity.NONE, Seen.TEAM),
            ("answered_by", "Who wrote the answer down", Sensitivity.STAFF, Seen.TEAM),
            ("may_tell", "Whether the family may be told", Sensitivity.NONE, Seen.TEAM),
            ("approved_on", "When the answer was approved", Sensitivity.NONE, Seen.TEAM),
            ("approved_by", "Who approved it", Sensitivity.STAFF, Seen.TEAM),
            ("told_on", "When the family was told", Sensitivity.NONE, Seen.TEAM),
        ]
    }

    class Meta:
        verbose_name = "question"
        ordering: ClassVar = ["asked_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="question_answered_when_and_by_whom",
                condition=Q(state__in=["asked", "dropped"], answered_on=None, answered_by=None)
                | Q(
                    state__in=["answered", "approved"],
                    answered_on__isnull=False,
                    answered_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="question_approved_when_and_by_whom",
                condition=Q(state="approved", approved_on__isnull=False, approved_by__isnull=False)
                | ~Q(state="approved") & Q(approved_on=None, approved_by=None),
            ),
            models.CheckConstraint(
                name="question_told_once_it_is_approved_and_may_be",
                condition=Q(told_on=None) | Q(state="approved", may_tell=True),
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def state_label(self) -> str:
        return S(self.state).label


class PanelQuestion(Record):
    """A question of a family in words that name nobody; empty where the panel is not to see it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="questions_for_panel")
    question = models.OneToOneField(FamilyQuestion, models.PROTECT, related_name="for_panel")
    words = models.TextField(blank=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("About which case", "", Sensitivity.NONE, Seen.NOBODY),
        "question": Note("Which question", "", Sensitivity.NONE, Seen.NOBODY),
        "words": Note("The question for the panel", "", Sensitivity.PERSONAL, Seen.PANEL),
    }

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"question for the panel {self.pk}"


@dataclass(frozen=True)
class QuestionRecord:
    """What was asked and answered, sealed with the key of the family.

    why_not  why the family may not be told yet, and by whose word
    """

    asked_by: str = ""
    question: str = ""
    answer: str = ""
    why_not: str = ""

    catalogue: ClassVar[dict[str, Note]] = {
        name: Note(meaning, "", Sensitivity.IDENTITY, Seen.TEAM)
        for name, meaning in [
            ("asked_by", "Who asked"),
            ("question", "What they asked"),
            ("answer", "What the review can answer"),
            ("why_not", "Why they may not be told yet"),
        ]
    }


@dataclass(frozen=True)
class Asked:
    """A question, opened, with what the panel reads of it."""

    row: FamilyQuestion
    said: QuestionRecord
    for_panel: str

    @property
    def may_be_told_now(self) -> bool:
        """Whether somebody on the telephone can hear the answer today."""
        return self.row.state == S.APPROVED and self.row.may_tell


def of(family: Family, case: Case, *, by: User, purpose: str) -> list[Asked]:
    """The questions of a family, about each of its children; recorded as a reading about a case."""
    identity.why_not_read(by, purpose)
    found = list(rows_of(family))
    if found:
        count = {"questions": len(found)}
        record("question.read", family, by=by, case=case.pk, purpose=purpose, after=count)
    return [opened(row) for row in found]


def read(row: FamilyQuestion, *, by: User, purpose: str) -> Asked:
    """One question, opened; the reading is recorded."""
    identity.why_not_read(by, purpose)
    record("question.read", row, by=by, case=row.case_id, purpose=purpose)
    return opened(row)


def rows() -> models.QuerySet[FamilyQuestion]:
    """Questions with all that a page shows of them beside what is sealed."""
    related = ("family__data_key", "case", "answered_by", "approved_by", "for_panel")
    return FamilyQuestion.objects.select_related(*related)


def rows_of(family: Family | None) -> models.QuerySet[FamilyQuestion]:
    """The questions of one family, those of a record that it took in among them."""
    if family is None:
        return rows().none()
    return rows().filter(Q(family=family) | Q(family__joined_to=family))


def opened(row: FamilyQuestion) -> Asked:
    """The question without a word to anybody: for what records the reading itself."""
    there: PanelQuestion | None = getattr(row, "for_panel", None)
    return Asked(row, _unseal(row), there.words if there else "")


def for_panel(case: Case) -> list[str]:
    """What a family asks, in words that name nobody. All that the panel reads of a family."""
    rows = PanelQuestion.objects.filter(case=case).exclude(words="")
    return list(rows.values_list("words", flat=True))


def ask(
    case: Case,
    *,
    asked_by: str,
    asked_on: date,
    question: str,
    for_panel: str = "",
    by: User,
) -> FamilyQuestion:
    """Put down a question of a family. Raises Refused, having changed nothing."""
    identity.why_not_read(by, "question")
    refuse_if(_why_not_said(asked_by, asked_on, question))
    with act():
        family = families.locked(case)
        said = QuestionRecord(asked_by=asked_by.strip(), question=question.strip())
        sealed = _seal(family, said)
        made = FamilyQuestion(family=family, case=case, asked_on=asked_on, sealed=sealed)
        made = steps.create(made, by=by, action="question.asked")
        _write_for_panel(made, for_panel, by)
    return made


def correct(
    row: FamilyQuestion,
    *,
    asked_by: str,
    asked_on: date,
    question: str,
    for_panel: str = "",
    by: User,
    version: int,
) -> FamilyQuestion:
    """Put right what was asked. Raises Stale, Refused."""
    identity.why_not_read(by, "question")
    refuse_if(_why_not_said(asked_by, asked_on, question))
    with act():
        row = _locked(row, version)
        said = replace(_unseal(row), asked_by=asked_by.strip(), question=question.strip())
        changed = _sealed_if_other(row, said) | {"asked_on": asked_on}
        _write_for_panel(row, for_panel, by)
        return steps.edit(row, by=by, version=version, **changed)


def answer(
    row: FamilyQuestion,
    *,
    answer: str,
    answered_on: date,
    may_tell: bool,
    why_not: str = "",
    by: User,
    version: int,
) -> FamilyQuestion:
    """Write down what the review can answer, and whether the family may be told.

    An answer that was approved has to be approved again. Raises Stale, Refused.
    """
    identity.why_not_read(by, "question")
    refuse_if(_why_not_answered(row, answer, answered_on, may_tell, why_not))
    with act():
        row = _locked(row, version)
        why_not = "" if may_tell else why_not.strip()
        said = replace(_unseal(row), answer=answer.strip(), why_not=why_not)
        stamps = _sealed_if_other(row, said) | {"answered_on": answered_on, "answered_by": by}
        stamps |= {"may_tell": may_tell, "told_on": None}
        if row.state == S.ANSWERED:
            return steps.edit(row, by=by, version=version, **stamps)
        stamps |= {"approved_on": None, "approved_by": None}
        return steps.step(row, S.ANSWERED, by=by, version=version, **stamps)


def approve(row: FamilyQuestion, *, by: User, version: int) -> FamilyQuestion:
    """Somebody of the team has read the answer and stands for it. Raises Stale, Refused."""
    with act():
        row = _locked(row, version)
        today = localdate()
        return steps.step(
            row, S.APPROVED, by=by, version=version, approved_on=today, approved_by=by
        )


def told(row: FamilyQuestion, *, told_on: date, by: User, version: int) -> FamilyQuestion:
    """The family has heard the answer. Raises Stale, Refused."""
    with act():
        row = _locked(row, version)
        if row.state != S.APPROVED or not row.may_tell:
            raise Refused("The family is told once the answer is approved and may be told.")
        if row.approved_on and not row.approved_on <= told_on <= localdate():
            raise Refused("They were told between the day of the approval and today.")
        return steps.edit(row, by=by, version=version, action="question.told", told_on=told_on)


def drop(row: FamilyQuestion, *, by: User, version: int) -> FamilyQuestion:
    """The family asks it no more; the panel no longer sees it. Raises Stale, Refused."""
    with act():
        row = _locked(row, version)
        _write_for_panel(row, "", by)
        gone: dict[str, Any] = {"answered_on": None, "answered_by": None, "may_tell": False}
        return steps.step(row, S.DROPPED, by=by, version=version, **gone)


def take_up(row: FamilyQuestion, *, by: User, version: int) -> FamilyQuestion:
    """It is asked after all. Raises Stale, Refused."""
    with act():
        return steps.step(_locked(row, version), S.ASKED, by=by, version=version)


def why_not_for_panel(words: str, case: Case, *, by: User) -> list[str]:
    """What in the wording for the panel would name somebody, in a sentence each."""
    return casework.names_in(words, case, by) if words.strip() else []


def _why_not_said(asked_by: str, asked_on: date, question: str) -> str:
    if not asked_by.strip():
        return "Say who asked."
    if not question.strip():
        return "Say what they asked."
    if asked_on > localdate():
        return "It was asked today or in the past."
    return ""


def _why_not_answered(
    row: FamilyQuestion, answer: str, answered_on: date, may_tell: bool, why_not: str
) -> str:
    if not answer.strip():
        return "Say what the answer is."
    if not row.asked_on <= answered_on <= localdate():
        return "It was answered between the day on which it was asked and today."
    if not may_tell and not why_not.strip():
        return "Say why they may not be told yet, and by whose word."
    return ""


def _write_for_panel(row: FamilyQuestion, words: str, by: User) -> None:
    refuse_if(" ".join(why_not_for_panel(words, row.case, by=by)))
    there = PanelQuestion.objects.filter(question=row).first()
    if there:
        steps.edit(there, by=by, words=words.strip())
    elif words.strip():
        made = PanelQuestion(case=row.case, question=row, words=words.strip())
        steps.create(made, by=by)


def _locked(row: FamilyQuestion, version: int) -> FamilyQuestion:
    """The question as it is now, behind the lock of its case. Raises Stale."""
    case = Case.objects.held(row.case_id)
    rows = FamilyQuestion.objects.select_for_update(of=("self",))
    row = rows.select_related("family__data_key").get(pk=row.pk)
    row.case = case
    if row.version != version:
        raise Stale(row)
    return row


def _sealed_if_other(row: FamilyQuestion, said: QuestionRecord) -> dict[str, Any]:
    return {} if said == _unseal(row) else {"sealed": _seal(row.family, said)}


def _seal(family: Family, said: QuestionRecord) -> bytes:
    return sealing.seal_json(family.data_key, PURPOSE, asdict(said))


def _unseal(row: FamilyQuestion) -> QuestionRecord:
    return QuestionRecord(**sealing.unseal_json(row.family.data_key, PURPOSE, row.sealed))
