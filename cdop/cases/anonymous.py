"""What the case itself tells the panel of its course: days from the death, and no date."""

from __future__ import annotations

from cdop import editions
from cdop.cases import clock_readings
from cdop.cases.clock_readings import Happened
from cdop.cases.holds import KINDS, Hold
from cdop.cases.models import Case


def happened(case: Case) -> list[Happened]:
    """The birth of an infant, the death, and what the case waited for."""
    vocabulary = editions.get(case.edition).vocabularies[KINDS]
    spans = []
    for hold in Hold.objects.filter(case=case):
        label = vocabulary.label(hold.kind)
        spans.append((hold.began_on, f"The case waits: {label}"))
        if hold.ended_on:
            spans.append((hold.ended_on, f"No longer waits: {label}"))
    age = case.facts.age_days if case.facts.age_years == 0 else None
    born = [Happened(-age, "The child was born")] if age else []
    notified = case.facts.hours_to_notification
    told = [Happened(notified // 24, "The panel was told")] if notified is not None else []
    return [*born, Happened(0, "The child died"), *told, *clock_readings.on_days(case.pk, spans)]
