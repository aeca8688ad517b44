"""The archive of files that comes beside a sheet of earlier cases, sealed while it waits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0008_links_to_come_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="legacyfile",
            name="documents",
            field=models.BinaryField(null=True),
        ),
    ]
