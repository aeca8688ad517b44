"""Makers of analyses for tests: what a careful member would send."""

from dataclasses import replace
from typing import Any

from cdop import editions
from cdop.panel.models import AgendaItem
from cdop.reviews import actions
from cdop.reviews.content import Content, FactorLine, Graded, Outcome
from cdop.reviews.models import Finding, Review

AGREED = Outcome("agreed", would_change="The result of the inquest")
LSCB = editions.get("lscb-2015")

WHOLE = Content(
    cause="Not known yet",
    summary="The child was found in the morning.",
    expectedness="unexpected",
    categories=("infection", "unexplained"),
    grades={domain.code: Graded("2", f"About {domain.code}") for domain in LSCB.domains},
    factors=(
        FactorLine(0, "parenting", "unsafe_sleep", "", "2", True),
        FactorLine(1, "service", "", "No visit in the first week", "1*", False),
    ),
    modifiable="modifiable",
    issues="None beyond the above",
    learning="Advice on sleeping",
)


def whole(**changes: Any) -> Content:
    """An analysis in which everything is answered and fits together, but for ``changes``."""
    return replace(WHOLE, **changes)


def sent_review(item: AgendaItem, member, **changes: Any) -> Review:
    """A review that the member sent."""
    return actions.send_review(item, whole(**changes), by=member)


def recorded(
    item: AgendaItem,
    chair,
    version: int = 0,
    *,
    outcome: Outcome = AGREED,
    why: str = "",
    **changes: Any,
) -> Finding:
    """A finding that the chair recorded, agreed unless told otherwise."""
    said = {"version": version, "outcome": outcome, "why": why}
    return actions.record_finding(item, whole(**changes), **said, by=chair)
