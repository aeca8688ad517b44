"""The four areas by GSS code, and the empty head of the audit chain.

Codes and names as the Office for National Statistics publishes them.
"""

from django.db import migrations

AREAS = [
    ("E06000049", "Cheshire East"),
    ("E06000050", "Cheshire West and Chester"),
    ("E06000006", "Halton"),
    ("E06000007", "Warrington"),
]


def fill(apps, schema_editor):
    using = schema_editor.connection.alias
    area = apps.get_model("cdop", "Area").objects.using(using)
    for position, (code, name) in enumerate(AREAS, start=1):
        area.create(code=code, name=name, position=position)
    apps.get_model("cdop", "AuditHead").objects.using(using).create(number=0, mac="0" * 64)


def empty(apps, schema_editor):
    using = schema_editor.connection.alias
    apps.get_model("cdop", "Area").objects.using(using).all().delete()
    apps.get_model("cdop", "AuditHead").objects.using(using).all().delete()


class Migration(migrations.Migration):
    dependencies = [("cdop", "0002_kept_as_they_were")]
    operations = [migrations.RunPython(fill, empty)]
