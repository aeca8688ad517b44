"""Invented children: what a notifier would have said of each, plainly artificial throughout."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from cdop.core.dates import at_london
from cdop.core.identifiers import synthetic_nhs_number

DEATHS = Path(__file__).parent / "deaths.csv"
NOON = time(12, 0)
FIRST_NHS_NUMBER = 1000  # the earlier years have those before

# An age at death for each band: days before the first birthday, else years.
DAYS_OLD = {"0-27d": 3, "28-364d": 120}
YEARS_OLD = {"1-4": 2, "5-9": 7, "10-14": 12, "15-17": 16}


@dataclass(frozen=True)
class Child:
    """One invented death, and what the panel found or will find."""

    number: int
    area: str
    sex: str
    age_band: str
    category: str
    expectedness: str
    modifiable: str
    died_on: date
    reviewed_on: date | None = None

    @property
    def born_on(self) -> date:
        """A birth date that puts the child into its band, on a day as artificial as the others."""
        if self.age_band in DAYS_OLD:
            return self.died_on - timedelta(days=DAYS_OLD[self.age_band])
        return self.died_on.replace(year=self.died_on.year - YEARS_OLD[self.age_band], day=1)

    @property
    def died_at(self) -> datetime:
        return at_london(self.died_on, NOON)

    @property
    def notified_at(self) -> datetime:
        """Between 6 hours and 3 days after the death; never on another month's first day."""
        return self.died_at + timedelta(hours=6 + 22 * (self.number % 4))

    def answers(self) -> dict[str, Any]:
        """The answers of a notifier, by code of question."""
        place = "neonatal_unit" if self.age_band == "0-27d" else "paediatric_ward"
        return {
            "notifier_name": f"Notifier {self.number % 7 + 1} Invented",
            "notifier_phone": "01632 960001",
            "notifier_email": "notifier@example.org",
            "notifier_organisation": f"Invented Acute Trust {'AB'[self.number % 2]}",
            "given_names": f"Child {self.number}",
            "family_name": "Synthetic",
            "date_of_birth": self.born_on.isoformat(),
            "sex": self.sex,
            "nhs_number": synthetic_nhs_number(FIRST_NHS_NUMBER + self.number),
            "address": f"{self.number} Invented Street\nNowhere",
            "postcode": "ZZ99 3WZ",
            "mother_name": f"Parent {self.number} Synthetic",
            "date_of_death": self.died_on.isoformat(),
            "time_of_death": "12:00",
            "place_of_death": place,
            "place_of_event": place,
            "expectedness": self.expectedness,
            "born_alive": "yes",
            "circumstances": f"Synthetic death number {self.number}. Nothing here happened.",
        }


def of_the_year() -> list[Child]:
    """The deaths notified or reviewed in 2014-15, as ``deaths.csv`` lists them."""
    with DEATHS.open(newline="") as file:
        return list(_rows(csv.DictReader(file)))


def _rows(rows: Iterator[dict[str, str]]) -> Iterator[Child]:
    for number, row in enumerate(rows, start=1):
        died_on = date.fromisoformat(f"{row.pop('died_in')}-01")
        reviewed_on = date.fromisoformat(row.pop("reviewed_on"))
        yield Child(number=number, died_on=died_on, reviewed_on=reviewed_on, **row)
