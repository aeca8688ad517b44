"""Rows that look like another child: they wait for a decision."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cdop.cases.models import Case
from cdop.core.refusals import Refused
from notifications import legacy_actions, legacy_checks, legacy_files
from notifications.legacy_checks import IMPORT, LEAVE_OUT
from notifications.legacy_models import LegacyCase
from tests.cast import TESTS
from tests.makers import opened_case
from tests.notifications.legacy import sheets
from tests.notifications.legacy.importing import read
from tests.notifications.legacy.sheets import CLOSED, REVIEWED


def test_a_row_like_a_case_that_is_here_waits_for_a_decision(coordinator):
    there = opened_case({"nhs_number": "9990000123"})
    batch = read([CLOSED], by=coordinator)

    with pytest.raises(Refused, match="look like another child"):
        legacy_actions.bring_in(batch, by=coordinator, version=batch.version)
    (like,) = legacy_files.of(batch).findings["alike"]
    legacy_actions.choose(batch, {"2": IMPORT}, by=coordinator)
    legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert like[:2] == [2, there.reference]
    assert "the same NHS number" in like[2]
    assert Case.objects.count() == 2


def test_a_row_that_is_left_out_is_written_nowhere(coordinator):
    opened_case({"nhs_number": "9990000123"})
    batch = read([CLOSED, REVIEWED], by=coordinator)

    legacy_actions.choose(batch, {"2": LEAVE_OUT}, by=coordinator)
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


def test_the_check_asks_the_database_no_more_for_more_rows(coordinator):
    few, many = (sheets.as_csv(sheets.many(count)) for count in (3, 60))

    assert queries_of(many) == queries_of(few)


def queries_of(content):
    with CaptureQueriesContext(connection) as queries:
        legacy_checks.check(content, timezone.now(), by=TESTS)
    return len(queries)
