"""Limits: how many are let through, and that nobody's address is kept."""

from datetime import timedelta

from django.utils import timezone

from cdop.core import limits, reminders
from cdop.core.limits import Limit, allow
from tests.at_once import at_once

HOUR = timedelta(hours=1)


def test_as_many_are_let_through_as_are_allowed_and_no_more(db):
    assert [allow("code", "192.0.2.1", most=3, within=HOUR) for _ in range(5)] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_others_and_other_kinds_are_counted_apart(db):
    assert allow("code", "192.0.2.1", most=1, within=HOUR)

    assert allow("code", "192.0.2.2", most=1, within=HOUR)
    assert allow("link", "192.0.2.1", most=1, within=HOUR)
    assert not allow("code", "192.0.2.1", most=1, within=HOUR)


def test_none_is_let_through_where_none_is_allowed(db):
    assert not allow("code", "192.0.2.1", most=0, within=HOUR)


def test_when_the_time_is_over_the_count_begins_anew(db):
    allow("code", "192.0.2.1", most=1, within=HOUR)
    Limit.objects.update(until=timezone.now())

    assert allow("code", "192.0.2.1", most=1, within=HOUR)
    assert not allow("code", "192.0.2.1", most=1, within=HOUR)


def test_trying_on_does_not_make_the_time_longer(db):
    allow("code", "192.0.2.1", most=1, within=HOUR)
    until = Limit.objects.get().until
    allow("code", "192.0.2.1", most=1, within=HOUR)

    assert Limit.objects.get().until == until


def test_who_is_counted_is_kept_nowhere(db):
    allow("code", "somebody@example.org", most=1, within=HOUR)

    [row] = Limit.objects.values()
    assert not any("somebody" in str(value) or "code" in str(value) for value in row.values())
    assert len(row["key"]) == 64


def test_what_is_over_is_tidied_away_and_what_runs_is_not(db):
    for who in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        allow("code", who, most=1, within=HOUR)
    running = Limit.objects.order_by("key").first()
    Limit.objects.exclude(pk=running.pk).update(until=timezone.now())

    assert reminders.remove_limits() == "Removed 2 ended limits."
    assert Limit.objects.get() == running
    assert (reminders.remove_limits(), limits.remove_ended()) == ("", 0)


def test_of_many_at_once_exactly_as_many_pass_as_are_allowed(committed_database):
    def try_three_times():
        return [allow("code", "192.0.2.1", most=5, within=HOUR) for _ in range(3)]

    passed = [each for came in at_once(*[try_three_times] * 8) for each in came]

    assert sorted(passed) == [False] * 19 + [True] * 5
    assert Limit.objects.get().count == 24
