"""The counted facts of a case, worked out from what was reported and from the clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cdop.core import ages
from cdop.core.clocks import clock_start
from cdop.core.dates import elapsed_hours, london_date, month_of
from cdop.editions.schema import Edition

NOT_KNOWN = "not_known"
WEEKS = "gestation_weeks"
# The answers that are facts as they stand.
REPORTED = ("sex", "ethnic_group", "place_of_death", "place_of_event", "expectedness", WEEKS)


def from_answers(answers: Mapping[str, Any], edition: Edition, died_on: date) -> dict[str, Any]:
    """The columns of ``CaseFacts`` that the notification's answers decide."""
    columns = age(answers, edition, died_on)
    for field in REPORTED:
        columns |= reported(field, answers.get(field))
    return columns


def reported(field: str, answer: Any) -> dict[str, Any]:
    """The column that one reported answer decides."""
    if field == WEEKS:
        return {WEEKS: int(answer) if str(answer or "").isdecimal() else None}
    return {field: str(answer or "")}


def age(answers: Mapping[str, Any], edition: Edition, died_on: date) -> dict[str, Any]:
    """Age at death in days, completed years and band; "not known" where the birth date is not."""
    text = answers.get("date_of_birth")
    born_on = date.fromisoformat(text) if text else None
    band = ages.age_band(born_on, died_on, edition.age_bands)
    return {
        "age_days": ages.age_in_days(born_on, died_on),
        "age_years": ages.completed_years(born_on, died_on),
        "age_band": band or NOT_KNOWN,
    }


def times(
    died_on: date,
    died_at: datetime | None,
    confirmed_at: datetime | None,
    notified_at: datetime,
    *,
    time_known: bool = True,
) -> dict[str, Any]:
    """The months of death and notification, and the whole hours between them.

    time_known  whether somebody said at what time we were told; else the hours are not known
    """
    start = clock_start(died_on, died_at, confirmed_at).at
    hours = max(0, int(elapsed_hours(start, notified_at)))
    return {
        "died_in": month_of(died_on),
        "notified_in": month_of(london_date(notified_at)),
        "hours_to_notification": hours if time_known else None,
    }
