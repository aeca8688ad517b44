"""By which browser a notification was sent: the hash of the token of its draft.

What was sent before has none. Its browser then shows the first page of the form instead of what it
sent, for the one day in which it would have shown that.
"""

from django.db import migrations, models

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0013_times_that_were_given_for_certain"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalnotification",
            name="draft_token",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="notification",
            name="draft_token",
            field=models.CharField(blank=True, max_length=64),
        ),
        AppendOnly("notifications_historicalnotification"),
    ]
