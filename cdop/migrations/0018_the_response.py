"""The response, its meetings, evidence for tasks, letters of figures, and whose tasks are whose.

Where SQLite rebuilds a table of row histories, its triggers are made again. The visits that were
recorded before are taken over into the flat row by which the first weeks are counted.
"""

import uuid
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from cdop.core.append_only import AppendOnly

LONDON = ZoneInfo("Europe/London")


def count_visits(apps, schema_editor):
    """Take each visit, and its hours from the death as its clocks stand now, into the flat row."""
    Visit, Facts = apps.get_model("cdop", "Visit"), apps.get_model("cdop", "ResponseFacts")
    History = apps.get_model("cdop", "HistoricalResponseFacts")
    now = datetime.now(UTC)
    for visit in Visit.objects.select_related("case__clocks").iterator(chunk_size=500):
        said = {"case_id": visit.case_id, "visit": visit.outcome, "visit_hours": _hours(visit)}
        Facts.objects.create(**said)
        reason = "taken over from the visit"
        stamps = {"history_date": now, "history_type": "+", "history_change_reason": reason}
        History.objects.create(**said, **stamps)


def _hours(visit):
    clocks = visit.case.clocks
    start = clocks.died_at or clocks.confirmed_at
    start = start or datetime.combine(clocks.died_on, time.min, LONDON).astimezone(UTC)
    return (visit.visited_at - start).total_seconds() / 3600 if visit.visited_at else None


class Migration(migrations.Migration):
    dependencies = [
        ("cdop", "0017_agency_reports"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreedAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("sealed", models.BinaryField()),
                ("lead", models.CharField(max_length=40)),
                ("due_on", models.DateField()),
                ("state", models.CharField(default="open", max_length=20)),
                ("settled_on", models.DateField(null=True)),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "action",
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Discussion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("state", models.CharField(default="planned", max_length=20)),
                ("planned_for", models.DateTimeField(null=True)),
                ("held_at", models.DateTimeField(null=True)),
                ("chair", models.CharField(blank=True, max_length=200)),
                ("agencies", models.JSONField(default=list)),
                ("present", models.TextField(blank=True)),
                ("sealed", models.BinaryField()),
                ("to_coroner_on", models.DateField(null=True)),
                ("why", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "meeting",
                "ordering": ["case_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name_plural": "evidence",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAgreedAction",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.CharField(blank=True, max_length=200)),
                ("sealed", models.BinaryField()),
                ("lead", models.CharField(max_length=40)),
                ("due_on", models.DateField()),
                ("state", models.CharField(default="open", max_length=20)),
                ("settled_on", models.DateField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "history_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical action",
                "verbose_name_plural": "historical actions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDiscussion",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.CharField(blank=True, max_length=200)),
                ("number", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("state", models.CharField(default="planned", max_length=20)),
                ("planned_for", models.DateTimeField(null=True)),
                ("held_at", models.DateTimeField(null=True)),
                ("chair", models.CharField(blank=True, max_length=200)),
                ("agencies", models.JSONField(default=list)),
                ("present", models.TextField(blank=True)),
                ("sealed", models.BinaryField()),
                ("to_coroner_on", models.DateField(null=True)),
                ("why", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "history_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical meeting",
                "verbose_name_plural": "historical meetings",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalEvidence",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.CharField(blank=True, max_length=200)),
                (
                    "history_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical evidence",
                "verbose_name_plural": "historical evidence",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalLetter",
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
                ("attention", models.CharField(max_length=200)),
                ("period", models.CharField(max_length=40)),
                ("purpose", models.TextField()),
                ("figures", models.JSONField()),
                ("state", models.CharField(default="written", max_length=20)),
                ("written_at", models.DateTimeField()),
                ("settled_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "history_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical letter",
                "verbose_name_plural": "historical letters",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalResponse",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(max_length=20)),
                ("criteria", models.JSONField(default=list)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=200)),
                ("why", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "history_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical response",
                "verbose_name_plural": "historical responses",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalResponseFacts",
            fields=[
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("history_change_reason", models.CharField(blank=True, max_length=200)),
                ("response", models.CharField(blank=True, max_length=20)),
                ("criteria_met", models.BooleanField(null=True)),
                ("visit", models.CharField(blank=True, max_length=20)),
                ("visit_hours", models.FloatField(null=True)),
                (
                    "ambulance_protocol",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not_applicable", "It does not apply to this death"),
                            ("not_known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ambulance_why", models.TextField(blank=True)),
                (
                    "history_taken",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not_applicable", "It does not apply to this death"),
                            ("not_known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "examination",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not_applicable", "It does not apply to this death"),
                            ("not_known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "samples",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not_applicable", "It does not apply to this death"),
                            ("not_known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "skeletal_survey",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not_applicable", "It does not apply to this death"),
                            ("not_known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                ("care_why", models.TextField(blank=True)),
                ("discussions_held", models.PositiveSmallIntegerField(default=0)),
                (
                    "history_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical response facts",
                "verbose_name_plural": "historical response facts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("attention", models.CharField(max_length=200)),
                ("period", models.CharField(max_length=40)),
                ("purpose", models.TextField()),
                ("figures", models.JSONField()),
                ("state", models.CharField(default="written", max_length=20)),
                ("written_at", models.DateTimeField()),
                ("settled_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["-written_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("state", models.CharField(max_length=20)),
                ("criteria", models.JSONField(default=list)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=200)),
                ("why", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "response",
            },
        ),
        migrations.CreateModel(
            name="ResponseFacts",
            fields=[
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="response_facts",
                        serialize=False,
                        to="cdop.case",
                    ),
                ),
                ("response", models.CharField(blank=True, max_length=20)),
                ("criteria_met", models.BooleanField(null=True)),
                ("visit", models.CharField(blank=True, max_length=20)),
                ("visit_hours", models.FloatField(null=True)),
                (
                    "ambulance_protocol",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not_applicable", "It does not apply to this death"),
                            ("not_known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ambulance_why", models.TextField(blank=True)),
                (
                    "history_taken",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not_applicable", "It does not apply to this death"),
                            ("not_known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "examination",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not_applicable", "It does not apply to this death"),
                            ("not_known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "samples",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not_applicable", "It does not apply to this death"),
                            ("not_known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "skeletal_survey",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not_applicable", "It does not apply to this death"),
                            ("not_known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                ("care_why", models.TextField(blank=True)),
                ("discussions_held", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "response facts",
            },
        ),
        migrations.AddField(
            model_name="caseaccess",
            name="leads",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="caseaccess",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="by_response",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="present",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="historicalcaseaccess",
            name="leads",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="historicalcaseaccess",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="historicalchecklistitem",
            name="by_response",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="historicalchecklistitem",
            name="present",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddConstraint(
            model_name="checklistitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("by_response", False), ("state", "not_applicable"), _connector="OR"
                ),
                name="checklist_by_response_only_where_set_aside",
            ),
        ),
        migrations.AddField(
            model_name="discussion",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="discussions",
                to="cdop.case",
            ),
        ),
        migrations.AddField(
            model_name="discussion",
            name="minutes",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cdop.document",
            ),
        ),
        migrations.AddField(
            model_name="discussion",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="agreedaction",
            name="discussion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="cdop.discussion",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="document",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cdop.document"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="cdop.checklistitem",
            ),
        ),
        migrations.AddField(
            model_name="historicalagreedaction",
            name="discussion",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cdop.discussion",
            ),
        ),
        migrations.AddField(
            model_name="historicalagreedaction",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicaldiscussion",
            name="case",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cdop.case",
            ),
        ),
        migrations.AddField(
            model_name="historicaldiscussion",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicaldiscussion",
            name="minutes",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cdop.document",
            ),
        ),
        migrations.AddField(
            model_name="historicaldiscussion",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalevidence",
            name="document",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cdop.document",
            ),
        ),
        migrations.AddField(
            model_name="historicalevidence",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalevidence",
            name="item",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cdop.checklistitem",
            ),
        ),
        migrations.AddField(
            model_name="historicalletter",
            name="area",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cdop.area",
            ),
        ),
        migrations.AddField(
            model_name="historicalletter",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalletter",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cdop.organisation",
            ),
        ),
        migrations.AddField(
            model_name="historicalletter",
            name="written_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalresponse",
            name="case",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cdop.case",
            ),
        ),
        migrations.AddField(
            model_name="historicalresponse",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalresponse",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalresponsefacts",
            name="case",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cdop.case",
            ),
        ),
        migrations.AddField(
            model_name="historicalresponsefacts",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="area",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cdop.area",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cdop.organisation",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rapid_response",
                to="cdop.case",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.UniqueConstraint(
                fields=("case", "number"), name="discussion_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("held_at__isnull", False),
                        ("state", "held"),
                        models.Q(("chair", ""), _negated=True),
                    ),
                    models.Q(models.Q(("state", "held"), _negated=True), ("held_at", None)),
                    _connector="OR",
                ),
                name="discussion_held_when_and_led_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "planned"), _negated=True),
                    ("planned_for__isnull", False),
                    _connector="OR",
                ),
                name="discussion_planned_for_some_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("why", ""), _negated=True),
                    _connector="OR",
                ),
                name="discussion_cancelled_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_coroner_on", None), ("state", "held"), _connector="OR"),
                name="discussion_sent_to_the_coroner_once_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreedaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_on", None), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True), ("settled_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="agreed_action_settled_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreedaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "dropped"), _negated=True),
                    models.Q(("note", ""), _negated=True),
                    _connector="OR",
                ),
                name="agreed_action_dropped_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_on", None), ("state", "written")),
                    models.Q(
                        models.Q(("state", "written"), _negated=True),
                        ("settled_on__isnull", False),
                        models.Q(("note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="letter_settled_when_and_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", ""), _negated=True),
                name="response_was_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "started"), models.Q(("why", ""), _negated=True), _connector="OR"
                ),
                name="response_has_a_reason_where_not_needed",
            ),
        ),
        AppendOnly("cdop_historicalagreedaction"),
        AppendOnly("cdop_historicalcaseaccess"),
        AppendOnly("cdop_historicalchecklistitem"),
        AppendOnly("cdop_historicaldiscussion"),
        AppendOnly("cdop_historicalevidence"),
        AppendOnly("cdop_historicalletter"),
        AppendOnly("cdop_historicalresponse"),
        AppendOnly("cdop_historicalresponsefacts"),
        migrations.RunPython(count_visits, migrations.RunPython.noop, elidable=True),
    ]
