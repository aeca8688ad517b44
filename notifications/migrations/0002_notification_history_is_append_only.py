"""From here on the history of notifications refuses to be changed or shortened."""

from django.db import migrations

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_notifications"),
        ("cdop", "0002_audit_and_history_are_append_only"),
    ]
    operations = [
        AppendOnly(
            "notifications_historicalnotification",
        )
    ]
