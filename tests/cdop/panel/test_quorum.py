"""The quorum of a meeting and of each case, against a slow second count."""

from itertools import product
from random import Random
from types import SimpleNamespace

import pytest

from cdop import editions
from cdop.core.refusals import Refused
from cdop.panel import declarations, quorum
from cdop.panel.models import AgendaItem
from cdop.panel.states import DeclarationState
from cdop.reviews import actions as reviews
from tests.cast import person
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting, seated
from tests.cdop.reviews.makers import recorded, whole

D = DeclarationState
CDR = editions.get("cdr-2018")
ITEM = SimpleNamespace(pk=1)


def row(number: int, seat: str, present: bool | None):
    return SimpleNamespace(user_id=number, user=f"Person {number}", sits_as=seat, present=present)


def slowly_empty(rows, declared) -> list[str]:
    """For every seat that is needed, every person, one by one, by the words of the decision."""
    empty = []
    for seat in CDR.core_membership:
        if not seat.quorum:
            continue
        filled = False
        for person_ in rows:
            if person_.sits_as != seat.code or person_.present is not True:
                continue
            said = declared.get((ITEM.pk, person_.user_id), "nothing")
            if said in ("nothing", D.TAKES_PART, D.WITHDRAWN):
                filled = True
        if not filled:
            empty.append(seat.code)
    return empty


@pytest.mark.parametrize("seed", range(20))
def test_the_seats_that_are_empty_for_a_case_are_those_of_a_slow_count(seed):
    random = Random(seed)
    seats = [seat.code for seat in CDR.core_membership] + ["no_longer_a_seat"]
    for _ in range(50):
        rows = [
            row(number, random.choice(seats), random.choice([True, True, False, None]))
            for number in range(random.randrange(16))
        ]
        states = [None, None, *D]
        drawn = {(ITEM.pk, each.user_id): random.choice(states) for each in rows}
        declared = {key: state for key, state in drawn.items() if state}

        places = quorum.seats(CDR, rows, quorum.judging(ITEM, declared))

        assert [place.seat.code for place in quorum.empty(places)] == slowly_empty(rows, declared)
        assert bool(quorum.why_not_for_case(places)) == bool(slowly_empty(rows, declared))


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "nobody is invited for it"),
        ([row(1, "police", False)], "Person 1 is not here"),
        (
            [row(1, "police", None), row(2, "police", False)],
            "Person 1 is not here; Person 2 is not here",
        ),
        ([row(1, "police", False), row(2, "police", True)], ""),
    ],
)
def test_an_empty_seat_says_why(rows, why):
    place = next(p for p in quorum.seats(CDR, rows) if p.seat.code == "police")

    assert (place.why_empty, place.present) == (why, not why)


@pytest.mark.parametrize(("coming", "state"), list(product([None, True, False], [None, *D])))
def test_the_forecast_counts_who_comes_and_may_judge(coming, state):
    invited = SimpleNamespace(user_id=1, user="Person 1", sits_as="police", coming=coming)
    declared = {(ITEM.pk, 1): state} if state else {}

    may = quorum.judging(ITEM, declared, quorum.might_come)(invited)
    sure = quorum.judging(ITEM, declared, quorum.said_yes)(invited)

    judges = state in (None, D.TAKES_PART, D.WITHDRAWN)
    assert (may == "") == (judges and coming is not False)
    assert (sure == "") == (judges and coming is True)


def test_a_finding_without_a_quorum_for_its_case_is_refused_with_the_seat(chair, member):
    meeting = planned_meeting(person("member", "PH"), member, chair=chair)
    item, other = on_agenda(meeting), on_agenda(meeting)
    opened(meeting, chair=chair)
    said = declarations.declare(item, member, interest="I led the response.", by=member)
    declarations.decide(said, D.ANSWERS, reason="Led it.", version=1, by=chair)

    with pytest.raises(Refused) as refused:
        reviews.record_finding(item, whole(), version=0, by=chair)

    assert refused.value.reason == (
        "The panel cannot decide on this case without: Child health (designated doctor or another "
        "paediatrician) (Panel member answers questions only)."
    )
    assert recorded(AgendaItem.objects.get(pk=other.pk), chair).pk, "the other case is decided"


def test_somebody_else_on_the_seat_makes_the_quorum_of_the_case(chair, member):
    meeting = planned_meeting(person("member", "PH"), member, chair=chair)
    seated(meeting, person("member", "Another paediatrician"), "child_health")
    item = on_agenda(meeting)
    said = declarations.declare(item, member, interest="I led the response.", by=member)
    declarations.decide(said, D.LEAVES, reason="Led it.", version=1, by=chair)
    opened(meeting, chair=chair)

    assert recorded(AgendaItem.objects.get(pk=item.pk), chair).number == 1
