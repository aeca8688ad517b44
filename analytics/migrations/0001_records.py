"""The tables of releases."""

import uuid

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from cdop.core.first_tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cdop", "0001_records"),
        ("cdop", "__first__"),
    ]

    operations = [
        CreateTables(
            operations=[
                migrations.CreateModel(
                    name="Release",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", models.CharField(max_length=20, unique=True)),
                        ("period", models.CharField(max_length=40)),
                        ("number", models.PositiveSmallIntegerField()),
                        ("threshold", models.PositiveSmallIntegerField(default=5)),
                        ("rules", models.TextField()),
                        ("editions", models.CharField(max_length=200)),
                        ("synthetic", models.BooleanField()),
                        ("snapshot", models.CharField(max_length=40)),
                        ("counted_at", models.DateTimeField()),
                        ("content", models.TextField()),
                        ("checks", models.TextField()),
                        ("state", models.CharField(default="draft", max_length=20)),
                        ("drafted_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(null=True)),
                        ("published_at", models.DateTimeField(null=True)),
                        ("ledger_place", models.PositiveIntegerField(null=True, unique=True)),
                        ("evidence", models.TextField(blank=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        ("withdrawn_because", models.CharField(blank=True, max_length=300)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supersedes",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="analytics.release",
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-drafted_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_by", None),
                                    models.Q(
                                        ("approved_by", models.F("drafted_by")), _negated=True
                                    ),
                                    _connector="OR",
                                ),
                                name="release_approved_by_a_second_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approved_at", None), ("approved_by", None)),
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("approved_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="release_approved_when_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("ledger_place__isnull", False),
                                        ("published_at__isnull", False),
                                        ("published_by__isnull", False),
                                        ("state__in", ("published", "superseded")),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("state__in", ("published", "superseded")),
                                            _negated=True,
                                        ),
                                        ("ledger_place", None),
                                        ("published_at", None),
                                        ("published_by", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="release_is_public_after_approval",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(("withdrawn_because", ""), _negated=True),
                                        ("state", "withdrawn"),
                                        ("withdrawn_at__isnull", False),
                                        ("withdrawn_by__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(("state", "withdrawn"), _negated=True),
                                        ("withdrawn_at", None),
                                        ("withdrawn_because", ""),
                                        ("withdrawn_by", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="release_withdrawn_with_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("threshold__gte", 3), ("threshold__lte", 10)),
                                name="release_threshold_within_bounds",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "withdrawn"), _negated=True),
                                fields=("period", "number"),
                                name="release_version_once_a_period",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("draft", "approved"))),
                                fields=("period",),
                                name="release_one_on_its_way_a_period",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "published")),
                                fields=("period",),
                                name="release_one_published_a_period",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRelease",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("reference", models.CharField(db_index=True, max_length=20)),
                        ("period", models.CharField(max_length=40)),
                        ("number", models.PositiveSmallIntegerField()),
                        ("threshold", models.PositiveSmallIntegerField(default=5)),
                        ("rules", models.TextField()),
                        ("editions", models.CharField(max_length=200)),
                        ("synthetic", models.BooleanField()),
                        ("snapshot", models.CharField(max_length=40)),
                        ("counted_at", models.DateTimeField()),
                        ("content", models.TextField()),
                        ("checks", models.TextField()),
                        ("state", models.CharField(default="draft", max_length=20)),
                        ("drafted_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(null=True)),
                        ("published_at", models.DateTimeField(null=True)),
                        ("ledger_place", models.PositiveIntegerField(db_index=True, null=True)),
                        ("evidence", models.TextField(blank=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        ("withdrawn_because", models.CharField(blank=True, max_length=300)),
                        (
                            "history_id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "approved_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supersedes",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="analytics.release",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical release",
                        "verbose_name_plural": "historical releases",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ReleaseFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("format", models.CharField(max_length=10)),
                        ("name", models.CharField(max_length=120)),
                        ("size", models.PositiveIntegerField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("content", models.BinaryField()),
                        (
                            "area",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.area",
                            ),
                        ),
                        (
                            "release",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="analytics.release",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("release", "name"), name="release_file_once"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
