"""Two writers at the same moment: one of them is told, and nothing that either wrote is lost."""

import pytest
from django.db import transaction

from cdop.cases.states import CaseState
from cdop.core import drafts, sealing
from cdop.core.audit import AuditEntry, act, record, verify
from cdop.core.organisations import Organisation
from cdop.core.steps import create, edit, step
from tests.at_once import at_once, names
from tests.cast import TESTS, person
from tests.cdop.core.test_steps import hospital
from tests.makers import a_case

pytestmark = pytest.mark.database


def test_of_two_people_who_save_at_once_one_is_told_and_nothing_is_lost(committed_database):
    row = create(hospital(), by=TESTS)

    came = at_once(
        lambda: edit(row, by=TESTS, version=1, name="Invented Infirmary"),
        lambda: edit(row, by=TESTS, version=1, ods_code="XX1"),
    )

    assert names(came) == ["Organisation", "Stale"]
    now = Organisation.objects.get(pk=row.pk)
    assert (now.version, now.history.count()) == (2, 2)
    assert (now.name == "Invented Infirmary") != (now.ods_code == "XX1")


def test_two_edits_of_other_columns_at_once_are_both_kept(committed_database):
    row = create(hospital(), by=TESTS)

    came = at_once(
        lambda: edit(row, by=TESTS, name="Invented Infirmary"),
        lambda: edit(row, by=TESTS, ods_code="XX1"),
    )

    now = Organisation.objects.get(pk=row.pk)
    assert names(came) == ["Organisation", "Organisation"]
    assert (now.name, now.ods_code, now.version) == ("Invented Infirmary", "XX1", 3)


def test_of_two_people_who_take_one_step_at_once_one_does(committed_database):
    coordinator, deputy = person("coordinator"), person("deputy_coordinator")
    case = a_case()

    came = at_once(
        lambda: step(case, CaseState.READY, by=coordinator),
        lambda: step(case, CaseState.READY, by=deputy),
    )

    assert names(came) == ["Case", "Refused"]
    assert AuditEntry.objects.filter(action="case.ready").count() == 1
    assert verify().broken == ""


def test_many_writers_at_once_leave_one_chain_without_gaps(committed_database):
    def write():
        for number in range(5):
            record("thing.done", f"thing {number}", by=TESTS)

    assert at_once(*[write] * 4) == [None] * 4

    verdict = verify()
    assert (verdict.entries, verdict.broken) == (20, "")


def test_what_is_recorded_once_an_act_is_committed_is_not_lost(committed_database):
    """Mail goes out after the commit; what it did is an act of its own."""
    with act():
        record("letter.written", "a letter", by=TESTS)
        transaction.on_commit(lambda: record("letter.sent", "a letter", by=TESTS))

    actions = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert list(actions) == ["letter.written", "letter.sent"]


def test_the_same_draft_kept_by_two_pages_at_once_is_one_draft(committed_database):
    from_two_pages = person("member")
    key = sealing.new_key()

    def keep(note):
        return lambda: drafts.keep(from_two_pages, "review", "case:1", {"note": note}, key)

    came = at_once(*[keep(str(number)) for number in range(4)])

    assert names(came) == ["Draft"] * 4
    assert drafts.of(from_two_pages, "review", "case:1").version == 4
