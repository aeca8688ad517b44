"""The minutes of a meeting: drafted from what was typed, edited, approved by the chair, frozen.

They are kept part by part, because a person who left for a case does not read that case's part.
They go by serials; the coordinator's text is searched for what identity knows before it is put to
the chair (``minutes_forms``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cdop.cases.models import Case
from cdop.core import casework, steps
from cdop.core.audit import Job, act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.panel import minutes_text
from cdop.panel.declarations import Declaration
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.states import MINUTES_STEPS, READS, DeclarationState, MeetingState, MinutesState

if TYPE_CHECKING:
    from cdop.core.users import User

REMARK_LIMIT = 500
HIDDEN = "You have an interest in this case, so this part is not shown to you."

NOT_YOURS = "Your role does not do this to minutes."


class Part(TypedDict):
    """One part: its heading, the serial of the case it is about ("" for none), its text."""

    heading: str
    serial: str
    text: str


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, user: User) -> MinutesQuerySet:
        """Those of the meetings that the person sees; a draft, for who arranges and who chairs."""
        seen = self.filter(meeting__in=Meeting.objects.visible_to(user))
        if user.can(Permission.MEETINGS_ARRANGE) or user.can(Permission.MEETINGS_RUN):
            return seen
        return seen.filter(state=MinutesState.APPROVED)


class Minutes(Record):
    """What one meeting discussed and decided, part by part."""

    STEPS = MINUTES_STEPS

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    parts = models.JSONField(default=list)
    state = models.CharField(max_length=20, default=MinutesState.DRAFT)
    remark = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = MinutesQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "meeting": Note("Of which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "parts": Note("Headings and texts, by serials", "", Sensitivity.PERSONAL, Seen.PANEL),
        "state": Note("Where they stand", "", Sensitivity.NONE, Seen.PANEL),
        "remark": Note("Why the chair gave them back", "", Sensitivity.STAFF, Seen.PANEL),
        "approved_at": Note("When they were approved", "", Sensitivity.NONE, Seen.PANEL),
        "approved_by": Note("Who approved them", "", Sensitivity.STAFF, Seen.PANEL),
    }

    class Meta:
        verbose_name = "record of the meeting"
        verbose_name_plural = "minutes"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="minutes_approved_when_and_by_whom",
                condition=Q(state="approved", approved_at__isnull=False)
                & Q(approved_by__isnull=False)
                | ~Q(state="approved") & Q(approved_at=None, approved_by=None),
            )
        ]

    def __str__(self) -> str:
        return f"minutes of meeting {self.meeting_id}"

    audit_case = None

    @property
    def state_label(self) -> str:
        return MinutesState(self.state).label


def of(meeting: Meeting, user: User) -> Minutes | None:
    """The minutes of a meeting, as far as the person sees them."""
    rows = Minutes.objects.visible_to(user).filter(meeting=meeting)
    return rows.select_related("meeting", "approved_by").first()


def shown_to(minutes: Minutes, user: User) -> list[Part]:
    """The parts as a person reads them: not those of cases in which they have an interest."""
    hidden = _closed_to(minutes.meeting_id, user)
    found: list[Part] = minutes.parts
    return [_without(part) if part["serial"] in hidden else part for part in found]


def _without(part: Part) -> Part:
    return Part(heading=part["heading"], serial=part["serial"], text=HIDDEN)


def draft(meeting: Meeting, *, by: User | Job) -> Minutes:
    """Write the first draft of the minutes out of what was recorded, if there is none yet."""
    with act():
        row = Meeting.objects.select_for_update().get(pk=meeting.pk)
        found = Minutes.objects.filter(meeting=row).first()
        return found or steps.create(Minutes(meeting=row, parts=written_anew(row)), by=by)


def draft_anew(minutes: Minutes, *, version: int, by: User) -> Minutes:
    """Write the draft again out of what is recorded now; the text before stays in the history."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    with act():
        row = _locked(minutes, version)
        refuse_if(why_not_edit(row))
        parts = written_anew(row.meeting)
        return steps.edit(row, by=by, version=version, action="minutes.drafted", parts=parts)


def written_anew(meeting: Meeting) -> list[Part]:
    """The parts as a program can write them: who came, the quorum, interests, case by case."""
    items = list(meeting.agenda.select_related("meeting", "case", "lead").order_by("position"))
    said: dict[int, list[str]] = {item.pk: [] for item in items}
    for stage in casework.stages():
        if provider := getattr(stage, "minutes_of", None):
            for key, sentences in provider(items).items():
                said[key] += sentences
    rows = list(meeting.attendance.select_related("user", "stands_in_for").order_by("pk"))
    declared = Declaration.objects.standing().filter(item__in=items)
    stated = list(declared.select_related("item", "user", "decided_by").order_by("item", "pk"))
    general: list[tuple[str, str]] = [
        ("Who came", minutes_text.who_came(meeting, rows)),
        ("Confidentiality", minutes_text.confidentiality(rows)),
        ("Quorum", minutes_text.quorum_of(meeting, items, rows, stated)),
    ]
    cases = [
        Part(
            heading=f"Case {item}",
            serial=item.serial,
            text=minutes_text.case(item, stated, said[item.pk]),
        )
        for item in items
    ]
    first = [Part(heading=heading, serial="", text=text) for heading, text in general]
    return [*first, *cases, Part(heading="Other business", serial="", text="None recorded.")]


def why_not_edit(minutes: Minutes) -> str:
    """Why the text stays as it is now; "" means it can be edited."""
    if minutes.state == MinutesState.APPROVED:
        return "These minutes are approved, so they stay as they are."
    if minutes.state == MinutesState.WITH_CHAIR:
        return (
            "These minutes are with the chair. They can be edited when the chair gives them back."
        )
    return ""


def save(minutes: Minutes, texts: Sequence[str], *, version: int, by: User) -> Minutes:
    """Keep the edited texts, one for each part. Raises Stale, Refused.

    Whether they name anybody is for the form to check.
    """
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    with act():
        row = _locked(minutes, version)
        refuse_if(why_not_edit(row))
        pairs = zip(row.parts, texts, strict=True)
        parts = [{**part, "text": text} for part, text in pairs]
        return steps.edit(row, by=by, version=version, parts=parts)


def put_to_chair(minutes: Minutes, *, version: int, by: User) -> Minutes:
    """The coordinator is done: the chair reads the minutes, and nobody edits them meanwhile."""
    with act():
        row = _locked(minutes, version)
        if row.meeting.state != MeetingState.CLOSED:
            raise Refused("The meeting is not closed yet, so its minutes are not finished.")
        return steps.step(row, MinutesState.WITH_CHAIR, by=by, version=version, remark="")


def give_back(minutes: Minutes, *, remark: str, version: int, by: User) -> Minutes:
    """The chair wants something changed."""
    if not remark.strip():
        raise Refused("Say what has to be changed.")
    with act():
        row = _locked(minutes, version)
        said = remark.strip()
        return steps.step(row, MinutesState.DRAFT, by=by, version=version, remark=said)


def why_not_approve(minutes: Minutes, user: User) -> str:
    """Why this person does not approve the minutes; "" means they may, if the state allows it."""
    if _closed_to(minutes.meeting_id, user):
        return (
            "You do not read every part of these minutes, because you have an interest in a case. "
            "Somebody else who chairs approves them."
        )
    return ""


def approve(minutes: Minutes, *, version: int, by: User, at: datetime | None = None) -> Minutes:
    """Approve the minutes as they were read; from then on they stay as they are."""
    with act():
        row = _locked(minutes, version)
        refuse_if(why_not_approve(row, by), HTTPStatus.FORBIDDEN)
        stamps: dict[str, Any] = {"approved_at": at or timezone.now(), "approved_by": by}
        return steps.step(row, MinutesState.APPROVED, by=by, version=version, **stamps)


def _closed_to(meeting: int, user: User) -> set[str]:
    """Serials of the cases of a meeting that a person does not read because of an interest."""
    declared = Declaration.objects.filter(item__meeting=meeting, user=user)
    shut = [state for state in DeclarationState if state not in READS]
    found: Iterable[str] = declared.filter(state__in=shut).values_list("item__serial", flat=True)
    return set(found)


def _locked(minutes: Minutes, version: int) -> Minutes:
    row = (
        Minutes.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=minutes.pk)
    )
    if row.version != version:
        raise Stale(row)
    return row


def cases_of(minutes: Minutes) -> list[Case]:
    """The cases whose children must not be named in the minutes: all of the meeting's."""
    items: Iterable[AgendaItem] = minutes.meeting.agenda.select_related("case__data_key")
    return [item.case for item in items]
