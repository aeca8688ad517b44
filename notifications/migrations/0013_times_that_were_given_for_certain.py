"""Fill ``time_given`` for the cases of which it can be told.

Where a row gave no time of notification, noon was taken, or the time of death if that was later on
that day, or the moment of reading if that was earlier on that day. A case with any other time came
with it. Of the others nobody can tell: they stay empty, which counts as not given. Touches each
such row once, in batches of 500.
"""

from datetime import time
from zoneinfo import ZoneInfo

from django.db import migrations

LONDON = ZoneInfo("Europe/London")
NOON = time(12)
BATCH = 500


def fill(apps, schema_editor):
    LegacyCase = apps.get_model("notifications", "LegacyCase")
    keys = list(LegacyCase.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        rows = LegacyCase.objects.filter(pk__in=keys[start : start + BATCH])
        given = _given(apps, dict(rows.values_list("case", "batch__read_at")))
        rows.filter(case__in=given).update(time_given=True)


def _given(apps, read_at):
    """The cases that certainly came with a time; ``read_at`` says by case when the sheet was."""
    clocks = apps.get_model("cdop", "Clocks").objects.filter(case__in=read_at)
    died_on = dict(clocks.values_list("case", "died_on"))
    told = apps.get_model("notifications", "Notification").objects.filter(
        case__in=read_at, route="legacy"
    )
    return [
        case
        for case, at in told.values_list("case", "received_at")
        if not _may_be_made_up(at.astimezone(LONDON), died_on[case], read_at[case])
    ]


def _may_be_made_up(at, died_on, read_at):
    """The time of death may have been corrected since, so any time after noon of that day may."""
    after_noon_of_the_death = at.date() == died_on and at.time() > NOON
    read_later = read_at.astimezone(LONDON).date() > at.date()
    return at.time() == NOON or after_noon_of_the_death or not read_later


class Migration(migrations.Migration):
    dependencies = [("notifications", "0012_whether_the_time_of_a_notification_was_given")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
