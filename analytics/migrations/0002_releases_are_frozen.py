"""From here on what was counted for a release cannot be changed, nor a published file at all.

A release still moves from state to state; the columns that its draft wrote are refused to every
later UPDATE that names them. On SQLite a later change of the table's columns rebuilds it without
its trigger, so a migration that alters releases repeats this one's operations.
"""

from django.db import migrations

from cdop.core.append_only import AppendOnly

COLUMNS = (
    "reference, period, number, supersedes_id, threshold, rules, editions, synthetic, snapshot, "
    "counted_at, content, checks, drafted_at, drafted_by_id"
)

ON = f"""UPDATE OF {COLUMNS} ON analytics_release"""

SQLITE = (
    f"""CREATE TRIGGER analytics_release_is_frozen BEFORE {ON}
    BEGIN SELECT RAISE(ABORT, 'what a release counted is frozen'); END""",
    """CREATE TRIGGER analytics_release_is_kept BEFORE DELETE ON analytics_release
    BEGIN SELECT RAISE(ABORT, 'a release is kept'); END""",
)

POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION analytics_release_refuses() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'what a release counted is frozen and kept'; END $$ LANGUAGE plpgsql""",
    f"""CREATE TRIGGER analytics_release_is_frozen BEFORE {ON}
    FOR EACH ROW EXECUTE FUNCTION analytics_release_refuses()""",
    """CREATE TRIGGER analytics_release_is_kept BEFORE DELETE ON analytics_release
    FOR EACH ROW EXECUTE FUNCTION analytics_release_refuses()""",
    """CREATE TRIGGER analytics_release_is_not_emptied BEFORE TRUNCATE ON analytics_release
    FOR EACH STATEMENT EXECUTE FUNCTION analytics_release_refuses()""",
)


def freeze(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def thaw(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION analytics_release_refuses() CASCADE")
        return
    schema_editor.execute("DROP TRIGGER analytics_release_is_frozen")
    schema_editor.execute("DROP TRIGGER analytics_release_is_kept")


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0001_records"),
    ]
    operations = [
        AppendOnly("analytics_historicalrelease", "analytics_releasefile"),
        migrations.RunPython(freeze, thaw),
    ]
