"""The agenda: order, times, readers, families, and cases that are put off."""

from datetime import date, time

import pytest

from cdop.cases import links
from cdop.cases.links import Kind
from cdop.cases.models import Case
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import why_not
from cdop.panel import actions, agenda, readiness, work
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.queries import meeting_ahead
from cdop.panel.states import ITEM_STEPS, ItemState
from cdop.reviews import rules as reviews
from cdop.reviews import work as reviews_work
from tests.cast import TESTS
from tests.cdop.panel.makers import HELD_ON, on_agenda, opened, planned_meeting, ready_case
from tests.cdop.reviews.makers import recorded, sent_review
from tests.guard import nothing_forbidden
from tests.makers import opened_case

LATER = date(2014, 12, 1)


@pytest.fixture
def meeting(chair, member):
    return planned_meeting(member, chair=chair)


def now(item) -> AgendaItem:
    return AgendaItem.objects.select_related("meeting", "case").get(pk=item.pk)


def order(meeting) -> list[str]:
    return [item.serial for item in meeting.agenda.order_by("position")]


@pytest.mark.parametrize("here", ItemState)
@pytest.mark.parametrize("there", ItemState)
def test_only_the_listed_steps_of_a_case_can_be_taken(
    here, there, coordinator, chair, member, doctor, stranger
):
    item = AgendaItem(state=here)
    cast = [coordinator, chair, member, doctor, stranger]

    allowed = [who for who in cast if not why_not(item, there, by=who)]

    needed = ITEM_STEPS.get((here, there))
    assert allowed == [who for who in cast if needed and who.can(needed)]


def test_cases_move_up_and_down_and_stop_at_the_ends(meeting, coordinator, member):
    one, two, three = (on_agenda(meeting) for _ in range(3))

    agenda.move(now(three), "up", version=now(three).version, by=coordinator)
    agenda.move(now(one), "down", version=now(one).version, by=coordinator)

    assert order(meeting) == [three.serial, one.serial, two.serial]
    for item, way in ((three, "up"), (two, "down"), (one, "sideways")):
        with pytest.raises(Refused, match="at the end"):
            agenda.move(now(item), way, version=now(item).version, by=coordinator)
    with pytest.raises(Stale):
        agenda.move(now(one), "up", version=1, by=coordinator)
    with pytest.raises(Refused) as refused:
        agenda.move(now(one), "up", version=now(one).version, by=member)
    assert refused.value.status == 403
    assert order(meeting) == [three.serial, one.serial, two.serial]


def test_the_timetable_adds_up_and_says_what_has_no_time():
    meeting = Meeting(held_on=HELD_ON, begins=time(9, 30))
    items = [
        AgendaItem(position=1, minutes_planned=40),
        AgendaItem(position=2, minutes_planned=10, state=ItemState.DEFERRED),
        AgendaItem(position=3, minutes_planned=35),
        AgendaItem(position=4),
        AgendaItem(position=5, minutes_planned=5),
    ]

    whole = agenda.timetable(meeting, items[:3])
    broken = agenda.timetable(meeting, items)

    assert [slot.begins for slot in whole.slots] == [time(9, 30), None, time(10, 10)]
    assert (whole.total, whole.ends, whole.untimed) == (75, time(10, 45), 0)
    assert [slot.begins for slot in broken.slots][3:] == [time(10, 45), None]
    assert (broken.total, broken.ends, broken.untimed) == (80, None, 1)
    assert agenda.timetable(Meeting(held_on=HELD_ON), items).ends is None


def test_two_different_invited_people_read_a_case_first(meeting, chair, member, other_member):
    item = on_agenda(meeting)
    for lead, second, why in (
        (member, member, "two different people"),
        (other_member, None, "not invited"),
        (None, other_member, "not invited"),
    ):
        with pytest.raises(Refused, match=why):
            agenda.plan_item(item, minutes_planned=5, lead=lead, second=second, version=1, by=TESTS)

    planned = agenda.plan_item(
        item, minutes_planned=5, lead=member, second=chair, version=1, by=TESTS
    )

    assert (planned.lead, planned.second, planned.minutes_planned) == (member, chair, 5)


def test_a_deferred_case_stays_ready_keeps_its_serial_and_says_where_it_was(
    meeting, chair, coordinator
):
    item = on_agenda(meeting)
    deferred = agenda.defer(item, why="The report is missing.", version=1, by=chair)
    assert (deferred.state, deferred.deferred_by, deferred.why_deferred) == (
        ItemState.DEFERRED,
        chair,
        "The report is missing.",
    )
    case = Case.objects.get(pk=item.case_id)
    assert (case.state, meeting_ahead(case), work.why_not_leave(case)) == ("ready", None, "")
    later = planned_meeting(chair=chair, held_on=LATER)

    again = on_agenda(later, case)

    assert again.serial == item.serial
    before = agenda.before([again])[again.pk]
    assert agenda.last_discussed(before) == "Deferred on 18 September 2014: The report is missing."
    assert agenda.before([item]) == {}
    events = [event.text for event in work.on_case(case, coordinator).events]
    assert events == [
        f"Deferred at the Panel meeting of 18 September 2014 as {item}",
        f"On the agenda of the Panel meeting of 1 December 2014 as {item}",
    ]
    with pytest.raises(Refused, match="on the agenda of 1 December 2014 by now"):
        agenda.take_up(now(item), version=now(item).version, by=chair)


def test_a_deferred_case_takes_no_review_and_no_finding_until_it_is_taken_up(
    meeting, chair, member
):
    item = on_agenda(meeting)
    opened(meeting, chair=chair)
    agenda.defer(item, why="Not enough is known.", version=1, by=chair)
    assert "deferred" in reviews.why_not_review(now(item))
    with pytest.raises(Refused, match="Take it up again"):
        recorded(now(item), chair)

    taken = agenda.take_up(now(item), version=2, by=chair)
    finding = recorded(now(item), chair)

    assert (taken.state, taken.why_deferred) == (ItemState.LISTED, "")
    assert (now(item).state, finding.number) == (ItemState.DISCUSSED, 1)
    with pytest.raises(Refused, match="A finding on this case was recorded"):
        agenda.defer(now(item), why="Too late.", version=now(item).version, by=chair)


def test_deferring_says_why_is_not_doubled_and_ends_with_the_meeting(meeting, chair, member):
    item, other = on_agenda(meeting), on_agenda(meeting)
    with pytest.raises(Refused, match="Say why"):
        agenda.defer(item, why=" \n", version=1, by=chair)
    with pytest.raises(Refused) as refused:
        agenda.defer(item, why="Because.", version=1, by=member)
    assert refused.value.status == 403
    agenda.defer(item, why="Because.", version=1, by=chair)
    with pytest.raises(Refused, match="deferred already"):
        agenda.defer(item, why="Again.", version=2, by=chair)
    actions.close_meeting(opened(meeting, chair=chair), by=chair)
    with pytest.raises(Refused, match="closed"):
        agenda.defer(now(other), why="Late.", version=1, by=chair)
    with pytest.raises(Refused, match="closed"):
        agenda.take_up(now(item), version=2, by=chair)


def test_twins_are_offered_together_and_the_agenda_says_which_is_missing(
    meeting, coordinator, member
):
    one, two, alone = ready_case(), ready_case(), ready_case()
    young = opened_case()
    links.link(one, two, Kind.TWIN, by=coordinator)
    links.link(two, young, Kind.SIBLING, by=coordinator)

    with nothing_forbidden():
        offers = readiness.offers(meeting, coordinator)

    assert [[c.case for c in offer.candidates] for offer in offers] == [[one, two], [alone]]
    assert offers[0].missing == [f"{young} (brother or sister): It is not ready yet."]
    item = on_agenda(meeting, one)
    told = readiness.family_on_agenda([item], coordinator)[item.pk]
    twin = "twin, or one of several born together"
    assert told == [f"{two} ({twin}) is not on this agenda. It is ready, and not on this agenda."]
    assert readiness.family_on_agenda([item], member) == {}
    other = on_agenda(meeting, two)
    both = readiness.family_on_agenda([item, other], member)
    assert both == {
        item.pk: [f"Belongs with {other} ({twin})."],
        other.pk: [f"Belongs with {item} ({twin})."],
    }


def test_a_neonatal_meeting_remarks_on_older_children(coordinator):
    meeting = actions.plan(held_on=HELD_ON, kind="neonatal", by=coordinator)
    newborn = ready_case({"date_of_birth": "2014-05-01"})
    ready_case()

    offers = readiness.offers(meeting, coordinator)

    older = "Not in the first four weeks of life."
    marked = offers[0].remarks
    assert [key for key, remarks in marked.items() if older not in remarks] == [newborn.pk]


def test_a_themed_meeting_says_its_theme(coordinator):
    with pytest.raises(Refused, match="Say the theme"):
        actions.plan(held_on=HELD_ON, kind="themed", by=coordinator)

    made = actions.plan(held_on=HELD_ON, kind="themed", theme="Water", by=coordinator)

    assert (made.kind_label.split(",")[0], made.theme) == ("Themed meeting", "Water")


def test_before_a_meeting_the_countdown_names_whose_review_has_not_come(meeting, chair, member):
    item = on_agenda(meeting)
    agenda.plan_item(item, minutes_planned=5, lead=member, second=chair, version=1, by=TESTS)
    sent_review(now(item), member)

    assert reviews_work.countdown([now(item)]) == {
        item.pk: ["Second reader Chair has not sent a review."]
    }
