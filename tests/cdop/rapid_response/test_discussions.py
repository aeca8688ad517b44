"""Meetings of the agencies: planned, held, cancelled, and what the checklist makes of each."""

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from cdop import editions
from cdop.cases import actions as cases
from cdop.cases.models import Case
from cdop.core import sealing
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from cdop.core.uploads import Accepted
from cdop.rapid_response import actions, agreed, discussions, facts, work
from cdop.rapid_response.discussion_models import Discussion
from cdop.rapid_response.states import AgreedState, DiscussionState, ItemState
from tests.cast import TESTS
from tests.cdop.core.test_history import shown
from tests.cdop.editions.both import BOTH
from tests.cdop.rapid_response.meeting import (
    CHAIR,
    DECIDED,
    DIED_AT,
    HELD_AT,
    cancelled,
    held,
    planned,
)
from tests.makers import opened_case

D = DiscussionState
MINUTES = Accepted("Minutes of Aaaa.txt", "text/plain", b"invented minutes")
FROM_THE_MEETING = {"minutes_to_coroner", "family_feedback", "panel_review"}


@pytest.fixture
def case(db) -> Case:
    made = opened_case(died_at=DIED_AT)
    actions.start(made, by=TESTS)
    return made


def task(case, code):
    item = case.checklist.get(task=code)
    return item.state, item.done_at


def due_from_the_meeting(case) -> dict[str, datetime | None]:
    found = case.checklist.filter(task__in=FROM_THE_MEETING)
    return dict(found.values_list("task", "due_at"))


@pytest.mark.parametrize(
    ("kind", "settled"),
    [
        ("strategy", "strategy_discussion"),
        ("planning", "first_meeting"),
        ("case", "case_discussion"),
        ("final", "final_meeting"),
    ],
)
def test_a_meeting_that_was_held_settles_the_task_that_asks_for_it(
    coordinator, case, kind, settled
):
    made = held(case, coordinator, kind)
    done = set(case.checklist.filter(state=ItemState.DONE).values_list("task", flat=True))

    assert (made.state, made.number, made.chair) == (D.HELD, 1, CHAIR)
    assert done == {settled}
    assert task(case, settled) == (ItemState.DONE, HELD_AT)
    assert facts.of(case).discussions_held == 1


def test_a_planned_meeting_settles_nothing_until_it_was_held_and_keeps_its_plan(coordinator, case):
    row = planned(case, coordinator)
    assert task(case, "first_meeting") == (ItemState.OPEN, None)

    later = HELD_AT + timedelta(hours=2)
    row = held(case, coordinator, number=1, version=row.version, held_at=later, planned_for=HELD_AT)

    assert (row.planned_for, row.held_at, row.version) == (HELD_AT, later, 2)
    assert task(case, "first_meeting") == (ItemState.DONE, later)
    assert [each.state for each in row.history.all()] == [D.HELD, D.PLANNED]


def test_of_two_of_one_kind_the_first_settles_the_task_and_the_last_starts_the_clock(
    coordinator, case
):
    second = HELD_AT + timedelta(days=70)
    held(case, coordinator, "final", held_at=second)
    held(case, coordinator, "final")

    assert task(case, "final_meeting") == (ItemState.DONE, HELD_AT)
    by = {code: due_from_the_meeting(case)[code] for code in ("family_feedback",)}
    assert by["family_feedback"].date() == (second + timedelta(days=28)).date()
    assert facts.of(case).discussions_held == 2


def test_the_final_meeting_starts_the_clock_of_what_follows_and_a_correction_moves_it(
    coordinator, case
):
    assert set(due_from_the_meeting(case).values()) == {None}
    row = held(case, coordinator, "final")
    first = due_from_the_meeting(case)
    held(case, coordinator, "final", 1, row.version, held_at=HELD_AT + timedelta(days=7))
    moved = due_from_the_meeting(case)

    # Held on Wednesday 7 May 2014; five working days later is Wednesday 14 May.
    assert first["minutes_to_coroner"] == datetime(2014, 5, 14, 22, 59, 59, 999999, tzinfo=UTC)
    assert set(moved) == FROM_THE_MEETING
    assert {moved[code] - first[code] for code in FROM_THE_MEETING} == {timedelta(days=7)}


def test_a_task_added_after_the_meeting_is_due_by_it_too(coordinator, db):
    made = opened_case({"expectedness": "expected"}, died_at=DIED_AT)
    actions.start(made, by=TESTS)
    held(made, coordinator, "final")
    assert "minutes_to_coroner" not in due_from_the_meeting(made)

    type(made.facts).objects.filter(case=made).update(expectedness="unexpected")
    actions.refresh(made, by=TESTS)

    assert due_from_the_meeting(made)["minutes_to_coroner"].date() == date(2014, 5, 14)


def test_recorded_by_mistake_its_task_is_open_again_and_the_clock_stands_still(coordinator, case):
    row = cancelled(held(case, coordinator, "final"), coordinator, "It was another child's.")

    assert (row.state, row.held_at, row.why) == (D.CANCELLED, None, "It was another child's.")
    assert task(case, "final_meeting") == (ItemState.OPEN, None)
    assert set(due_from_the_meeting(case).values()) == {None}
    assert facts.of(case).discussions_held == 0


def test_what_a_person_settled_without_a_meeting_stays_when_another_is_cancelled(coordinator, case):
    row = planned(case, coordinator)
    item = case.checklist.get(task="first_meeting")
    actions.complete(item, by=coordinator, done_at=HELD_AT, note="By telephone.")
    cancelled(row, coordinator)

    assert task(case, "first_meeting") == (ItemState.DONE, HELD_AT)


def test_the_minutes_that_go_to_the_coroner_settle_their_task_and_coming_back_open_it(
    coordinator, case
):
    row = held(case, coordinator, "final")
    row = discussions.send_to_coroner(row, date(2014, 5, 9), by=coordinator, version=row.version)
    sent = task(case, "minutes_to_coroner")
    discussions.send_to_coroner(row, None, by=coordinator, version=row.version)

    assert sent == (ItemState.DONE, datetime(2014, 5, 8, 23, 0, tzinfo=UTC))
    assert task(case, "minutes_to_coroner") == (ItemState.OPEN, None)


def test_minutes_that_go_on_the_day_of_the_meeting_go_after_it(coordinator, case):
    row = held(case, coordinator, "final")
    discussions.send_to_coroner(row, HELD_AT.date(), by=coordinator, version=row.version)

    assert task(case, "minutes_to_coroner") == (ItemState.DONE, HELD_AT)


def test_minutes_go_to_the_coroner_only_where_the_guidance_asks_and_once_held(coordinator, case):
    other = held(case, coordinator, "case")
    ahead = planned(case, coordinator, "final")

    with pytest.raises(Refused, match="does not ask"):
        discussions.send_to_coroner(other, date(2014, 5, 9), by=coordinator, version=1)
    with pytest.raises(Refused, match="Record first that it was held"):
        discussions.send_to_coroner(ahead, date(2014, 5, 9), by=coordinator, version=1)


def test_minutes_are_kept_under_the_key_of_the_case_and_another_version_beside_them(
    coordinator, case, store
):
    row = held(case, coordinator)
    first = discussions.attach_minutes(row, MINUTES, by=coordinator).minutes
    second = discussions.attach_minutes(row, MINUTES, by=coordinator).minutes

    assert first != second and first.data_key == second.data_key == case.data_key
    assert discussions.minutes_of(Discussion.objects.get()) == second
    assert [each.minutes_id for each in row.history.all()] == [second.pk, first.pk, None]


def test_what_was_decided_is_sealed_and_each_reading_is_recorded(coordinator, case):
    row = held(case, coordinator)
    agreed.add(row, by=coordinator, what=DECIDED, lead="police", due_on=date(2014, 5, 9))

    assert discussions.read(row, by=coordinator).decisions == DECIDED
    entry = AuditEntry.objects.get(action="discussion.read")
    assert (entry.actor, entry.case_number, entry.purpose) == (
        coordinator,
        case.pk,
        discussions.PURPOSE,
    )
    for model in apps.get_models():
        for kept in model._base_manager.values():
            assert DECIDED not in " ".join(map(shown, kept.values())), model.__name__


def test_once_the_key_is_destroyed_nobody_reads_what_was_decided(coordinator, case):
    row = held(case, coordinator)
    sealing.destroy(case.data_key)

    with pytest.raises(sealing.CannotUnseal):
        discussions.read(Discussion.objects.get(pk=row.pk), by=coordinator)


def test_an_action_is_done_dropped_or_open_again(coordinator, case):
    row = held(case, coordinator)
    on = date(2014, 5, 20)
    made = agreed.add(row, by=coordinator, what="Ring", lead="police", due_on=date(2014, 5, 9))
    late = agreed.lines(row, on)
    done = agreed.settle(made, AgreedState.DONE, by=coordinator, version=1, on=on)
    again = agreed.settle(done, AgreedState.OPEN, by=coordinator, version=2)

    assert [(line.what, line.lead, line.standing) for line in late] == [
        ("Ring", "Police", "overdue")
    ]
    assert (done.settled_on, again.settled_on, again.version) == (on, None, 3)
    with pytest.raises(Stale):
        agreed.settle(again, AgreedState.DONE, by=coordinator, version=1, on=on)


def test_nothing_is_agreed_by_a_meeting_that_was_not_held(coordinator, case):
    row = planned(case, coordinator)

    with pytest.raises(Refused, match="This meeting is planned"):
        agreed.add(row, by=coordinator, what="Ring", lead="police", due_on=date(2014, 5, 9))


def test_the_same_said_twice_writes_nothing_and_two_at_once_are_not_written_over(coordinator, case):
    row = held(case, coordinator)
    before = AuditEntry.objects.count()
    assert held(case, coordinator, number=1, version=row.version).version == 1
    assert AuditEntry.objects.count() == before

    held(case, coordinator, number=1, version=1, chair="Another")
    with pytest.raises(Stale) as stale:
        held(case, coordinator, number=1, version=1, chair="Mine")
    assert stale.value.current.chair == "Another"


@pytest.mark.parametrize("who", ["chair", "member", "reader", "stranger"])
def test_nobody_else_records_a_meeting_behind_the_page_either(request, case, coordinator, who):
    by, row = request.getfixturevalue(who), held(case, coordinator)
    before = AuditEntry.objects.count()
    on = date(2014, 5, 9)
    attempts = [
        lambda: held(case, by),
        lambda: discussions.attach_minutes(row, MINUTES, by=by),
        lambda: discussions.send_to_coroner(row, on, by=by, version=1),
        lambda: agreed.add(row, by=by, what="Ring", lead="police", due_on=on),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.status == HTTPStatus.FORBIDDEN
    assert AuditEntry.objects.count() == before


def test_the_home_page_asks_whether_a_planned_meeting_was_held_and_names_what_is_owed(
    coordinator, doctor, case
):
    now = timezone.now()
    planned(case, coordinator, "case", planned_for=now - timedelta(hours=1))
    planned(case, coordinator, "final", planned_for=now + timedelta(hours=1))
    row = held(case, coordinator)
    agreed.add(row, by=coordinator, what="Ring", lead="police", due_on=date(2014, 5, 9))
    wanted = [
        f"Case {case.reference}: say whether the case discussion was held",
        f"Case {case.reference}: an action that a meeting agreed",
    ]

    def asked(of):
        return [each.text for each in work.tasks_for(of) if each.stage == "Meetings of agencies"]

    assert asked(coordinator) == wanted
    assert asked(doctor) == []
    cases.give_access(case, doctor, by=TESTS, ends_on=None)
    assert asked(doctor) == wanted


@BOTH
def test_each_edition_has_a_final_meeting_that_starts_the_clock_and_goes_to_the_coroner(code):
    kinds = {kind.code: kind for kind in editions.get(code).discussions}

    assert list(kinds) == ["strategy", "planning", "case", "final"]
    assert kinds["final"].starts == "meeting"
    assert [kind.coroner for kind in kinds.values()] == [None, None, None, "minutes_to_coroner"]
    assert kinds["final"].label.lower() == editions.get(code).words["final_meeting"].lower()


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"state": "held", "chair": CHAIR}, "discussion_held_when"),
        ({"state": "held", "held_at": HELD_AT}, "discussion_held_when"),
        ({"state": "planned"}, "discussion_planned_for"),
        ({"state": "cancelled"}, "discussion_cancelled_for_a_reason"),
        (
            {"state": "planned", "planned_for": HELD_AT, "to_coroner_on": date(2014, 5, 9)},
            "discussion_sent_to_the_coroner",
        ),
    ],
)
def test_the_database_keeps_no_half_of_a_meeting(coordinator, case, told, name):
    half = Discussion(
        case=case,
        number=1,
        kind="final",
        sealed=b"",
        recorded_at=DIED_AT,
        recorded_by=coordinator,
        **told,
    )

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Discussion.objects.bulk_create([half])
