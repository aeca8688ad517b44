"""What the papers say about a child: the counted facts in words, and nothing that names one."""

from __future__ import annotations

from dataclasses import dataclass

from cdop import editions
from cdop.cases.models import CaseFacts
from cdop.core.ages import approximate_age
from cdop.editions import Edition
from cdop.panel.models import AgendaItem

NOT_KNOWN = "Not known"
CODED = (
    ("Sex", "sex", "sex"),
    ("Whether the death was expected", "expectedness", "expectedness"),
    ("Kind of place of death", "place_of_death", "places"),
    ("Kind of place of the event that led to it", "place_of_event", "places"),
    ("Ethnic group", "ethnic_group", "ethnic_group"),
)


@dataclass(frozen=True)
class Fact:
    """One line of the papers."""

    term: str
    text: str


def facts_of(item: AgendaItem) -> list[Fact]:
    """The anonymised facts of a case, in the words of the edition in which they were reported."""
    facts, edition = item.case.facts, editions.get(item.case.edition)
    coded = [
        Fact(term, label_of(edition, vocabulary, getattr(facts, column)))
        for term, column, vocabulary in CODED
    ]
    return [
        Fact("Area", str(facts.area) if facts.area else "Outside the four areas"),
        Fact("Age", approximate_age(facts.age_days, facts.age_years).capitalize()),
        *coded,
        Fact("Weeks of pregnancy at birth", _gestation(facts)),
    ]


def label_of(edition: Edition, vocabulary: str, code: str) -> str:
    """A code of the facts in the words of its edition; "Not known" where it has none."""
    terms = edition.vocabularies[vocabulary].terms
    return next((term.label for term in terms if term.code == code), NOT_KNOWN)


def _gestation(facts: CaseFacts) -> str:
    return f"About {facts.gestation_weeks}" if facts.gestation_weeks else NOT_KNOWN
