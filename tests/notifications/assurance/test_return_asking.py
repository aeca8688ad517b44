"""Monthly returns are asked for once, and chased until they come."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections

from cdop.core import outbox
from cdop.core.messages import WITHHELD, Message
from cdop.core.organisations import Closure
from cdop.core.steps import create
from notifications.assurance import asking, work
from notifications.assurance.models import Return
from tests.cast import TESTS
from tests.notifications.assurance.answering import at, sent_by_link
from tests.notifications.assurance.makers import (
    EMAIL,
    FIRST_WORKING_DAY,
    asked_of,
    asked_return,
    link_of,
)

pytestmark = pytest.mark.usefixtures("in_november")


@pytest.mark.parametrize(
    ("now", "months"),
    [
        (at(1, 10), [8]),
        (at(31, 10), [8, 9]),
        (at(1, 11), [8, 9]),  # a Sunday
        (at(2, 11), [8, 9, 10]),
        (at(30, 11), [8, 9, 10]),
    ],
)
def test_a_month_is_asked_about_from_the_first_working_day_of_the_next(db, now, months):
    asked_of(first_month=date(2026, 8, 1))

    if now == at(1, 10):
        create(Closure(on=date(2026, 10, 1), reason="Invented"), by=TESTS)
    asking.ask_due(now)

    assert [each.month for each in Return.objects.order_by("month")] == [
        date(2026, month, 1) for month in months
    ]


def test_nobody_is_asked_before_the_first_or_after_the_last_month(db):
    asked_of("One", first_month=date(2026, 11, 1))
    asked_of("Two", first_month=date(2026, 7, 1), last_month=date(2026, 8, 1))

    asking.ask_due(FIRST_WORKING_DAY)

    assert list(Return.objects.values_list("asked_of__organisation__name", "month")) == [
        ("Two", date(2026, 8, 1)),
        ("Two", date(2026, 7, 1)),
    ]


def test_the_letter_names_organisation_month_and_link_and_nothing_else(db):
    asked = asked_return()

    [letter] = outbox.of([asked.reference])
    assert letter.subject == "Monthly return for October 2026"
    assert "This is about Invented Hospital." in letter.body
    assert link_of(asked) not in letter.body + str(bytes(letter.sealed))
    assert WITHHELD in letter.body
    assert asked.asked_of.email == EMAIL
    assert asked.token != link_of(asked)


def test_asking_twice_asks_once(db):
    asked_of()

    assert (asking.ask_due(FIRST_WORKING_DAY), asking.ask_due(FIRST_WORKING_DAY)) == (1, 0)
    assert Message.objects.count() == 1


def test_two_who_ask_at_once_ask_once(committed_database):
    asked_of()

    def ask(_):
        try:
            return asking.ask_due(FIRST_WORKING_DAY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as several:
        found = sorted(several.map(ask, range(4)))

    assert found == [0, 0, 0, 1]
    assert (Return.objects.count(), Message.objects.count()) == (1, 1)


def test_what_is_broken_off_leaves_neither_a_return_nor_a_letter(db, monkeypatch):
    asked_of()

    def breaks(*args, **kwargs):
        raise OSError("The plug was pulled.")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "queue", breaks)
        with pytest.raises(OSError, match="The plug was pulled."):
            asking.ask_due(FIRST_WORKING_DAY)

    assert (Return.objects.count(), Message.objects.count()) == (0, 0)
    assert asking.ask_due(FIRST_WORKING_DAY) == 1


@pytest.mark.parametrize(
    ("now", "reminders", "letters"),
    [
        (at(9, hour=23), 0, 1),
        (at(10), 1, 2),  # the sixth working day
        (at(16, hour=23), 1, 2),
        (at(17), 2, 3),
        (at(30), 2, 3),
    ],
)
def test_it_is_chased_after_five_and_ten_working_days(db, now, reminders, letters):
    asked_return()

    for moment in (at(9, hour=23), at(10), at(17)):
        if moment <= now:
            asking.remind_due(moment)
    asking.remind_due(now)
    asking.remind_due(now)

    assert Return.objects.get().reminders == reminders
    assert Message.objects.count() == letters


def test_after_a_long_silence_of_the_job_one_reminder_is_enough(db):
    asked_return()

    assert asking.remind_due(at(25)) == 1

    assert (Return.objects.get().reminders, Message.objects.count()) == (2, 2)


def test_who_has_answered_is_not_chased_and_waiting_letters_stop(db):
    asked = sent_by_link(asked_return())

    assert asking.remind_due(at(25)) == 0
    assert {each.state for each in outbox.of([asked.reference])} == {"stopped"}


def test_the_jobs_say_what_they_did(db):
    asked_of()
    [job] = work.due_jobs()

    assert job.run() == "Asked for 1 monthly returns."
    assert job.run() == ""


def test_after_two_reminders_it_is_a_task(coordinator, chair):
    asked_return()
    assert work.tasks_for(coordinator) == []

    asking.remind_due(at(17))

    [task] = work.tasks_for(coordinator)
    assert (task.text, task.count, task.overdue) == ("Monthly returns that did not come", 1, True)
    assert work.tasks_for(chair) == []
