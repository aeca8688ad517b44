"""Meetings planned, filled, opened and closed, and every reason why not."""

from datetime import date, timedelta
from itertools import product

import pytest

from cdop import editions
from cdop.cases import actions as cases
from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core.audit import AuditEntry
from cdop.core.identifiers import DRAWN
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import why_not
from cdop.panel import actions, reading, rules, work
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.states import STEPS, MeetingState
from cdop.rapid_response import actions as rapid_response
from tests.cast import TESTS
from tests.cdop.panel.makers import HELD_ON, on_agenda, opened, planned_meeting, ready_case
from tests.makers import opened_case

LSCB = editions.get("lscb-2015")
PEOPLE = ["coordinator", "chair", "member", "doctor", "reader", "governance_lead", "stranger"]


@pytest.fixture
def cast(request):
    return [request.getfixturevalue(name) for name in PEOPLE]


@pytest.fixture
def meeting(chair, member):
    return planned_meeting(member, chair=chair)


@pytest.mark.parametrize(("here", "there"), list(product(MeetingState, MeetingState)))
def test_only_the_listed_steps_can_be_taken_by_those_who_run_meetings(here, there, cast):
    meeting = Meeting(held_on=HELD_ON, state=here)

    allowed = [who for who in cast if not why_not(meeting, there, by=who)]

    needed = STEPS.get((here, there))
    assert allowed == [who for who in cast if needed and who.can(needed)]


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "stranger"])
def test_only_the_team_plans_invites_and_fills_the_agenda(request, who, coordinator, meeting):
    user, case = request.getfixturevalue(who), ready_case()
    before = AuditEntry.objects.count()
    acts = [
        lambda: actions.plan(held_on=HELD_ON, place="", by=user),
        lambda: actions.change_plan(meeting, held_on=HELD_ON, place="X", version=1, by=user),
        lambda: actions.invite(meeting, user, sits_as="lay", by=user),
        lambda: actions.put_on_agenda(meeting, case, by=user),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 403
    assert AuditEntry.objects.count() == before


def test_a_task_settled_before_the_meeting_moved_comes_back_with_the_day_of_now(
    meeting, coordinator
):
    case = ready_case()
    rapid_response.start(case, by=TESTS)
    on_agenda(meeting, case)
    pack = case.checklist.get(task="send_pack")
    was = pack.due_at
    pack = rapid_response.leave_undone(pack, by=coordinator, reason="Not yet")
    moved = HELD_ON + timedelta(days=28)
    actions.change_plan(meeting, held_on=moved, place="Room 1", version=1, by=coordinator)
    assert case.checklist.get(task="send_pack").due_at == was, "settled: judged by that day"

    again = rapid_response.open_again(case.checklist.get(task="send_pack"), by=coordinator)

    assert again.due_at == was + timedelta(days=28)


def test_a_case_goes_on_the_agenda_under_a_serial_and_its_panel_clock_starts(meeting):
    case = opened_case()
    rapid_response.start(case, by=TESTS)
    case = cases.make_ready(case, by=TESTS)

    item = actions.put_on_agenda(meeting, case, by=TESTS)

    assert (item.case_id, item.position) == (case.pk, 1)
    assert item.serial[0] == "P" and item.serial[4] == "-" and len(item.serial) == 6
    assert set(item.serial[1:4] + item.serial[5]) <= set(DRAWN)
    assert case.reference not in item.serial
    by_panel = [task.code for task in LSCB.checklist if task.due and task.due.clock == "panel"]
    waiting = case.checklist.filter(task__in=by_panel).values_list("due_at", flat=True)
    assert waiting and all(waiting)


def test_a_case_that_comes_again_keeps_its_serial_and_no_other_gets_it(meeting, chair):
    item, other = on_agenda(meeting), on_agenda(meeting)
    actions.close_meeting(opened(meeting, chair=chair), by=chair)
    later = planned_meeting(held_on=date(2014, 12, 1))

    again = on_agenda(later, Case.objects.get(pk=item.case_id))

    assert (again.serial, other.serial == item.serial) == (item.serial, False)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (CaseState.GATHERING, "This case is not ready for panel: it is gathering information."),
        (CaseState.READY, ""),
        (CaseState.REVIEWED, "The panel has reviewed this case already: it is reviewed."),
        (CaseState.CLOSED, "The panel has reviewed this case already: it is closed."),
    ],
)
def test_the_rule_says_why_a_case_cannot_come(state, reason):
    assert rules.why_not_put_on(Case(state=state), Meeting(held_on=HELD_ON), None) == reason


def test_a_case_on_an_open_agenda_cannot_be_put_on_another(meeting):
    item = on_agenda(meeting)
    other = planned_meeting(held_on=date(2014, 12, 1))

    with pytest.raises(Refused, match="already on the agenda of 18 September 2014"):
        actions.put_on_agenda(other, item.case, by=TESTS)

    assert AgendaItem.objects.count() == 1


def test_the_plan_changes_until_the_meeting_is_open(meeting, coordinator, chair):
    changed = actions.change_plan(
        meeting, held_on=date(2019, 4, 1), place="Online", version=1, by=coordinator
    )
    assert (changed.place, changed.edition.code) == ("Online", "cdr-2018")
    with pytest.raises(Stale):
        actions.change_plan(meeting, held_on=HELD_ON, place="X", version=1, by=coordinator)

    opened(changed, chair=chair)

    for act in (
        lambda: actions.change_plan(meeting, held_on=HELD_ON, place="X", version=3, by=coordinator),
        lambda: actions.invite(meeting, chair, sits_as="lay", by=coordinator),
        lambda: actions.put_on_agenda(meeting, ready_case(), by=coordinator),
    ):
        with pytest.raises(Refused, match="This meeting is open, so its plan"):
            act()


def test_a_person_invited_again_changes_seats(meeting, member, coordinator):
    actions.invite(meeting, member, sits_as="lay", by=coordinator)

    assert [row.sits_as for row in meeting.attendance.filter(user=member)] == ["lay"]


def test_without_a_needed_seat_the_meeting_does_not_open_and_it_says_whose(meeting, chair, member):
    actions.record_attendance(meeting, {chair.pk}, by=chair)

    with pytest.raises(Refused) as refused:
        actions.open_meeting(meeting, by=chair)

    assert refused.value.reason == (
        "The panel cannot decide without these members, who are not here: Public health; Child "
        "health (designated doctor or another paediatrician); Children's social care; Police."
    )
    meeting.refresh_from_db()
    assert (meeting.state, meeting.opened_at) == (MeetingState.PLANNED, None)


def test_the_chair_opens_and_closes_and_nobody_else(meeting, chair, member, coordinator):
    for who in (member, coordinator):
        with pytest.raises(Refused) as refused:
            actions.open_meeting(meeting, by=who)
        assert refused.value.status == 403
    with pytest.raises(Refused, match="so it cannot become closed"):
        actions.close_meeting(meeting, by=chair)

    meeting = opened(meeting, chair=chair)
    with pytest.raises(Refused, match="This meeting is open already"):
        actions.open_meeting(meeting, by=chair)
    meeting = actions.close_meeting(meeting, by=chair)

    assert meeting.state == MeetingState.CLOSED and meeting.opened_at < meeting.closed_at
    with pytest.raises(Refused, match="attendance stays as it was recorded"):
        actions.record_attendance(meeting, set(), by=chair)


def test_the_home_page_names_what_waits_for_each_role(meeting, chair, member, coordinator):
    assert [task.text for task in work.tasks_for(coordinator)] == [
        "Panel meeting of 18 September 2014: put cases on the agenda"
    ]
    ready_case()
    on_agenda(meeting)
    assert [task.text for task in work.tasks_for(coordinator)] == [
        "Panel meeting of 18 September 2014: release the papers of 1 case",
        "1 case is ready and on no agenda",
    ]
    assert [task.text for task in work.tasks_for(chair)] == [
        "Panel meeting of 18 September 2014: say whether you come",
        "Open the panel meeting of 18 September 2014",
    ]
    reading.answer_invitation(meeting, member, coming=True, by=member)
    assert work.tasks_for(member) == []


def test_the_case_page_says_at_which_meeting_the_case_is(meeting, coordinator, doctor):
    case = ready_case()
    assert work.on_case(case, coordinator).panel.status == "not on an agenda"
    item = on_agenda(meeting, case)

    panel = work.on_case(case, coordinator).panel

    assert panel.status == "Panel meeting of 18 September 2014, planned"
    assert panel.lines == (
        ("On the agenda", f"Panel meeting of 18 September 2014 as {item.serial}"),
    )
    assert work.on_case(case, doctor).panel is None
    assert [event.text for event in work.on_case(case, coordinator).events] == [
        f"On the agenda of the Panel meeting of 18 September 2014 as {item.serial}"
    ]
