"""Rows that look like another child: they wait for a decision."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cdop.cases import actions
from cdop.cases.models import Case
from cdop.core.refusals import Refused
from notifications import legacy_actions, legacy_checks, legacy_files, legacy_queries
from notifications.legacy_checks import IMPORT, LEAVE_OUT
from notifications.legacy_models import LegacyCase
from tests.cast import TESTS
from tests.makers import opened_case
from tests.notifications.legacy import sheets
from tests.notifications.legacy.importing import read, say
from tests.notifications.legacy.sheets import CLOSED, GATHERING, REVIEWED


def test_a_row_like_a_case_that_is_here_waits_for_a_decision(coordinator):
    there = opened_case({"nhs_number": "9990000123"})
    batch = read([CLOSED], by=coordinator)

    with pytest.raises(Refused, match="look like another child"):
        legacy_actions.bring_in(batch, by=coordinator, version=batch.version)
    (like,) = legacy_files.of(batch).findings["alike"]
    say(batch, {2: IMPORT}, by=coordinator)
    legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert like[:2] == [2, there.reference]
    assert "the same NHS number" in like[2]
    assert Case.objects.count() == 2


def test_a_row_that_is_left_out_is_written_nowhere(coordinator):
    opened_case({"nhs_number": "9990000123"})
    batch = read([CLOSED, REVIEWED], by=coordinator)

    say(batch, {2: LEAVE_OUT}, by=coordinator)
    done = legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert (done.rows, done.brought_in) == (2, 1)
    assert [row.line for row in LegacyCase.objects.all()] == [3]
    assert done.counts == [["2013-14", "E06000007", "reviewed", 1]]


def test_a_case_that_came_in_meanwhile_is_found_before_anything_is_written(coordinator):
    batch = read([CLOSED], by=coordinator)
    opened_case({"nhs_number": "9990000123"})

    with pytest.raises(Refused, match="look like another child"):
        legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert Case.objects.count() == 1
    assert [like[0] for like in legacy_files.of(batch).findings["alike"]] == [2]


TWIN = GATHERING | {"old_reference": "2026/005"}
LIKE_A_CHILD = "rows look like another child"


def bring_in(batch, by):
    return legacy_actions.bring_in(batch, by=by, version=batch.version)


def undecided(batch):
    return legacy_queries.waiting(batch).undecided


def opened_here():
    """A case about the child of the rows."""
    unknown = ("given_names", "date_of_birth", "nhs_number", "postcode", "sex", "mother_name")
    answers = dict.fromkeys(unknown, "") | {"family_name": "Invented-Four"}
    return opened_case(answers, died_on=date(2026, 3, 3))


def test_a_line_that_is_like_others_than_when_somebody_decided_is_asked_again(coordinator):
    batch = read([GATHERING, TWIN], by=coordinator)
    say(batch, {3: IMPORT}, by=coordinator)
    there = opened_here()

    with pytest.raises(Refused, match=f"2 {LIKE_A_CHILD}"):
        bring_in(batch, coordinator)
    found = legacy_queries.waiting(batch)
    say(batch, {2: LEAVE_OUT, 3: LEAVE_OUT}, by=coordinator)

    assert found.like == {2: [there.reference], 3: ["line 2", there.reference]}
    assert (found.undecided, found.said_of(3)) == ([2, 3], "")
    assert found.alike[3][0].startswith("This has changed")
    assert not found.alike[2][0].startswith("This has changed")
    with pytest.raises(Refused, match="Every row is left out"):
        bring_in(batch, coordinator)


def test_what_was_decided_holds_while_the_line_is_like_the_same(coordinator):
    batch = read([GATHERING, TWIN], by=coordinator)
    say(batch, {3: IMPORT}, by=coordinator)
    opened_case({"family_name": "Somebody-Else", "nhs_number": "9990000999"})

    assert undecided(batch) == []
    assert bring_in(batch, coordinator).brought_in == 2


def test_a_line_that_was_left_out_for_a_case_that_is_gone_is_asked_again(coordinator):
    there = opened_here()
    batch = read([GATHERING], by=coordinator)
    say(batch, {2: LEAVE_OUT}, by=coordinator)
    actions.withdraw(there, by=coordinator, reason="It was a hoax.")

    with pytest.raises(Refused, match=f"1 {LIKE_A_CHILD}"):
        bring_in(batch, coordinator)
    found = legacy_queries.waiting(batch)
    assert (found.undecided, found.like) == ([2], {2: []})
    say(batch, {2: IMPORT}, by=coordinator)

    assert bring_in(batch, coordinator).brought_in == 1


def test_a_case_that_is_opened_while_the_rows_are_compared_stops_the_import(
    coordinator, monkeypatch
):
    batch, check = read([GATHERING], by=coordinator), legacy_checks.check

    def slowly(*args, **named):
        checked = check(*args, **named)
        opened_here()
        return checked

    with monkeypatch.context() as slow, pytest.raises(Refused, match="compared anew"):
        slow.setattr(legacy_checks, "check", slowly)
        bring_in(batch, coordinator)

    with pytest.raises(Refused, match=f"1 {LIKE_A_CHILD}"):
        bring_in(batch, coordinator)
    assert Case.objects.count() == 1


def test_the_check_asks_the_database_no_more_for_more_rows(coordinator):
    few, many = (sheets.as_csv(sheets.many(count)) for count in (3, 60))

    assert queries_of(many) == queries_of(few)


def queries_of(content):
    with CaptureQueriesContext(connection) as queries:
        legacy_checks.check(content, timezone.now(), by=TESTS)
    return len(queries)
