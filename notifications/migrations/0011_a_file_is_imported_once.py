"""A file is imported once: what 0010 has made true, the database keeps so."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notifications", "0010_files_that_came_in_twice")]

    operations = [
        migrations.AddConstraint(
            model_name="legacyimport",
            constraint=models.UniqueConstraint(
                condition=Q(("state", "imported"), Q(("fingerprint", ""), _negated=True)),
                fields=("fingerprint",),
                name="import_of_a_file_once",
            ),
        ),
    ]
