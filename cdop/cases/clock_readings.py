"""What later stages may learn from the clocks: whole numbers, never a date."""

from datetime import datetime

from cdop.cases.models import Clocks
from cdop.core.dates import days_between, london_date


def days_since_death(case_id: int, at: datetime) -> int:
    """Whole days in London from the date of death to ``at``."""
    died_on = Clocks.objects.values_list("died_on", flat=True).get(case_id=case_id)
    return days_between(died_on, london_date(at))
