"""Empty the hours to notification of imported cases whose sheet gave no time of notification.

Their notification had a made-up time (see 0013), so the hours counted from it were made up too.
Only cases that nobody told us of before the import; of those whose time may have been given nobody
can tell, and they count as not given, as on the page about promptness. Nothing is put into the
history: it says what was written then. Touches each such row once, in batches of 500.
"""

from django.db import migrations

BATCH = 500


def empty(apps, schema_editor):
    legacy = apps.get_model("notifications", "LegacyCase").objects.exclude(time_given=True)
    facts = apps.get_model("cdop", "CaseFacts").objects
    keys = list(legacy.order_by("case").values_list("case", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        facts.filter(case__in=_first_told_by_the_import(apps, batch)).update(
            hours_to_notification=None
        )


def _first_told_by_the_import(apps, keys):
    rows = apps.get_model("notifications", "Notification").objects.filter(case__in=keys)
    first = {}
    for case, route in rows.order_by("received_at", "pk").values_list("case", "route"):
        first.setdefault(case, route)
    return [case for case, route in first.items() if route == "legacy"]


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0014_the_browser_that_sent_it"),
        ("cdop", "0014_the_visit_after_a_death"),
    ]
    operations = [migrations.RunPython(empty, migrations.RunPython.noop, elidable=True)]
