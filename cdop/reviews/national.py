"""The line of each case of a meeting for the national collection, out of what is counted of it.

Which columns the statutory tracking sheet (Form A1) and its child-level return had is background:
its fields are known from descriptions (S12, S17). No name, no day of birth or of death.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from cdop import editions
from cdop.cases.models import CaseFacts
from cdop.core.roles import Permission
from cdop.editions import one
from cdop.panel.facts import label_of
from cdop.panel.models import AgendaItem, Meeting
from cdop.reviews import gate
from cdop.reviews.comparison import found_by_panel
from cdop.reviews.comparison import rows as compared
from cdop.reviews.models import Finding
from cdop.reviews.queries import WITH_PARTS

if TYPE_CHECKING:
    from cdop.core.users import User

CODED = (
    ("Sex", "sex", "sex"),
    ("Ethnic group", "ethnic_group", "ethnic_group"),
    ("Place of death", "place_of_death", "places"),
    ("Place of the event", "place_of_event", "places"),
)
"""Column of the file, of the facts, and the vocabulary in which it was reported."""
FOUND = (
    "Expected or not",
    "Category",
    "Other categories that fit",
    "Modifiable factors",
    "Factors",
)
"""Questions of the analysis, as they stand side by side."""
HEAD = (
    "Case",
    "Guidance",
    "Area",
    "Month of death",
    "Month of notification",
    "Age band",
    *(heading for heading, _, _ in CODED),
    "Weeks of gestation",
    "Day of the panel",
    *FOUND,
    "Finding",
    "Month of first sign-off",
    "Days from death to first sign-off",
    "Still to be answered",
)


def lines(meeting: Meeting, user: User) -> Iterator[tuple[str, ...]]:
    """A line for each case of a meeting with a finding, in the order of the agenda.

    For those who manage cases: a line begins with the reference of the case.
    """
    if not user.can(Permission.CASES_MANAGE):
        return
    seen = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
    findings = Finding.objects.filter(item__in=seen).select_related("analysis", "case", "item")
    whole = findings.prefetch_related(*WITH_PARTS, "explained")
    latest = {row.case_id: row for row in whole.order_by("item__position", "number")}
    facts = CaseFacts.objects.select_related("area").in_bulk(latest)
    for case, finding in latest.items():
        yield _line(finding, facts[case], meeting)


def _line(finding: Finding, facts: CaseFacts, meeting: Meeting) -> tuple[str, ...]:
    reported, column = editions.get(finding.case.edition), found_by_panel(finding)
    asked = {row.term: "; ".join(row.cells[0]) for row in compared([column])}
    band = one(column.edition.age_bands, facts.age_band).label if facts.age_band else ""
    return (
        finding.case.reference,
        column.edition.title,
        str(facts.area or "Not known, or elsewhere"),
        _month(facts.died_in),
        _month(facts.notified_in),
        band,
        *(label_of(reported, words, getattr(facts, name)) for _, name, words in CODED),
        str(facts.gestation_weeks or ""),
        meeting.held_on.isoformat(),
        *(asked[term] for term in FOUND),
        finding.state_label,
        _month(facts.reviewed_in),
        "" if facts.days_to_sign_off is None else str(facts.days_to_sign_off),
        " ".join(gate.open_sentences(gate.points(finding, column.content))),
    )


def _month(first: date | None) -> str:
    return f"{first:%Y-%m}" if first else ""
