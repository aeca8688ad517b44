"""Why a case is not ready, in sentences that its team can act on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from cdop.cases import holds
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case, CaseFacts
from cdop.cases.states import CaseState, PlacementState
from cdop.core import ages

if TYPE_CHECKING:
    from cdop.cases.placement import Placement

# What the finding decides, and whether the death was one to be reviewed at all.
SIGNED_OFF = frozenset(
    {"expectedness", "category", "modifiable", "analysis_edition", "reviewed_in", "in_scope"}
)


def why_not_ready(case: Case) -> list[str]:
    """What is still missing before the panel can review the case; empty means nothing is."""
    return _missing_facts(case.facts) + holds.why_not_review(case)


def not_ready_each(cases: Iterable[Case]) -> dict[int, list[str]]:
    """The same for several cases whose facts are read, by their keys; each is in it."""
    cases = list(cases)
    held = holds.why_not_review_each(cases)
    return {case.pk: _missing_facts(case.facts) + held.get(case.pk, []) for case in cases}


def _missing_facts(facts: CaseFacts) -> list[str]:
    missing = []
    if not facts.in_scope:
        missing.append("This death is not one that the panel reviews.")
    if facts.area_id is None:
        missing.append("Say in which area the child normally lived.")
    if not facts.expectedness:
        missing.append("Say whether the death was expected, or that this is not known.")
    if not facts.sex:
        missing.append("Say the child's sex, or that it is not known.")
    return missing


def why_not_close(case: Case) -> str:
    """Why a reviewed case cannot be closed yet; "" means it can."""
    if holds.Hold.objects.filter(case=case).running().exists():
        return (
            "Something still holds up this case, and what comes of it may change what was found. "
            "End the hold first."
        )
    return ""


def seems_grown_up(record: IdentityRecord, died_on: date) -> bool:
    """Whether by the dates the death was on or after the 18th birthday."""
    return record.born_on is not None and not ages.is_child(record.born_on, died_on)


def why_not_correct(case: Case, changed: Iterable[str] = ()) -> str:
    """Why what the case says cannot be corrected; "" means it can.

    changed  names of the facts that would change
    """
    if case.state == CaseState.CLOSED:
        return "This case is closed. Its facts stand as they were counted."
    if case.state == CaseState.WITHDRAWN:
        return "This case is withdrawn. What it says stays as it was."
    if SIGNED_OFF & set(changed) and is_reviewed(case):
        return "This was signed off with the panel's finding, so it stands as it was found."
    return ""


def why_not_withdraw(case: Case) -> str:
    """Why a case cannot be withdrawn any more; "" means it can."""
    if case.state == CaseState.WITHDRAWN:
        return "This case is withdrawn already."
    if is_reviewed(case):
        return "The panel has reviewed this death, so its case cannot be withdrawn."
    return ""


def is_reviewed(case: Case) -> bool:
    """Whether the panel has reviewed the death, also where the case was reopened since."""
    done = (CaseState.REVIEWED, CaseState.CLOSED)
    return case.state in done or case.facts.reviewed_in is not None


def why_not_reopen(case: Case) -> str:
    """Why a case cannot be reopened; "" means it can."""
    if case.state in (CaseState.REVIEWED, CaseState.CLOSED):
        return ""
    return f"This case is {CaseState(case.state).label}, so there is nothing to reopen."


def why_not_change_scope(placement: Placement | None, *, in_scope: bool) -> str:
    """Why the panel cannot take on the review of a death that another panel reviews."""
    elsewhere = (PlacementState.ELSEWHERE, PlacementState.OUTCOME)
    if in_scope and placement and placement.state in elsewhere:
        return (
            f"{placement.reviewed_by} reviews this death. Agree first that this panel does, under "
            "“Who reviews this death”."
        )
    return ""
