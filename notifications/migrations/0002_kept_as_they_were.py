"""The history of every notification, import and return refuses to be changed or shortened."""

from django.db import migrations

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_records")]
    operations = [
        AppendOnly(
            "notifications_historicaldeathlist",
            "notifications_historicallegacycase",
            "notifications_historicallegacyimport",
            "notifications_historicallisteddeath",
            "notifications_historicalnotification",
            "notifications_historicalnotlisted",
            "notifications_historicalreturn",
            "notifications_historicalreturningorganisation",
            "notifications_historicalsystem",
        )
    ]
