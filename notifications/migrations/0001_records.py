"""The tables of notifications and of every route by which one comes in."""

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
                    name="ReturnLink",
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
                        ("token", models.CharField(max_length=64, unique=True)),
                        ("draft", models.UUIDField(db_index=True)),
                        ("sealed", models.BinaryField()),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField(db_index=True)),
                        ("used_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="DeathList",
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
                        ("kind", models.CharField(max_length=20)),
                        ("first_day", models.DateField()),
                        ("last_day", models.DateField()),
                        ("uploaded_at", models.DateTimeField()),
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
                            "data_key",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.datakey",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "list of deaths",
                        "verbose_name_plural": "lists of deaths",
                        "ordering": ["-uploaded_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("last_day__gte", models.F("first_day"))),
                                name="death_list_ends_after_it_begins",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDeathList",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("kind", models.CharField(max_length=20)),
                        ("first_day", models.DateField()),
                        ("last_day", models.DateField()),
                        ("uploaded_at", models.DateTimeField()),
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
                            "area",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.area",
                            ),
                        ),
                        (
                            "data_key",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.datakey",
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
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical list of deaths",
                        "verbose_name_plural": "historical lists of deaths",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalLegacyImport",
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
                        ("state", models.CharField(default="checked", max_length=20)),
                        ("fingerprint", models.CharField(db_index=True, max_length=64)),
                        ("read_at", models.DateTimeField()),
                        ("rows", models.PositiveIntegerField()),
                        ("report", models.JSONField(default=list)),
                        ("counts", models.JSONField(default=list)),
                        ("old_totals", models.JSONField(default=list)),
                        ("brought_in", models.PositiveIntegerField(null=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("undone_at", models.DateTimeField(null=True)),
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
                            "decided_by",
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
                            "read_by",
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
                            "undone_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical legacy import",
                        "verbose_name_plural": "historical legacy imports",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalNotification",
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
                        ("state", models.CharField(default="received", max_length=20)),
                        ("route", models.CharField(max_length=20)),
                        ("edition", models.CharField(max_length=20)),
                        ("received_at", models.DateTimeField()),
                        ("questionnaire", models.CharField(default="notification", max_length=40)),
                        ("notifier_role", models.CharField(blank=True, max_length=40)),
                        ("adult_ward", models.CharField(blank=True, max_length=20)),
                        ("together", models.UUIDField(db_index=True, null=True)),
                        ("draft", models.UUIDField(db_index=True, null=True)),
                        ("draft_token", models.CharField(blank=True, max_length=64)),
                        ("sealed", models.BinaryField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decline_code", models.CharField(blank=True, max_length=40)),
                        ("decision_note", models.TextField(blank=True)),
                        ("passed_to", models.CharField(blank=True, max_length=200)),
                        ("receipt_from", models.CharField(blank=True, max_length=200)),
                        ("receipt_at", models.DateTimeField(null=True)),
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
                            "case",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "data_key",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.datakey",
                            ),
                        ),
                        (
                            "decided_by",
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
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical notification",
                        "verbose_name_plural": "historical notifications",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalReturningOrganisation",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("first_month", models.DateField()),
                        ("last_month", models.DateField(null=True)),
                        ("adult_wards", models.TextField(blank=True)),
                        ("sealed", models.BinaryField()),
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
                            "data_key",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.datakey",
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
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical returning organisation",
                        "verbose_name_plural": "historical returning organisations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalSystem",
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
                        ("name", models.CharField(max_length=200)),
                        ("registered_at", models.DateTimeField()),
                        ("secret_made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
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
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical system",
                        "verbose_name_plural": "historical systems",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="LegacyImport",
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
                        ("state", models.CharField(default="checked", max_length=20)),
                        ("fingerprint", models.CharField(db_index=True, max_length=64)),
                        ("read_at", models.DateTimeField()),
                        ("rows", models.PositiveIntegerField()),
                        ("report", models.JSONField(default=list)),
                        ("counts", models.JSONField(default=list)),
                        ("old_totals", models.JSONField(default=list)),
                        ("brought_in", models.PositiveIntegerField(null=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("undone_at", models.DateTimeField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "read_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-read_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state", "imported"),
                                    models.Q(("fingerprint", ""), _negated=True),
                                ),
                                fields=("fingerprint",),
                                name="import_of_a_file_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LegacyFile",
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
                        ("sealed", models.BinaryField()),
                        ("documents", models.BinaryField(null=True)),
                        ("found", models.BinaryField()),
                        ("choices", models.JSONField(default=dict)),
                        ("expires_at", models.DateTimeField()),
                        (
                            "data_key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.datakey",
                            ),
                        ),
                        (
                            "batch",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="file",
                                to="notifications.legacyimport",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="LegacyCase",
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
                        ("line", models.PositiveIntegerField()),
                        ("old_reference", models.CharField(db_index=True, max_length=64)),
                        ("returns", models.JSONField(default=list)),
                        ("time_given", models.BooleanField(null=True)),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="notifications.legacyimport",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["batch", "line"],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalLegacyCase",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("line", models.PositiveIntegerField()),
                        ("old_reference", models.CharField(db_index=True, max_length=64)),
                        ("returns", models.JSONField(default=list)),
                        ("time_given", models.BooleanField(null=True)),
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
                            "case",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.case",
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
                            "batch",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="notifications.legacyimport",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical legacy case",
                        "verbose_name_plural": "historical legacy cases",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Notification",
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
                        ("state", models.CharField(default="received", max_length=20)),
                        ("route", models.CharField(max_length=20)),
                        ("edition", models.CharField(max_length=20)),
                        ("received_at", models.DateTimeField()),
                        ("questionnaire", models.CharField(default="notification", max_length=40)),
                        ("notifier_role", models.CharField(blank=True, max_length=40)),
                        ("adult_ward", models.CharField(blank=True, max_length=20)),
                        ("together", models.UUIDField(db_index=True, null=True)),
                        ("draft", models.UUIDField(null=True, unique=True)),
                        ("draft_token", models.CharField(blank=True, max_length=64)),
                        ("sealed", models.BinaryField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decline_code", models.CharField(blank=True, max_length=40)),
                        ("decision_note", models.TextField(blank=True)),
                        ("passed_to", models.CharField(blank=True, max_length=200)),
                        ("receipt_from", models.CharField(blank=True, max_length=200)),
                        ("receipt_at", models.DateTimeField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "data_key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.datakey",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-received_at", "-pk"],
                        "indexes": [
                            models.Index(
                                fields=["state", "-received_at"], name="notification_by_state"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("case__isnull", False),
                                        ("state__in", ["accepted", "attached"]),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("state__in", ["accepted", "attached"]), _negated=True
                                        ),
                                        ("case", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="notification_with_a_case_when_taken",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "declined"), _negated=True),
                                    models.Q(("decline_code", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="notification_declined_with_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state__in", ["passed_on", "taken_over"]), _negated=True
                                    ),
                                    models.Q(("passed_to", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="notification_passed_on_to_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "taken_over"), _negated=True),
                                    models.Q(
                                        models.Q(("receipt_from", ""), _negated=True),
                                        ("receipt_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="notification_taken_over_by_word_of_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalNotListed",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("reason_code", models.CharField(blank=True, max_length=40)),
                        ("note", models.TextField(blank=True)),
                        ("settled_at", models.DateTimeField()),
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
                            "case",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.case",
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
                            "on_list",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="notifications.deathlist",
                            ),
                        ),
                        (
                            "settled_by",
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
                            "notification",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="notifications.notification",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical death that is not listed",
                        "verbose_name_plural": "historical death that is not listeds",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="NotListed",
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
                        ("reason_code", models.CharField(blank=True, max_length=40)),
                        ("note", models.TextField(blank=True)),
                        ("settled_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "notification",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="notifications.notification",
                            ),
                        ),
                        (
                            "on_list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="not_listed",
                                to="notifications.deathlist",
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "death that is not listed",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("case", None), ("notification__isnull", False)),
                                    models.Q(("case__isnull", False), ("notification", None)),
                                    _connector="OR",
                                ),
                                name="not_listed_case_or_notification",
                            ),
                            models.UniqueConstraint(
                                fields=("on_list", "case"), name="not_listed_case_once"
                            ),
                            models.UniqueConstraint(
                                fields=("on_list", "notification"),
                                name="not_listed_notification_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Return",
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
                        ("state", models.CharField(default="asked", max_length=20)),
                        ("month", models.DateField()),
                        ("asked_at", models.DateTimeField()),
                        ("reminders", models.PositiveSmallIntegerField(default=0)),
                        ("expires_at", models.DateTimeField()),
                        ("link", models.UUIDField()),
                        ("token", models.CharField(max_length=64, unique=True)),
                        ("returned_at", models.DateTimeField(null=True)),
                        ("none_died", models.BooleanField(null=True)),
                        ("sealed", models.BinaryField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        (
                            "data_key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.datakey",
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "asked_of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="notifications.returningorganisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "monthly return",
                        "ordering": ["-month", "asked_of__organisation__name", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)),
                                name="return_month_is_a_first_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("none_died", None),
                                        ("returned_at", None),
                                        ("state", "asked"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "asked"), _negated=True),
                                        ("none_died__isnull", False),
                                        ("returned_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="return_answered_when_returned",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("settled_at", None), ("settled_by", None)),
                                    models.Q(
                                        ("settled_at__isnull", False), ("settled_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="return_settled_both_or_neither",
                            ),
                            models.UniqueConstraint(
                                fields=("asked_of", "month"), name="return_once_a_month"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListedDeath",
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
                        ("number", models.PositiveIntegerField()),
                        ("state", models.CharField(default="open", max_length=20)),
                        ("sealed", models.BinaryField()),
                        ("reason_code", models.CharField(blank=True, max_length=40)),
                        ("note", models.TextField(blank=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "on_list",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="notifications.deathlist",
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "notification",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="notifications.notification",
                            ),
                        ),
                        (
                            "on_return",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="notifications.return",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("on_list", None), ("on_return__isnull", False)),
                                    models.Q(("on_list__isnull", False), ("on_return", None)),
                                    _connector="OR",
                                ),
                                name="listed_death_on_a_list_or_in_a_return",
                            ),
                            models.UniqueConstraint(
                                fields=("on_list", "number"), name="listed_death_number_on_list"
                            ),
                            models.UniqueConstraint(
                                fields=("on_list", "case"), name="listed_death_case_on_list"
                            ),
                            models.UniqueConstraint(
                                fields=("on_list", "notification"),
                                name="listed_death_notification_on_list",
                            ),
                            models.UniqueConstraint(
                                fields=("on_return", "number"), name="listed_death_number_on_return"
                            ),
                            models.UniqueConstraint(
                                fields=("on_return", "case"), name="listed_death_case_on_return"
                            ),
                            models.UniqueConstraint(
                                fields=("on_return", "notification"),
                                name="listed_death_notification_on_return",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["matched", "notified"]), _negated=True),
                                    ("case__isnull", False),
                                    ("notification__isnull", False),
                                    _connector="OR",
                                ),
                                name="listed_death_matched_with_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "explained"), _negated=True),
                                    models.Q(("reason_code", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="listed_death_settled_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalListedDeath",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("number", models.PositiveIntegerField()),
                        ("state", models.CharField(default="open", max_length=20)),
                        ("sealed", models.BinaryField()),
                        ("reason_code", models.CharField(blank=True, max_length=40)),
                        ("note", models.TextField(blank=True)),
                        ("settled_at", models.DateTimeField(null=True)),
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
                            "case",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.case",
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
                            "on_list",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="notifications.deathlist",
                            ),
                        ),
                        (
                            "settled_by",
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
                            "notification",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="notifications.notification",
                            ),
                        ),
                        (
                            "on_return",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="notifications.return",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical listed death",
                        "verbose_name_plural": "historical listed deaths",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ReturningOrganisation",
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
                        ("first_month", models.DateField()),
                        ("last_month", models.DateField(null=True)),
                        ("adult_wards", models.TextField(blank=True)),
                        ("sealed", models.BinaryField()),
                        (
                            "data_key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.datakey",
                            ),
                        ),
                        (
                            "organisation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["organisation__name", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("first_month__day", 1),
                                    models.Q(
                                        ("last_month", None),
                                        ("last_month__day", 1),
                                        _connector="OR",
                                    ),
                                ),
                                name="returning_organisation_months_are_first_days",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalReturn",
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
                        ("state", models.CharField(default="asked", max_length=20)),
                        ("month", models.DateField()),
                        ("asked_at", models.DateTimeField()),
                        ("reminders", models.PositiveSmallIntegerField(default=0)),
                        ("expires_at", models.DateTimeField()),
                        ("link", models.UUIDField()),
                        ("token", models.CharField(db_index=True, max_length=64)),
                        ("returned_at", models.DateTimeField(null=True)),
                        ("none_died", models.BooleanField(null=True)),
                        ("sealed", models.BinaryField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
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
                            "data_key",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.datakey",
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
                            "settled_by",
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
                            "asked_of",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="notifications.returningorganisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical monthly return",
                        "verbose_name_plural": "historical monthly returns",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="System",
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
                        ("name", models.CharField(max_length=200)),
                        ("registered_at", models.DateTimeField()),
                        ("secret_made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["organisation__name", "name", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
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
                        ("key", models.CharField(max_length=64)),
                        ("fingerprint", models.CharField(max_length=64)),
                        (
                            "notification",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="notifications.notification",
                            ),
                        ),
                        (
                            "system",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="notifications.system",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("system", "key"), name="delivery_once_per_key"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SystemSecret",
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
                        ("hashed", models.CharField(max_length=64, unique=True)),
                        ("made_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField(null=True)),
                        ("used_at", models.DateTimeField(null=True)),
                        (
                            "system",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="secrets",
                                to="notifications.system",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-made_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="SystemToken",
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
                        ("hashed", models.CharField(max_length=64, unique=True)),
                        ("expires_at", models.DateTimeField()),
                        (
                            "secret",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="notifications.systemsecret",
                            ),
                        ),
                    ],
                ),
            ],
        ),
    ]
