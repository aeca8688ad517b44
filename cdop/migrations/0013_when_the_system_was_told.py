"""When this system was told of a task, apart from when it was due; a third way to confirm a death."""

from django.db import migrations, models

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("cdop", "0012_organisation_name_once"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="confirmation",
            name="confirmation_says_how",
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="told_by",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="historicalchecklistitem",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="historicalchecklistitem",
            name="told_by",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    models.Q(("way", "second_source"), models.Q(("source", ""), _negated=True)),
                    models.Q(
                        ("rung_at__isnull", False),
                        ("way", "call_back"),
                        models.Q(("spoke_to", ""), _negated=True),
                    ),
                    models.Q(("way", "earlier"), models.Q(("source", ""), _negated=True)),
                    _connector="OR",
                ),
                name="confirmation_says_how",
            ),
        ),
        AppendOnly("cdop_historicalchecklistitem"),
    ]
