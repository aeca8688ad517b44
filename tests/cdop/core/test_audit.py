"""The audit chain: what is recorded, and what tampering is found."""

import pytest
from django.db import DatabaseError, connection, transaction

from cdop.core import audit
from cdop.core.audit import AuditEntry, AuditHead, Job, act, record, verify

BY = Job("tests")


@pytest.fixture
def chain(db):
    """Five entries on the chain."""
    for number in range(1, 6):
        record("thing.done", f"thing {number}", by=BY, after={"state": "done"})


def without_triggers(statement, *values):
    """Change the table behind the application's back, as somebody with the database could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER cdop_auditentry_no_update")
            cursor.execute("DROP TRIGGER cdop_auditentry_no_delete")
        cursor.execute(statement, values)


def test_an_untouched_chain_verifies_and_says_how_long_it_is(chain):
    assert verify() == audit.Verdict(entries=5)


@pytest.mark.parametrize(
    "column, value",
    [
        ("job", "somebody else"),
        ("action", "thing.undone"),
        ("subject", "thing 9"),
        ("purpose", "another"),
        ("detail", "{}"),
        ("hat", "chair"),
        ("case_number", 7),
        ("at", "2001-01-01 00:00:00+00:00"),
    ],
)
def test_a_changed_entry_is_named(chain, column, value):
    without_triggers(f"UPDATE cdop_auditentry SET {column} = %s WHERE number = 3", value)

    assert verify() == audit.Verdict(2, "Entry 3 was changed, inserted or moved.")


def test_a_removed_entry_is_named(chain):
    without_triggers("DELETE FROM cdop_auditentry WHERE number = 3")

    assert verify() == audit.Verdict(2, "Entry 3 is missing; entry 4 follows.")


def test_two_exchanged_entries_are_found(chain):
    without_triggers(
        "UPDATE cdop_auditentry SET subject = CASE number WHEN 2 THEN 'thing 3' ELSE 'thing 2' END"
        " WHERE number IN (2, 3)"
    )

    assert verify() == audit.Verdict(1, "Entry 2 was changed, inserted or moved.")


def test_an_inserted_entry_is_found(chain):
    without_triggers(
        "INSERT INTO cdop_auditentry (number, at, job, hat, action, subject, purpose, detail, mac)"
        " SELECT 6, at, job, hat, action, subject, purpose, detail, mac"
        " FROM cdop_auditentry WHERE number = 5"
    )

    assert verify() == audit.Verdict(5, "Entry 6 was changed, inserted or moved.")


def test_a_cut_off_tail_is_found_against_the_head(chain):
    without_triggers("DELETE FROM cdop_auditentry WHERE number > 3")

    assert verify() == audit.Verdict(3, "The chain ends at entry 3, but its head says 5.")


def test_a_cut_off_tail_with_a_turned_back_head_is_found_against_the_anchor(chain, tmp_path):
    anchors = tmp_path / "anchors.jsonl"
    audit.write_anchor(anchors)
    mac = AuditEntry.objects.get(number=3).mac
    without_triggers("DELETE FROM cdop_auditentry WHERE number > 3")
    AuditHead.objects.update(number=3, mac=mac)

    assert verify(tmp_path / "none.jsonl") == audit.Verdict(3)
    assert "Entry 5 was anchored" in verify(anchors).broken


def test_a_chain_that_grew_after_its_anchor_still_verifies(chain, tmp_path):
    anchors = tmp_path / "anchors.jsonl"
    audit.write_anchor(anchors)
    record("thing.done", "thing 6", by=BY)

    assert verify(anchors) == audit.Verdict(6)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE cdop_auditentry SET job = 'x'", "DELETE FROM cdop_auditentry"],
)
def test_the_database_itself_refuses_to_change_an_entry(chain, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)

    assert verify() == audit.Verdict(5)


def test_the_entries_of_an_act_are_appended_together_at_its_end(db):
    with act():
        record("first", "a", by=BY)
        assert AuditEntry.objects.count() == 0
        record("second", "b", by=BY)

    assert list(AuditEntry.objects.values_list("number", "action")) == [(1, "first"), (2, "second")]


def test_a_failed_act_leaves_neither_writes_nor_entries(db):
    with pytest.raises(ZeroDivisionError), act():
        record("first", "a", by=BY)
        raise ZeroDivisionError

    assert AuditEntry.objects.count() == 0
    assert verify() == audit.Verdict(0)


def test_a_failed_act_inside_another_takes_only_its_own_entries_with_it(db):
    with act():
        record("kept", "a", by=BY)
        with pytest.raises(ZeroDivisionError), act():
            record("lost", "b", by=BY)
            raise ZeroDivisionError
        record("kept too", "c", by=BY)

    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["kept", "kept too"]


def test_an_entry_names_the_person_and_the_hat(coordinator):
    record("case.read", "case 1", by=coordinator, case=1, purpose="a parent rang")

    entry = AuditEntry.objects.last()
    assert (entry.actor, entry.hat, entry.job) == (coordinator, "coordinator", "")
    assert (entry.case_number, entry.purpose, entry.detail) == (1, "a parent rang", "")
