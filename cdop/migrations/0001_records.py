"""The tables of cases, people, meetings, reviews and of what holds them together."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from cdop.core.first_tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateTables(
            operations=[
                migrations.CreateModel(
                    name="User",
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
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("email", models.EmailField(max_length=254, unique=True)),
                        ("name", models.CharField(max_length=200)),
                        ("is_active", models.BooleanField(default=True)),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="people",
                                to="cdop.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                name="user_email_once_whatever_capitals",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActionPoint",
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
                        ("words", models.TextField()),
                        ("sealed", models.BinaryField()),
                        ("agreed_on", models.DateField()),
                        ("due_on", models.DateField()),
                        ("state", models.CharField(default="open", max_length=20)),
                        ("settled_on", models.DateField(null=True)),
                        ("outcome", models.TextField(blank=True)),
                        ("reminders", models.PositiveSmallIntegerField(default=0)),
                        ("reminded_at", models.DateTimeField(null=True)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                        (
                            "recommendation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="action_points",
                                to="cdop.recommendation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "action",
                        "ordering": ["due_on", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["due_on"],
                                name="action_point_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("outcome", ""), ("settled_on", None), ("state", "open")
                                    ),
                                    models.Q(
                                        ("settled_on__isnull", False),
                                        ("state__in", ["done", "dropped"]),
                                        models.Q(("outcome", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="action_point_settled_when_and_how",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Analysis",
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
                        ("edition", models.CharField(max_length=20)),
                        ("cause", models.TextField(blank=True)),
                        ("summary", models.TextField(blank=True)),
                        ("expectedness", models.CharField(blank=True, max_length=20)),
                        ("category", models.CharField(blank=True, max_length=40)),
                        ("override_reason", models.TextField(blank=True)),
                        ("modifiable", models.CharField(blank=True, max_length=20)),
                        ("issues", models.TextField(blank=True)),
                        ("learning", models.TextField(blank=True)),
                        ("good_practice", models.TextField(blank=True)),
                        ("family_follow_up", models.TextField(blank=True)),
                    ],
                    options={
                        "verbose_name_plural": "analyses",
                    },
                ),
                migrations.CreateModel(
                    name="Area",
                    fields=[
                        ("code", models.CharField(max_length=9, primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=100)),
                        ("position", models.PositiveSmallIntegerField(unique=True)),
                    ],
                    options={
                        "ordering": ["position"],
                    },
                ),
                migrations.CreateModel(
                    name="AuditHead",
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
                        ("number", models.PositiveBigIntegerField()),
                        ("mac", models.CharField(max_length=64)),
                    ],
                ),
                migrations.CreateModel(
                    name="Case",
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
                        ("state", models.CharField(default="gathering", max_length=20)),
                        ("edition", models.CharField(max_length=20)),
                        ("opened_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    ],
                    options={
                        "ordering": ["-opened_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["-opened_at", "-id"], name="case_newest_first"),
                            models.Index(fields=["state", "-opened_at"], name="case_by_state"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("closed_by", None)),
                                    ("closed_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="case_closed_when_and_by_whom",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Closure",
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
                        ("on", models.DateField(unique=True)),
                        ("reason", models.CharField(max_length=200)),
                    ],
                    options={
                        "ordering": ["on"],
                    },
                ),
                migrations.CreateModel(
                    name="Limit",
                    fields=[
                        ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ("count", models.PositiveIntegerField(default=0)),
                        ("until", models.DateTimeField(db_index=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Meeting",
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
                        ("held_on", models.DateField()),
                        ("begins", models.TimeField(null=True)),
                        ("place", models.CharField(blank=True, max_length=200)),
                        ("kind", models.CharField(default="ordinary", max_length=40)),
                        ("theme", models.CharField(blank=True, max_length=200)),
                        ("papers_due_on", models.DateField(null=True)),
                        ("state", models.CharField(default="planned", max_length=20)),
                        ("opened_at", models.DateTimeField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-held_on", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="PostcodePlace",
                    fields=[
                        (
                            "postcode",
                            models.CharField(max_length=8, primary_key=True, serialize=False),
                        ),
                        ("authority", models.CharField(max_length=9)),
                    ],
                ),
                migrations.CreateModel(
                    name="Briefing",
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
                        ("address", models.CharField(max_length=80, unique=True)),
                        ("number", models.PositiveSmallIntegerField(default=1)),
                        ("title", models.CharField(max_length=90)),
                        ("audience", models.CharField(max_length=200)),
                        ("learned", models.TextField()),
                        ("to_do", models.TextField()),
                        ("more", models.TextField(blank=True)),
                        ("found", models.JSONField(default=list)),
                        ("state", models.CharField(default="draft", max_length=20)),
                        ("checked_at", models.DateTimeField(null=True)),
                        ("published_number", models.PositiveSmallIntegerField(null=True)),
                        ("withdrawn_on", models.DateField(null=True)),
                        ("why_withdrawn", models.TextField(blank=True)),
                        (
                            "checked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "theme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="briefings",
                                to="cdop.theme",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["title", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("checked_at", None),
                                        ("checked_by", None),
                                        ("state", "draft"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "draft"), _negated=True),
                                        ("checked_at__isnull", False),
                                        ("checked_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="briefing_checked_when_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("why_withdrawn", ""), ("withdrawn_on", None)),
                                    models.Q(
                                        ("published_number__isnull", False),
                                        ("withdrawn_on__isnull", False),
                                        models.Q(("why_withdrawn", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="briefing_withdrawn_after_it_was_published_and_why",
                            ),
                        ],
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
                migrations.CreateModel(
                    name="AgendaItem",
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
                        ("position", models.PositiveSmallIntegerField()),
                        ("serial", models.CharField(max_length=20)),
                        ("minutes_planned", models.PositiveSmallIntegerField(null=True)),
                        ("state", models.CharField(default="listed", max_length=20)),
                        ("deferred_at", models.DateTimeField(null=True)),
                        ("why_deferred", models.TextField(blank=True)),
                        (
                            "deferred_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "lead",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "second",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agenda_items",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agenda",
                                to="cdop.meeting",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["meeting_id", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("meeting", "case"), name="agenda_case_once_a_meeting"
                            ),
                            models.UniqueConstraint(
                                fields=("meeting", "serial"), name="agenda_serial_once_a_meeting"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("deferred_at__isnull", False),
                                        ("state", "deferred"),
                                        models.Q(("why_deferred", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "deferred"), _negated=True),
                                        ("deferred_at", None),
                                        ("deferred_by", None),
                                        ("why_deferred", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="agenda_deferred_when_by_whom_and_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("lead", None),
                                    ("second", None),
                                    models.Q(("lead", models.F("second")), _negated=True),
                                    _connector="OR",
                                ),
                                name="agenda_read_by_two_people",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChecklistItem",
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
                        ("position", models.PositiveSmallIntegerField()),
                        ("task", models.CharField(max_length=60)),
                        ("required", models.BooleanField()),
                        ("due_at", models.DateTimeField(null=True)),
                        ("told_at", models.DateTimeField(null=True)),
                        ("told_by", models.CharField(blank=True, max_length=20)),
                        ("state", models.CharField(default="open", max_length=20)),
                        ("done_at", models.DateTimeField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("note", models.TextField(blank=True)),
                        ("present", models.CharField(blank=True, max_length=500)),
                        ("by_response", models.BooleanField(default=False)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checklist",
                                to="cdop.case",
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
                    ],
                    options={
                        "verbose_name": "task",
                        "ordering": ["case_id", "position"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["due_at"],
                                name="checklist_open_by_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "task"), name="checklist_task_once_per_case"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("done_at__isnull", False), ("state", "done")),
                                    models.Q(
                                        models.Q(("state", "done"), _negated=True),
                                        ("done_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="checklist_done_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("settled_at", None),
                                        ("settled_by", None),
                                        ("state", "open"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "open"), _negated=True),
                                        ("settled_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="checklist_settled_when_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state__in", ["not_done", "not_applicable"]), _negated=True
                                    ),
                                    models.Q(("note", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="checklist_reason_where_not_done",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("by_response", False),
                                    ("state", "not_applicable"),
                                    _connector="OR",
                                ),
                                name="checklist_by_response_only_where_set_aside",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChosenCategory",
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
                        ("code", models.CharField(max_length=40)),
                        (
                            "analysis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="chosen_categories",
                                to="cdop.analysis",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "chosen categories",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("analysis", "code"), name="chosen_category_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Clocks",
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
                        ("died_on", models.DateField()),
                        ("died_at", models.DateTimeField(null=True)),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("notified_at", models.DateTimeField()),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="clocks",
                                to="cdop.case",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "clocks",
                    },
                ),
                migrations.CreateModel(
                    name="Confirmation",
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
                        ("state", models.CharField(default="unconfirmed", max_length=20)),
                        ("way", models.CharField(blank=True, max_length=20)),
                        ("source", models.CharField(blank=True, max_length=100)),
                        ("organisation", models.CharField(blank=True, max_length=200)),
                        ("number_from", models.CharField(blank=True, max_length=200)),
                        ("spoke_to", models.CharField(blank=True, max_length=200)),
                        ("rung_at", models.DateTimeField(null=True)),
                        ("why", models.CharField(blank=True, max_length=200)),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmation",
                                to="cdop.case",
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
                    ],
                    options={
                        "verbose_name": "report",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "confirmed"), _negated=True),
                                    models.Q(
                                        ("way", "second_source"),
                                        models.Q(("source", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("rung_at__isnull", False),
                                        ("way", "call_back"),
                                        models.Q(("spoke_to", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("way", "earlier"), models.Q(("source", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="confirmation_says_how",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
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
                        ("agency", models.CharField(max_length=40)),
                        ("source", models.CharField(blank=True, max_length=100)),
                        ("sealed", models.BinaryField()),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="cdop.case",
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
                        "ordering": ["agency", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="DataKey",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("wrapped", models.BinaryField(null=True)),
                        ("master", models.CharField(editable=False, max_length=16)),
                        (
                            "made_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("destroyed_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["master"], name="datakey_master")],
                    },
                ),
                migrations.CreateModel(
                    name="Declaration",
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
                        ("interest", models.TextField()),
                        ("state", models.CharField(default="declared", max_length=20)),
                        ("declared_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("why_decided", models.TextField(blank=True)),
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
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="declarations",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["item_id", "declared_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("item", "user"), name="declaration_once_a_case"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at", None),
                                        ("decided_by", None),
                                        ("state__in", ("declared", "withdrawn")),
                                        ("why_decided", ""),
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        ("state__in", ("takes_part", "answers", "leaves")),
                                        models.Q(("why_decided", ""), _negated=True),
                                        models.Q(("decided_by", models.F("user")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="declaration_decided_by_another_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Discussion",
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discussions",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "minutes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.document",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "meeting",
                        "ordering": ["case_id", "number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "number"), name="discussion_number_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("held_at__isnull", False),
                                        ("state", "held"),
                                        models.Q(("chair", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "held"), _negated=True),
                                        ("held_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="discussion_held_when_and_led_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "planned"), _negated=True),
                                    ("planned_for__isnull", False),
                                    _connector="OR",
                                ),
                                name="discussion_planned_for_some_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "cancelled"), _negated=True),
                                    models.Q(("why", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="discussion_cancelled_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("to_coroner_on", None), ("state", "held"), _connector="OR"
                                ),
                                name="discussion_sent_to_the_coroner_once_held",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgreedAction",
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
                        ("sealed", models.BinaryField()),
                        ("lead", models.CharField(max_length=40)),
                        ("due_on", models.DateField()),
                        ("state", models.CharField(default="open", max_length=20)),
                        ("settled_on", models.DateField(null=True)),
                        ("note", models.TextField(blank=True)),
                        (
                            "discussion",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="cdop.discussion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "action",
                        "ordering": ["due_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("settled_on", None), ("state", "open")),
                                    models.Q(
                                        models.Q(("state", "open"), _negated=True),
                                        ("settled_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="agreed_action_settled_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "dropped"), _negated=True),
                                    models.Q(("note", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="agreed_action_dropped_for_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Document",
                    fields=[
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("sealed_name", models.BinaryField()),
                        ("media_type", models.CharField(max_length=100)),
                        ("size", models.PositiveIntegerField()),
                        ("source", models.CharField(blank=True, max_length=80)),
                        ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "data_key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.datakey",
                            ),
                        ),
                        (
                            "kept_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["kept_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ActionEvidence",
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
                        (
                            "point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evidence",
                                to="cdop.actionpoint",
                            ),
                        ),
                        (
                            "document",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.document",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "evidence for actions",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="DomainGrade",
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
                        ("domain", models.CharField(max_length=40)),
                        ("grade", models.CharField(max_length=5)),
                        ("narrative", models.TextField(blank=True)),
                        (
                            "analysis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="domain_grades",
                                to="cdop.analysis",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("analysis", "domain"), name="domain_graded_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        ("subject", models.CharField(blank=True, max_length=80)),
                        ("token", models.CharField(blank=True, max_length=64)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("sealed", models.BinaryField()),
                        ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                            "holder",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("holder__isnull", False)),
                                fields=("kind", "subject", "holder"),
                                name="draft_once_per_holder",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("token", ""), _negated=True),
                                fields=("token",),
                                name="draft_token_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("holder", None), ("token", ""), _connector="XOR"
                                ),
                                name="draft_has_a_holder_or_a_token",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DraftReading",
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
                        ("opened_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="draft_readings",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="draft_readings",
                                to="cdop.review",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reading of a draft",
                        "verbose_name_plural": "readings of drafts",
                        "ordering": ["item_id", "opened_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("item", "reader"), name="draft_read_once_per_member"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DraftAnswer",
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
                        ("question", models.CharField(max_length=60)),
                        (
                            "stands",
                            models.CharField(
                                choices=[("agree", "I agree"), ("question", "I question it")],
                                max_length=20,
                            ),
                        ),
                        ("words", models.TextField(blank=True)),
                        (
                            "reading",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="cdop.draftreading",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "answer to a draft",
                        "verbose_name_plural": "answers to drafts",
                        "ordering": ["reading_id", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("reading", "question"), name="draft_answered_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("stands", "agree"),
                                    models.Q(("words", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="draft_questioned_in_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Evidence",
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
                        (
                            "document",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.document",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evidence",
                                to="cdop.checklistitem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "evidence",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Factor",
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
                        ("position", models.PositiveSmallIntegerField()),
                        ("domain", models.CharField(max_length=40)),
                        ("code", models.CharField(blank=True, max_length=60)),
                        ("label", models.CharField(blank=True, max_length=120)),
                        ("words", models.CharField(blank=True, max_length=300)),
                        ("grade", models.CharField(max_length=5)),
                        ("modifiable", models.BooleanField()),
                        (
                            "analysis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="factors",
                                to="cdop.analysis",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["analysis_id", "position"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("code", ""), _negated=True),
                                    models.Q(("words", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="factor_is_named",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FactorTerm",
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
                        ("edition", models.CharField(max_length=20)),
                        ("domain", models.CharField(max_length=40)),
                        ("code", models.CharField(max_length=60)),
                        ("label", models.CharField(max_length=120)),
                        ("of_edition", models.BooleanField(default=False)),
                        ("ended_on", models.DateField(null=True)),
                        (
                            "merged_into",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.factorterm",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "term for a factor",
                        "verbose_name_plural": "terms for factors",
                        "ordering": ["edition", "domain", "label", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("edition", "domain", "code"), name="factor_term_code_once"
                            ),
                            models.UniqueConstraint(
                                models.F("edition"),
                                models.F("domain"),
                                django.db.models.functions.text.Lower("label"),
                                condition=models.Q(("of_edition", False)),
                                name="factor_term_of_one_name_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("merged_into", None),
                                    models.Q(("merged_into", models.F("pk")), _negated=True),
                                    _connector="OR",
                                ),
                                name="factor_term_not_merged_into_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Family",
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
                        ("sealed", models.BinaryField()),
                        ("key_worker", models.CharField(blank=True, max_length=200)),
                        ("key_worker_at", models.CharField(blank=True, max_length=200)),
                        ("key_worker_phone", models.CharField(blank=True, max_length=40)),
                        ("last_on", models.DateField(null=True)),
                        ("next_on", models.DateField(null=True)),
                        (
                            "data_key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.datakey",
                            ),
                        ),
                        (
                            "joined_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.family",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "families",
                        "indexes": [models.Index(fields=["next_on"], name="family_next_word")],
                    },
                ),
                migrations.CreateModel(
                    name="Conversation",
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
                        ("at", models.DateTimeField()),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("they_rang", "They rang"),
                                    ("we_rang", "We rang"),
                                    ("meeting", "A visit or a meeting"),
                                    ("written", "A letter or a message"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "verified",
                            models.CharField(
                                choices=[
                                    ("called_back", "We rang back on a number that we hold"),
                                    ("details", "They knew what only the family knows"),
                                    ("known", "We know them by voice or face"),
                                    ("key_worker", "Through their key worker"),
                                    ("not", "Not recognised: nothing was told"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("asks", models.BooleanField(default=False)),
                        ("sealed", models.BinaryField()),
                        ("kept_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "kept_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.family",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "indexes": [
                            models.Index(fields=["family", "-at"], name="conversation_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FamilyCase",
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
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="in_family",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="cdop.family",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="FamilyQuestion",
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
                        ("state", models.CharField(default="asked", max_length=20)),
                        ("asked_on", models.DateField()),
                        ("sealed", models.BinaryField()),
                        ("answered_on", models.DateField(null=True)),
                        ("may_tell", models.BooleanField(default=False)),
                        ("approved_on", models.DateField(null=True)),
                        ("told_on", models.DateField(null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="family_questions",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.family",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "question",
                        "ordering": ["asked_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answered_by", None),
                                        ("answered_on", None),
                                        ("state__in", ["asked", "dropped"]),
                                    ),
                                    models.Q(
                                        ("answered_by__isnull", False),
                                        ("answered_on__isnull", False),
                                        ("state__in", ["answered", "approved"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="question_answered_when_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved_by__isnull", False),
                                        ("approved_on__isnull", False),
                                        ("state", "approved"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "approved"), _negated=True),
                                        ("approved_by", None),
                                        ("approved_on", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="question_approved_when_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("told_on", None),
                                    models.Q(("may_tell", True), ("state", "approved")),
                                    _connector="OR",
                                ),
                                name="question_told_once_it_is_approved_and_may_be",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FamilyToken",
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
                        ("kind", models.CharField(max_length=20)),
                        ("hmac", models.CharField(max_length=64)),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.family",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["hmac", "kind"], name="family_token")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("family", "kind", "hmac"), name="family_token_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Finding",
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
                        ("number", models.PositiveSmallIntegerField(default=1)),
                        ("state", models.CharField(default="recorded", max_length=20)),
                        (
                            "reached",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("agreed", "Everybody agreed"),
                                    ("majority", "By a majority"),
                                    ("chair", "The chair decided"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("dissent", models.TextField(blank=True)),
                        ("would_change", models.TextField(blank=True)),
                        ("why_changed", models.TextField(blank=True)),
                        ("recorded_at", models.DateTimeField()),
                        ("signed_off_at", models.DateTimeField(null=True)),
                        (
                            "analysis",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="finding",
                                to="cdop.analysis",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="findings",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="findings",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "signed_off_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["case_id", "number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "number"), name="finding_number_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("signed_off_at", None),
                                        ("signed_off_by", None),
                                        ("state", "recorded"),
                                    ),
                                    models.Q(
                                        ("signed_off_at__isnull", False),
                                        ("signed_off_by__isnull", False),
                                        ("state", "signed_off"),
                                    ),
                                    _connector="OR",
                                ),
                                name="finding_signed_off_when_and_by_whom",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Explained",
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
                        ("point", models.CharField(max_length=60)),
                        ("about", models.CharField(blank=True, max_length=300)),
                        ("words", models.TextField()),
                        (
                            "explained_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "finding",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="explained",
                                to="cdop.finding",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "explanation",
                        "ordering": ["finding_id", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("finding", "point", "about"),
                                name="explained_once_in_a_finding",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FoldedWords",
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
                        ("edition", models.CharField(max_length=20)),
                        ("domain", models.CharField(max_length=40)),
                        ("words", models.CharField(max_length=300)),
                        (
                            "term",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.factorterm",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "words counted under a term",
                        "verbose_name_plural": "words counted under terms",
                        "ordering": ["edition", "domain", "words"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("edition", "domain", "words"), name="folded_words_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalActionEvidence",
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
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.document",
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
                            "point",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.actionpoint",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical action evidence",
                        "verbose_name_plural": "historical evidence for actions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
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
                            "discussion",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.discussion",
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
                    name="HistoricalAnalysis",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("edition", models.CharField(max_length=20)),
                        ("cause", models.TextField(blank=True)),
                        ("summary", models.TextField(blank=True)),
                        ("expectedness", models.CharField(blank=True, max_length=20)),
                        ("category", models.CharField(blank=True, max_length=40)),
                        ("override_reason", models.TextField(blank=True)),
                        ("modifiable", models.CharField(blank=True, max_length=20)),
                        ("issues", models.TextField(blank=True)),
                        ("learning", models.TextField(blank=True)),
                        ("good_practice", models.TextField(blank=True)),
                        ("family_follow_up", models.TextField(blank=True)),
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
                    ],
                    options={
                        "verbose_name": "historical analysis",
                        "verbose_name_plural": "historical analyses",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalBriefingPlace",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("mark", models.CharField(max_length=64)),
                        ("words", models.TextField()),
                        ("kind", models.CharField(max_length=120)),
                        ("why", models.TextField()),
                        ("kept_at", models.DateTimeField()),
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
                            "briefing",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.briefing",
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
                            "kept_by",
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
                        "verbose_name": "historical briefing place",
                        "verbose_name_plural": "historical briefing places",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalCase",
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
                        ("state", models.CharField(default="gathering", max_length=20)),
                        ("edition", models.CharField(max_length=20)),
                        ("opened_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
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
                            "closed_by",
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
                            "opened_by",
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
                        "verbose_name": "historical case",
                        "verbose_name_plural": "historical cases",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalCaseAccess",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("ends_on", models.DateField(null=True)),
                        ("ends_at", models.DateTimeField(null=True)),
                        ("opened_why", models.CharField(blank=True, max_length=300)),
                        ("leads", models.JSONField(blank=True, default=list)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
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
                            "user",
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
                        "verbose_name": "historical case access",
                        "verbose_name_plural": "historical case access",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalCaseFacts",
                    fields=[
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("in_scope", models.BooleanField(default=True)),
                        ("died_in", models.DateField()),
                        ("notified_in", models.DateField()),
                        ("reviewed_in", models.DateField(null=True)),
                        ("hours_to_notification", models.PositiveIntegerField(null=True)),
                        ("days_to_sign_off", models.PositiveIntegerField(null=True)),
                        ("days_not_held", models.PositiveIntegerField(null=True)),
                        ("sex", models.CharField(blank=True, max_length=20)),
                        ("age_days", models.PositiveIntegerField(null=True)),
                        ("age_years", models.PositiveSmallIntegerField(null=True)),
                        ("age_band", models.CharField(blank=True, max_length=20)),
                        ("gestation_weeks", models.PositiveSmallIntegerField(null=True)),
                        ("ethnic_group", models.CharField(blank=True, max_length=40)),
                        ("place_of_death", models.CharField(blank=True, max_length=40)),
                        ("place_of_event", models.CharField(blank=True, max_length=40)),
                        ("expectedness", models.CharField(blank=True, max_length=20)),
                        ("analysis_edition", models.CharField(blank=True, max_length=20)),
                        ("category", models.CharField(blank=True, max_length=40)),
                        ("modifiable", models.CharField(blank=True, max_length=20)),
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
                    ],
                    options={
                        "verbose_name": "historical case facts",
                        "verbose_name_plural": "historical case facts",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalChecklistItem",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("task", models.CharField(max_length=60)),
                        ("required", models.BooleanField()),
                        ("due_at", models.DateTimeField(null=True)),
                        ("told_at", models.DateTimeField(null=True)),
                        ("told_by", models.CharField(blank=True, max_length=20)),
                        ("state", models.CharField(default="open", max_length=20)),
                        ("done_at", models.DateTimeField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("note", models.TextField(blank=True)),
                        ("present", models.CharField(blank=True, max_length=500)),
                        ("by_response", models.BooleanField(default=False)),
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
                    ],
                    options={
                        "verbose_name": "historical task",
                        "verbose_name_plural": "historical tasks",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalChosenCategory",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("code", models.CharField(max_length=40)),
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
                            "analysis",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.analysis",
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
                    ],
                    options={
                        "verbose_name": "historical chosen category",
                        "verbose_name_plural": "historical chosen categories",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalClocks",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("died_on", models.DateField()),
                        ("died_at", models.DateTimeField(null=True)),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("notified_at", models.DateTimeField()),
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
                    ],
                    options={
                        "verbose_name": "historical clocks",
                        "verbose_name_plural": "historical clocks",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalClosure",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("on", models.DateField(db_index=True)),
                        ("reason", models.CharField(max_length=200)),
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
                    ],
                    options={
                        "verbose_name": "historical closure",
                        "verbose_name_plural": "historical closures",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalConfirmation",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("state", models.CharField(default="unconfirmed", max_length=20)),
                        ("way", models.CharField(blank=True, max_length=20)),
                        ("source", models.CharField(blank=True, max_length=100)),
                        ("organisation", models.CharField(blank=True, max_length=200)),
                        ("number_from", models.CharField(blank=True, max_length=200)),
                        ("spoke_to", models.CharField(blank=True, max_length=200)),
                        ("rung_at", models.DateTimeField(null=True)),
                        ("why", models.CharField(blank=True, max_length=200)),
                        ("decided_at", models.DateTimeField(null=True)),
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
                    ],
                    options={
                        "verbose_name": "historical report",
                        "verbose_name_plural": "historical reports",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalDeclaration",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("interest", models.TextField()),
                        ("state", models.CharField(default="declared", max_length=20)),
                        ("declared_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("why_decided", models.TextField(blank=True)),
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
                            "item",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "user",
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
                        "verbose_name": "historical declaration",
                        "verbose_name_plural": "historical declarations",
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
                            "minutes",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.document",
                            ),
                        ),
                        (
                            "recorded_by",
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
                        "verbose_name": "historical meeting",
                        "verbose_name_plural": "historical meetings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalDocument",
                    fields=[
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("sealed_name", models.BinaryField()),
                        ("media_type", models.CharField(max_length=100)),
                        ("size", models.PositiveIntegerField()),
                        ("source", models.CharField(blank=True, max_length=80)),
                        ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                            "kept_by",
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
                        "verbose_name": "historical document",
                        "verbose_name_plural": "historical documents",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalDomainGrade",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("domain", models.CharField(max_length=40)),
                        ("grade", models.CharField(max_length=5)),
                        ("narrative", models.TextField(blank=True)),
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
                            "analysis",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.analysis",
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
                    ],
                    options={
                        "verbose_name": "historical domain grade",
                        "verbose_name_plural": "historical domain grades",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalDraftAnswer",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("question", models.CharField(max_length=60)),
                        (
                            "stands",
                            models.CharField(
                                choices=[("agree", "I agree"), ("question", "I question it")],
                                max_length=20,
                            ),
                        ),
                        ("words", models.TextField(blank=True)),
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
                            "reading",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.draftreading",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical answer to a draft",
                        "verbose_name_plural": "historical answers to drafts",
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
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.document",
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
                            "item",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.checklistitem",
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
                    name="HistoricalExplained",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("point", models.CharField(max_length=60)),
                        ("about", models.CharField(blank=True, max_length=300)),
                        ("words", models.TextField()),
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
                            "explained_by",
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
                            "finding",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.finding",
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
                    ],
                    options={
                        "verbose_name": "historical explanation",
                        "verbose_name_plural": "historical explanations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalFactor",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("domain", models.CharField(max_length=40)),
                        ("code", models.CharField(blank=True, max_length=60)),
                        ("label", models.CharField(blank=True, max_length=120)),
                        ("words", models.CharField(blank=True, max_length=300)),
                        ("grade", models.CharField(max_length=5)),
                        ("modifiable", models.BooleanField()),
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
                            "analysis",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.analysis",
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
                    ],
                    options={
                        "verbose_name": "historical factor",
                        "verbose_name_plural": "historical factors",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalFactorTerm",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("edition", models.CharField(max_length=20)),
                        ("domain", models.CharField(max_length=40)),
                        ("code", models.CharField(max_length=60)),
                        ("label", models.CharField(max_length=120)),
                        ("of_edition", models.BooleanField(default=False)),
                        ("ended_on", models.DateField(null=True)),
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
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.factorterm",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical term for a factor",
                        "verbose_name_plural": "historical terms for factors",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalFamily",
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
                        ("key_worker", models.CharField(blank=True, max_length=200)),
                        ("key_worker_at", models.CharField(blank=True, max_length=200)),
                        ("key_worker_phone", models.CharField(blank=True, max_length=40)),
                        ("last_on", models.DateField(null=True)),
                        ("next_on", models.DateField(null=True)),
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
                            "joined_to",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.family",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical family",
                        "verbose_name_plural": "historical families",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalFamilyCase",
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
                            "family",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.family",
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
                    ],
                    options={
                        "verbose_name": "historical family case",
                        "verbose_name_plural": "historical family cases",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalFamilyQuestion",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("state", models.CharField(default="asked", max_length=20)),
                        ("asked_on", models.DateField()),
                        ("sealed", models.BinaryField()),
                        ("answered_on", models.DateField(null=True)),
                        ("may_tell", models.BooleanField(default=False)),
                        ("approved_on", models.DateField(null=True)),
                        ("told_on", models.DateField(null=True)),
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
                            "answered_by",
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
                            "family",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.family",
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
                    ],
                    options={
                        "verbose_name": "historical question",
                        "verbose_name_plural": "historical questions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalFinding",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("number", models.PositiveSmallIntegerField(default=1)),
                        ("state", models.CharField(default="recorded", max_length=20)),
                        (
                            "reached",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("agreed", "Everybody agreed"),
                                    ("majority", "By a majority"),
                                    ("chair", "The chair decided"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("dissent", models.TextField(blank=True)),
                        ("would_change", models.TextField(blank=True)),
                        ("why_changed", models.TextField(blank=True)),
                        ("recorded_at", models.DateTimeField()),
                        ("signed_off_at", models.DateTimeField(null=True)),
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
                            "analysis",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.analysis",
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
                            "item",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "recorded_by",
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
                            "signed_off_by",
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
                        "verbose_name": "historical finding",
                        "verbose_name_plural": "historical findings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalFoldedWords",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("edition", models.CharField(max_length=20)),
                        ("domain", models.CharField(max_length=40)),
                        ("words", models.CharField(max_length=300)),
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
                            "term",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.factorterm",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical words counted under a term",
                        "verbose_name_plural": "historical words counted under terms",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalHold",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("kind", models.CharField(max_length=40)),
                        ("reason", models.TextField()),
                        ("state", models.CharField(default="running", max_length=20)),
                        ("began_on", models.DateField()),
                        ("ended_on", models.DateField(null=True)),
                        ("how_ended", models.TextField(blank=True)),
                        ("next_check_on", models.DateField()),
                        ("checked_on", models.DateField(null=True)),
                        ("check_found", models.TextField(blank=True)),
                        ("next_family_on", models.DateField(null=True)),
                        ("why_no_family", models.CharField(blank=True, max_length=200)),
                        (
                            "meanwhile",
                            models.CharField(
                                choices=[
                                    ("not_asked", "Not asked yet"),
                                    ("agrees", "Yes, the panel may review it meanwhile"),
                                    ("wait", "No, the panel is asked to wait"),
                                ],
                                default="not_asked",
                                max_length=20,
                            ),
                        ),
                        ("view_of", models.CharField(blank=True, max_length=200)),
                        ("view_on", models.DateField(null=True)),
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
                            "owner",
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
                        "verbose_name": "historical hold",
                        "verbose_name_plural": "historical holds",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalIdentity",
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
                    ],
                    options={
                        "verbose_name": "historical identity",
                        "verbose_name_plural": "historical identities",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalLink",
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
                            "other",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical link",
                        "verbose_name_plural": "historical links",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalLinkedReview",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("kind", models.CharField(max_length=40)),
                        ("led_by", models.CharField(max_length=200)),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("referred", "This panel referred the death"),
                                    ("told", "We were told of it"),
                                    ("sent_back", "It referred the death to this panel"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("why", models.TextField(blank=True)),
                        ("state", models.CharField(default="asked", max_length=20)),
                        ("asked_on", models.DateField()),
                        ("decided_on", models.DateField(null=True)),
                        ("decision", models.TextField(blank=True)),
                        ("began_on", models.DateField(null=True)),
                        ("ended_on", models.DateField(null=True)),
                        ("outcome", models.TextField(blank=True)),
                        ("effect", models.TextField(blank=True)),
                        ("next_check_on", models.DateField(null=True)),
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
                            "owner",
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
                        "verbose_name": "historical review",
                        "verbose_name_plural": "historical reviews",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalMeeting",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("held_on", models.DateField()),
                        ("begins", models.TimeField(null=True)),
                        ("place", models.CharField(blank=True, max_length=200)),
                        ("kind", models.CharField(default="ordinary", max_length=40)),
                        ("theme", models.CharField(blank=True, max_length=200)),
                        ("papers_due_on", models.DateField(null=True)),
                        ("state", models.CharField(default="planned", max_length=20)),
                        ("opened_at", models.DateTimeField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
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
                    name="HistoricalNationalQuery",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("asked_on", models.DateField()),
                        ("words", models.TextField()),
                        ("answered_on", models.DateField(null=True)),
                        ("answer", models.TextField(blank=True)),
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
                            "finding",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.finding",
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
                    ],
                    options={
                        "verbose_name": "historical query to the national database",
                        "verbose_name_plural": "historical queries to the national database",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalOrganisation",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("acute_trust", "Acute hospital trust"),
                                    ("community_trust", "Community or mental health trust"),
                                    ("ambulance", "Ambulance service"),
                                    ("primary_care", "Primary care"),
                                    ("hospice", "Hospice"),
                                    ("police", "Police"),
                                    ("social_care", "Children's social care"),
                                    ("education", "School or nursery"),
                                    ("coroner", "Coroner's office"),
                                    ("registrar", "Registration service"),
                                    ("commissioner", "Commissioner"),
                                    ("public_health", "Public health"),
                                    ("board", "Safeguarding board or partnership"),
                                    ("panel", "Child death overview panel"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("ods_code", models.CharField(blank=True, max_length=10)),
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
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical organisation",
                        "verbose_name_plural": "historical organisations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalPanelQuestion",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("words", models.TextField(blank=True)),
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
                            "question",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.familyquestion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical panel question",
                        "verbose_name_plural": "historical panel questions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalPaperDraft",
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
                        ("state", models.CharField(default="open", max_length=20)),
                        ("sealed", models.BinaryField()),
                        ("scanned_at", models.DateTimeField()),
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
                            "item",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.agendaitem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical draft of papers",
                        "verbose_name_plural": "historical draft of paperss",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalPlacement",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("residence_of", models.CharField(blank=True, max_length=20)),
                        ("residence", models.CharField(blank=True, max_length=20)),
                        ("residence_name", models.CharField(blank=True, max_length=200)),
                        ("looked_after", models.CharField(blank=True, max_length=20)),
                        ("looked_after_name", models.CharField(blank=True, max_length=200)),
                        ("event", models.CharField(blank=True, max_length=20)),
                        ("event_name", models.CharField(blank=True, max_length=200)),
                        ("death", models.CharField(blank=True, max_length=20)),
                        ("death_name", models.CharField(blank=True, max_length=200)),
                        ("coroner", models.CharField(blank=True, max_length=200)),
                        ("response", models.CharField(blank=True, max_length=20)),
                        ("response_name", models.CharField(blank=True, max_length=200)),
                        ("state", models.CharField(default="ours", max_length=20)),
                        ("state_since", models.DateTimeField()),
                        ("reviewed_by", models.CharField(blank=True, max_length=200)),
                        ("agreed_by", models.CharField(blank=True, max_length=200)),
                        ("agreed_on", models.DateField(null=True)),
                        ("outcome_on", models.DateField(null=True)),
                        ("outcome", models.TextField(blank=True)),
                        ("scope_rule", models.CharField(blank=True, max_length=20)),
                        ("scope_reason", models.CharField(blank=True, max_length=200)),
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
                    ],
                    options={
                        "verbose_name": "historical death",
                        "verbose_name_plural": "historical deaths",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalPreparedFinding",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("prepared_at", models.DateTimeField()),
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
                            "analysis",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.analysis",
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
                            "item",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "prepared_by",
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
                        "verbose_name": "historical draft of a finding",
                        "verbose_name_plural": "historical drafts of findings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalPublishedBriefing",
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
                        ("said", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("published_at", models.DateTimeField()),
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
                            "briefing",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.briefing",
                            ),
                        ),
                        (
                            "checked_by",
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
                    ],
                    options={
                        "verbose_name": "historical published briefing",
                        "verbose_name_plural": "historical published briefings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalRecommended",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("level", models.CharField(max_length=20)),
                        ("to_whom", models.CharField(max_length=300)),
                        ("words", models.TextField()),
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
                            "analysis",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.analysis",
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
                    ],
                    options={
                        "verbose_name": "historical recommended",
                        "verbose_name_plural": "historical recommendations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalReportedValue",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("field", models.CharField(max_length=60)),
                        ("sealed", models.BinaryField()),
                        ("source", models.CharField(max_length=100)),
                        ("received_at", models.DateTimeField()),
                        ("differs", models.BooleanField(default=False)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
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
                    ],
                    options={
                        "verbose_name": "historical reported value",
                        "verbose_name_plural": "historical reported values",
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
                            "recorded_by",
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
                    name="HistoricalReview",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("sent_at", models.DateTimeField()),
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
                            "analysis",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.analysis",
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
                            "item",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "reviewer",
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
                        "verbose_name": "historical review",
                        "verbose_name_plural": "historical reviews",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalRoleHolding",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("role", models.CharField(max_length=30)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
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
                        ("withdrawn_at", models.DateTimeField(null=True)),
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
                            "granted_by",
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
                            "user",
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
                        "verbose_name": "historical role holding",
                        "verbose_name_plural": "historical role holdings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalSettled",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("question", models.CharField(max_length=40)),
                        ("sealed", models.BinaryField()),
                        ("over", models.CharField(max_length=64)),
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
                    ],
                    options={
                        "verbose_name": "historical settled",
                        "verbose_name_plural": "historical settled",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalSignal",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("kind", models.CharField(max_length=40)),
                        ("edition", models.CharField(max_length=20)),
                        ("about", models.TextField()),
                        ("state", models.CharField(default="open", max_length=20)),
                        ("due_on", models.DateField(null=True)),
                        ("opened_at", models.DateTimeField()),
                        ("decision", models.TextField(blank=True)),
                        ("decided_by", models.CharField(blank=True, max_length=200)),
                        ("decided_on", models.DateField(null=True)),
                        ("escalated_to", models.CharField(blank=True, max_length=200)),
                        ("escalated_on", models.DateField(null=True)),
                        ("closed_on", models.DateField(null=True)),
                        ("outcome", models.TextField(blank=True)),
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
                            "owner",
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
                        "verbose_name": "historical signal",
                        "verbose_name_plural": "historical signals",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalTheme",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("title", models.CharField(max_length=120)),
                        ("belongs", models.TextField()),
                        ("source", models.CharField(blank=True, max_length=200)),
                        ("rule", models.JSONField(default=dict)),
                        ("state", models.CharField(default="going_on", max_length=20)),
                        ("ended_on", models.DateField(null=True)),
                        ("why_ended", models.TextField(blank=True)),
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
                    ],
                    options={
                        "verbose_name": "historical theme",
                        "verbose_name_plural": "historical themes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalUrgentNotice",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("kind", models.CharField(max_length=40)),
                        ("about", models.TextField()),
                        ("state", models.CharField(default="to_send", max_length=20)),
                        ("known_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("sent_to", models.CharField(blank=True, max_length=200)),
                        ("why_not", models.TextField(blank=True)),
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
                            "owner",
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
                        "verbose_name": "historical notice",
                        "verbose_name_plural": "historical notices",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalVisit",
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
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("jointly", "police and a health professional together"),
                                    ("police", "police only"),
                                    ("health", "a health professional only"),
                                    ("none", "nobody, though a visit was indicated"),
                                    ("not_indicated", "nobody: no visit was indicated"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("visited_at", models.DateTimeField(null=True)),
                        ("present", models.CharField(blank=True, max_length=500)),
                        ("decided_by", models.CharField(blank=True, max_length=200)),
                        ("why", models.TextField(blank=True)),
                        ("recorded_at", models.DateTimeField()),
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
                            "recorded_by",
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
                        "verbose_name": "historical visit",
                        "verbose_name_plural": "historical visits",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Hold",
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
                        ("kind", models.CharField(max_length=40)),
                        ("reason", models.TextField()),
                        ("state", models.CharField(default="running", max_length=20)),
                        ("began_on", models.DateField()),
                        ("ended_on", models.DateField(null=True)),
                        ("how_ended", models.TextField(blank=True)),
                        ("next_check_on", models.DateField()),
                        ("checked_on", models.DateField(null=True)),
                        ("check_found", models.TextField(blank=True)),
                        ("next_family_on", models.DateField(null=True)),
                        ("why_no_family", models.CharField(blank=True, max_length=200)),
                        (
                            "meanwhile",
                            models.CharField(
                                choices=[
                                    ("not_asked", "Not asked yet"),
                                    ("agrees", "Yes, the panel may review it meanwhile"),
                                    ("wait", "No, the panel is asked to wait"),
                                ],
                                default="not_asked",
                                max_length=20,
                            ),
                        ),
                        ("view_of", models.CharField(blank=True, max_length=200)),
                        ("view_on", models.DateField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="holds",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["began_on", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "running")),
                                fields=["next_check_on"],
                                name="hold_running_by_check",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_on", None), ("how_ended", ""), ("state", "running")
                                    ),
                                    models.Q(
                                        ("ended_on__gte", models.F("began_on")),
                                        ("state", "ended"),
                                        models.Q(("how_ended", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="hold_ended_when_and_how",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("next_family_on__isnull", False),
                                    models.Q(("why_no_family", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="hold_says_when_the_family_hears_or_why_not",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("meanwhile", "not_asked"),
                                        ("view_of", ""),
                                        ("view_on", None),
                                    ),
                                    models.Q(
                                        models.Q(("meanwhile", "not_asked"), _negated=True),
                                        models.Q(("view_of", ""), _negated=True),
                                        ("view_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="hold_view_of_somebody_on_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Identity",
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
                        ("sealed", models.BinaryField()),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="identity",
                                to="cdop.case",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "identities",
                    },
                ),
                migrations.CreateModel(
                    name="IdentityToken",
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
                        ("kind", models.CharField(max_length=20)),
                        ("hmac", models.CharField(max_length=64)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["hmac", "kind"], name="identity_token")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "kind", "hmac"), name="identity_token_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Link",
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
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "other",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "other"), name="link_once"),
                            models.CheckConstraint(
                                condition=models.Q(("case__lt", models.F("other"))),
                                name="link_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LinkedReview",
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
                        ("kind", models.CharField(max_length=40)),
                        ("led_by", models.CharField(max_length=200)),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("referred", "This panel referred the death"),
                                    ("told", "We were told of it"),
                                    ("sent_back", "It referred the death to this panel"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("why", models.TextField(blank=True)),
                        ("state", models.CharField(default="asked", max_length=20)),
                        ("asked_on", models.DateField()),
                        ("decided_on", models.DateField(null=True)),
                        ("decision", models.TextField(blank=True)),
                        ("began_on", models.DateField(null=True)),
                        ("ended_on", models.DateField(null=True)),
                        ("outcome", models.TextField(blank=True)),
                        ("effect", models.TextField(blank=True)),
                        ("next_check_on", models.DateField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="linked_reviews",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "review",
                        "ordering": ["asked_on", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["asked", "under_way"])),
                                fields=["next_check_on"],
                                name="linked_waiting_by_check",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("next_check_on__isnull", False),
                                        ("state__in", ["asked", "under_way"]),
                                    ),
                                    models.Q(
                                        ("next_check_on", None),
                                        ("state__in", ["ended", "declined"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="linked_waits_until_it_is_looked_at_again",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("began_on__isnull", False),
                                        ("state__in", ["under_way", "ended"]),
                                    ),
                                    models.Q(
                                        ("began_on", None), ("state__in", ["asked", "declined"])
                                    ),
                                    _connector="OR",
                                ),
                                name="linked_began_where_it_is_under_way_or_ended",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_on__isnull", False),
                                        ("state", "ended"),
                                        models.Q(("effect", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "ended"), _negated=True),
                                        ("ended_on", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="linked_ended_when_and_with_what_effect",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "declined"), _negated=True),
                                    models.Q(
                                        ("decided_on__isnull", False),
                                        models.Q(("decision", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="linked_declined_when_and_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalMinutes",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("parts", models.JSONField(default=list)),
                        ("state", models.CharField(default="draft", max_length=20)),
                        ("remark", models.TextField(blank=True)),
                        ("approved_at", models.DateTimeField(null=True)),
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
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.meeting",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical record of the meeting",
                        "verbose_name_plural": "historical minutes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAttendance",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("sits_as", models.CharField(max_length=40)),
                        ("coming", models.BooleanField(null=True)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("accepted_at", models.DateTimeField(null=True)),
                        ("present", models.BooleanField(null=True)),
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
                            "accepted_by",
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
                            "stands_in_for",
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
                            "user",
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
                            "meeting",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.meeting",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical attendance",
                        "verbose_name_plural": "historical attendance",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAgendaItem",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("serial", models.CharField(max_length=20)),
                        ("minutes_planned", models.PositiveSmallIntegerField(null=True)),
                        ("state", models.CharField(default="listed", max_length=20)),
                        ("deferred_at", models.DateTimeField(null=True)),
                        ("why_deferred", models.TextField(blank=True)),
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
                            "deferred_by",
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
                            "lead",
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
                            "second",
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
                            "meeting",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.meeting",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical agenda item",
                        "verbose_name_plural": "historical agenda items",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Attendance",
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
                        ("sits_as", models.CharField(max_length=40)),
                        ("coming", models.BooleanField(null=True)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("accepted_at", models.DateTimeField(null=True)),
                        ("present", models.BooleanField(null=True)),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "stands_in_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attendance",
                                to="cdop.meeting",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "attendance",
                        "ordering": ["meeting_id", "sits_as", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("meeting", "user"), name="attendance_once_a_meeting"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("coming", None)),
                                    models.Q(
                                        ("answered_at__isnull", False), ("coming__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="attendance_answered_what_and_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("accepted_at", None), ("accepted_by", None)),
                                    models.Q(
                                        ("accepted_at__isnull", False),
                                        ("accepted_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="attendance_statement_accepted_when_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("stands_in_for", None),
                                    models.Q(("stands_in_for", models.F("user")), _negated=True),
                                    _connector="OR",
                                ),
                                name="attendance_nobody_stands_in_for_themselves",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
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
                        "indexes": [
                            models.Index(fields=["state", "next_try_at"], name="message_due")
                        ],
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
                migrations.CreateModel(
                    name="Minutes",
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
                        ("parts", models.JSONField(default=list)),
                        ("state", models.CharField(default="draft", max_length=20)),
                        ("remark", models.TextField(blank=True)),
                        ("approved_at", models.DateTimeField(null=True)),
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
                            "meeting",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="minutes",
                                to="cdop.meeting",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "record of the meeting",
                        "verbose_name_plural": "minutes",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("state", "approved"),
                                        ("approved_by__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(("state", "approved"), _negated=True),
                                        ("approved_at", None),
                                        ("approved_by", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="minutes_approved_when_and_by_whom",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NationalQuery",
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
                        ("asked_on", models.DateField()),
                        ("words", models.TextField()),
                        ("answered_on", models.DateField(null=True)),
                        ("answer", models.TextField(blank=True)),
                        (
                            "finding",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="national_queries",
                                to="cdop.finding",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "query to the national database",
                        "verbose_name_plural": "queries to the national database",
                        "ordering": ["asked_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_on", None)),
                                    models.Q(
                                        ("answered_on__gte", models.F("asked_on")),
                                        models.Q(("answer", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="query_answered_when_and_what",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Organisation",
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
                        ("name", models.CharField(max_length=200)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("acute_trust", "Acute hospital trust"),
                                    ("community_trust", "Community or mental health trust"),
                                    ("ambulance", "Ambulance service"),
                                    ("primary_care", "Primary care"),
                                    ("hospice", "Hospice"),
                                    ("police", "Police"),
                                    ("social_care", "Children's social care"),
                                    ("education", "School or nursery"),
                                    ("coroner", "Coroner's office"),
                                    ("registrar", "Registration service"),
                                    ("commissioner", "Commissioner"),
                                    ("public_health", "Public health"),
                                    ("board", "Safeguarding board or partnership"),
                                    ("panel", "Child death overview panel"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("ods_code", models.CharField(blank=True, max_length=10)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="organisations",
                                to="cdop.area",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ods_code", ""), _negated=True),
                                fields=("ods_code",),
                                name="organisation_ods_code_once",
                            ),
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("name"),
                                name="organisation_name_once_whatever_capitals",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Letter",
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
                        ("attention", models.CharField(max_length=200)),
                        ("period", models.CharField(max_length=40)),
                        ("purpose", models.TextField()),
                        ("figures", models.JSONField()),
                        ("state", models.CharField(default="written", max_length=20)),
                        ("written_at", models.DateTimeField()),
                        ("settled_on", models.DateField(null=True)),
                        ("note", models.CharField(blank=True, max_length=200)),
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
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                        "ordering": ["-written_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
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
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalUser",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("email", models.EmailField(db_index=True, max_length=254)),
                        ("name", models.CharField(max_length=200)),
                        ("is_active", models.BooleanField(default=True)),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
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
                        "verbose_name": "historical user",
                        "verbose_name_plural": "historical users",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalTerm",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("seat", models.CharField(max_length=40)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(null=True)),
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
                            "user",
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
                        "verbose_name": "historical term",
                        "verbose_name_plural": "historical terms",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalRequest",
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
                        ("agency", models.CharField(max_length=40)),
                        ("edition", models.CharField(max_length=20)),
                        ("forms", models.JSONField(default=list)),
                        ("sealed", models.BinaryField()),
                        ("approves", models.BooleanField(default=False)),
                        ("state", models.CharField(default="asked", max_length=20)),
                        ("asked_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("extended_why", models.CharField(blank=True, max_length=500)),
                        ("reminders", models.PositiveSmallIntegerField(default=0)),
                        ("reminded_at", models.DateTimeField(null=True)),
                        ("draft", models.UUIDField(null=True)),
                        ("returned_at", models.DateTimeField(null=True)),
                        ("accepted_at", models.DateTimeField(null=True)),
                        ("ended_why", models.CharField(blank=True, max_length=500)),
                        ("questions", models.PositiveIntegerField(default=0)),
                        ("considered", models.PositiveIntegerField(default=0)),
                        ("known", models.PositiveIntegerField(default=0)),
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
                            "asked_by",
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
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.contact",
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
                        "verbose_name": "historical request",
                        "verbose_name_plural": "historical requests",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalPointOfContact",
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
                        "verbose_name": "historical point of contact",
                        "verbose_name_plural": "historical points of contact",
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
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "written_by",
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
                        "verbose_name": "historical letter",
                        "verbose_name_plural": "historical letters",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalContact",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("agency", models.CharField(max_length=40)),
                        ("source", models.CharField(blank=True, max_length=100)),
                        ("sealed", models.BinaryField()),
                        ("withdrawn_at", models.DateTimeField(null=True)),
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
                        "verbose_name": "historical contact",
                        "verbose_name_plural": "historical contacts",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="PanelQuestion",
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
                        ("words", models.TextField(blank=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions_for_panel",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "question",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="for_panel",
                                to="cdop.familyquestion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Paper",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("sealed", models.BinaryField()),
                        ("digest", models.CharField(max_length=64)),
                        ("kept", models.PositiveSmallIntegerField()),
                        ("released_at", models.DateTimeField()),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "released_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "draft",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.paperdraft",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "papers",
                        "verbose_name_plural": "papers",
                        "ordering": ["item_id", "number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("item", "number"), name="paper_number_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalReading",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("first_at", models.DateTimeField()),
                        ("last_at", models.DateTimeField()),
                        ("times", models.PositiveIntegerField(default=1)),
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
                            "user",
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
                            "paper",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.paper",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical reading",
                        "verbose_name_plural": "historical readings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="PaperDraft",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("state", models.CharField(default="open", max_length=20)),
                        ("sealed", models.BinaryField()),
                        ("scanned_at", models.DateTimeField()),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="drafts",
                                to="cdop.agendaitem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "draft of papers",
                        "ordering": ["item_id", "number", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "dropped"), _negated=True),
                                fields=("item", "number"),
                                name="paper_draft_number_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalPaperHit",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("mark", models.CharField(max_length=64)),
                        ("section", models.CharField(max_length=40)),
                        (
                            "decision",
                            models.CharField(
                                choices=[("replaced", "replaced"), ("kept", "kept")], max_length=20
                            ),
                        ),
                        ("sealed", models.BinaryField()),
                        ("decided_at", models.DateTimeField()),
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
                            "draft",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.paperdraft",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical place in the papers",
                        "verbose_name_plural": "historical places in the papers",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalPaper",
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
                        ("sealed", models.BinaryField()),
                        ("digest", models.CharField(max_length=64)),
                        ("kept", models.PositiveSmallIntegerField()),
                        ("released_at", models.DateTimeField()),
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
                            "item",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "released_by",
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
                            "draft",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.paperdraft",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical papers",
                        "verbose_name_plural": "historical papers",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="PaperHit",
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
                        ("mark", models.CharField(max_length=64)),
                        ("section", models.CharField(max_length=40)),
                        (
                            "decision",
                            models.CharField(
                                choices=[("replaced", "replaced"), ("kept", "kept")], max_length=20
                            ),
                        ),
                        ("sealed", models.BinaryField()),
                        ("decided_at", models.DateTimeField()),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "draft",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decided",
                                to="cdop.paperdraft",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "place in the papers",
                        "verbose_name_plural": "places in the papers",
                        "ordering": ["draft_id", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("draft", "mark"), name="paper_hit_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Placement",
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
                        ("residence_of", models.CharField(blank=True, max_length=20)),
                        ("residence", models.CharField(blank=True, max_length=20)),
                        ("residence_name", models.CharField(blank=True, max_length=200)),
                        ("looked_after", models.CharField(blank=True, max_length=20)),
                        ("looked_after_name", models.CharField(blank=True, max_length=200)),
                        ("event", models.CharField(blank=True, max_length=20)),
                        ("event_name", models.CharField(blank=True, max_length=200)),
                        ("death", models.CharField(blank=True, max_length=20)),
                        ("death_name", models.CharField(blank=True, max_length=200)),
                        ("coroner", models.CharField(blank=True, max_length=200)),
                        ("response", models.CharField(blank=True, max_length=20)),
                        ("response_name", models.CharField(blank=True, max_length=200)),
                        ("state", models.CharField(default="ours", max_length=20)),
                        ("state_since", models.DateTimeField()),
                        ("reviewed_by", models.CharField(blank=True, max_length=200)),
                        ("agreed_by", models.CharField(blank=True, max_length=200)),
                        ("agreed_on", models.DateField(null=True)),
                        ("outcome_on", models.DateField(null=True)),
                        ("outcome", models.TextField(blank=True)),
                        ("scope_rule", models.CharField(blank=True, max_length=20)),
                        ("scope_reason", models.CharField(blank=True, max_length=200)),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="placement",
                                to="cdop.case",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "death",
                        "indexes": [
                            models.Index(fields=["state", "state_since"], name="placement_waiting")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state__in", ["elsewhere", "outcome"]), _negated=True
                                    ),
                                    models.Q(("reviewed_by", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="placement_names_who_reviews_elsewhere",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome_on__isnull", False), ("state", "outcome")),
                                    models.Q(
                                        models.Q(("state", "outcome"), _negated=True),
                                        ("outcome_on", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="placement_outcome_with_its_date",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PointOfContact",
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
                        "verbose_name_plural": "points of contact",
                    },
                ),
                migrations.CreateModel(
                    name="PreparedFinding",
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
                        ("prepared_at", models.DateTimeField()),
                        (
                            "analysis",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prepared",
                                to="cdop.analysis",
                            ),
                        ),
                        (
                            "item",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prepared",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "prepared_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "draft of a finding",
                        "verbose_name_plural": "drafts of findings",
                    },
                ),
                migrations.CreateModel(
                    name="PublishedBriefing",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("said", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("published_at", models.DateTimeField()),
                        (
                            "briefing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="published",
                                to="cdop.briefing",
                            ),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["briefing_id", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("briefing", "number"), name="briefing_version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by", models.F("published_by")), _negated=True
                                ),
                                name="briefing_published_by_somebody_else_than_checked_it",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reading",
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
                        ("first_at", models.DateTimeField()),
                        ("last_at", models.DateTimeField()),
                        ("times", models.PositiveIntegerField(default=1)),
                        (
                            "paper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="cdop.paper",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["paper_id", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("paper", "user"), name="paper_reading_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recommendation",
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
                        ("words", models.TextField()),
                        ("level", models.CharField(max_length=20)),
                        ("edition", models.CharField(max_length=20)),
                        ("to_whom", models.CharField(max_length=200)),
                        ("areas", models.CharField(max_length=60)),
                        ("made_on", models.DateField()),
                        ("factor_edition", models.CharField(blank=True, max_length=20)),
                        ("factor", models.CharField(blank=True, max_length=60)),
                        ("state", models.CharField(default="made", max_length=20)),
                        ("accepted_on", models.DateField(null=True)),
                        ("accepted_by", models.CharField(blank=True, max_length=200)),
                        ("ended_on", models.DateField(null=True)),
                        ("outcome", models.TextField(blank=True)),
                        (
                            "data_key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.datakey",
                            ),
                        ),
                        (
                            "finding",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.finding",
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.meeting",
                            ),
                        ),
                        (
                            "superseded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.recommendation",
                            ),
                        ),
                        (
                            "line",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.recommended",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-made_on", "-pk"],
                        "indexes": [
                            models.Index(
                                fields=["state", "made_on"], name="recommendation_by_state"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("accepted_by", ""), ("accepted_on", None)),
                                    models.Q(
                                        ("accepted_on__isnull", False),
                                        models.Q(("accepted_by", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="recommendation_accepted_when_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["accepted", "done"]), _negated=True),
                                    ("accepted_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="recommendation_done_or_accepted_has_its_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("superseded_by", None),
                                    ("state", "superseded"),
                                    _connector="OR",
                                ),
                                name="recommendation_superseded_by_one_while_superseded",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("areas", ""), _negated=True),
                                name="recommendation_has_areas",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("factor", ""), ("factor_edition", "")),
                                    models.Q(
                                        models.Q(("factor", ""), _negated=True),
                                        models.Q(("factor_edition", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="recommendation_factor_of_an_edition",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_on", None),
                                        ("outcome", ""),
                                        ("state__in", ("made", "accepted")),
                                    ),
                                    models.Q(
                                        ("ended_on__isnull", False),
                                        ("state__in", ("declined", "done", "superseded")),
                                        models.Q(("outcome", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="recommendation_ended_when_and_how",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("line", None), ("finding__isnull", False), _connector="OR"
                                ),
                                name="recommendation_line_of_a_finding",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProgressNote",
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
                        ("on", models.DateField()),
                        ("words", models.TextField()),
                        ("kept_at", models.DateTimeField()),
                        (
                            "kept_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "point",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.actionpoint",
                            ),
                        ),
                        (
                            "recommendation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="progress",
                                to="cdop.recommendation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-on", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="LearningLetter",
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
                        ("sealed", models.BinaryField()),
                        ("recommends", models.TextField()),
                        ("words", models.TextField()),
                        ("answer_by", models.DateField(null=True)),
                        ("state", models.CharField(default="written", max_length=20)),
                        ("approved_at", models.DateTimeField(null=True)),
                        ("settled_on", models.DateField(null=True)),
                        ("how", models.CharField(blank=True, max_length=200)),
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
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                        (
                            "recommendation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letters",
                                to="cdop.recommendation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "letter",
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_by", None),
                                    models.Q(
                                        ("approved_by", models.F("written_by")), _negated=True
                                    ),
                                    _connector="OR",
                                ),
                                name="learning_letter_approved_by_a_second_person",
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
                                name="learning_letter_approved_when_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["approved", "sent"]), _negated=True),
                                    ("approved_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="learning_letter_goes_once_it_is_approved",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("how", ""),
                                        ("settled_on", None),
                                        ("state__in", ["written", "approved"]),
                                    ),
                                    models.Q(
                                        ("settled_on__isnull", False),
                                        ("state__in", ["sent", "discarded"]),
                                        models.Q(("how", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="learning_letter_settled_when_and_how",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalResponseLetter",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("received_on", models.DateField()),
                        ("words", models.TextField()),
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
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.document",
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
                            "letter",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.learningletter",
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
                            "recommendation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.recommendation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical answer",
                        "verbose_name_plural": "historical answers",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalLearningLetter",
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
                        ("sealed", models.BinaryField()),
                        ("recommends", models.TextField()),
                        ("words", models.TextField()),
                        ("answer_by", models.DateField(null=True)),
                        ("state", models.CharField(default="written", max_length=20)),
                        ("approved_at", models.DateTimeField(null=True)),
                        ("settled_on", models.DateField(null=True)),
                        ("how", models.CharField(blank=True, max_length=200)),
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
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "written_by",
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
                            "recommendation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.recommendation",
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
                    name="HistoricalActionPoint",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("words", models.TextField()),
                        ("sealed", models.BinaryField()),
                        ("agreed_on", models.DateField()),
                        ("due_on", models.DateField()),
                        ("state", models.CharField(default="open", max_length=20)),
                        ("settled_on", models.DateField(null=True)),
                        ("outcome", models.TextField(blank=True)),
                        ("reminders", models.PositiveSmallIntegerField(default=0)),
                        ("reminded_at", models.DateTimeField(null=True)),
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
                            "owner",
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
                            "recommendation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.recommendation",
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
                    name="Recommended",
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
                        ("position", models.PositiveSmallIntegerField()),
                        ("level", models.CharField(max_length=20)),
                        ("to_whom", models.CharField(max_length=300)),
                        ("words", models.TextField()),
                        (
                            "analysis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recommendations",
                                to="cdop.analysis",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "recommendations",
                        "ordering": ["analysis_id", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("analysis", "position"), name="recommended_line_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRecommendation",
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
                        ("words", models.TextField()),
                        ("level", models.CharField(max_length=20)),
                        ("edition", models.CharField(max_length=20)),
                        ("to_whom", models.CharField(max_length=200)),
                        ("areas", models.CharField(max_length=60)),
                        ("made_on", models.DateField()),
                        ("factor_edition", models.CharField(blank=True, max_length=20)),
                        ("factor", models.CharField(blank=True, max_length=60)),
                        ("state", models.CharField(default="made", max_length=20)),
                        ("accepted_on", models.DateField(null=True)),
                        ("accepted_by", models.CharField(blank=True, max_length=200)),
                        ("ended_on", models.DateField(null=True)),
                        ("outcome", models.TextField(blank=True)),
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
                            "finding",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.finding",
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
                            "meeting",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.meeting",
                            ),
                        ),
                        (
                            "superseded_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.recommendation",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.recommended",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical recommendation",
                        "verbose_name_plural": "historical recommendations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ReportedValue",
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
                        ("field", models.CharField(max_length=60)),
                        ("sealed", models.BinaryField()),
                        ("source", models.CharField(max_length=100)),
                        ("received_at", models.DateTimeField()),
                        ("differs", models.BooleanField(default=False)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reported_values",
                                to="cdop.case",
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
                    ],
                    options={
                        "ordering": ["field", "received_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("settled_at", None), ("settled_by", None)),
                                    models.Q(
                                        ("settled_at__isnull", False), ("settled_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="reported_value_settled_both_or_neither",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Request",
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
                        ("agency", models.CharField(max_length=40)),
                        ("edition", models.CharField(max_length=20)),
                        ("forms", models.JSONField(default=list)),
                        ("sealed", models.BinaryField()),
                        ("approves", models.BooleanField(default=False)),
                        ("state", models.CharField(default="asked", max_length=20)),
                        ("asked_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("extended_why", models.CharField(blank=True, max_length=500)),
                        ("reminders", models.PositiveSmallIntegerField(default=0)),
                        ("reminded_at", models.DateTimeField(null=True)),
                        ("draft", models.UUIDField(null=True)),
                        ("returned_at", models.DateTimeField(null=True)),
                        ("accepted_at", models.DateTimeField(null=True)),
                        ("ended_why", models.CharField(blank=True, max_length=500)),
                        ("questions", models.PositiveIntegerField(default=0)),
                        ("considered", models.PositiveIntegerField(default=0)),
                        ("known", models.PositiveIntegerField(default=0)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.contact",
                            ),
                        ),
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
                        "ordering": ["case_id", "agency", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ("asked", "assigned", "to_approve"))
                                ),
                                fields=["due_at"],
                                name="report_request_open_by_due",
                            ),
                            models.Index(
                                fields=["organisation", "state"], name="report_request_by_agency"
                            ),
                            models.Index(fields=["case", "state"], name="report_request_by_case"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("contact",), name="report_request_once_per_contact"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("returned_at__isnull", False),
                                        ("state__in", ("returned", "partial", "nil")),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("state__in", ("returned", "partial", "nil")),
                                            _negated=True,
                                        ),
                                        ("returned_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="report_request_returned_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state__in", ("not_applicable", "closed")), _negated=True
                                    ),
                                    models.Q(("ended_why", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="report_request_set_aside_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("accepted_at", None), ("state", "partial"), _connector="OR"
                                ),
                                name="report_request_accepted_in_part_alone",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("known__lte", models.F("considered")),
                                    ("considered__lte", models.F("questions")),
                                ),
                                name="report_request_counts_nest",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reply",
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
                        ("sealed", models.BinaryField()),
                        (
                            "came_by",
                            models.CharField(
                                choices=[
                                    ("link", "through the link"),
                                    ("email", "by email"),
                                    ("post", "by post"),
                                    ("other", "in another way"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("sent_at", models.DateTimeField()),
                        ("draft", models.UUIDField(null=True, unique=True)),
                        (
                            "data_key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.datakey",
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replies",
                                to="cdop.request",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "replies",
                        "ordering": ["sent_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
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
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("contact", "single point of contact"),
                                    ("respondent", "respondent"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("sealed", models.BinaryField()),
                        ("link", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("token", models.CharField(max_length=64, unique=True)),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("codes", models.PositiveIntegerField(default=0)),
                        ("code_until", models.DateTimeField(null=True)),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.request",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["made_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalReply",
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
                        (
                            "came_by",
                            models.CharField(
                                choices=[
                                    ("link", "through the link"),
                                    ("email", "by email"),
                                    ("post", "by post"),
                                    ("other", "in another way"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("sent_at", models.DateTimeField()),
                        ("draft", models.UUIDField(db_index=True, null=True)),
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
                            "request",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.request",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical reply",
                        "verbose_name_plural": "historical replies",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalInvitation",
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
                            "role",
                            models.CharField(
                                choices=[
                                    ("contact", "single point of contact"),
                                    ("respondent", "respondent"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("sealed", models.BinaryField()),
                        ("link", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("token", models.CharField(db_index=True, max_length=64)),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("codes", models.PositiveIntegerField(default=0)),
                        ("code_until", models.DateTimeField(null=True)),
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
                            "request",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.request",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical invitation",
                        "verbose_name_plural": "historical invitations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Response",
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
                        ("state", models.CharField(max_length=20)),
                        ("criteria", models.JSONField(default=list)),
                        ("decided_at", models.DateTimeField()),
                        ("decided_by", models.CharField(max_length=200)),
                        ("why", models.TextField(blank=True)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rapid_response",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "response",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("decided_by", ""), _negated=True),
                                name="response_was_decided_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "started"),
                                    models.Q(("why", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="response_has_a_reason_where_not_needed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResponseLetter",
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
                        ("received_on", models.DateField()),
                        ("words", models.TextField()),
                        (
                            "document",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.document",
                            ),
                        ),
                        (
                            "letter",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="responses",
                                to="cdop.learningletter",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                        (
                            "recommendation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="responses",
                                to="cdop.recommendation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "answer",
                        "ordering": ["-received_on", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Review",
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
                        ("sent_at", models.DateTimeField()),
                        (
                            "analysis",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review",
                                to="cdop.analysis",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviews",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "reviewer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["item_id", "sent_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("item", "reviewer"), name="review_once_per_member"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDraftReading",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("opened_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
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
                            "item",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.agendaitem",
                            ),
                        ),
                        (
                            "reader",
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
                            "review",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.review",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical reading of a draft",
                        "verbose_name_plural": "historical readings of drafts",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="RoleHolding",
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
                        ("role", models.CharField(max_length=30)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.area",
                            ),
                        ),
                        (
                            "granted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="holdings",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("granted_by", None),
                                    models.Q(
                                        ("granted_by", models.F("approved_by")), _negated=True
                                    ),
                                    _connector="OR",
                                ),
                                name="role_given_by_two_people",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_by", None),
                                    models.Q(("approved_by", models.F("user")), _negated=True),
                                    _connector="OR",
                                ),
                                name="role_never_approved_by_its_holder",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="role_ends_after_it_starts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Settled",
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
                        ("question", models.CharField(max_length=40)),
                        ("sealed", models.BinaryField()),
                        ("over", models.CharField(max_length=64)),
                        ("settled_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.case",
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
                        "verbose_name_plural": "settled",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "question"), name="report_settled_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Signal",
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
                        ("kind", models.CharField(max_length=40)),
                        ("edition", models.CharField(max_length=20)),
                        ("about", models.TextField()),
                        ("state", models.CharField(default="open", max_length=20)),
                        ("due_on", models.DateField(null=True)),
                        ("opened_at", models.DateTimeField()),
                        ("decision", models.TextField(blank=True)),
                        ("decided_by", models.CharField(blank=True, max_length=200)),
                        ("decided_on", models.DateField(null=True)),
                        ("escalated_to", models.CharField(blank=True, max_length=200)),
                        ("escalated_on", models.DateField(null=True)),
                        ("closed_on", models.DateField(null=True)),
                        ("outcome", models.TextField(blank=True)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-opened_at", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "closed"), _negated=True),
                                fields=["due_on"],
                                name="signal_going_on_by_due",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_on__isnull", False),
                                        ("due_on", None),
                                        ("state", "closed"),
                                        models.Q(("outcome", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "closed"), _negated=True),
                                        ("closed_on", None),
                                        ("due_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="signal_closed_when_or_due",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state__in", ["decided", "escalated"]), _negated=True
                                    ),
                                    models.Q(
                                        ("decided_on__isnull", False),
                                        models.Q(("decision", ""), _negated=True),
                                        models.Q(("decided_by", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="signal_decided_what_when_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "escalated"), _negated=True),
                                    models.Q(
                                        ("escalated_on__isnull", False),
                                        models.Q(("escalated_to", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="signal_escalated_to_whom_and_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalSignalCase",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("removed", models.BooleanField(default=False)),
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
                            "signal",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.signal",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical signal case",
                        "verbose_name_plural": "historical signal cases",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="SignalCase",
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
                        ("removed", models.BooleanField(default=False)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signals",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "signal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="cdop.signal",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["case_id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("signal", "case"), name="signal_case_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Term",
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
                        ("seat", models.CharField(max_length=40)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["seat", "starts_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="term_ends_after_it_starts",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalCover",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
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
                            "user",
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
                            "term",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.term",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical cover",
                        "verbose_name_plural": "historical covers",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Cover",
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
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "term",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="covers",
                                to="cdop.term",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["term_id", "starts_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="cover_ends_after_it_starts",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Theme",
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
                        ("title", models.CharField(max_length=120)),
                        ("belongs", models.TextField()),
                        ("source", models.CharField(blank=True, max_length=200)),
                        ("rule", models.JSONField(default=dict)),
                        ("state", models.CharField(default="going_on", max_length=20)),
                        ("ended_on", models.DateField(null=True)),
                        ("why_ended", models.TextField(blank=True)),
                    ],
                    options={
                        "ordering": ["title"],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("title"),
                                name="theme_title_once_whatever_capitals",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_on__isnull", False),
                                        ("state", "ended"),
                                        models.Q(("why_ended", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "ended"), _negated=True),
                                        ("ended_on", None),
                                        ("why_ended", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="theme_ended_when_and_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ThematicReview",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("question", models.TextField(blank=True)),
                        ("looked_at", models.TextField(blank=True)),
                        ("found", models.TextField(blank=True)),
                        ("recommend", models.TextField(blank=True)),
                        ("state", models.CharField(default="draft", max_length=20)),
                        ("remark", models.TextField(blank=True)),
                        ("approved_at", models.DateTimeField(null=True)),
                        ("digest", models.CharField(blank=True, max_length=64)),
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
                            "theme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviews",
                                to="cdop.theme",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["theme_id", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("theme", "number"), name="thematic_review_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "approved"), _negated=True),
                                fields=("theme",),
                                name="thematic_review_one_open_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("state", "approved"),
                                        ("approved_by__isnull", False),
                                        models.Q(("digest", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "approved"), _negated=True),
                                        ("approved_at", None),
                                        ("approved_by", None),
                                        ("digest", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="thematic_review_approved_when_and_by_whom",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalTraining",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("held_on", models.DateField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("session", "Training session"),
                                    ("campaign", "Campaign"),
                                    ("guideline", "Guideline"),
                                    ("letter", "Letter"),
                                    ("other", "Something else"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("what", models.CharField(max_length=200)),
                        ("people", models.PositiveIntegerField(null=True)),
                        ("organisations", models.JSONField(default=list)),
                        ("areas", models.JSONField(default=list)),
                        ("struck_out", models.CharField(blank=True, max_length=300)),
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
                            "theme",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.theme",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical training",
                        "verbose_name_plural": "historical training",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalThemeCase",
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
                            "standing",
                            models.CharField(
                                choices=[
                                    ("by_rule", "left to the rule"),
                                    ("added", "added by hand"),
                                    ("left_out", "left out by hand"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reason", models.TextField()),
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
                            "theme",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.theme",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical theme case",
                        "verbose_name_plural": "historical theme cases",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalThematicReview",
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
                        ("question", models.TextField(blank=True)),
                        ("looked_at", models.TextField(blank=True)),
                        ("found", models.TextField(blank=True)),
                        ("recommend", models.TextField(blank=True)),
                        ("state", models.CharField(default="draft", max_length=20)),
                        ("remark", models.TextField(blank=True)),
                        ("approved_at", models.DateTimeField(null=True)),
                        ("digest", models.CharField(blank=True, max_length=64)),
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
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "theme",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.theme",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical thematic review",
                        "verbose_name_plural": "historical thematic reviews",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalExchange",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("shared_on", models.DateField()),
                        (
                            "direction",
                            models.CharField(
                                choices=[("out", "From us to them"), ("in", "From them to us")],
                                max_length=10,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("review", "A thematic review"),
                                    ("briefing", "A briefing"),
                                    ("learning", "Learning from a case, without anybody's name"),
                                    ("other", "Something else"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("what", models.TextField()),
                        ("panel_name", models.CharField(blank=True, max_length=200)),
                        ("by_whom", models.CharField(max_length=200)),
                        ("basis", models.CharField(max_length=300)),
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
                            "panel",
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
                            "theme",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.theme",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical exchange",
                        "verbose_name_plural": "historical exchanges",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalBriefing",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.CharField(blank=True, max_length=200)),
                        ("address", models.CharField(db_index=True, max_length=80)),
                        ("number", models.PositiveSmallIntegerField(default=1)),
                        ("title", models.CharField(max_length=90)),
                        ("audience", models.CharField(max_length=200)),
                        ("learned", models.TextField()),
                        ("to_do", models.TextField()),
                        ("more", models.TextField(blank=True)),
                        ("found", models.JSONField(default=list)),
                        ("state", models.CharField(default="draft", max_length=20)),
                        ("checked_at", models.DateTimeField(null=True)),
                        ("published_number", models.PositiveSmallIntegerField(null=True)),
                        ("withdrawn_on", models.DateField(null=True)),
                        ("why_withdrawn", models.TextField(blank=True)),
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
                            "checked_by",
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
                            "theme",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cdop.theme",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical briefing",
                        "verbose_name_plural": "historical briefings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Exchange",
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
                        ("shared_on", models.DateField()),
                        (
                            "direction",
                            models.CharField(
                                choices=[("out", "From us to them"), ("in", "From them to us")],
                                max_length=10,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("review", "A thematic review"),
                                    ("briefing", "A briefing"),
                                    ("learning", "Learning from a case, without anybody's name"),
                                    ("other", "Something else"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("what", models.TextField()),
                        ("panel_name", models.CharField(blank=True, max_length=200)),
                        ("by_whom", models.CharField(max_length=200)),
                        ("basis", models.CharField(max_length=300)),
                        (
                            "panel",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.organisation",
                            ),
                        ),
                        (
                            "theme",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exchange",
                                to="cdop.theme",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-shared_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("panel__isnull", False), ("panel_name", "")),
                                    models.Q(
                                        ("panel", None), models.Q(("panel_name", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="exchange_with_one_panel",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ThemeCase",
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
                        (
                            "standing",
                            models.CharField(
                                choices=[
                                    ("by_rule", "left to the rule"),
                                    ("added", "added by hand"),
                                    ("left_out", "left out by hand"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reason", models.TextField()),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "theme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="by_hand",
                                to="cdop.theme",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["theme_id", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("theme", "case"), name="theme_case_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="theme_case_has_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Training",
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
                        ("held_on", models.DateField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("session", "Training session"),
                                    ("campaign", "Campaign"),
                                    ("guideline", "Guideline"),
                                    ("letter", "Letter"),
                                    ("other", "Something else"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("what", models.CharField(max_length=200)),
                        ("people", models.PositiveIntegerField(null=True)),
                        ("organisations", models.JSONField(default=list)),
                        ("areas", models.JSONField(default=list)),
                        ("struck_out", models.CharField(blank=True, max_length=300)),
                        (
                            "theme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="training",
                                to="cdop.theme",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "training",
                        "ordering": ["-held_on", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("struck_out", "")),
                                fields=["held_on"],
                                name="training_by_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UrgentNotice",
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
                        ("kind", models.CharField(max_length=40)),
                        ("about", models.TextField()),
                        ("state", models.CharField(default="to_send", max_length=20)),
                        ("known_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("sent_to", models.CharField(blank=True, max_length=200)),
                        ("why_not", models.TextField(blank=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="urgent_notices",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "notice",
                        "ordering": ["known_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "to_send")),
                                fields=["due_at"],
                                name="notice_to_send",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("sent_at__gte", models.F("known_at")),
                                        ("state", "sent"),
                                        models.Q(("sent_to", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "sent"), _negated=True),
                                        ("sent_at", None),
                                        ("sent_to", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="notice_sent_when_and_to_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "not_needed"),
                                        models.Q(("why_not", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "not_needed"), _negated=True),
                                        ("why_not", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="notice_not_needed_and_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
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
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("jointly", "police and a health professional together"),
                                    ("police", "police only"),
                                    ("health", "a health professional only"),
                                    ("none", "nobody, though a visit was indicated"),
                                    ("not_indicated", "nobody: no visit was indicated"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("visited_at", models.DateTimeField(null=True)),
                        ("present", models.CharField(blank=True, max_length=500)),
                        ("decided_by", models.CharField(blank=True, max_length=200)),
                        ("why", models.TextField(blank=True)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visit",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("outcome__in", ("jointly", "police", "health")),
                                        ("visited_at__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("outcome__in", ("jointly", "police", "health")),
                                            _negated=True,
                                        ),
                                        ("visited_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="visit_has_a_time_where_it_was_made",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome", "jointly"),
                                    models.Q(("why", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="visit_has_a_reason_where_not_made_jointly",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", "not_indicated"), _negated=True),
                                    models.Q(("decided_by", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="visit_not_indicated_was_decided_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        (
                            "number",
                            models.PositiveBigIntegerField(primary_key=True, serialize=False),
                        ),
                        ("at", models.DateTimeField()),
                        ("job", models.CharField(blank=True, max_length=60)),
                        ("hat", models.CharField(blank=True, max_length=30)),
                        ("action", models.CharField(max_length=60)),
                        ("subject", models.CharField(max_length=80)),
                        ("case_number", models.BigIntegerField(null=True)),
                        ("purpose", models.CharField(blank=True, max_length=300)),
                        ("detail", models.TextField(blank=True)),
                        ("mac", models.CharField(max_length=64)),
                        (
                            "actor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "indexes": [
                            models.Index(fields=["case_number", "number"], name="audit_case"),
                            models.Index(fields=["actor", "number"], name="audit_actor"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BriefingPlace",
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
                        ("mark", models.CharField(max_length=64)),
                        ("words", models.TextField()),
                        ("kind", models.CharField(max_length=120)),
                        ("why", models.TextField()),
                        ("kept_at", models.DateTimeField()),
                        (
                            "briefing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="kept",
                                to="cdop.briefing",
                            ),
                        ),
                        (
                            "kept_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["briefing_id", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("briefing", "mark"), name="briefing_place_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("why", ""), _negated=True),
                                name="briefing_place_has_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseFacts",
                    fields=[
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="facts",
                                serialize=False,
                                to="cdop.case",
                            ),
                        ),
                        ("in_scope", models.BooleanField(default=True)),
                        ("died_in", models.DateField()),
                        ("notified_in", models.DateField()),
                        ("reviewed_in", models.DateField(null=True)),
                        ("hours_to_notification", models.PositiveIntegerField(null=True)),
                        ("days_to_sign_off", models.PositiveIntegerField(null=True)),
                        ("days_not_held", models.PositiveIntegerField(null=True)),
                        ("sex", models.CharField(blank=True, max_length=20)),
                        ("age_days", models.PositiveIntegerField(null=True)),
                        ("age_years", models.PositiveSmallIntegerField(null=True)),
                        ("age_band", models.CharField(blank=True, max_length=20)),
                        ("gestation_weeks", models.PositiveSmallIntegerField(null=True)),
                        ("ethnic_group", models.CharField(blank=True, max_length=40)),
                        ("place_of_death", models.CharField(blank=True, max_length=40)),
                        ("place_of_event", models.CharField(blank=True, max_length=40)),
                        ("expectedness", models.CharField(blank=True, max_length=20)),
                        ("analysis_edition", models.CharField(blank=True, max_length=20)),
                        ("category", models.CharField(blank=True, max_length=40)),
                        ("modifiable", models.CharField(blank=True, max_length=20)),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cdop.area",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "case facts",
                        "indexes": [
                            models.Index(
                                fields=[
                                    "notified_in",
                                    "in_scope",
                                    "area",
                                    "age_band",
                                    "sex",
                                    "expectedness",
                                    "analysis_edition",
                                    "category",
                                    "modifiable",
                                    "ethnic_group",
                                    "place_of_death",
                                    "place_of_event",
                                    "gestation_weeks",
                                    "days_to_sign_off",
                                ],
                                name="facts_counted_by_notified_in",
                            ),
                            models.Index(
                                fields=[
                                    "reviewed_in",
                                    "in_scope",
                                    "area",
                                    "age_band",
                                    "sex",
                                    "expectedness",
                                    "analysis_edition",
                                    "category",
                                    "modifiable",
                                    "ethnic_group",
                                    "place_of_death",
                                    "place_of_event",
                                    "gestation_weeks",
                                    "days_to_sign_off",
                                ],
                                name="facts_counted_by_reviewed_in",
                            ),
                            models.Index(
                                fields=[
                                    "died_in",
                                    "in_scope",
                                    "area",
                                    "age_band",
                                    "sex",
                                    "expectedness",
                                    "analysis_edition",
                                    "category",
                                    "modifiable",
                                    "ethnic_group",
                                    "place_of_death",
                                    "place_of_event",
                                    "gestation_weeks",
                                    "days_to_sign_off",
                                ],
                                name="facts_counted_by_died_in",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("died_in__day", 1),
                                    ("notified_in__day", 1),
                                    models.Q(
                                        ("reviewed_in", None),
                                        ("reviewed_in__day", 1),
                                        _connector="OR",
                                    ),
                                ),
                                name="facts_months_are_first_days",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseAccess",
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
                        ("ends_on", models.DateField(null=True)),
                        ("ends_at", models.DateTimeField(null=True)),
                        ("opened_why", models.CharField(blank=True, max_length=300)),
                        ("leads", models.JSONField(blank=True, default=list)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="access",
                                to="cdop.case",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "case access",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "user"), name="case_access_once"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
