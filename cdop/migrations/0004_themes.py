"""Themes, thematic reviews, briefings, training and exchange with other panels."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("cdop", "0003_four_areas_and_the_head_of_the_chain"),
    ]

    operations = [
        migrations.CreateModel(
            name="Briefing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            ],
            options={
                "ordering": ["title", "pk"],
            },
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
            name="Theme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
        migrations.AddField(
            model_name="briefing",
            name="theme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="briefings",
                to="cdop.theme",
            ),
        ),
        migrations.CreateModel(
            name="ThemeCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
        ),
        migrations.CreateModel(
            name="BriefingPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            name="PublishedBriefing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        condition=models.Q(("checked_by", models.F("published_by")), _negated=True),
                        name="briefing_published_by_somebody_else_than_checked_it",
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            name="Exchange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                            models.Q(("panel", None), models.Q(("panel_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="exchange_with_one_panel",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="briefing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_at", None), ("checked_by", None), ("state", "draft")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True),
                        ("checked_at__isnull", False),
                        ("checked_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="briefing_checked_when_and_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="briefing",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="themecase",
            constraint=models.UniqueConstraint(fields=("theme", "case"), name="theme_case_once"),
        ),
        migrations.AddConstraint(
            model_name="themecase",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="theme_case_has_a_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="training",
            index=models.Index(
                condition=models.Q(("struck_out", "")), fields=["held_on"], name="training_by_day"
            ),
        ),
        AppendOnly(
            "cdop_historicalbriefing",
            "cdop_historicalbriefingplace",
            "cdop_historicalexchange",
            "cdop_historicalpublishedbriefing",
            "cdop_historicalthematicreview",
            "cdop_historicaltheme",
            "cdop_historicalthemecase",
            "cdop_historicaltraining",
            "cdop_publishedbriefing",
        ),
    ]
