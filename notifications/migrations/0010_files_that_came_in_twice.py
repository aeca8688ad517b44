"""Imports of one file keep its trace once, and what is said of a line is said of what it is like.

Until now two people could bring one file in at the same moment. Of such imports all but the first
lose the trace of the file, so that 0011 can allow it once; they and their cases stay as they are,
for a person to undo. Files that wait (a day at most) lose what was said of their lines, which did
not say what the lines were like: it is asked again. Touches each such row once.
"""

from django.db import migrations


def keep_the_first_trace(apps, schema_editor):
    LegacyImport = apps.get_model("notifications", "LegacyImport")
    known = set()
    done = LegacyImport.objects.filter(state="imported").order_by("decided_at", "pk")
    for key, fingerprint in done.values_list("pk", "fingerprint"):
        if fingerprint in known:
            LegacyImport.objects.filter(pk=key).update(fingerprint="")
        known.add(fingerprint)


def ask_again(apps, schema_editor):
    apps.get_model("notifications", "LegacyFile").objects.update(choices={})


class Migration(migrations.Migration):
    dependencies = [("notifications", "0009_files_that_come_with_an_import")]

    operations = [
        migrations.RunPython(keep_the_first_trace, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(ask_again, ask_again, elidable=True),
    ]
