"""An organisation can go out of use; two kinds are called by the office and not by the person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cdop", "0010_where_a_death_belongs_and_whether_it_is_true"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalorganisation",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="organisation",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="historicalorganisation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("acute_trust", "Acute hospital trust"),
                    ("community_trust", "Community or mental health trust"),
                    ("ambulance", "Ambulance service"),
                    ("primary_care", "Primary care"),
                    ("hospice", "Hospice"),
                    ("police", "Police"),
                    ("social_care", "Children's social care"),
                    ("education", "School or nursery"),
                    ("coroner", "Coroner's office"),
                    ("registrar", "Registration service"),
                    ("commissioner", "Commissioner"),
                    ("public_health", "Public health"),
                    ("board", "Safeguarding board or partnership"),
                    ("panel", "Child death overview panel"),
                    ("other", "Other"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("acute_trust", "Acute hospital trust"),
                    ("community_trust", "Community or mental health trust"),
                    ("ambulance", "Ambulance service"),
                    ("primary_care", "Primary care"),
                    ("hospice", "Hospice"),
                    ("police", "Police"),
                    ("social_care", "Children's social care"),
                    ("education", "School or nursery"),
                    ("coroner", "Coroner's office"),
                    ("registrar", "Registration service"),
                    ("commissioner", "Commissioner"),
                    ("public_health", "Public health"),
                    ("board", "Safeguarding board or partnership"),
                    ("panel", "Child death overview panel"),
                    ("other", "Other"),
                ],
                max_length=20,
            ),
        ),
    ]
