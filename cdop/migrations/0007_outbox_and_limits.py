"""Messages that go out, and counts of how often somebody tried something."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cdop", "0006_order_by_the_key_not_by_the_row_behind_it"),
    ]

    operations = [
        migrations.CreateModel(
            name="Limit",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField(default=0)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("about", models.CharField(db_index=True, max_length=20)),
                ("once", models.CharField(max_length=120, unique=True)),
                ("template", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=120)),
                ("body", models.TextField()),
                ("to_family", models.BooleanField(default=False)),
                ("sealed", models.BinaryField()),
                ("state", models.CharField(default="waiting", max_length=20)),
                ("queued_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("first_tried_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.TextField(blank=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("why_stopped", models.TextField(blank=True)),
                (
                    "data_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cdop.datakey",
                    ),
                ),
            ],
            options={
                "ordering": ["-queued_at", "pk"],
                "indexes": [models.Index(fields=["state", "next_try_at"], name="message_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="message_ends_when_it_waits_no_more",
                    )
                ],
            },
        ),
    ]
