"""Deaths to count: facts without the rest of a case, written the way the system writes them."""

from datetime import date
from random import Random

from django.utils import timezone

from cdop import editions
from cdop.cases.models import Case, CaseFacts
from cdop.core import sealing
from cdop.core.audit import act
from cdop.core.identifiers import new_reference
from cdop.core.steps import create
from tests.cast import TESTS

AREAS = ("E06000049", "E06000050", "E06000006", "E06000007")
HALTON, WARRINGTON = "E06000006", "E06000007"
APRIL, MAY = date(2014, 4, 1), date(2014, 5, 1)

REVIEWED = {
    "reviewed_in": MAY,
    "analysis_edition": "lscb-2015",
    "category": "perinatal",
    "modifiable": "not_modifiable",
}


def a_death(**facts) -> CaseFacts:
    """One death in scope, of a girl in Halton, notified in April 2014, unless told otherwise."""
    usual = {
        "area_id": HALTON,
        "died_in": APRIL,
        "notified_in": APRIL,
        "sex": "female",
        "age_band": "0-27d",
        "expectedness": "expected",
    }
    with act():
        case = Case(
            reference=new_reference("C"),
            edition="lscb-2015",
            data_key=sealing.new_key(),
            opened_at=timezone.now(),
        )
        create(case, by=TESTS)
        return create(CaseFacts(case=case, **usual | facts), by=TESTS)


def a_reviewed_death(**facts) -> CaseFacts:
    """The same, reviewed in May 2014."""
    return a_death(**REVIEWED | facts)


def deaths(number: int, **facts) -> None:
    """So many deaths with the same facts."""
    with act():
        for _ in range(number):
            a_death(**facts)


def random_deaths(number: int, seed: int, *, codes=("lscb-2015",)) -> None:
    """Deaths whose every fact is drawn, missing facts, other periods and scopes among them."""
    random = Random(seed)
    with act():
        for death in range(number):
            a_death(**_drawn(random, codes), **_recorded(Random(f"{seed} {death}")))


def _drawn(random: Random, codes) -> dict:
    facts = {
        "area_id": random.choice(AREAS),
        "in_scope": random.random() < 0.9,
        "died_in": _month(random),
        "notified_in": _month(random),
        "sex": random.choice(["male", "female", "", "not_known"]),
        "age_band": random.choice(["0-27d", "28-364d", "1-4", "5-9", "10-14", "15-17", ""]),
        "expectedness": random.choice(["expected", "unexpected", ""]),
    }
    if random.random() < 0.3:
        return facts
    edition = editions.get(random.choice(codes))
    return facts | {
        "reviewed_in": _month(random),
        "analysis_edition": edition.code,
        "category": random.choice([*(category.code for category in edition.categories), ""]),
        "modifiable": random.choice([*(answer.code for answer in edition.answers), ""]),
    }


def _recorded(random: Random) -> dict:
    """Facts that are told with the death; they disturb no draw of the others."""
    known = editions.get("lscb-2015").vocabularies
    return {
        "ethnic_group": random.choice([*(t.code for t in known["ethnic_group"].choices), ""]),
        "place_of_death": random.choice([*(t.code for t in known["places"].choices), ""]),
        "place_of_event": random.choice([*(t.code for t in known["places"].choices), ""]),
        "gestation_weeks": random.choice([*range(22, 43), None]),
        "days_to_sign_off": random.choice([0, 182, 183, 365, 366, 900, None]),
    }


def _month(random: Random) -> date:
    return date(random.choice([2013, 2014, 2015]), random.randint(1, 12), 1)
