"""One invented death: who, when and where, as a notification and the first days would tell it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from analytics.synthesis import marginals
from analytics.synthesis.calendar import Calendar, at
from analytics.synthesis.marginals import Ages, among, happens, one_of
from cdop import editions
from cdop.cases.states import CaseState
from cdop.core.clocks import clock_start
from cdop.core.dates import london_date
from cdop.core.identifiers import synthetic_nhs_number
from cdop.editions.schema import Edition

# Names that nobody has, and postcodes of an area that does not exist.
SYLLABLES = [
    "bax",
    "dov",
    "fiz",
    "gup",
    "jex",
    "kiv",
    "lum",
    "mox",
    "nuz",
    "pim",
    "quo",
    "rax",
    "siv",
    "tuz",
    "vob",
    "wex",
    "yog",
    "zub",
]
INWARD = "ABDEFGHJLNPQRSTUWXYZ"

# NHS numbers kept for tests are some 900,000. Populations of different seeds have different ones
# as long as they are not larger than a block.
NUMBERS, BLOCK = 900_000, 20_000

HOURS_TO_NOTIFICATION = (20, 1.1)  # median, and sigma of the logarithm
DAYS_TO_READY = (140, 0.5)
MOST_DAYS_TO_NOTIFICATION = 40


@dataclass(frozen=True)
class Death:
    """One death as far as it came by the end of the calendar.

    answers   of the notification, in the codes of the edition in force at the death
    category  what the panel finds, or would find
    meeting   the day of the meeting on whose agenda the case is; None if on none yet
    """

    answers: dict[str, Any]
    category: str
    area: str | None
    in_scope: bool
    died_on: date
    died_at: datetime | None
    confirmed_at: datetime | None
    notified_at: datetime
    opened_at: datetime
    state: CaseState
    meeting: date | None
    closed_at: datetime | None

    @property
    def edition(self) -> Edition:
        return editions.in_force(self.died_on)

    @property
    def reviewed(self) -> bool:
        return self.state in (CaseState.REVIEWED, CaseState.CLOSED)


def draw(random: Random, number: int, seed: int, calendar: Calendar) -> Death:
    """The death with this number, counted from 0; all chance comes out of ``random``."""
    days = (calendar.last_death - calendar.first).days + 1
    died_on = calendar.first + timedelta(days=random.randrange(days))
    times = _times(random, died_on, calendar)
    course = _course(random, times["notified_at"], calendar)
    gathering = course["state"] == CaseState.GATHERING
    ages = random.choices(marginals.AGES, [ages.weight for ages in marginals.AGES])[0]
    edition = editions.in_force(died_on)
    category = among(random, [each.code for each in edition.categories], ages.categories)
    answers = _who(random, (seed * BLOCK + number) % NUMBERS + 1) | _facts(random, ages, category)
    answers["date_of_birth"] = (died_on - timedelta(days=_age(random, ages))).isoformat()
    if gathering and happens(random, 8):
        answers["expectedness"] = ""
    return Death(
        answers=answers,
        category=category,
        area=None if gathering and happens(random, 4) else one_of(random, marginals.AREAS),
        in_scope=not (gathering and happens(random, 2)),
        died_on=died_on,
        **times,
        **course,
    )


def _times(random: Random, died_on: date, calendar: Calendar) -> dict[str, Any]:
    """When the death happened, was confirmed and notified, and when its case was opened."""
    found = at(died_on, random.randrange(24), random.randrange(60))
    died_at = found if happens(random, 85) else None
    confirmed_at = found + timedelta(minutes=random.randrange(120)) if happens(random, 70) else None
    start = clock_start(died_on, died_at, confirmed_at).at
    hours = min(_spread(random, HOURS_TO_NOTIFICATION), MOST_DAYS_TO_NOTIFICATION * 24)
    notified_at = max(start, found) + timedelta(minutes=round(hours * 60))
    opened_at = notified_at + timedelta(minutes=random.randrange(60, 2880))
    times = {"confirmed_at": confirmed_at, "notified_at": notified_at, "opened_at": opened_at}
    until = {name: when and min(when, calendar.end) for name, when in times.items()}
    return {"died_at": died_at, **until}


def _course(random: Random, notified_at: datetime, calendar: Calendar) -> dict[str, Any]:
    """How far the case came: its state, its meeting and its close."""
    notified_on = london_date(notified_at)
    ready_on = notified_on + timedelta(days=round(_spread(random, DAYS_TO_READY)))
    closed_on_day = random.randint(14, 60)
    if ready_on > calendar.last and not calendar.finished:
        return {"state": CaseState.GATHERING, "meeting": None, "closed_at": None}
    meeting = calendar.meeting_from(ready_on + timedelta(days=14))
    if meeting is None or not calendar.held(meeting):
        return {"state": CaseState.READY, "meeting": meeting, "closed_at": None}
    closed_on = meeting + timedelta(days=closed_on_day)
    if closed_on > calendar.last and not calendar.finished:
        return {"state": CaseState.REVIEWED, "meeting": meeting, "closed_at": None}
    closed_at = at(min(closed_on, calendar.last), 17, random.randrange(60))
    return {"state": CaseState.CLOSED, "meeting": meeting, "closed_at": closed_at}


def _who(random: Random, position: int) -> dict[str, Any]:
    """Who the child was; ``position`` is that of the NHS number."""
    family_name = _name(random)
    house, outward = random.randint(1, 300), random.randint(1, 98)
    inward = f"{random.randint(1, 9)}{random.choice(INWARD)}{random.choice(INWARD)}"
    return {
        "given_names": _name(random),
        "family_name": family_name,
        "nhs_number": synthetic_nhs_number(position),
        "address": f"{house} Invented Road, Exampleton",
        "postcode": f"ZZ{outward} {inward}",
        "mother_name": f"{_name(random)} {family_name}",
    }


def _facts(random: Random, ages: Ages, category: str) -> dict[str, Any]:
    """What is counted, but for the age."""
    infant, newborn = ages.most < 366, ages.most < 28
    outside = category in marginals.EXTERNAL and not newborn
    places = marginals.PLACES_OF_NEWBORN if newborn else marginals.PLACES
    place = one_of(random, places)
    return {
        "sex": one_of(random, marginals.SEXES),
        "ethnic_group": one_of(random, marginals.ETHNIC_GROUPS),
        "expectedness": _expectedness(random, category),
        "place_of_death": place,
        "place_of_event": one_of(random, marginals.PLACES_OUTSIDE) if outside else place,
        "gestation_weeks": _weeks(random, category) if infant else "",
    }


def _expectedness(random: Random, category: str) -> str:
    if happens(random, 1):
        return "not_known"
    return "unexpected" if happens(random, marginals.UNEXPECTED.get(category, 50)) else "expected"


def _weeks(random: Random, category: str) -> str:
    if happens(random, 5):
        return ""
    early = category == "perinatal"
    weeks = marginals.WEEKS_EARLY if early else marginals.WEEKS_AT_TERM
    return str(weeks[int(len(weeks) * random.random() ** (1.5 if early else 1))])


def _age(random: Random, ages: Ages) -> int:
    """Days from birth to death."""
    return ages.least + int((ages.most - ages.least + 1) * random.random() ** ages.skew)


def _name(random: Random) -> str:
    return "".join(random.choices(SYLLABLES, k=3)).title()


def _spread(random: Random, of: tuple[float, float]) -> float:
    """A length of time around its median: many a little shorter, few much longer."""
    median, sigma = of
    return median * random.lognormvariate(0, sigma)
