"""Where a notification came from: which form, which organisation, with which others."""

import django.db.models.deletion
from django.db import migrations, models

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("cdop", "0006_order_by_the_key_not_by_the_row_behind_it"),
        ("notifications", "0002_notification_history_is_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalnotification",
            name="adult_ward",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="historicalnotification",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cdop.organisation",
            ),
        ),
        migrations.AddField(
            model_name="historicalnotification",
            name="questionnaire",
            field=models.CharField(default="notification", max_length=40),
        ),
        migrations.AddField(
            model_name="historicalnotification",
            name="together",
            field=models.UUIDField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="adult_ward",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="notification",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cdop.organisation",
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="questionnaire",
            field=models.CharField(default="notification", max_length=40),
        ),
        migrations.AddField(
            model_name="notification",
            name="together",
            field=models.UUIDField(db_index=True, null=True),
        ),
        AppendOnly("notifications_historicalnotification"),
    ]
