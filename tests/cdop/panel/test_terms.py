"""Terms of office and cover: no two on one seat, nobody on two, and who is proposed from them."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import pytest

from cdop.core.organisations import Organisation
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import create
from cdop.panel import actions, terms
from cdop.panel.terms import Term
from tests.cast import TESTS, person
from tests.cdop.panel.makers import planned_meeting

DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Spell:
    starts_on: date
    ends_on: date | None

    def days(self) -> set[int]:
        """The slow second count: every day of it, up to the last that is looked at."""
        last = self.ends_on or DAY + timedelta(days=9)
        return {n for n in range(10) if self.starts_on <= DAY + timedelta(days=n) <= last}


SPELLS = [
    Spell(DAY + timedelta(days=first), DAY + timedelta(days=last) if last is not None else None)
    for first, last in product(range(6), (None, *range(6)))
    if last is None or last >= first
]


def test_two_spells_overlap_where_they_have_a_day_in_common():
    for one, other in product(SPELLS, SPELLS):
        assert terms.overlap(one, other) == bool(one.days() & other.days()), (one, other)


@pytest.fixture
def trust(db):
    return create(Organisation(name="Invented Trust", kind="acute_trust"), by=TESTS)


@pytest.fixture
def council(db):
    return create(Organisation(name="Invented Council", kind="social_care"), by=TESTS)


def term(user, place, seat="police", starts=DAY, ends=None, by=TESTS) -> Term:
    said = {"seat": seat, "user": user, "organisation": place}
    return terms.save(None, **said, starts_on=starts, ends_on=ends, version=0, by=by)


def day(number: int) -> date:
    return DAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("seat", "here", "starts", "why"),
    [
        ("police", True, 5, "sits there for Invented Trust already, from 1 January 2026 to 6"),
        ("police", True, 6, ""),
        ("police", False, 0, ""),
        ("lay", True, 0, ""),
    ],
)
def test_one_organisation_has_one_person_on_a_seat_at_a_time(
    member, other_member, trust, council, seat, here, starts, why
):
    term(member, trust, ends=day(5))
    place = trust if here else council

    if why:
        with pytest.raises(Refused, match=why):
            term(other_member, place, seat=seat, starts=day(starts))
    else:
        assert term(other_member, place, seat=seat, starts=day(starts)).pk


def test_nobody_sits_on_two_seats_at_a_time(member, trust, council):
    term(member, trust, ends=day(5))

    with pytest.raises(Refused, match="sits on a seat of the panel already"):
        term(member, council, seat="lay", starts=day(5))
    assert term(member, council, seat="lay", starts=day(6)).seat == "lay"


def test_a_term_is_ended_changed_by_one_at_a_time_and_by_the_team_alone(
    member, trust, coordinator, chair
):
    row = term(member, trust, by=coordinator)
    said = {"seat": "police", "user": member, "organisation": trust, "starts_on": DAY}
    ended = terms.save(row, **said, ends_on=day(3), version=1, by=coordinator)

    assert (ended.ends_on, ended.version) == (day(3), 2)
    with pytest.raises(Stale):
        terms.save(row, **said, ends_on=None, version=1, by=coordinator)
    with pytest.raises(Refused, match="begins, or later"):
        terms.save(row, **said, ends_on=day(-1), version=2, by=coordinator)
    for who in (chair, member):
        with pytest.raises(Refused) as refused:
            terms.save(row, **said, ends_on=None, version=2, by=who)
        assert refused.value.status == 403


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (2, 4, ""),
        (0, 9, ""),
        (-1, 4, "outside the term"),
        (8, 10, "outside the term"),
        (6, 8, "covers this place already"),
    ],
)
def test_cover_lies_within_the_term_and_beside_other_cover(
    member, other_member, trust, first, last, why
):
    row = term(member, trust, ends=day(9))
    third = person("member", "Third")
    if why.startswith("covers"):
        terms.plan_cover(row, user=third, starts_on=day(7), ends_on=day(8), version=1, by=TESTS)
    said = {"user": other_member, "starts_on": day(first), "ends_on": day(last)}

    if why:
        with pytest.raises(Refused, match=why):
            terms.plan_cover(row, **said, version=1, by=TESTS)
    else:
        cover = terms.plan_cover(row, **said, version=1, by=TESTS)
        changed = terms.change_cover(
            cover, user=third, starts_on=day(3), ends_on=day(3), version=1, by=TESTS
        )
        assert (changed.user, changed.starts_on) == (third, day(3))


def test_nobody_covers_their_own_place_and_a_term_does_not_end_before_its_cover(
    member, other_member, trust
):
    row = term(member, trust)
    with pytest.raises(Refused, match="own place"):
        terms.plan_cover(row, user=member, starts_on=DAY, ends_on=DAY, version=1, by=TESTS)
    terms.plan_cover(row, user=other_member, starts_on=day(5), ends_on=day(6), version=1, by=TESTS)
    said = {"seat": "police", "user": member, "organisation": trust, "starts_on": DAY}

    with pytest.raises(Refused, match="A cover is planned within this term"):
        terms.save(row, **said, ends_on=day(5), version=1, by=TESTS)


def test_invitations_are_proposed_from_the_terms_of_the_day_and_their_cover(
    member, other_member, chair, trust, council, stranger
):
    meeting = planned_meeting(held_on=day(5))
    term(chair, trust, seat="chair")
    away = term(member, trust, seat="police", starts=day(5))
    terms.plan_cover(away, user=other_member, starts_on=day(5), ends_on=day(5), version=1, by=TESTS)
    term(stranger, council, seat="lay")
    term(person("member", "Gone"), council, seat="police", ends=day(4))
    term(person("member", "Old seat"), trust, seat="no_longer_a_seat")

    found = [(p.user, p.seat.code, p.stands_in_for, p.why_not) for p in terms.proposed(meeting)]
    actions.invite_by_terms(meeting, by=TESTS)

    assert found == [
        (chair, "chair", None, ""),
        (other_member, "police", member, ""),
        (stranger, "lay", None, "Stranger holds no role of the panel on that day."),
    ]
    invited = meeting.attendance.values_list("user", "sits_as", "stands_in_for").order_by("pk")
    assert list(invited) == [
        (chair.pk, "chair", None),
        (other_member.pk, "police", member.pk),
    ]
    assert [p.user for p in terms.proposed(meeting)] == [stranger]


def test_who_covers_another_seat_already_is_not_invited_twice(member, other_member, trust, council):
    meeting = planned_meeting(held_on=day(5))
    row = term(member, trust, seat="police")
    terms.plan_cover(row, user=other_member, starts_on=day(5), ends_on=day(5), version=1, by=TESTS)
    actions.invite(meeting, other_member, sits_as="lay", by=TESTS)

    proposal = terms.proposed(meeting)[0]

    assert proposal.why_not.startswith("Member Two is invited for another seat.")
    assert actions.invite_by_terms(meeting, by=TESTS) == []
