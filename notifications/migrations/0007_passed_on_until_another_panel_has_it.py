"""To which panel a notification was passed on, and who there said that it arrived."""

from django.conf import settings
from django.db import migrations, models

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("cdop", "0010_where_a_death_belongs_and_whether_it_is_true"),
        ("notifications", "0006_returns_and_lists_of_deaths"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalnotification",
            name="passed_to",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="historicalnotification",
            name="receipt_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="historicalnotification",
            name="receipt_from",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="notification",
            name="passed_to",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="notification",
            name="receipt_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="receipt_from",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["passed_on", "taken_over"]), _negated=True),
                    models.Q(("passed_to", ""), _negated=True),
                    _connector="OR",
                ),
                name="notification_passed_on_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "taken_over"), _negated=True),
                    models.Q(
                        models.Q(("receipt_from", ""), _negated=True), ("receipt_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="notification_taken_over_by_word_of_somebody",
            ),
        ),
        AppendOnly(
            "notifications_historicalnotification",
        ),
    ]
