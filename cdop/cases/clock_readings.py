"""What later stages may learn from the clocks: whole numbers, never a date."""

from datetime import date, datetime, timedelta

from cdop.cases.holds import Hold, days_held
from cdop.cases.models import Clocks
from cdop.core.dates import days_between, london_date


def days_since_death(case_id: int, at: datetime) -> int:
    """Whole days in London from the date of death to ``at``."""
    return days_between(_died_on(case_id), london_date(at))


def days_not_held(case_id: int, days: int) -> int:
    """Those of the first so many days after the death on which nothing held up the case."""
    died_on = _died_on(case_id)
    spans = Hold.objects.filter(case_id=case_id).values_list("began_on", "ended_on")
    return days - days_held(spans, died_on, died_on + timedelta(days=days))


def _died_on(case_id: int) -> date:
    return Clocks.objects.values_list("died_on", flat=True).get(case_id=case_id)
