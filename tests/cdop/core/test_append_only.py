"""What was written stays as it was written: triggers on every table that may only grow."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.state import ProjectState

from cdop.cases.conversations import Conversation
from cdop.core.append_only import EVENTS, AppendOnly, guarded_tables, tables_to_guard
from cdop.core.audit import AuditEntry, record
from cdop.core.steps import edit
from cdop.learning.briefing_models import PublishedBriefing
from cdop.learning.progress import ProgressNote
from cdop.panel.paper_models import Paper
from tests.cast import TESTS
from tests.makers import a_case

APPEND_ONLY = [model for model in apps.get_models() if hasattr(model, "instance_type")]
APPEND_ONLY += [AuditEntry, Conversation, Paper, ProgressNote, PublishedBriefing]


def refused(statement: str) -> str:
    """What the database says to a statement, or "" where it does as it is told."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(error)
    return ""


@pytest.fixture
def history(db):
    """Rows in as many histories as one case makes, and its audit entries."""
    edit(a_case(category="perinatal").facts, by=TESTS, sex="male")


def test_every_history_of_every_app_and_the_audit_chain_need_triggers_and_have_them(db):
    tables = {model._meta.db_table for model in APPEND_ONLY}

    assert len(tables) > 20
    assert tables_to_guard() == tables
    assert tables - guarded_tables() == set()


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
def test_the_database_refuses_to_change_or_remove_a_row(history, model):
    """On PostgreSQL and SQLite alike a row trigger speaks only where there is a row."""
    table = model._meta.db_table
    column = connection.ops.quote_name(model._meta.pk.column)
    said = [refused(f"UPDATE {table} SET {column} = {column}"), refused(f"DELETE FROM {table}")]

    expected = f"{table} is append-only" if model._base_manager.exists() else ""
    assert all((expected in words) and bool(words) == bool(expected) for words in said), said


def test_enough_tables_are_filled_for_that_to_mean_something(history):
    filled = {model.__name__ for model in APPEND_ONLY if model._base_manager.exists()}

    assert filled >= {
        "AuditEntry",
        "HistoricalCase",
        "HistoricalIdentity",
        "HistoricalClocks",
        "HistoricalCaseFacts",
        "HistoricalReportedValue",
    }


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
def test_no_table_is_emptied_at_a_stroke(db, model):
    said = refused(f"TRUNCATE {model._meta.db_table} CASCADE")

    assert {"postgresql": "is append-only", "sqlite": "syntax error"}[connection.vendor] in said


def test_django_itself_is_refused_too(history):
    entries, histories = AuditEntry.objects, apps.get_model("cdop", "HistoricalCase").objects
    for attempt in (
        lambda: entries.update(job="x"),
        lambda: entries.all().delete(),
        lambda: histories.update(state="closed"),
        lambda: histories.all().delete(),
        lambda: entries.bulk_create(
            list(entries.all()),
            update_conflicts=True,
            unique_fields=["number"],
            update_fields=["job"],
        ),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()


def test_a_removed_or_silenced_trigger_is_missed(db):
    statement = {
        "postgresql": "ALTER TABLE cdop_auditentry DISABLE TRIGGER cdop_auditentry_no_delete",
        "sqlite": "DROP TRIGGER cdop_auditentry_no_delete",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert tables_to_guard() - guarded_tables() == {"cdop_auditentry"}


@pytest.mark.database
def test_a_trigger_of_the_same_name_on_another_table_guards_nothing(committed_database):
    on = " ON cdop_auditentry" if connection.vendor == "postgresql" else ""
    update = AppendOnly("cdop_auditentry")._statements(connection.vendor)[0]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER cdop_auditentry_no_update{on}")
        cursor.execute("CREATE TABLE decoy (number integer)")
        cursor.execute(update.replace("ON cdop_auditentry", "ON decoy"))

    assert "cdop_auditentry" not in guarded_tables()


@pytest.mark.database
def test_the_operation_can_be_taken_back_and_done_again(committed_database):
    operation, state = AppendOnly("cdop_auditentry"), ProjectState()
    record("thing.done", "a thing", by=TESTS)

    with connection.schema_editor() as editor:
        operation.database_backwards("cdop", editor, state, state)
    assert "cdop_auditentry" not in guarded_tables()
    assert refused("UPDATE cdop_auditentry SET job = 'x'") == ""

    with connection.schema_editor() as editor:
        operation.database_forwards("cdop", editor, state, state)
    assert "append-only" in refused("UPDATE cdop_auditentry SET job = 'y'")


def test_the_operation_is_written_into_a_migration_as_it_was_given():
    name, tables, options = AppendOnly("one", "two").deconstruct()

    assert (name, tables, options) == ("AppendOnly", ("one", "two"), {})
    assert AppendOnly("one", "two").describe() == "Make one, two append-only"
    assert set(EVENTS) == {"sqlite", "postgresql"}


def test_no_model_loses_its_rows_with_those_they_point_to_but_drafts_and_traces():
    """PROTECT everywhere: a deleted user or case must not take records with it."""
    cascading = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith(("cdop", "notifications", "analytics"))
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.on_delete is models.CASCADE
    }

    assert cascading <= {"Draft.holder", "IdentityToken.case"}
