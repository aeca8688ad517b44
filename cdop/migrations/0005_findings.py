"""What reviews and findings keep beside the analysis, and the list of factors."""

import uuid

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("cdop", "0004_themes"),
    ]

    operations = [
        migrations.AddField(
            model_name="analysis",
            name="family_follow_up",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="analysis",
            name="good_practice",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="factor",
            name="label",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="finding",
            name="dissent",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="reached",
            field=models.CharField(
                blank=True,
                choices=[
                    ("agreed", "Everybody agreed"),
                    ("majority", "By a majority"),
                    ("chair", "The chair decided"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="why_changed",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="would_change",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="historicalanalysis",
            name="family_follow_up",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="historicalanalysis",
            name="good_practice",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="historicalfactor",
            name="label",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="historicalfinding",
            name="dissent",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="historicalfinding",
            name="reached",
            field=models.CharField(
                blank=True,
                choices=[
                    ("agreed", "Everybody agreed"),
                    ("majority", "By a majority"),
                    ("chair", "The chair decided"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="historicalfinding",
            name="why_changed",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="historicalfinding",
            name="would_change",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="DraftReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
        ),
        migrations.CreateModel(
            name="DraftAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("question", models.CharField(max_length=60)),
                (
                    "stands",
                    models.CharField(
                        choices=[("agree", "I agree"), ("question", "I question it")], max_length=20
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
            },
        ),
        migrations.CreateModel(
            name="Explained",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
        ),
        migrations.CreateModel(
            name="FactorTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
        ),
        migrations.CreateModel(
            name="FoldedWords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
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
                        choices=[("agree", "I agree"), ("question", "I question it")], max_length=20
                    ),
                ),
                ("words", models.TextField(blank=True)),
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
            name="NationalQuery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
        ),
        migrations.CreateModel(
            name="PreparedFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            name="Recommended",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
        ),
        migrations.AddConstraint(
            model_name="draftreading",
            constraint=models.UniqueConstraint(
                fields=("item", "reader"), name="draft_read_once_per_member"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftanswer",
            constraint=models.UniqueConstraint(
                fields=("reading", "question"), name="draft_answered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stands", "agree"), models.Q(("words", ""), _negated=True), _connector="OR"
                ),
                name="draft_questioned_in_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="explained",
            constraint=models.UniqueConstraint(
                fields=("finding", "point", "about"), name="explained_once_in_a_finding"
            ),
        ),
        migrations.AddConstraint(
            model_name="factorterm",
            constraint=models.UniqueConstraint(
                fields=("edition", "domain", "code"), name="factor_term_code_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="factorterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None),
                    models.Q(("merged_into", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="factor_term_not_merged_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="foldedwords",
            constraint=models.UniqueConstraint(
                fields=("edition", "domain", "words"), name="folded_words_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="nationalquery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_on", None)),
                    models.Q(
                        ("answered_on__gte", models.F("asked_on")),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="query_answered_when_and_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="recommended",
            constraint=models.UniqueConstraint(
                fields=("analysis", "position"), name="recommended_line_once"
            ),
        ),
        AppendOnly(
            "cdop_historicalanalysis",
            "cdop_historicaldraftanswer",
            "cdop_historicaldraftreading",
            "cdop_historicalexplained",
            "cdop_historicalfactor",
            "cdop_historicalfactorterm",
            "cdop_historicalfinding",
            "cdop_historicalfoldedwords",
            "cdop_historicalnationalquery",
            "cdop_historicalpreparedfinding",
            "cdop_historicalrecommended",
        ),
    ]
