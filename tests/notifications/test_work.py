"""What notifications put on the home page and on the page of a case."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from cdop import editions
from cdop.core.casework import CasePanel, Event, Task
from cdop.core.steps import edit
from notifications import decisions, intake, work
from notifications.intake import NOTIFIER
from notifications.models import Notification
from tests.cast import TESTS
from tests.makers import opened_case

NEW = editions.get("cdr-2018")


def received(role: str = "midwife") -> Notification:
    answers = {"date_of_death": "2026-01-10", "family_name": "Xxxx", "notifier_role": role}
    return intake.receive(answers, edition=NEW, route="web", by=NOTIFIER)


def test_nothing_waits_for_anybody_at_first(coordinator, chair):
    assert work.tasks_for(coordinator) == []
    received()
    assert work.tasks_for(chair) == []


def test_what_waits_is_one_line_due_when_the_first_is(coordinator):
    for _ in range(3):
        received()

    [task] = work.tasks_for(coordinator)

    assert task == Task(
        text="Notifications that wait for triage",
        href=reverse("notifications:list"),
        due_at=task.due_at,
        overdue=False,
        count=3,
        stage="Notifications",
    )
    assert task.due_at > timezone.now()


def test_it_is_overdue_when_one_of_them_is(coordinator):
    received()
    edit(received(), by=TESTS, received_at=timezone.now() - timedelta(days=9))

    [task] = work.tasks_for(coordinator)

    assert (task.count, task.overdue) == (2, True)
    assert task.due_at < timezone.now()


def test_one_that_was_decided_waits_no_more(coordinator):
    sent = received()
    assert work.tasks_for(coordinator)[0].count == 1

    decisions.decline(sent, by=coordinator, version=1, reason="test")

    assert work.tasks_for(coordinator) == []


def test_a_case_shows_what_stands_behind_it_without_a_name(coordinator, doctor):
    case, first, second = opened_case(), received(), received("")
    for sent in (first, second):
        decisions.attach(sent, case, by=coordinator, version=1)

    said = ((first.reference, "Midwife"), (second.reference, "Role not given"))
    links = tuple(
        (f"{ref}: {role}", reverse("notifications:notification", args=[ref])) for ref, role in said
    )
    of_two = {"title": "Notifications", "status": "2 received"}
    assert work.on_case(case, coordinator).panel == CasePanel(**of_two, links=links)
    assert work.on_case(case, doctor).panel == CasePanel(**of_two, lines=said)


def test_a_case_tells_when_a_notification_arrived_and_was_attached(coordinator):
    case, sent = opened_case(), received()
    taken = decisions.attach(sent, case, by=coordinator, version=1)

    assert work.on_case(case, coordinator).events == (
        Event(sent.received_at, f"Notification {sent} arrived (midwife)", "Notifications"),
        Event(taken.decided_at, f"Notification {sent} attached to a case", "Notifications"),
    )
