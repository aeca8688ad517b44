"""No two organisations have the same name, whatever its capitals.

Until now nothing kept two from being made. Of those that are there the first keeps its name, each
later one gets its number in brackets behind it; a person then decides which of them is in use.
"""

from django.db import migrations, models
from django.db.models.functions import Lower

LONGEST = 200


def tell_apart(apps, schema_editor):
    Organisation = apps.get_model("cdop", "Organisation")
    seen = set()
    for each in Organisation.objects.order_by("pk"):
        if each.name.lower() in seen:
            mark = f" ({each.pk})"
            each.name = each.name[: LONGEST - len(mark)] + mark
            Organisation.objects.filter(pk=each.pk).update(name=each.name)
        seen.add(each.name.lower())


class Migration(migrations.Migration):
    dependencies = [("cdop", "0011_organisations_that_ended")]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                Lower("name"), name="organisation_name_once_whatever_capitals"
            ),
        ),
    ]
