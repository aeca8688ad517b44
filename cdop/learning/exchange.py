"""What this panel shared with other panels, and they with it: a list to look up and to hand over.

A case that goes to another panel is no exchange: it is passed on, with all that belongs to it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from cdop.core.audit import Job, act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.organisations import Organisation
from cdop.core.records import Record
from cdop.core.refusals import refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import create, edit
from cdop.learning.theme_models import Theme

if TYPE_CHECKING:
    from cdop.core.users import User

NOT_YOURS = "Your role does not record what panels share."


class Direction(models.TextChoices):
    """Which way it went."""

    OUT = "out", "From us to them"
    IN = "in", "From them to us"


class Shared(models.TextChoices):
    """What was shared; our own list."""

    REVIEW = "review", "A thematic review"
    BRIEFING = "briefing", "A briefing"
    LEARNING = "learning", "Learning from a case, without anybody's name"
    OTHER = "other", "Something else"


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    def visible_to(self, user: User) -> ExchangeQuerySet:
        """All of them, or none."""
        return self if user.can(Permission.LEARNING_READ) else self.none()


class Exchange(Record):
    """One thing that was shared with another panel, one way or the other.

    panel, panel_name  the other panel: one of our organisations, or by name; one of the two
    by_whom            who gave it, in words
    basis              on what basis it was shared
    """

    shared_on = models.DateField()
    direction = models.CharField(max_length=10, choices=Direction.choices)
    kind = models.CharField(max_length=20, choices=Shared.choices)
    what = models.TextField()
    panel = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    panel_name = models.CharField(max_length=200, blank=True)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, related_name="exchange")
    by_whom = models.CharField(max_length=200)
    basis = models.CharField(max_length=300)

    objects = ExchangeQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, Seen.PANEL)
        for name, meaning, sensitivity in [
            ("shared_on", "When it was shared", Sensitivity.NONE),
            ("direction", "Which way it went", Sensitivity.NONE),
            ("kind", "What kind of thing it was", Sensitivity.NONE),
            ("what", "What it was", Sensitivity.NONE),
            ("panel", "With which panel, where it is one of our organisations", Sensitivity.NONE),
            ("panel_name", "With which panel, by its name", Sensitivity.NONE),
            ("theme", "On which theme, if one", Sensitivity.NONE),
            ("by_whom", "Who gave it", Sensitivity.STAFF),
            ("basis", "On what basis", Sensitivity.NONE),
        ]
    }

    class Meta:
        ordering: ClassVar = ["-shared_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="exchange_with_one_panel",
                condition=Q(panel__isnull=False, panel_name="") | Q(panel=None) & ~Q(panel_name=""),
            )
        ]

    audit_case = None

    def __str__(self) -> str:
        return f"exchange {self.pk}"

    @property
    def other_panel(self) -> str:
        return str(self.panel) if self.panel else self.panel_name

    @property
    def direction_label(self) -> str:
        return Direction(self.direction).label

    @property
    def kind_label(self) -> str:
        return Shared(self.kind).label


def save(
    exchange: Exchange | None,
    *,
    shared_on: date,
    direction: str,
    kind: str,
    what: str,
    panel: Organisation | None,
    panel_name: str,
    theme: Theme | None,
    by_whom: str,
    basis: str,
    version: int,
    by: User | Job,
) -> Exchange:
    """Record that something was shared, or put it right. Raises Stale, Refused."""
    refuse_unless(by, Permission.LEARNING_MANAGE, otherwise=NOT_YOURS)
    said: dict[str, Any] = {
        "shared_on": shared_on,
        "direction": direction,
        "kind": kind,
        "what": what.strip(),
        "panel": panel,
        "panel_name": panel_name.strip(),
        "theme": theme,
        "by_whom": by_whom.strip(),
        "basis": basis.strip(),
    }
    refuse_if(_why_not(**said))
    with act():
        if exchange is None:
            return create(Exchange(**said), by=by)
        return edit(exchange, by=by, version=version, **said)


HEAD = ("When", "Which way", "Panel", "What kind", "What", "Theme", "By whom", "Basis")


def lines(rows: models.QuerySet[Exchange]) -> list[tuple[str, ...]]:
    """The list as a file has it, oldest first."""
    found = rows.select_related("panel", "theme").order_by("shared_on", "pk")
    return [
        (
            row.shared_on.isoformat(),
            row.direction_label,
            row.other_panel,
            row.kind_label,
            row.what,
            str(row.theme or ""),
            row.by_whom,
            row.basis,
        )
        for row in found
    ]


def _why_not(
    shared_on: date,
    what: str,
    panel: Organisation | None,
    panel_name: str,
    by_whom: str,
    basis: str,
    **_: Any,
) -> str:
    if shared_on > localdate():
        return "It was shared today or in the past."
    if bool(panel) == bool(panel_name):
        return "Choose the panel from the list, or enter its name, but not both."
    if not (what and by_whom and basis):
        return "Say what was shared, who gave it and on what basis."
    return ""
