"""Signals: what several deaths, or one, may point to before anything is proven.

Two deaths in one unit, a product, a suspected suicide with a risk for others: somebody owns it, by
a day it is decided what to do, and that is recorded. A signal is for the team alone; no later stage
and no statistics read it, and it is never published.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate

from cdop import editions
from cdop.cases import watching
from cdop.cases.holds import NAME_LIMIT
from cdop.cases.models import Case
from cdop.cases.states import SIGNAL_STEPS, SignalState
from cdop.core import steps
from cdop.core.audit import act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User

KINDS = "signals"


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, user: User) -> SignalQuerySet:
        """The signals that this hat reaches: all, or none."""
        return self if user.can(Permission.CASES_MANAGE) else self.none()

    def going_on(self) -> SignalQuerySet:
        return self.exclude(state=SignalState.CLOSED)


class Signal(Record):
    """Something that one death or several may point to, and what was decided about it."""

    STEPS = SIGNAL_STEPS

    kind = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    about = models.TextField()
    state = models.CharField(max_length=20, default=SignalState.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    decision = models.TextField(blank=True)
    decided_by = models.CharField(max_length=NAME_LIMIT, blank=True)
    decided_on = models.DateField(null=True)
    escalated_to = models.CharField(max_length=NAME_LIMIT, blank=True)
    escalated_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)

    objects = SignalQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, Seen.TEAM)
        for name, meaning, sensitivity in [
            ("kind", "What it points to", Sensitivity.PERSONAL),
            ("edition", "The guidance that has its kind", Sensitivity.NONE),
            ("about", "What was noticed", Sensitivity.PERSONAL),
            ("state", "Where it stands", Sensitivity.NONE),
            ("owner", "Whose it is", Sensitivity.STAFF),
            ("due_on", "By when it is decided, or looked at again", Sensitivity.NONE),
            ("opened_at", "When it was raised", Sensitivity.NONE),
            ("decision", "What was decided, and why", Sensitivity.PERSONAL),
            ("decided_by", "Who decided it", Sensitivity.STAFF),
            ("decided_on", "When", Sensitivity.NONE),
            ("escalated_to", "To whom it was taken", Sensitivity.STAFF),
            ("escalated_on", "When", Sensitivity.NONE),
            ("closed_on", "When it was closed", Sensitivity.NONE),
            ("outcome", "What came of it", Sensitivity.PERSONAL),
        ]
    }

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on"], condition=~Q(state="closed"), name="signal_going_on_by_due"
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="signal_closed_when_or_due",
                condition=Q(state="closed", closed_on__isnull=False, due_on=None) & ~Q(outcome="")
                | ~Q(state="closed") & Q(closed_on=None, due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="signal_decided_what_when_and_by_whom",
                condition=~Q(state__in=["decided", "escalated"])
                | Q(decided_on__isnull=False) & ~Q(decision="") & ~Q(decided_by=""),
            ),
            models.CheckConstraint(
                name="signal_escalated_to_whom_and_when",
                condition=~Q(state="escalated")
                | Q(escalated_on__isnull=False) & ~Q(escalated_to=""),
            ),
        ]

    def __str__(self) -> str:
        return f"signal {self.pk}"

    @property
    def state_label(self) -> str:
        return SignalState(self.state).label

    @property
    def kind_label(self) -> str:
        """What it points to, in the words of the edition in which it was raised."""
        return editions.get(self.edition).vocabularies[KINDS].label(self.kind)

    @property
    def is_going_on(self) -> bool:
        return self.state != SignalState.CLOSED


class SignalCase(Record):
    """A death that belongs to a signal."""

    signal = models.ForeignKey(Signal, models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="signals")
    removed = models.BooleanField(default=False)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "signal": Note("Which signal", "", Sensitivity.NONE, Seen.NOBODY),
        "case": Note("Which case", "", Sensitivity.PERSONAL, Seen.TEAM),
        "removed": Note("Whether it turned out not to belong", "", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["case_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["signal", "case"], name="signal_case_once")
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} of signal {self.signal_id}"


def raise_signal(
    case: Case, *, kind: str, about: str, owner: User, due_on: date, by: User
) -> Signal:
    """Raise a signal out of one case; others can be added."""
    with act():
        _watched(owner, due_on)
        edition = editions.in_force(localdate()).code
        signal = Signal(kind=kind, edition=edition, about=about.strip(), owner=owner, due_on=due_on)
        signal.opened_at = timezone.now()
        steps.create(signal, by=by, action="signal.raised")
        steps.create(SignalCase(signal=signal, case=case), by=by)
    return signal


def add_case(signal: Signal, case: Case, *, by: User) -> SignalCase:
    """Another death belongs to it. One that is there already stays as it is."""
    with act():
        Signal.objects.select_for_update().get(pk=signal.pk)
        row = SignalCase.objects.filter(signal=signal, case=case).first()
        if row:
            return steps.edit(row, by=by, removed=False)
        return steps.create(SignalCase(signal=signal, case=case), by=by)


def remove_case(bound: SignalCase, *, by: User) -> SignalCase:
    """A death turned out not to belong to it; that it was thought to stays in the history."""
    with act():
        Signal.objects.select_for_update().get(pk=bound.signal_id)
        others = SignalCase.objects.filter(signal=bound.signal_id, removed=False)
        if not others.exclude(pk=bound.pk).exists():
            raise Refused("A signal has at least one case. Close it if there was nothing in it.")
        return steps.edit(bound, by=by, removed=True)


def correct(
    signal: Signal, *, kind: str, about: str, owner: User, due_on: date, by: User, version: int
) -> Signal:
    """Put right what was noticed, whose it is, and by when. Raises Stale, Refused."""
    with act():
        row = _locked(signal, version)
        if not row.is_going_on:
            raise Refused("This signal is closed. Take it up again first.")
        if (owner, due_on) != (row.owner, row.due_on):
            _watched(owner, due_on)
        said: dict[str, Any] = {"kind": kind, "about": about.strip(), "owner": owner}
        return steps.edit(row, by=by, version=version, **said, due_on=due_on)


def decide(
    signal: Signal,
    *,
    decision: str,
    decided_by: str,
    decided_on: date,
    due_on: date,
    by: User,
    version: int,
) -> Signal:
    """Record what is done about it, and when somebody looks again. Raises Stale, Refused."""
    said = _decision(decision, decided_by, decided_on)
    watching.check_next(due_on)
    with act():
        row = _locked(signal, version)
        return steps.step(row, SignalState.DECIDED, by=by, due_on=due_on, **said)


def escalate(
    signal: Signal,
    *,
    escalated_to: str,
    decision: str,
    decided_by: str,
    decided_on: date,
    due_on: date,
    by: User,
    version: int,
) -> Signal:
    """Take it to somebody who can do more, and look again by a day. Raises Stale, Refused."""
    said = _decision(decision, decided_by, decided_on)
    if not escalated_to.strip():
        raise Refused("Say to whom it is taken.")
    said |= {"escalated_to": escalated_to.strip(), "escalated_on": decided_on}
    watching.check_next(due_on)
    with act():
        row = _locked(signal, version)
        return steps.step(row, SignalState.ESCALATED, by=by, due_on=due_on, **said)


def close(signal: Signal, *, outcome: str, by: User, version: int) -> Signal:
    """Nothing more is to be done: what came of it. Raises Stale, Refused."""
    if not outcome.strip():
        raise Refused("Say what came of it.")
    with act():
        row = _locked(signal, version)
        said: dict[str, Any] = {
            "outcome": outcome.strip(),
            "closed_on": localdate(),
            "due_on": None,
        }
        return steps.step(row, SignalState.CLOSED, by=by, **said)


def take_up(signal: Signal, *, due_on: date, by: User, version: int) -> Signal:
    """Something new is known: it is open again. What was decided stays in the history."""
    watching.check_next(due_on)
    said: dict[str, Any] = dict.fromkeys(("decision", "decided_by", "escalated_to", "outcome"), "")
    said |= dict.fromkeys(("decided_on", "escalated_on", "closed_on"))
    with act():
        row = _locked(signal, version)
        return steps.step(row, SignalState.OPEN, by=by, due_on=due_on, **said)


def _decision(decision: str, decided_by: str, decided_on: date) -> dict[str, Any]:
    if not (decision.strip() and decided_by.strip()):
        raise Refused("Say what was decided, and who decided it.")
    if decided_on > localdate():
        raise Refused("The date must be today or in the past.")
    who = {"decision": decision.strip(), "decided_by": decided_by.strip()}
    return {**who, "decided_on": decided_on}


def _watched(owner: User, due_on: date) -> None:
    watching.check_owner(owner)
    watching.check_next(due_on)


def _locked(signal: Signal, version: int) -> Signal:
    row = Signal.objects.select_for_update(of=("self",)).select_related("owner").get(pk=signal.pk)
    if row.version != version:
        raise Stale(row)
    return row
