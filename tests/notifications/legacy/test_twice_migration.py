"""The migration after which a file is imported once: what came in twice stays, told apart."""

from datetime import UTC, datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("notifications", "0009_files_that_come_with_an_import")]
AFTER = [("notifications", "0011_a_file_is_imported_once")]


def migrated(to):
    """The models of that migration."""
    MigrationExecutor(connection).migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps.get_model


def test_of_one_file_that_came_in_twice_the_first_keeps_the_trace(committed_database):
    model = migrated(BEFORE)
    states = {"B-1": ("a", "imported", 2), "B-2": ("a", "imported", 1), "B-3": ("a", "undone", 0)}
    states |= {"B-4": ("a", "checked", None), "B-5": ("b", "imported", 3)}
    for reference, (trace, state, hour) in states.items():
        model("notifications", "LegacyImport").objects.create(
            reference=reference,
            fingerprint=trace,
            state=state,
            rows=1,
            read_at=datetime(2026, 1, 1, tzinfo=UTC),
            decided_at=None if hour is None else datetime(2026, 1, 1, hour, tzinfo=UTC),
        )
    waiting = model("notifications", "LegacyImport").objects.get(reference="B-4")
    model("notifications", "LegacyFile").objects.create(
        batch=waiting,
        data_key=model("cdop", "DataKey").objects.create(),
        sealed=b"",
        found=b"",
        choices={"2": "import"},
        expires_at=datetime(2026, 1, 2, tzinfo=UTC),
    )

    model = migrated(AFTER)

    kept = model("notifications", "LegacyImport").objects.values_list("reference", "fingerprint")
    assert dict(kept) == {"B-1": "", "B-2": "a", "B-3": "a", "B-4": "a", "B-5": "b"}
    assert model("notifications", "LegacyFile").objects.get().choices == {}
