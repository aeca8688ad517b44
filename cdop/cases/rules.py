"""Why a case is not ready, in sentences that its team can act on."""

from __future__ import annotations

from cdop.cases.models import Case
from cdop.cases.states import CaseState


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


def why_not_edit(case: Case) -> str:
    """Why the facts cannot be corrected; "" means they can."""
    if case.state == CaseState.CLOSED:
        return "This case is closed. Its facts stand as they were counted."
    return ""
