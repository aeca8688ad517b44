"""Whether an earlier case came with the time at which the panel was told, or with its day alone."""

from django.db import migrations, models

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("notifications", "0011_a_file_is_imported_once")]

    operations = [
        migrations.AddField(
            model_name="legacycase",
            name="time_given",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="historicallegacycase",
            name="time_given",
            field=models.BooleanField(null=True),
        ),
        # Where the change rebuilt the table, its triggers are there again.
        AppendOnly("notifications_historicallegacycase"),
    ]
