"""Declarations of interest: said by a person of one case, decided by somebody who chairs.

The designated doctor has led most unexpected deaths and the police have been at many, so an
interest is nothing unusual and does not always mean to leave: there are three outcomes. Nobody
decides on their own, nor on others' in a case in which they have one themselves, so the chair's own
goes to the vice-chair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cdop.core import steps
from cdop.core.audit import Job, act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale, refuse_if
from cdop.core.roles import Permission, Role
from cdop.panel.models import AgendaItem, Attendance, Meeting
from cdop.panel.states import (
    DECLARATION_STEPS,
    JUDGES,
    LEADS,
    OUTCOMES,
    DeclarationState,
    MeetingState,
)

if TYPE_CHECKING:
    from cdop.core.users import User

Parts = Mapping[tuple[int, int], DeclarationState]
"""What people declared, by the keys of item and person; those without an interest are not in it."""
LIMIT = 2000


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def standing(self) -> DeclarationQuerySet:
        """Those that were not withdrawn."""
        return self.exclude(state=DeclarationState.WITHDRAWN)

    def to_decide(self) -> DeclarationQuerySet:
        """Those that wait for a decision, of people who are invited to a meeting that goes on."""
        waiting = self.filter(state=DeclarationState.DECLARED).exclude(
            item__meeting__state=MeetingState.CLOSED
        )
        invited = Attendance.objects.filter(
            meeting=models.OuterRef("item__meeting"), user=models.OuterRef("user")
        )
        return waiting.filter(models.Exists(invited))

    def visible_to(self, user: User) -> DeclarationQuerySet:
        """One's own; those in the cases that they see, for who arranges and who chairs."""
        if user.can(Permission.MEETINGS_ARRANGE) or user.can(Permission.MEETINGS_RUN):
            seen = AgendaItem.objects.visible_to(user)
            return self.filter(Q(item__in=seen) | Q(user=user))
        return self.filter(user=user)


class Declaration(Record):
    """One interest of one person in one case of a meeting, and what was decided about it."""

    STEPS = DECLARATION_STEPS

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="declarations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    interest = models.TextField()
    state = models.CharField(max_length=20, default=DeclarationState.DECLARED)
    declared_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    why_decided = models.TextField(blank=True)

    objects = DeclarationQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "item": Note("In which case at which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "user": Note("Whose interest", "", Sensitivity.STAFF, Seen.PANEL),
        "interest": Note("The interest, in their words", "", Sensitivity.STAFF, Seen.SELF),
        "state": Note("What was decided", "", Sensitivity.STAFF, Seen.PANEL),
        "declared_at": Note("When it was declared", "", Sensitivity.STAFF, Seen.PANEL),
        "decided_at": Note("When it was decided", "", Sensitivity.STAFF, Seen.PANEL),
        "decided_by": Note("Who decided", "", Sensitivity.STAFF, Seen.PANEL),
        "why_decided": Note("Why it was decided so", "", Sensitivity.STAFF, Seen.PANEL),
    }

    class Meta:
        ordering: ClassVar = ["item_id", "declared_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "user"], name="declaration_once_a_case"),
            models.CheckConstraint(
                name="declaration_decided_by_another_with_a_reason",
                condition=Q(
                    state__in=("declared", "withdrawn"),
                    decided_at=None,
                    decided_by=None,
                    why_decided="",
                )
                | Q(
                    state__in=("takes_part", "answers", "leaves"),
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                & ~Q(why_decided="")
                & ~Q(decided_by=models.F("user")),
            ),
        ]

    def __str__(self) -> str:
        return f"declaration {self.pk}"

    @property
    def state_label(self) -> str:
        return DeclarationState(self.state).label

    @property
    def audit_case(self) -> int | None:
        return self.item.case_id


def parts(items: Iterable[AgendaItem]) -> dict[tuple[int, int], DeclarationState]:
    """What was declared in these cases, by the keys of item and person."""
    rows = Declaration.objects.standing().filter(item__in=[item.pk for item in items])
    said = rows.order_by().values_list("item", "user", "state")
    return {(item, user): DeclarationState(state) for item, user, state in said}


def part(item: AgendaItem, user: User) -> DeclarationState | None:
    """What one person declared in one case; None where nothing stands."""
    return parts([item]).get((item.pk, user.pk))


def of_item(item: AgendaItem) -> DeclarationQuerySet:
    """The declarations that stand in one case, whoever asks."""
    return Declaration.objects.standing().filter(item=item)


def of_meeting(meeting: Meeting, user: User) -> list[Declaration]:
    """The declarations of a meeting that the person sees, case by case."""
    seen = Declaration.objects.visible_to(user).standing().filter(item__meeting=meeting)
    people = seen.select_related("item__meeting", "user", "decided_by")
    return list(people.order_by("item__position", "declared_at"))


def why_not_declare_at(meeting: Meeting) -> str:
    """Why nobody declares an interest for a meeting any more."""
    closed = meeting.state == MeetingState.CLOSED
    return "This meeting is closed, so nothing more is declared for it." if closed else ""


def why_not_declare(item: AgendaItem, user: User, by: User | Job) -> str:
    """Why no interest of this person can be declared in a case now; "" means it can."""
    if closed := why_not_declare_at(item.meeting):
        return closed
    if not Attendance.objects.filter(meeting=item.meeting_id, user=user).exists():
        return f"{user} is not invited to this meeting."
    if not isinstance(by, Job) and by.pk != user.pk and not by.can(Permission.MEETINGS_ARRANGE):
        return "You declare your own interest and nobody else's."
    return ""


def declare(
    item: AgendaItem, user: User, *, interest: str, by: User | Job, at: datetime | None = None
) -> Declaration:
    """Declare an interest of a person in a case: by themselves, or by the team as they were told.

    What stands is not declared twice; what was withdrawn stands again in the new words.
    """
    if not interest.strip():
        raise Refused("Say what the interest is.")
    with act():
        row = AgendaItem.objects.select_for_update().select_related(None).get(pk=item.pk)
        refuse_if(why_not_declare(row, user, by))
        found = Declaration.objects.filter(item=row, user=user).first()
        now = at or timezone.now()
        if found is None:
            new = Declaration(item=row, user=user, interest=interest.strip(), declared_at=now)
            return steps.create(new, by=by)
        if found.state != DeclarationState.WITHDRAWN:
            raise Refused("An interest in this case is declared already.")
        said: dict[str, Any] = {"interest": interest.strip(), "declared_at": now}
        return steps.step(found, DeclarationState.DECLARED, by=by, **said)


def withdraw(declaration: Declaration, *, version: int, by: User) -> Declaration:
    """Take back what one declared oneself and nobody has decided on."""
    with act():
        row = _locked(declaration, version)
        if row.user_id != by.pk:
            raise Refused("Only who declared it takes it back.", HTTPStatus.FORBIDDEN)
        return steps.step(row, DeclarationState.WITHDRAWN, by=by)


def why_not_decide_at(meeting: Meeting) -> str:
    """Why what was decided for a meeting stays."""
    closed = meeting.state == MeetingState.CLOSED
    return "This meeting is closed, so what was decided stays." if closed else ""


def why_not_decide(declaration: Declaration, by: User) -> str:
    """Why this person does not decide on an interest; "" means they may."""
    if not by.can(Permission.MEETINGS_RUN):
        return "The chair decides on declared interests."
    if declaration.user_id == by.pk:
        is_chair = by.hat is not None and by.hat.role == Role.CHAIR
        other = "the vice-chair" if is_chair else "the chair"
        return f"You do not decide on your own interest: {other} does."
    if part(declaration.item, by) not in (None, *LEADS):
        return (
            "You declared an interest in this case yourself, so somebody else who chairs decides "
            "on those of others in it."
        )
    return ""


def decide(
    declaration: Declaration,
    outcome: DeclarationState,
    *,
    reason: str,
    version: int,
    by: User,
    at: datetime | None = None,
) -> Declaration:
    """Decide on an interest, or decide anew; who may lead or read no longer does from then on.

    Raises Stale where it was changed since ``version``, Refused with 403 where another decides.
    """
    if outcome not in OUTCOMES:
        raise Refused("Choose one of the three outcomes.")
    if not reason.strip():
        raise Refused("Say why.")
    with act():
        row = _locked(declaration, version)
        refuse_if(why_not_decide(row, by), HTTPStatus.FORBIDDEN)
        refuse_if(why_not_decide_at(row.item.meeting))
        said: dict[str, Any] = {"decided_at": at or timezone.now(), "decided_by": by}
        said["why_decided"] = reason.strip()
        if row.state == outcome:
            row = steps.edit(row, by=by, version=version, action="declaration.decided", **said)
        else:
            row = steps.step(row, outcome, by=by, version=version, **said)
        give_up_reading(row, by=by)
    return row


def give_up_reading(declaration: Declaration, *, by: User | Job) -> None:
    """Whoever no longer may is no lead and, where they do not judge the case, no second reader."""
    item = declaration.item
    given_up: dict[str, Any] = {}
    if item.lead_id == declaration.user_id:
        given_up["lead"] = None
    if item.second_id == declaration.user_id and declaration.state not in JUDGES:
        given_up["second"] = None
    if given_up:
        steps.edit(item, by=by, in_passing=True, **given_up)


def carry_over(item: AgendaItem, *, by: User | Job) -> None:
    """What was declared in a case at its meeting before is declared again, to be decided anew."""
    earlier = AgendaItem.objects.filter(case=item.case_id).exclude(pk=item.pk).order_by("pk").last()
    if earlier is None:
        return
    now = timezone.now()
    for row in Declaration.objects.standing().filter(item=earlier).order_by("pk"):
        said = {"user_id": row.user_id, "interest": row.interest, "declared_at": now}
        steps.create(Declaration(item=item, **said), by=by)


def _locked(declaration: Declaration, version: int) -> Declaration:
    """The declaration as it is now, behind the lock of its case. Raises Stale."""
    item = AgendaItem.objects.select_for_update().get(pk=declaration.item_id)
    row = Declaration.objects.select_for_update().get(pk=declaration.pk)
    row.item = item
    if row.version != version:
        raise Stale(row)
    return row
