"""Actions: agreed, settled, and chased, each step once, however often and when the worker runs."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connections
from django.utils.timezone import localdate

from cdop.core import sealing
from cdop.core.dates import at_london
from cdop.core.messages import PURPOSE, Message
from cdop.core.refusals import Refused, Stale
from cdop.core.reminders import jobs
from cdop.learning import action_points, actions, chasing, times
from cdop.learning.models import ActionPoint, Recommendation
from cdop.learning.progress import ProgressNote
from cdop.learning.states import PointState
from tests.cast import person
from tests.cdop.core.test_senders import in_threads
from tests.cdop.learning.makers import MADE_ON, TOUCHED, agreed, in_days, made, trust

DONE = {"settled_on": MADE_ON, "outcome": "All were trained."}
DUE = date(2026, 6, 15)


def fresh(point):
    return ActionPoint.objects.get(pk=point.pk)


def noon(on: date) -> datetime:
    return at_london(on, time(12, 0))


def to(message) -> str:
    return sealing.unseal(message.data_key, PURPOSE, message.sealed).decode()


def letters() -> list[tuple[str, str]]:
    rows = Message.objects.select_related("data_key").order_by("queued_at", "pk")
    return [(message.template, to(message)) for message in rows]


def chased(point, *days) -> list[int]:
    """The worker runs at noon, so many days after the day on which it is due."""
    return [chasing.chase_due(noon(point.due_on + timedelta(days=day))) for day in days]


# What is done with an action


def test_an_action_is_agreed_changed_done_and_opened_again(coordinator):
    point = agreed(coordinator)
    assert point.contact == {"name": "Lead Invented", "email": TOUCHED}
    assert b"Lead Invented" not in bytes(point.sealed)

    other = trust("Invented Infirmary")
    said = {"words": "Train them all.", "owner": other, "contact_name": "Another"}
    point = action_points.change(
        point, **said, contact_email="", due_on=in_days(20), by=coordinator, version=1
    )
    assert (point.owner, point.contact["name"], point.due_on) == (other, "Another", in_days(20))

    point = action_points.settle(point, PointState.DONE, **DONE, by=coordinator, version=2)
    with pytest.raises(Refused, match="Open it again"):
        action_points.change(
            point, **said, contact_email="", due_on=in_days(9), by=coordinator, version=3
        )
    point = action_points.open_again(point, by=coordinator, version=3)
    assert (point.state, point.settled_on, point.outcome) == (PointState.OPEN, None, "")


def test_what_does_not_fit_is_refused_and_of_two_the_later_is_told(coordinator):
    row = made(coordinator)
    point = agreed(coordinator, row)
    early = MADE_ON - timedelta(days=1)
    wrong = [
        lambda: agreed(coordinator, row, words=" "),
        lambda: agreed(coordinator, row, contact_name=" "),
        lambda: agreed(coordinator, row, due_on=early),
        lambda: agreed(coordinator, row, agreed_on=early),
        lambda: agreed(coordinator, row, agreed_on=in_days(1)),
        lambda: settled(point, coordinator, settled_on=early),
        lambda: settled(point, coordinator, settled_on=in_days(1)),
        lambda: settled(point, coordinator, outcome=" "),
    ]
    for act in wrong:
        with pytest.raises(Refused):
            act()
    assert (row.action_points.count(), fresh(point).version) == (1, 1)

    settled(point, coordinator)
    with pytest.raises(Stale):
        settled(point, coordinator)


def settled(point, by, to=PointState.DONE, **said):
    return action_points.settle(point, to, **DONE | said, by=by, version=point.version)


# When which step is due


@pytest.mark.parametrize(
    ("taken", "day", "step"),
    [
        (0, -15, None),
        (0, -14, times.BEFORE),
        (0, 0, times.BEFORE),
        (0, 1, None),
        (0, 6, None),
        (0, 7, times.AFTER),
        (0, 400, times.AFTER),
        (1, -3, None),
        (1, 7, times.AFTER),
        (2, 20, None),
        (2, 21, times.ESCALATION),
        (3, 400, None),
    ],
)
def test_which_step_is_due_on_which_day(taken, day, step):
    point = ActionPoint(due_on=DUE, reminders=taken)
    if taken == times.AFTER:
        point.reminded_at = noon(DUE + timedelta(days=7))

    assert times.next_step(point, DUE + timedelta(days=day)) == step


def test_the_owner_hears_before_and_after_the_day_then_the_coordinator_each_once(coordinator):
    point = agreed(coordinator)

    assert chased(point, -20, -14, -13, -13, 0, 6, 7, 7, 8, 20, 21, 21, 60) == [
        *(0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0)
    ]
    assert letters() == [
        ("action_reminder", TOUCHED),
        ("action_overdue", TOUCHED),
        ("action_escalation", coordinator.email),
    ]
    assert ProgressNote.objects.count() == 3


def test_a_worker_that_was_off_writes_one_letter_and_leaves_time_before_it_raises_it(coordinator):
    point = agreed(coordinator)

    assert chased(point, 40, 40, 53, 54, 55) == [1, 0, 0, 1, 0]
    assert [template for template, _ in letters()] == ["action_overdue", "action_escalation"]


def test_a_letter_says_what_and_by_when_and_its_subject_says_nothing(coordinator):
    point = agreed(coordinator)
    chased(point, -14)

    [message] = Message.objects.all()

    assert "Train everybody who visits." in message.body and "Invented Trust" in message.body
    assert message.about == point.recommendation.reference and message.about in message.subject
    assert "child" not in message.subject.lower()


def test_without_an_address_the_step_is_counted_and_the_history_says_why(coordinator):
    point = agreed(coordinator, contact_email="")

    assert chased(point, -14, -13) == [1, 0]
    assert letters() == []
    assert "nobody there can be written to" in ProgressNote.objects.get().words


def test_with_another_day_the_reminders_begin_anew(coordinator):
    point = agreed(coordinator)
    chased(point, -14)
    point = fresh(point)
    said = {"words": point.words, "owner": point.owner, "contact_name": "Lead Invented"}

    point = action_points.change(
        point,
        **said,
        contact_email=TOUCHED,
        due_on=point.due_on + timedelta(days=30),
        by=coordinator,
        version=point.version,
    )

    assert chased(point, -14) == [1]
    assert [template for template, _ in letters()] == ["action_reminder"] * 2


@pytest.mark.parametrize("ended", ["done", "dropped", "declined"])
def test_nobody_is_chased_for_what_is_settled(coordinator, ended):
    point = agreed(coordinator)
    if ended == "declined":
        said = {"ended_on": localdate(), "outcome": "No."}
        actions.decline(point.recommendation, **said, by=coordinator, version=1)
    else:
        settled(point, coordinator, PointState(ended))

    assert chased(point, -14, 7, 21) == [0, 0, 0]


def test_the_worker_chases_before_it_sends():
    names = [job.name for job in jobs()]

    assert names.index("actions of recommendations") < names.index("messages")


def test_of_three_workers_at_once_each_owner_hears_from_one(committed_database):
    by = person("coordinator")
    row = made(by)
    points = [agreed(by, row) for _ in range(3)]
    connections.close_all()

    done = in_threads(3, lambda: chasing.chase_due(noon(points[0].due_on + timedelta(days=7))))

    assert sum(done) == 3
    assert [template for template, _ in letters()] == ["action_overdue"] * 3
    assert ProgressNote.objects.count() == 3


def test_of_two_who_settle_one_action_at_once_one_is_told(committed_database):
    by = person("coordinator")
    point = agreed(by)
    connections.close_all()

    def settle():
        try:
            settled(point, person_again(by))
        except Stale:
            return "told"
        return "settled"

    assert sorted(in_threads(2, settle)) == ["settled", "told"]
    assert fresh(point).version == 2 and Recommendation.objects.count() == 1


def person_again(user):
    return type(user).objects.get(pk=user.pk)
