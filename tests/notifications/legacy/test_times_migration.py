"""The migration that says of cases which are here already whether their time was given."""

from datetime import UTC, date, datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("notifications", "0011_a_file_is_imported_once")]
AFTER = [("notifications", "0013_times_that_were_given_for_certain")]
DIED_ON = date(2026, 7, 6)
READ_AT = datetime(2026, 7, 9, 14, tzinfo=UTC)
# When the panel was told, in UTC: London is an hour ahead.
TOLD = {
    "at a quarter past nine": (datetime(2026, 7, 7, 8, 15, tzinfo=UTC), True),
    "at noon": (datetime(2026, 7, 7, 11, tzinfo=UTC), None),
    "at noon in UTC": (datetime(2026, 7, 7, 12, tzinfo=UTC), True),
    "on the morning of the death": (datetime(2026, 7, 6, 8, tzinfo=UTC), True),
    "on the evening of the death": (datetime(2026, 7, 6, 18, tzinfo=UTC), None),
    "on the day of the import": (datetime(2026, 7, 9, 8, tzinfo=UTC), None),
}


def migrated(to):
    """The models of that migration."""
    MigrationExecutor(connection).migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps.get_model


def test_a_time_is_known_where_it_cannot_have_been_made_up(committed_database):
    model = migrated(BEFORE)
    batch = model("notifications", "LegacyImport").objects.create(
        reference="B-1", fingerprint="a", state="imported", rows=len(TOLD), read_at=READ_AT
    )
    for line, (at, _) in enumerate(TOLD.values()):
        key = model("cdop", "DataKey").objects.create()
        named = {"data_key": key, "edition": "cdr-2018"}
        case = model("cdop", "Case").objects.create(reference=f"C-{line}", opened_at=at, **named)
        model("cdop", "Clocks").objects.create(case=case, died_on=DIED_ON, notified_at=at)
        model("notifications", "Notification").objects.create(
            reference=f"N-{line}",
            route="legacy",
            state="accepted",
            received_at=at,
            case=case,
            sealed=b"",
            **named,
        )
        model("notifications", "LegacyCase").objects.create(
            case=case, batch=batch, line=line, old_reference=""
        )

    model = migrated(AFTER)

    rows = model("notifications", "LegacyCase").objects.order_by("line")
    given = list(rows.values_list("time_given", flat=True))
    assert dict(zip(TOLD, given, strict=True)) == {name: known for name, (_, known) in TOLD.items()}
