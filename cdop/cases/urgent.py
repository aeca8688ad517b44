"""What cannot wait for the panel: the council's notice of a serious incident, a safety alert.

Each has a time in the edition, from the moment at which somebody knew that it could not wait, and
can be called for at any stage of a case.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cdop import editions
from cdop.cases import watching
from cdop.cases.holds import NAME_LIMIT
from cdop.cases.models import Case
from cdop.cases.states import NOTICE_STEPS, CaseState, NoticeState
from cdop.core import clocks, steps
from cdop.core.audit import act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.organisations import closed_days
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale, refuse_if
from cdop.core.rows import rows_of

if TYPE_CHECKING:
    from cdop.core.users import User

KINDS = "urgent_notices"


class UrgentNoticeQuerySet(models.QuerySet["UrgentNotice"]):
    def to_send(self) -> UrgentNoticeQuerySet:
        """Those still to be given; a withdrawn case asks nothing of anybody."""
        waiting = self.filter(state=NoticeState.TO_SEND)
        return waiting.exclude(case__state=CaseState.WITHDRAWN)


class UrgentNotice(Record):
    """One notice that cannot wait: since when it is known, by when it is due, and whether given."""

    STEPS = NOTICE_STEPS

    case = models.ForeignKey(Case, models.PROTECT, related_name="urgent_notices")
    kind = models.CharField(max_length=40)
    about = models.TextField()
    state = models.CharField(max_length=20, default=NoticeState.TO_SEND)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    known_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_to = models.CharField(max_length=NAME_LIMIT, blank=True)
    why_not = models.TextField(blank=True)

    objects = UrgentNoticeQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, Seen.TEAM)
        for name, meaning, sensitivity in [
            ("case", "Of which case", Sensitivity.NONE),
            ("kind", "What kind of notice", Sensitivity.PERSONAL),
            ("about", "What cannot wait", Sensitivity.PERSONAL),
            ("state", "Whether it was given", Sensitivity.NONE),
            ("owner", "Who sees to it", Sensitivity.STAFF),
            ("known_at", "When somebody knew that it could not wait", Sensitivity.NONE),
            ("due_at", "By when it is due", Sensitivity.NONE),
            ("sent_at", "When it was given", Sensitivity.NONE),
            ("sent_to", "To whom", Sensitivity.STAFF),
            ("why_not", "Why it was not needed", Sensitivity.PERSONAL),
        ]
    }

    class Meta:
        verbose_name = "notice"
        ordering: ClassVar = ["known_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="to_send"), name="notice_to_send")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="notice_sent_when_and_to_whom",
                condition=Q(state="sent", sent_at__gte=F("known_at")) & ~Q(sent_to="")
                | ~Q(state="sent") & Q(sent_at=None, sent_to=""),
            ),
            models.CheckConstraint(
                name="notice_not_needed_and_why",
                condition=Q(state="not_needed") & ~Q(why_not="")
                | ~Q(state="not_needed") & Q(why_not=""),
            ),
        ]

    def __str__(self) -> str:
        return f"urgent notice on case {self.case_id}"

    @property
    def state_label(self) -> str:
        return NoticeState(self.state).label

    @property
    def is_to_send(self) -> bool:
        return self.state == NoticeState.TO_SEND

    @property
    def was_late(self) -> bool:
        """Whether it was given after its time."""
        return self.sent_at is not None and self.sent_at > self.due_at


def of(case: Case) -> list[UrgentNotice]:
    """The urgent notices of a case, oldest first."""
    return rows_of(UrgentNotice, "case", case.pk, "owner")


def kind_label(case: Case, kind: str) -> str:
    """What kind of notice it is, in the words of the edition of the case."""
    return editions.get(case.edition).vocabularies[KINDS].label(kind)


def call_for(
    case: Case, *, kind: str, about: str, owner: User, known_at: datetime, by: User
) -> UrgentNotice:
    """Say that something cannot wait; by when it is due stands in the edition of the case.

    kind      a code of the vocabulary "urgent_notices", and of the standard that has its time
    known_at  when somebody knew that it could not wait
    """
    if known_at > timezone.now():
        raise Refused("It was known now or before.")
    watching.check_owner(owner)
    with act():
        row = Case.objects.held(case.pk)
        refuse_if(why_not_call_for(row))
        due_at = due(row, kind, known_at)
        notice = UrgentNotice(case=row, kind=kind, about=about.strip(), owner=owner)
        notice.known_at, notice.due_at = known_at, due_at
        return steps.create(notice, by=by, action="urgentnotice.called_for")


def give(
    notice: UrgentNotice, *, sent_at: datetime, sent_to: str, by: User, version: int
) -> UrgentNotice:
    """It was given: when and to whom. Judged by when it was given. Raises Stale, Refused."""
    if not sent_to.strip():
        raise Refused("Say to whom it was given.")
    with act():
        row = _locked(notice, version)
        if not row.known_at <= sent_at <= timezone.now():
            raise Refused("It was given after it was known, and not in the future.")
        said: dict[str, Any] = {"sent_at": sent_at, "sent_to": sent_to.strip()}
        return steps.step(row, NoticeState.SENT, by=by, **said)


def set_aside(notice: UrgentNotice, *, why_not: str, by: User, version: int) -> UrgentNotice:
    """It is not needed after all, and why. Raises Stale, Refused."""
    if not why_not.strip():
        raise Refused("Say why it is not needed.")
    with act():
        row = _locked(notice, version)
        return steps.step(row, NoticeState.NOT_NEEDED, by=by, why_not=why_not.strip())


def take_back(notice: UrgentNotice, *, by: User, version: int) -> UrgentNotice:
    """What was recorded of it was wrong: it is still to be given, by the time it had."""
    with act():
        row = _locked(notice, version)
        said: dict[str, Any] = {"sent_at": None, "sent_to": "", "why_not": ""}
        return steps.step(row, NoticeState.TO_SEND, by=by, **said)


def due(case: Case, kind: str, known_at: datetime) -> datetime:
    """By when a notice is due that somebody knew to be urgent at a time."""
    rule = editions.one(editions.get(case.edition).standards, kind).due
    return clocks.due(known_at, rule.offset, rule.unit, closed_days())


def why_not_call_for(case: Case) -> str:
    """Why nothing can be called for on this case; "" means it can, at every other stage."""
    return "This case is withdrawn." if case.state == CaseState.WITHDRAWN else ""


def _locked(notice: UrgentNotice, version: int) -> UrgentNotice:
    rows = UrgentNotice.objects.select_for_update(of=("self",)).select_related("case")
    row = rows.get(pk=notice.pk)
    if row.version != version:
        raise Stale(row)
    refuse_if(why_not_call_for(row.case))
    return row
