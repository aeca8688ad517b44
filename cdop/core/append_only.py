"""Tables to which rows are only ever added, held by triggers on SQLite and PostgreSQL."""

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_no_{event} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""

_POSTGRESQL_FUNCTION = """CREATE OR REPLACE FUNCTION cdop_is_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql"""

_POSTGRESQL = """CREATE OR REPLACE TRIGGER {table}_no_{event} BEFORE {event} ON {table}
FOR EACH {scope} EXECUTE FUNCTION cdop_is_append_only()"""

_TRIGGERS = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')""",
}

EVENTS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}


class AppendOnly(Operation):
    """Migration operation: from here on the tables refuse UPDATE and DELETE (and TRUNCATE).

    On SQLite a later change of a table's columns rebuilds it without its triggers, so a
    migration that alters one of these tables repeats this operation after it. Where the triggers
    are still there that changes nothing. A test compares the triggers that exist with the tables
    that need them.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, *tables: str) -> None:
        self.tables = tables

    def deconstruct(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        return (type(self).__name__, self.tables, {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in the models."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(_POSTGRESQL_FUNCTION, params=None)
        for statement in self._statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        vendor = schema_editor.connection.vendor
        for table in self.tables:
            for event in EVENTS[vendor]:
                on = f" ON {table}" if vendor == "postgresql" else ""
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event.lower()}{on}")

    def describe(self) -> str:
        return f"Make {', '.join(self.tables)} append-only"

    def _statements(self, vendor: str) -> list[str]:
        template = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[vendor]
        return [
            template.format(
                table=table,
                event=event.lower(),
                scope="STATEMENT" if event == "TRUNCATE" else "ROW",
            )
            for table in self.tables
            for event in EVENTS[vendor]
        ]


def tables_to_guard() -> set[str]:
    """The tables that need the triggers: the audit chain, the history of every record, and what
    says of itself that it is ``append_only``."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if hasattr(model, "instance_type") or getattr(model, "append_only", False)
    }


def guarded_tables(using: str = "default") -> set[str]:
    """The tables on which every trigger that ``AppendOnly`` makes is there and awake."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS[connection.vendor])
        found = {(table, name) for table, name in cursor.fetchall()}
    endings = [f"_no_{event.lower()}" for event in EVENTS[connection.vendor]]
    return {t for t, _ in found if all((t, f"{t}{ending}") in found for ending in endings)}
