"""Whether it is true: nothing goes to a family before somebody else has said that the child died.

A death is confirmed by a second notification, or by a call to the switchboard of the organisation
that told us, on a number that was looked up and not taken from the notification.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Min, Q
from django.utils import timezone

from cdop.cases.models import Case
from cdop.cases.states import CONFIRMATION_STEPS, UNDER_WAY, UNTRUE, CaseState, ConfirmationState
from cdop.core import casework, steps
from cdop.core.audit import Job, act
from cdop.core.casework import Told
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.jinja import moment
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale

if TYPE_CHECKING:
    from cdop.core.users import User

NAME_LIMIT = 200


class Way(models.TextChoices):
    """How a death can be confirmed."""

    SECOND_SOURCE = "second_source", "A second notification, from somebody else"
    CALL_BACK = "call_back", "A call back to the switchboard of the organisation"
    EARLIER = "earlier", "In the system used before"


ASKED = (Way.SECOND_SOURCE, Way.CALL_BACK)
"""The ways in which a person confirms a death here."""


class Confirmation(Record):
    """What is known of the truth of one case's report."""

    STEPS = CONFIRMATION_STEPS

    case = models.OneToOneField(Case, models.PROTECT, related_name="confirmation")
    state = models.CharField(max_length=20, default=ConfirmationState.UNCONFIRMED)
    way = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=100, blank=True)
    organisation = models.CharField(max_length=NAME_LIMIT, blank=True)
    number_from = models.CharField(max_length=NAME_LIMIT, blank=True)
    spoke_to = models.CharField(max_length=NAME_LIMIT, blank=True)
    rung_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=NAME_LIMIT, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, seen)
        for name, meaning, sensitivity, seen in [
            ("case", "Of which case", Sensitivity.NONE, Seen.NOBODY),
            ("state", "Whether the death is confirmed", Sensitivity.NONE, Seen.RESPONDERS),
            ("way", "How it was confirmed", Sensitivity.NONE, Seen.RESPONDERS),
            (
                "source",
                "Which notification or import says so",
                Sensitivity.NONE,
                Seen.TEAM,
            ),
            ("organisation", "Which organisation was rung", Sensitivity.NONE, Seen.TEAM),
            ("number_from", "Where its number was looked up", Sensitivity.NONE, Seen.TEAM),
            ("spoke_to", "Who confirmed it there", Sensitivity.STAFF, Seen.TEAM),
            ("rung_at", "When they were rung", Sensitivity.NONE, Seen.TEAM),
            (
                "why",
                "Why it is not true, or no longer confirmed",
                Sensitivity.PERSONAL,
                Seen.TEAM,
            ),
            ("decided_at", "When it was recorded", Sensitivity.NONE, Seen.TEAM),
            ("decided_by", "Who recorded it", Sensitivity.STAFF, Seen.TEAM),
        ]
    }

    class Meta:
        verbose_name = "report"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="confirmation_says_how",
                condition=~Q(state="confirmed")
                | Q(way="second_source") & ~Q(source="")
                | Q(way="call_back", rung_at__isnull=False) & ~Q(spoke_to="")
                | Q(way="earlier") & ~Q(source=""),
            )
        ]

    def __str__(self) -> str:
        return f"confirmation of case {self.case_id}"

    @property
    def state_label(self) -> str:
        return ConfirmationState(self.state).label


@dataclass(frozen=True)
class Source:
    """A notification that stands behind a case.

    told  who sent it, as far as a stage knows
    """

    reference: str
    received_at: datetime
    told: Told | None = None

    @property
    def is_same(self) -> bool:
        """Whether the first notifier sent it as well, so that it confirms nothing."""
        return self.told is not None and bool(self.told.same)

    @property
    def words(self) -> str:
        """Its reference, when it arrived, and who sent it."""
        who = f". {self.told.who}" if self.told else ""
        return f"{self.reference}, {moment(self.received_at)}{who}"


def of(case: Case) -> Confirmation | None:
    """What is known of the truth of the report; None where nobody has looked yet."""
    return Confirmation.objects.filter(case=case).first()


def known(case: Case) -> Confirmation | None:
    """The same for a page that only shows it: read once, or with the case itself."""
    return getattr(case, "confirmation", None)


def confirmed() -> models.QuerySet[Any, Any]:
    """The primary keys of the cases whose death is confirmed."""
    found = Confirmation.objects.filter(state=ConfirmationState.CONFIRMED)
    return found.order_by().values("case")


def is_open(case: Case) -> bool:
    """Whether a case that is under way still waits for somebody to confirm the death."""
    row = known(case)
    confirmed = row is not None and row.state == ConfirmationState.CONFIRMED
    return case.state in UNDER_WAY and not confirmed


def why_not_write_to_family(case: Case) -> str:
    """Why nothing may go to the family of this case now; "" means a letter may.

    Asked again when a letter is sent: a case can be withdrawn after it was written.
    """
    state = Case.objects.values_list("state", flat=True).get(pk=case.pk)
    return _why_not_write(CaseState(state), of(case))


def why_not_speak_to_family(case: Case) -> str:
    """The same for a page that only shows it: of the case as it was read."""
    return _why_not_write(CaseState(case.state), known(case))


def _why_not_write(state: CaseState, row: Confirmation | None) -> str:
    if state == CaseState.WITHDRAWN:
        return "This case is withdrawn. Nothing goes to a family about it."
    if row and row.state == ConfirmationState.CONFIRMED:
        return ""
    return (
        "Nobody besides the first notifier has confirmed this death. Confirm it by a second "
        "notification, or by a call to the organisation that told us, before anything goes to a "
        "family."
    )


def sources(case: Case, by: User) -> list[Source]:
    """The notifications behind a case, the first to arrive first, and who sent each."""
    rows = case.reported_values.filter(withdrawn_at=None).order_by().values_list("source")
    found = list(rows.annotate(first=Min("received_at")).order_by("first", "source"))
    told = casework.told_by(case, by) if len(found) > 1 else {}
    return [Source(reference, at, told.get(reference)) for reference, at in found]


def confirm_by_source(case: Case, source: str, *, by: User, version: int) -> Confirmation:
    """A second notification says so too: any but the first that arrived, from somebody else."""
    with act():
        row = _locked(case, version, by)
        if source not in _second_sources(case, by):
            raise Refused(
                "Choose a second notification that stands behind this case and came from somebody "
                "other than the first."
            )
        return _confirm(row, by, way=Way.SECOND_SOURCE, source=source)


def confirm_by_call(
    case: Case,
    *,
    organisation: str,
    number_from: str,
    spoke_to: str,
    rung_at: datetime,
    by: User,
    version: int,
) -> Confirmation:
    """Somebody at the organisation's own switchboard said so.

    number_from  where its number was looked up, for example the organisation's website
    """
    said = {"organisation": organisation, "number_from": number_from, "spoke_to": spoke_to}
    said = {name: words.strip() for name, words in said.items()}
    if not all(said.values()):
        raise Refused("Say which organisation was rung, on whose number, and who confirmed it.")
    if rung_at > timezone.now():
        raise Refused("The time of the call must be in the past.")
    with act():
        row = _locked(case, version, by)
        return _confirm(row, by, way=Way.CALL_BACK, rung_at=rung_at, **said)


def confirmed_before(case: Case, source: str, *, by: User | Job, reason: str) -> Confirmation:
    """The system used before knew the death to be true; part of bringing the case in.

    source  the import that says so
    """
    row = Confirmation(
        case=case,
        state=ConfirmationState.CONFIRMED,
        way=Way.EARLIER,
        source=source,
        decided_at=timezone.now(),
        decided_by=None if isinstance(by, Job) else by,
    )
    return steps.create(row, by=by, reason=reason)


def take_back(case: Case, *, by: User, version: int, reason: str) -> Confirmation:
    """What was recorded as a confirmation was none; nothing goes to the family any more."""
    if not reason.strip():
        raise Refused("Say why this is no longer confirmed.")
    with act():
        return _open_again(_locked(case, version, by), by, reason)


def look_again(case: Case, *, by: User) -> None:
    """A notification was taken off the case: where that left one source, nothing is confirmed."""
    row = of(case)
    if row and row.way == Way.SECOND_SOURCE and row.source not in _second_sources(case, by):
        _open_again(row, by, "A notification that confirmed it was taken off this case")


def untrue(case: Case, what: ConfirmationState, *, by: User, reason: str) -> Confirmation:
    """The report was a mistake, a hoax or meant to do harm. Part of withdrawing the case."""
    if what not in UNTRUE:
        raise Refused("Say what the report was.")
    with act():
        row = of(case) or _begin(case, by)
        return steps.step(row, what, by=by, reason=reason, **_stamps(by), **_nothing(reason))


def true_after_all(case: Case, *, by: User, reason: str) -> None:
    """The case is taken up again: whether the death is true is open, and not confirmed."""
    row = of(case)
    if row and row.state in UNTRUE:
        _open_again(row, by, reason)


def _second_sources(case: Case, by: User) -> list[str]:
    return [each.reference for each in sources(case, by)[1:] if not each.is_same]


def _confirm(row: Confirmation, by: User, **how: Any) -> Confirmation:
    return steps.step(row, ConfirmationState.CONFIRMED, by=by, **_stamps(by), **_nothing("") | how)


def _open_again(row: Confirmation, by: User, reason: str) -> Confirmation:
    stamps = _stamps(by) | _nothing(reason)
    return steps.step(row, ConfirmationState.UNCONFIRMED, by=by, reason=reason, **stamps)


def _stamps(by: User) -> dict[str, Any]:
    return {"decided_at": timezone.now(), "decided_by": by}


def _nothing(reason: str) -> dict[str, Any]:
    """The columns that say how, emptied; what they said stays in the history."""
    texts = dict.fromkeys(("way", "source", "organisation", "number_from", "spoke_to"), "")
    return {**texts, "rung_at": None, "why": reason.strip()[:NAME_LIMIT]}


def _begin(case: Case, by: User | Job) -> Confirmation:
    return steps.create(Confirmation(case=case), by=by)


def _locked(case: Case, version: int, by: User) -> Confirmation:
    """The row, made where there was none, held until the act ends. Raises Stale, Refused."""
    locked = Case.objects.held(case.pk)
    if locked.state == CaseState.WITHDRAWN:
        raise Refused("This case is withdrawn. Take it up again first.")
    row = of(locked)
    if (row.version if row else 0) != version:
        raise Stale(row)
    return row or _begin(locked, by)
