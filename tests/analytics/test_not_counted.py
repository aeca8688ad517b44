"""What no table counts: cases that were withdrawn, and deaths that another panel reviews."""

from datetime import date

import pytest

from analytics import cube
from cdop.cases import actions, placement
from cdop.cases.models import CaseFacts
from cdop.cases.states import PlacementState
from cdop.core.organisations import Area
from cdop.core.periods import Period
from tests.makers import HALTON, NOTIFIED_AT, opened_case

YEAR = Period.year(2014)
WARRINGTON = "E06000007"


def counted() -> dict[str, int]:
    """How many deaths the year has, by area."""
    frame = cube.count(YEAR).frame
    return dict(zip(frame["area"], frame["n"], strict=True))


@pytest.fixture
def case(db):
    opened_case(area=WARRINGTON)
    return opened_case(notified_at=NOTIFIED_AT)


def test_a_withdrawn_case_is_not_counted(coordinator, case):
    assert counted() == {HALTON: 1, WARRINGTON: 1}

    actions.withdraw(case, by=coordinator, reason="It was a hoax.")

    assert counted() == {WARRINGTON: 1}


def test_a_death_reviewed_elsewhere_is_not_counted(coordinator, case):
    placement.agree(
        case,
        PlacementState.ELSEWHERE,
        by=coordinator,
        version=0,
        reviewed_by="The panel of Invented-Shire",
        agreed_by="Two coordinators",
        agreed_on=date(2014, 6, 1),
    )

    assert counted() == {WARRINGTON: 1}


def test_a_death_counts_for_the_area_that_was_decided_wherever_it_happened(coordinator, case):
    said = {"death": WARRINGTON, "event": "wales", "looked_after": WARRINGTON}
    halton = Area.objects.get(code=HALTON)
    placement.record(case, by=coordinator, version=0, area=halton, **said)
    assert counted() == {HALTON: 1, WARRINGTON: 1}

    warrington = Area.objects.get(code=WARRINGTON)
    version = placement.of(case).version
    placement.record(case, by=coordinator, version=version, area=warrington, **said)

    assert counted() == {WARRINGTON: 2}
    assert CaseFacts.objects.get(case=case).area_id == WARRINGTON
