"""Holds: what outside the panel a review waits for, such as an inquest or a criminal trial.

A hold explains time and never stops a clock. The panel may review a death all the same, where the
coroner, or whoever else the case waits for, was asked and agrees.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cdop import editions
from cdop.cases.models import Case
from cdop.cases.states import HOLD_STEPS, CaseState, HoldState
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.jinja import day
from cdop.core.records import Record
from cdop.core.rows import rows_of

if TYPE_CHECKING:
    from cdop.core.users import User

KINDS = "holds"
NAME_LIMIT = 200
ENDED_CASES = (CaseState.CLOSED, CaseState.WITHDRAWN)


class Meanwhile(models.TextChoices):
    """Whether the panel may review the death while the hold runs."""

    NOT_ASKED = "not_asked", "Not asked yet"
    AGREES = "agrees", "Yes, the panel may review it meanwhile"
    WAIT = "wait", "No, the panel is asked to wait"


class HoldQuerySet(models.QuerySet["Hold"]):
    def running(self) -> HoldQuerySet:
        """Those that hold up a case which still goes on."""
        running = self.filter(state=HoldState.RUNNING)
        return running.exclude(case__state__in=ENDED_CASES)

    def visible_to(self, user: User) -> HoldQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))


class Hold(Record):
    """One thing that a case waits for, from a day to a day."""

    STEPS = HOLD_STEPS

    case = models.ForeignKey(Case, models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=40)
    reason = models.TextField()
    state = models.CharField(max_length=20, default=HoldState.RUNNING)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    began_on = models.DateField()
    ended_on = models.DateField(null=True)
    how_ended = models.TextField(blank=True)
    next_check_on = models.DateField()
    checked_on = models.DateField(null=True)
    check_found = models.TextField(blank=True)
    next_family_on = models.DateField(null=True)
    why_no_family = models.CharField(max_length=NAME_LIMIT, blank=True)
    meanwhile = models.CharField(
        max_length=20, choices=Meanwhile.choices, default=Meanwhile.NOT_ASKED
    )
    view_of = models.CharField(max_length=NAME_LIMIT, blank=True)
    view_on = models.DateField(null=True)

    objects = HoldQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, seen)
        for name, meaning, sensitivity, seen in [
            ("case", "Of which case", Sensitivity.NONE, Seen.NOBODY),
            ("kind", "What the case waits for", Sensitivity.PERSONAL, Seen.RESPONDERS),
            ("reason", "Why, in a few words", Sensitivity.PERSONAL, Seen.TEAM),
            ("state", "Whether it still waits", Sensitivity.NONE, Seen.RESPONDERS),
            ("owner", "Who looks after it", Sensitivity.STAFF, Seen.RESPONDERS),
            ("began_on", "Since when", Sensitivity.NONE, Seen.RESPONDERS),
            ("ended_on", "Until when", Sensitivity.NONE, Seen.RESPONDERS),
            ("how_ended", "How it ended", Sensitivity.PERSONAL, Seen.TEAM),
            ("next_check_on", "When it is looked at again", Sensitivity.NONE, Seen.TEAM),
            ("checked_on", "When it was last looked at", Sensitivity.NONE, Seen.TEAM),
            ("check_found", "What was found then", Sensitivity.PERSONAL, Seen.TEAM),
            ("next_family_on", "Next word to the family", Sensitivity.NONE, Seen.TEAM),
            ("why_no_family", "Why there is none", Sensitivity.PERSONAL, Seen.TEAM),
            ("meanwhile", "Whether the panel may review it now", Sensitivity.NONE, Seen.TEAM),
            ("view_of", "Whose view that is", Sensitivity.STAFF, Seen.TEAM),
            ("view_on", "When they gave it", Sensitivity.NONE, Seen.TEAM),
        ]
    }

    class Meta:
        ordering: ClassVar = ["began_on", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_check_on"], condition=Q(state="running"), name="hold_running_by_check"
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="hold_ended_when_and_how",
                condition=Q(state="running", ended_on=None, how_ended="")
                | Q(state="ended", ended_on__gte=F("began_on")) & ~Q(how_ended=""),
            ),
            models.CheckConstraint(
                name="hold_says_when_the_family_hears_or_why_not",
                condition=Q(next_family_on__isnull=False) | ~Q(why_no_family=""),
            ),
            models.CheckConstraint(
                name="hold_view_of_somebody_on_a_day",
                condition=Q(meanwhile="not_asked", view_of="", view_on=None)
                | ~Q(meanwhile="not_asked") & ~Q(view_of="") & Q(view_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"hold on case {self.case_id}"

    @property
    def state_label(self) -> str:
        return HoldState(self.state).label

    @property
    def is_running(self) -> bool:
        return self.state == HoldState.RUNNING

    @property
    def meanwhile_label(self) -> str:
        return Meanwhile(self.meanwhile).label


def of(case: Case) -> list[Hold]:
    """The holds of a case, oldest first."""
    return rows_of(Hold, "case", case.pk, "owner")


def kind_label(case: Case, kind: str) -> str:
    """What a case waits for, in the words of its edition."""
    return editions.get(case.edition).vocabularies[KINDS].label(kind)


def why_not_review(case: Case) -> list[str]:
    """Why the panel cannot review the case while something holds it up, a sentence for each."""
    running = [hold for hold in rows_of(Hold, "case", case.pk) if hold.is_running]
    sentences = [_why_not(hold, kind_label(case, hold.kind)) for hold in running]
    return [sentence for sentence in sentences if sentence]


def why_not_review_each(cases: Iterable[Case]) -> dict[int, list[str]]:
    """The same for several cases, by their keys; those that nothing holds up are not in it."""
    by_key = {case.pk: case for case in cases}
    found: dict[int, list[str]] = {}
    for hold in Hold.objects.filter(case__in=by_key, state=HoldState.RUNNING):
        if sentence := _why_not(hold, kind_label(by_key[hold.case_id], hold.kind)):
            found.setdefault(hold.case_id, []).append(sentence)
    return found


def _why_not(hold: Hold, kind: str) -> str:
    waits = f"The case waits for something ({kind.lower()})."
    if hold.meanwhile == Meanwhile.NOT_ASKED:
        return f"{waits} Ask whether the panel may review it meanwhile, or end the hold."
    if hold.meanwhile == Meanwhile.WAIT:
        return f"{waits} {hold.view_of} asked on {day(hold.view_on)} that the panel wait."
    return ""


def days_held(spans: Iterable[tuple[date, date | None]], start: date, end: date) -> int:
    """How many days between two days were held, each counted once however many holds ran.

    spans  first day and last day of each hold; None where it still runs. Days are counted as
           ``core.dates.days_between`` counts them: from one to the next day is one day
    """
    cut = sorted((max(first, start), min(last or end, end)) for first, last in spans)
    held, until = 0, start
    for first, last in cut:
        held += max(0, (last - max(first, until)).days)
        until = max(until, last)
    return held
