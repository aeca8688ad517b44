"""Where a death belongs: five facts that are never one, who responds, who reviews, by whose word.

Where the child lived, who looked after them, where what led to the death happened, where they died
and which coroner was told may each point to another area, and a postcode only proposes. Whether
the death counts as this panel's stands in ``CaseFacts`` alone and is written by ``corrections``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cdop import editions
from cdop.cases import corrections
from cdop.cases.models import Case, CaseFacts
from cdop.cases.states import PLACEMENT_STEPS, CaseState, PlacementState
from cdop.core import casework, steps
from cdop.core.audit import Job, act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.clocks import clock_start, due
from cdop.core.organisations import Area
from cdop.core.records import Record
from cdop.core.refusals import Stale, refuse_if

if TYPE_CHECKING:
    from cdop.core.users import User

NAME_LIMIT = 200
AGREE_WITHIN = 5
"""Working days in which two panels ought to agree; no guidance names a number, so this is ours."""
OUTCOME_STANDARD = "panel_six_months"
OUTCOME_WITHIN = 182
"""Days from the death to the review where the edition names no such standard."""
NOT_BEFORE = 20
"""Working days that the other panel has at least, however late it was asked."""


class Where(models.TextChoices):
    """A place outside the four areas, which go by their own codes."""

    ENGLAND = "england", "Elsewhere in England"
    WALES = "wales", "Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"
    ABROAD = "abroad", "Outside the United Kingdom"
    NO_FIXED_ABODE = "no_fixed_abode", "No fixed abode"
    NOT_KNOWN = "not_known", "Not known"


NOT_LOOKED_AFTER = "no"


class ResidenceOf(models.TextChoices):
    """Whose home decides: a newborn baby belongs where the mother lives."""

    CHILD = "child", "The child"
    MOTHER = "mother", "The mother, as the baby had no other home yet"


class Response(models.TextChoices):
    """Who leads the immediate response."""

    HERE = "here", "Our own team"
    ELSEWHERE = "elsewhere", "The team of another area"
    NONE = "none", "Nobody: it is not that kind of death"


class OutOfScope(models.TextChoices):
    """Why the panel does not review a death, by the code of the edition's rule on scope."""

    LIVE_BIRTH = "live_birth", "The baby was not born alive"
    AGE = "age", "The death was on or after the 18th birthday"
    TERMINATION = "termination", "It followed a lawful termination of pregnancy"
    GESTATION = "gestation", "The baby was born before the week that the guidance names"
    RESIDENT = "resident", "It belongs to another panel"


class Placement(Record):
    """Where one death belongs. A place is the code of one of the four areas or of ``Where``."""

    STEPS = PLACEMENT_STEPS

    case = models.OneToOneField(Case, models.PROTECT, related_name="placement")
    residence_of = models.CharField(max_length=20, blank=True)
    residence = models.CharField(max_length=20, blank=True)
    residence_name = models.CharField(max_length=NAME_LIMIT, blank=True)
    looked_after = models.CharField(max_length=20, blank=True)
    looked_after_name = models.CharField(max_length=NAME_LIMIT, blank=True)
    event = models.CharField(max_length=20, blank=True)
    event_name = models.CharField(max_length=NAME_LIMIT, blank=True)
    death = models.CharField(max_length=20, blank=True)
    death_name = models.CharField(max_length=NAME_LIMIT, blank=True)
    coroner = models.CharField(max_length=NAME_LIMIT, blank=True)
    response = models.CharField(max_length=20, blank=True)
    response_name = models.CharField(max_length=NAME_LIMIT, blank=True)
    state = models.CharField(max_length=20, default=PlacementState.OURS)
    state_since = models.DateTimeField()
    reviewed_by = models.CharField(max_length=NAME_LIMIT, blank=True)
    agreed_by = models.CharField(max_length=NAME_LIMIT, blank=True)
    agreed_on = models.DateField(null=True)
    outcome_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)
    scope_rule = models.CharField(max_length=20, blank=True)
    scope_reason = models.CharField(max_length=NAME_LIMIT, blank=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, form, sensitivity, Seen.RESPONDERS)
        for name, meaning, form, sensitivity in [
            ("case", "Of which case", "", Sensitivity.NONE),
            ("residence_of", "Whose home decides", "A7", Sensitivity.PERSONAL),
            ("residence", "Where that home was", "A7", Sensitivity.PERSONAL),
            ("residence_name", "The authority there", "A7", Sensitivity.PERSONAL),
            (
                "looked_after",
                "Where a looked-after child's authority is",
                "A21",
                Sensitivity.PERSONAL,
            ),
            ("looked_after_name", "That authority", "A21", Sensitivity.PERSONAL),
            ("event", "Where what led to the death happened", "A14", Sensitivity.PERSONAL),
            ("event_name", "The authority there", "A14", Sensitivity.PERSONAL),
            ("death", "Where the child died", "A13", Sensitivity.PERSONAL),
            ("death_name", "The authority there", "A13", Sensitivity.PERSONAL),
            ("coroner", "The coroner's area, if one was told", "A17", Sensitivity.PERSONAL),
            ("response", "Who leads the immediate response", "", Sensitivity.NONE),
            ("response_name", "The team of another area", "", Sensitivity.NONE),
            ("state", "Who reviews, as far as agreed", "", Sensitivity.NONE),
            ("state_since", "Since when", "", Sensitivity.NONE),
            ("reviewed_by", "The other panel", "", Sensitivity.NONE),
            ("agreed_by", "Who agreed on it", "", Sensitivity.STAFF),
            ("agreed_on", "When they agreed", "", Sensitivity.NONE),
            ("outcome_on", "When its outcome came", "", Sensitivity.NONE),
            ("outcome", "The outcome in a few words", "", Sensitivity.PERSONAL),
            ("scope_rule", "The rule by which it is not reviewed here", "", Sensitivity.PERSONAL),
            ("scope_reason", "Why it was so decided", "", Sensitivity.PERSONAL),
        ]
    }

    class Meta:
        verbose_name = "death"
        indexes: ClassVar = [
            models.Index(fields=["state", "state_since"], name="placement_waiting")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="placement_names_who_reviews_elsewhere",
                condition=~Q(state__in=["elsewhere", "outcome"]) | ~Q(reviewed_by=""),
            ),
            models.CheckConstraint(
                name="placement_outcome_with_its_date",
                condition=Q(state="outcome", outcome_on__isnull=False)
                | (~Q(state="outcome") & Q(outcome_on=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"where case {self.case_id} belongs"

    @property
    def state_label(self) -> str:
        return PlacementState(self.state).label


PLACES = (
    "residence_of",
    "residence",
    "residence_name",
    "looked_after",
    "looked_after_name",
    "event",
    "event_name",
    "death",
    "death_name",
    "coroner",
    "response",
    "response_name",
)
"""The columns that ``record`` writes."""


def of(case: Case) -> Placement | None:
    """Where the case belongs, as far as anybody has said."""
    return Placement.objects.filter(case=case).first()


def known(case: Case) -> Placement | None:
    """The same for a page that only shows it: read once, or with the case itself."""
    return getattr(case, "placement", None)


def open_for(case: Case, *, by: User | Job, agreeing: bool = False, **said: Any) -> Placement:
    """Begin with what triage knows of a new case.

    agreeing  whether another panel may be the one that reviews it
    said      columns of ``PLACES``, ``scope_rule`` and ``scope_reason``
    """
    state = PlacementState.AGREEING if agreeing else PlacementState.OURS
    return steps.create(
        Placement(case=case, state=state, state_since=timezone.now(), **said), by=by
    )


def record(case: Case, *, by: User, version: int, area: Area | None, **places: Any) -> Placement:
    """Record the places, and for which area the death counts.

    version  that of the placement on the page; 0 where there was none
    places   columns of ``PLACES``
    Raises Stale where somebody else recorded meanwhile, Refused where the case is closed.
    """
    with act():
        row = _locked(case, version, by)
        refuse_if(_ended(case))
        if CaseFacts.objects.get(case=case).area != area:
            corrections.correct_facts(case, by=by, reason="where it belongs", area=area)
        return steps.edit(row, by=by, **places)


def agree(
    case: Case,
    to: PlacementState,
    *,
    by: User,
    version: int,
    reviewed_by: str = "",
    agreed_by: str = "",
    agreed_on: date | None = None,
    outcome_on: date | None = None,
    outcome: str = "",
) -> Placement:
    """Record who reviews the death; once another panel does, this one counts it nowhere.

    Raises Refused, having changed nothing, where something is missing, the panel has reviewed the
    death, or it is on an agenda.
    """
    with act():
        row = _locked(case, version, by)
        said = {"reviewed_by": reviewed_by.strip() or row.reviewed_by}
        said |= {"agreed_by": agreed_by.strip() or row.agreed_by}
        agreed = agreed_on or row.agreed_on
        refuse_if(
            _ended(case) or why_not_agree(to, **said, agreed_on=agreed, outcome_on=outcome_on)
        )
        if to == PlacementState.ELSEWHERE:
            _leave(case, row, said["reviewed_by"], by)
        stamps: dict[str, Any] = {**said, "agreed_on": agreed, "state_since": timezone.now()}
        stamps |= {"outcome_on": outcome_on, "outcome": outcome.strip()}
        if to in (PlacementState.OURS, PlacementState.AGREEING):
            stamps["reviewed_by"] = reviewed_by.strip()
        return steps.step(row, to, by=by, **stamps)


def why_not_agree(
    to: PlacementState,
    *,
    reviewed_by: str,
    agreed_by: str,
    agreed_on: date | None,
    outcome_on: date | None,
) -> str:
    """What is still to be said before the step can be taken; "" means nothing is."""
    if to in (PlacementState.OURS, PlacementState.AGREEING):
        return ""
    if not reviewed_by:
        return "Say which panel reviews this death."
    if not (agreed_by and agreed_on):
        return "Say who agreed that another panel reviews this death, and when."
    if to == PlacementState.OUTCOME and outcome_on is None:
        return "Say when the outcome came."
    return ""


def note_scope(case: Case, *, rule: str, reason: str, by: User | Job) -> None:
    """Keep by which rule, and why, a death is reviewed here or not; the facts say whether."""
    row = of(case) or open_for(case, by=by)
    steps.edit(row, by=by, scope_rule=rule, scope_reason=reason.strip()[:NAME_LIMIT])


def due_at(row: Placement, closures: Collection[date]) -> datetime | None:
    """By when an agreement, or the outcome of another panel, ought to be there.

    ``row.case.clocks`` is read for an outcome. None where nothing is waited for.
    """
    if row.state == PlacementState.AGREEING:
        return due(row.state_since, AGREE_WITHIN, "working_days", closures)
    if row.state != PlacementState.ELSEWHERE:
        return None
    standards = editions.get(row.case.edition).standards
    rule = next((each.due for each in standards if each.code == OUTCOME_STANDARD), None)
    offset, unit = (rule.offset, rule.unit) if rule else (OUTCOME_WITHIN, "days")
    clocks = row.case.clocks
    died = clock_start(clocks.died_on, clocks.died_at, clocks.confirmed_at).at
    least = due(row.state_since, NOT_BEFORE, "working_days", closures)
    return max(due(died, offset, unit, closures), least)


def waiting() -> models.QuerySet[Placement]:
    """The agreements and outcomes that are waited for, on cases that still go on."""
    states = (PlacementState.AGREEING, PlacementState.ELSEWHERE)
    rows = Placement.objects.filter(state__in=states).exclude(case__state__in=ENDED)
    return rows.select_related("case__clocks").order_by("state_since", "pk")


def in_words(code: str, name: str, areas: dict[str, str]) -> str:
    """A place as people read it; ``areas`` are the names of the four by their codes."""
    if code == NOT_LOOKED_AFTER:
        return "No"
    label = areas.get(code) or (Where(code).label if code else "")
    return ": ".join(filter(None, [label, name]))


ENDED = (CaseState.CLOSED, CaseState.WITHDRAWN)


def _leave(case: Case, row: Placement, panel: str, by: User) -> None:
    """What follows here when another panel reviews: counted nowhere, and on no panel's way."""
    refuse_if(casework.why_not_leave(case))
    reason = f"{panel} reviews this death"[:NAME_LIMIT]
    corrections.correct_facts(case, by=by, reason=reason, in_scope=False)
    note_scope(case, rule=OutOfScope.RESIDENT, reason=reason, by=by)
    if case.state == CaseState.READY:
        steps.step(case, CaseState.GATHERING, by=by, reason=reason)


def _locked(case: Case, version: int, by: User) -> Placement:
    """The row, made where there was none, held until the act ends. Raises Stale."""
    locked = Case.objects.held(case.pk)
    case.state = locked.state
    row = of(locked)
    if (row.version if row else 0) != version:
        raise Stale(row)
    return row or open_for(locked, by=by)


def _ended(case: Case) -> str:
    if case.state not in ENDED:
        return ""
    return f"This case is {CaseState(case.state).label}. What it says stays as it was."
