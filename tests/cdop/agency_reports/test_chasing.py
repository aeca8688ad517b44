"""Chasing: each step once, by the clock of the edition, however often and when the worker runs."""

from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from cdop.agency_reports import answering, asking, chasing, invitations, times
from cdop.agency_reports.models import Request
from cdop.agency_reports.states import RequestState, Role
from cdop.core import sealing
from cdop.core.dates import london_date
from cdop.core.messages import PURPOSE, Message
from cdop.core.refusals import Refused
from cdop.core.reminders import jobs
from tests.cast import person
from tests.cdop.agency_reports.makers import CONTACT, answer, asked, fresh, link_of, returned
from tests.cdop.core.test_senders import in_threads

LONG_AGO = timedelta(days=40)


def overdue(coordinator, **more) -> Request:
    """A request that was asked long ago, which nobody has been reminded of."""
    return asked(coordinator, now=timezone.now() - LONG_AGO, **more)


def to(message) -> str:
    return sealing.unseal(message.data_key, PURPOSE, message.sealed).decode().split("\n")[0]


def letters(template: str) -> list[str]:
    rows = Message.objects.filter(template=template).select_related("data_key")
    return [to(message) for message in rows]


def run_at_each_step(request) -> list[int]:
    """Let the worker run an hour after each step is due; how many letters each run queued."""
    queued = []
    while following := times.next_step(fresh(request), ()):
        before = Message.objects.count()
        chasing.chase_due(following[1] + timedelta(hours=1))
        queued.append(Message.objects.count() - before)
    return queued


def test_nobody_is_reminded_before_the_day(coordinator):
    asked(coordinator)

    assert chasing.chase_due() == 0


def test_two_reminders_then_the_board_member(coordinator):
    made = overdue(coordinator, board_email="board@example.org")

    assert run_at_each_step(made) == [1, 1, 1]
    assert letters("report_reminder") == [CONTACT, CONTACT]
    assert letters("report_escalation") == ["board@example.org"]
    assert fresh(made).reminders == times.ESCALATION


def test_a_worker_that_was_off_for_weeks_writes_one_letter_and_not_all_it_missed(coordinator):
    made = overdue(coordinator, board_email="board@example.org")

    assert [chasing.chase_due() for _ in range(3)] == [1, 0, 0]
    assert (letters("report_reminder"), letters("report_escalation")) == ([CONTACT], [])
    assert fresh(made).reminders == 1


def test_nobody_is_reported_to_the_board_before_they_had_time_after_a_reminder(coordinator):
    made, now = overdue(coordinator, board_email="board@example.org"), timezone.now()
    chasing.chase_due(now)

    for days in range(1, 5):
        chasing.chase_due(now + timedelta(days=days))

    assert letters("report_escalation") == []
    assert fresh(made).reminders == 1


def test_the_letter_to_the_board_has_no_link_and_names_no_child(coordinator):
    made = overdue(coordinator, board_email="board@example.org")
    run_at_each_step(made)

    letter = Message.objects.get(template="report_escalation")

    assert "https://" not in letter.body and "Invented-Child" not in letter.body
    assert made.reference in letter.body and str(made.organisation) in letter.body


def test_where_no_board_member_is_known_it_is_a_task_of_the_coordinator(coordinator):
    made = overdue(coordinator)

    assert run_at_each_step(made) == [1, 1, 0]
    assert fresh(made).reminders == times.ESCALATION


def test_the_respondent_is_reminded_where_there_is_one(coordinator):
    made = overdue(coordinator)
    answering.assign(link_of(made), name="R", email="resp@example.org")

    chasing.chase_due()

    assert letters("report_reminder") == ["resp@example.org"]


def test_the_contact_is_reminded_of_what_waits_for_approval(coordinator):
    made = overdue(coordinator)
    respondent = link_of(
        fresh(answering.assign(link_of(made), name="R", email="r@example.org", approves=True)),
        Role.RESPONDENT,
    )
    answer(respondent, {})
    version = answering.draft_of(fresh(made)).version
    answering.send(respondent, version=version)

    chasing.chase_due()

    assert letters("report_reminder") == [CONTACT]


@pytest.mark.parametrize("rest", ["not_known", ""])
def test_what_came_is_chased_no_more_not_even_in_part(coordinator, rest):
    returned(coordinator, {"growth": ["9 kg"]}, rest=rest, now=timezone.now() - LONG_AGO)

    assert chasing.chase_due() == 0


def test_what_was_set_aside_is_chased_no_more(coordinator):
    made = overdue(coordinator)
    asking.set_aside(made, RequestState.CLOSED, why="Over", by=coordinator, version=made.version)

    assert chasing.chase_due() == 0


def test_with_more_time_the_reminders_begin_anew_and_are_other_letters(coordinator):
    made = overdue(coordinator)
    chasing.chase_due()
    made = fresh(made)
    until = london_date(timezone.now()) + timedelta(days=3)

    made = asking.extend(made, until=until, why="Ill", by=coordinator, version=made.version)

    assert chasing.chase_due() == 0
    assert chasing.chase_due(timezone.now() + timedelta(days=8)) == 1
    assert letters("report_reminder") == [CONTACT, CONTACT]


def test_a_reminder_carries_a_link_that_opens_also_where_the_first_has_run_out(coordinator):
    made = asked(coordinator, now=timezone.now() - timedelta(days=70))

    chasing.chase_due()

    [live] = invitations.live(fresh(made))
    message = Message.objects.select_related("data_key").get(template="report_reminder")
    secret = sealing.unseal(message.data_key, PURPOSE, message.sealed).decode()
    assert live.opens(timezone.now())
    assert invitations.token_of(live.link) in secret
    assert Message.objects.filter(template="report_asked").count() == 1


def test_the_coordinator_reminds_at_once_as_often_as_is_wanted(coordinator):
    made = asked(coordinator)

    for _ in range(2):
        made = chasing.chase_now(made, by=coordinator, version=made.version)

    assert letters("report_reminder") == [CONTACT, CONTACT]
    assert made.reminders == 0


def test_nobody_is_reminded_of_what_came(coordinator):
    made = returned(coordinator)

    with pytest.raises(Refused, match="nobody is reminded"):
        chasing.chase_now(made, by=coordinator, version=made.version)


def test_the_worker_chases_before_it_sends():
    names = [job.name for job in jobs()]

    assert names.index("agency reports") < names.index("messages")


def test_of_three_workers_at_once_each_agency_hears_from_one(committed_database):
    by = person("coordinator")
    made = [overdue(by) for _ in range(4)]
    connections.close_all()

    done = in_threads(3, chasing.chase_due)

    assert sum(done) == 4
    assert sorted(
        Message.objects.filter(template="report_reminder").values_list("about")
    ) == sorted((row.reference,) for row in made)
