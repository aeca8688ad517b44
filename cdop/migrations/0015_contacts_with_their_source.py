"""Contacts of a case say which notification named them, and are taken off with it.

Until now only the first notification of a case named any, so theirs is the one whose answers were
kept first. Touches each row once, in batches of 500. The history keeps what was written then.
"""

from django.db import migrations, models

from cdop.core.append_only import AppendOnly

BATCH = 500


def fill(apps, schema_editor):
    contacts = apps.get_model("cdop", "Contact").objects
    said = apps.get_model("cdop", "ReportedValue").objects
    cases = sorted(set(contacts.values_list("case", flat=True)))
    for start in range(0, len(cases), BATCH):
        first = {}
        rows = said.filter(case__in=cases[start : start + BATCH]).order_by("pk")
        for case, source in rows.values_list("case", "source").iterator():
            first.setdefault(case, source)
        for case, source in first.items():
            contacts.filter(case=case).update(source=source)


class Migration(migrations.Migration):
    dependencies = [("cdop", "0014_the_visit_after_a_death")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="source",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="contact",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="historicalcontact",
            name="source",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="historicalcontact",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        AppendOnly("cdop_historicalcontact"),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
