"""Other reviews and proceedings about the same death, and what they mean for ours.

Some are asked for by this panel (a referral for a serious case review), of others it is told, and
some send a death back to it. Each keeps its own dates, and has somebody who asks how it stands.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from cdop import editions
from cdop.cases import watching
from cdop.cases.holds import ENDED_CASES, NAME_LIMIT
from cdop.cases.models import Case
from cdop.cases.states import LINKED_STEPS, CaseState, LinkedState
from cdop.core import steps
from cdop.core.audit import act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale, refuse_if
from cdop.core.rows import rows_of

if TYPE_CHECKING:
    from cdop.core.users import User

KINDS = "linked_reviews"
WAITING = (LinkedState.ASKED, LinkedState.UNDER_WAY)


class Origin(models.TextChoices):
    """How this panel and another review came together."""

    REFERRED = "referred", "This panel referred the death"
    TOLD = "told", "We were told of it"
    SENT_BACK = "sent_back", "It referred the death to this panel"


class LinkedReviewQuerySet(models.QuerySet["LinkedReview"]):
    def waiting(self) -> LinkedReviewQuerySet:
        """Those asked for or under way, on cases that still go on."""
        return self.filter(state__in=WAITING).exclude(case__state__in=ENDED_CASES)


class LinkedReview(Record):
    """One other review or proceeding about the death of a case."""

    STEPS = LINKED_STEPS

    case = models.ForeignKey(Case, models.PROTECT, related_name="linked_reviews")
    kind = models.CharField(max_length=40)
    led_by = models.CharField(max_length=NAME_LIMIT)
    origin = models.CharField(max_length=20, choices=Origin.choices)
    why = models.TextField(blank=True)
    state = models.CharField(max_length=20, default=LinkedState.ASKED)
    asked_on = models.DateField()
    decided_on = models.DateField(null=True)
    decision = models.TextField(blank=True)
    began_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)
    effect = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    next_check_on = models.DateField(null=True)

    objects = LinkedReviewQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, seen)
        for name, meaning, sensitivity, seen in [
            ("case", "Of which case", Sensitivity.NONE, Seen.NOBODY),
            ("kind", "What kind of review it is", Sensitivity.PERSONAL, Seen.RESPONDERS),
            ("led_by", "Who leads it", Sensitivity.STAFF, Seen.RESPONDERS),
            ("origin", "How it came together with ours", Sensitivity.NONE, Seen.RESPONDERS),
            ("why", "Why it was asked for", Sensitivity.PERSONAL, Seen.TEAM),
            ("state", "Where it stands", Sensitivity.NONE, Seen.RESPONDERS),
            ("asked_on", "When it was asked for, or we were told", Sensitivity.NONE, Seen.TEAM),
            ("decided_on", "When it was decided", Sensitivity.NONE, Seen.TEAM),
            ("decision", "What was decided, and why", Sensitivity.PERSONAL, Seen.TEAM),
            ("began_on", "When it began", Sensitivity.NONE, Seen.RESPONDERS),
            ("ended_on", "When it ended", Sensitivity.NONE, Seen.RESPONDERS),
            ("outcome", "What came of it", Sensitivity.PERSONAL, Seen.TEAM),
            ("effect", "What it means for our review", Sensitivity.PERSONAL, Seen.TEAM),
            ("owner", "Who asks how it stands", Sensitivity.STAFF, Seen.RESPONDERS),
            ("next_check_on", "When they ask again", Sensitivity.NONE, Seen.TEAM),
        ]
    }

    class Meta:
        verbose_name = "review"
        ordering: ClassVar = ["asked_on", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_check_on"],
                condition=Q(state__in=["asked", "under_way"]),
                name="linked_waiting_by_check",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="linked_waits_until_it_is_looked_at_again",
                condition=Q(state__in=["asked", "under_way"], next_check_on__isnull=False)
                | Q(state__in=["ended", "declined"], next_check_on=None),
            ),
            models.CheckConstraint(
                name="linked_began_where_it_is_under_way_or_ended",
                condition=Q(state__in=["under_way", "ended"], began_on__isnull=False)
                | Q(state__in=["asked", "declined"], began_on=None),
            ),
            models.CheckConstraint(
                name="linked_ended_when_and_with_what_effect",
                condition=Q(state="ended", ended_on__isnull=False) & ~Q(effect="")
                | ~Q(state="ended") & Q(ended_on=None),
            ),
            models.CheckConstraint(
                name="linked_declined_when_and_why",
                condition=~Q(state="declined") | Q(decided_on__isnull=False) & ~Q(decision=""),
            ),
        ]

    def __str__(self) -> str:
        return f"review beside case {self.case_id}"

    @property
    def state_label(self) -> str:
        return LinkedState(self.state).label

    @property
    def origin_label(self) -> str:
        return Origin(self.origin).label

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


def of(case: Case) -> list[LinkedReview]:
    """The other reviews of a case, in the order in which they were asked for."""
    return rows_of(LinkedReview, "case", case.pk, "owner")


def kind_label(case: Case, kind: str) -> str:
    """What kind of review it is, in the words of the edition of the case."""
    return editions.get(case.edition).vocabularies[KINDS].label(kind)


def add(
    case: Case,
    *,
    kind: str,
    led_by: str,
    origin: Origin,
    asked_on: date,
    owner: User,
    next_check_on: date,
    why: str = "",
    effect: str = "",
    began_on: date | None = None,
    by: User,
) -> LinkedReview:
    """Record a referral, or a review of which we were told.

    began_on  where it is under way already
    Raises Refused: a referral says why; and nobody waits longer than three months without asking.
    """
    with act():
        row = Case.objects.held(case.pk)
        refuse_if(why_not_add(row))
        said = _described(kind, led_by, origin, asked_on, why, effect)
        said |= _watched(owner, next_check_on)
        if began_on:
            refuse_if(_why_not_on(began_on))
            said |= {"state": LinkedState.UNDER_WAY, "began_on": began_on}
        return steps.create(LinkedReview(case=row, **said), by=by, action="linkedreview.added")


def correct(
    review: LinkedReview,
    *,
    kind: str,
    led_by: str,
    origin: Origin,
    asked_on: date,
    owner: User,
    next_check_on: date | None,
    why: str = "",
    effect: str = "",
    by: User,
    version: int,
) -> LinkedReview:
    """Put right what is said of it, or look at it again. Raises Stale, Refused."""
    with act():
        row = _locked(review, version)
        said = _described(kind, led_by, origin, asked_on, why, effect)
        if row.is_waiting:
            if next_check_on is None:
                raise Refused("Say when somebody asks again how it stands.")
            changed = (owner, next_check_on) != (row.owner, row.next_check_on)
            said |= _watched(owner, next_check_on) if changed else {}
        elif row.state == LinkedState.ENDED and not said["effect"]:
            raise Refused("Say what it means for our review.")
        return steps.edit(row, by=by, version=version, **said)


def start(
    review: LinkedReview,
    *,
    began_on: date,
    decided_on: date | None,
    decision: str,
    next_check_on: date,
    by: User,
    version: int,
) -> LinkedReview:
    """It was decided to hold it, and it began."""
    watching.check_next(next_check_on)
    said = {"began_on": began_on, "decided_on": decided_on, "decision": decision.strip()}
    with act():
        row = _locked(review, version)
        refuse_if(_why_not_on(began_on) or (_why_not_on(decided_on) if decided_on else ""))
        return _step(row, LinkedState.UNDER_WAY, by, next_check_on=next_check_on, **said)


def decline(
    review: LinkedReview, *, decided_on: date, decision: str, by: User, version: int
) -> LinkedReview:
    """It was decided not to hold it; the decision says why."""
    if not decision.strip():
        raise Refused("Say what was decided, and why.")
    with act():
        row = _locked(review, version)
        refuse_if(_why_not_on(decided_on))
        said = {"decided_on": decided_on, "decision": decision.strip(), "next_check_on": None}
        return _step(row, LinkedState.DECLINED, by, **said)


def end(
    review: LinkedReview, *, ended_on: date, outcome: str, effect: str, by: User, version: int
) -> LinkedReview:
    """It ended: what came of it, and what that means for our review."""
    if not effect.strip():
        raise Refused("Say what it means for our review, if only that it means nothing.")
    with act():
        row = _locked(review, version)
        refuse_if(_why_not_on(ended_on))
        if row.began_on and ended_on < row.began_on:
            raise Refused("It ended on or after the day on which it began.")
        said = {"ended_on": ended_on, "outcome": outcome.strip(), "effect": effect.strip()}
        return _step(row, LinkedState.ENDED, by, next_check_on=None, **said)


def take_back(review: LinkedReview, *, next_check_on: date, by: User, version: int) -> LinkedReview:
    """The last step was a mistake, or is overtaken; what it said stays in the history.

    What was declined is asked for again, what ended is under way again, and what was under way is
    asked for.
    """
    watching.check_next(next_check_on)
    with act():
        row = _locked(review, version)
        to = BACK.get(LinkedState(row.state))
        if to is None:
            raise Refused("Nothing was decided on this review, so nothing can be taken back.")
        said: dict[str, Any] = {"next_check_on": next_check_on, "ended_on": None, "outcome": ""}
        if to == LinkedState.ASKED:
            said |= {"began_on": None, "decided_on": None, "decision": ""}
        return _step(row, to, by, **said)


BACK = {
    LinkedState.DECLINED: LinkedState.ASKED,
    LinkedState.ENDED: LinkedState.UNDER_WAY,
    LinkedState.UNDER_WAY: LinkedState.ASKED,
}


def why_not_add(case: Case) -> str:
    """Why no other review can be put beside a case; "" means one can."""
    if case.state != CaseState.WITHDRAWN:
        return ""
    return "This case is withdrawn. What it says stays as it was."


def _described(
    kind: str, led_by: str, origin: Origin, asked_on: date, why: str, effect: str
) -> dict[str, Any]:
    if origin == Origin.REFERRED and not why.strip():
        raise Refused("Say why this panel refers the death.")
    refuse_if(_why_not_on(asked_on))
    said = {"kind": kind, "led_by": led_by.strip(), "origin": origin, "asked_on": asked_on}
    return {**said, "why": why.strip(), "effect": effect.strip()}


def _watched(owner: User, next_check_on: date) -> dict[str, Any]:
    watching.check_owner(owner)
    watching.check_next(next_check_on)
    return {"owner": owner, "next_check_on": next_check_on}


def _why_not_on(on: date) -> str:
    return "The date must be today or in the past." if on > localdate() else ""


def _step(row: LinkedReview, to: LinkedState, by: User, **stamps: Any) -> LinkedReview:
    return steps.step(row, to, by=by, **stamps)


def _locked(review: LinkedReview, version: int) -> LinkedReview:
    """The review as it is now, behind the lock of its case. Raises Stale, Refused."""
    case = Case.objects.held(review.case_id)
    rows = LinkedReview.objects.select_for_update(of=("self",)).select_related("owner")
    row = rows.get(pk=review.pk)
    row.case = case
    if row.version != version:
        raise Stale(row)
    refuse_if(why_not_add(case))
    return row
