"""Where a death belongs, whether it is true, who belongs to whom, and reports taken back."""

import uuid

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("cdop", "0009_postcode_directory"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalreportedvalue",
            name="differs",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="historicalreportedvalue",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reportedvalue",
            name="differs",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="reportedvalue",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
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
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                                ("way", "second_source"), models.Q(("source", ""), _negated=True)
                            ),
                            models.Q(
                                ("rung_at__isnull", False),
                                ("way", "call_back"),
                                models.Q(("spoke_to", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="confirmation_says_how",
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        condition=models.Q(("case__lt", models.F("other"))), name="link_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                            models.Q(("state__in", ["elsewhere", "outcome"]), _negated=True),
                            models.Q(("reviewed_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="placement_names_who_reviews_elsewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome_on__isnull", False), ("state", "outcome")),
                            models.Q(
                                models.Q(("state", "outcome"), _negated=True), ("outcome_on", None)
                            ),
                            _connector="OR",
                        ),
                        name="placement_outcome_with_its_date",
                    ),
                ],
            },
        ),
        AppendOnly(
            "cdop_historicalplacement",
            "cdop_historicalconfirmation",
            "cdop_historicallink",
            "cdop_historicalreportedvalue",
        ),
    ]
