"""Why a case is not ready, in sentences that its team can act on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core import ages

# What the finding decides, and whether the death was one to be reviewed at all.
SIGNED_OFF = frozenset(
    {"expectedness", "category", "modifiable", "analysis_edition", "reviewed_in", "in_scope"}
)


def why_not_ready(case: Case) -> list[str]:
    """What is still missing before the panel can review the case; empty means nothing is."""
    facts = case.facts
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


def seems_grown_up(record: IdentityRecord, died_on: date) -> bool:
    """Whether by the dates the death was on or after the 18th birthday."""
    return record.born_on is not None and not ages.is_child(record.born_on, died_on)


def why_not_correct(case: Case, changed: Iterable[str] = ()) -> str:
    """Why what the case says cannot be corrected; "" means it can.

    changed  names of the facts that would change
    """
    if case.state == CaseState.CLOSED:
        return "This case is closed. Its facts stand as they were counted."
    if case.state == CaseState.REVIEWED and SIGNED_OFF & set(changed):
        return "This was signed off with the panel's finding, so it stands as it was found."
    return ""
