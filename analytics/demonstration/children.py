"""Invented children: what a notifier would have said of each, plainly artificial throughout."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from analytics.demonstration import news
from analytics.demonstration.news import News
from cdop.core.dates import at_london
from cdop.core.identifiers import synthetic_nhs_number

DEATHS = Path(__file__).parent / "deaths.csv"
NOON = time(12, 0)
FIRST_NHS_NUMBER = 1000  # the earlier years have those before

KNEW_THE_CHILD = ("general_practice", "health_visiting", "hospital", "police", "social_care")

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
    def news(self) -> News:
        """From where the news of the death comes."""
        return news.of(
            number=self.number,
            area=self.area,
            age_band=self.age_band,
            category=self.category,
            expectedness=self.expectedness,
        )

    @property
    def notified_at(self) -> datetime:
        """Hours to days after the death, by who tells; within the month that began with it."""
        return self.died_at + timedelta(hours=self.news.hours(self.number))

    def answers(self) -> dict[str, Any]:
        """The answers of a notifier, by code of question."""
        told = self.news
        return {
            "notifier_name": f"Notifier {self.number % 7 + 1} Invented",
            "notifier_phone": "01632 960001",
            "notifier_email": "notifier@example.org",
            "notifier_role": told.role,
            "notifier_organisation": told.organisation,
            "given_names": f"Child {self.number}",
            "family_name": "Synthetic",
            "date_of_birth": self.born_on.isoformat(),
            "sex": self.sex,
            "ethnic_group": "not_known",
            "nhs_number": synthetic_nhs_number(FIRST_NHS_NUMBER + self.number),
            "address": f"{self.number} Invented Street\nNowhere",
            "postcode": "ZZ99 3WZ",
            "mother_name": f"Parent {self.number} Synthetic",
            "date_of_death": self.died_on.isoformat(),
            "time_of_death": "12:00",
            "place_of_death": told.place,
            "place_of_death_name": told.ward,
            "place_of_event": told.place,
            "adult_ward": told.adult_ward,
            "expectedness": self.expectedness,
            "born_alive": "yes",
            "agencies_known": list(KNEW_THE_CHILD),
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
