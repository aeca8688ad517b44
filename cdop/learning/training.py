"""Training and campaigns against a theme, and the year's table of them.

How many people came is a number or not recorded, which is counted by itself and never as 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from cdop.core.audit import Job, act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.counts import Counts, DoesNotAddUp
from cdop.core.jinja import count, number
from cdop.core.organisations import Area, Organisation
from cdop.core.periods import Period
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import create, edit
from cdop.learning import themes
from cdop.learning.theme_models import Theme

if TYPE_CHECKING:
    from cdop.core.users import User

NOT_YOURS = "Your role does not record training."
MOST_PEOPLE = 1_000_000
SEVERAL_AREAS, NO_AREA, TOTAL = "Several areas", "No area recorded", "Total"
IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
BASIS = "Counted by the day on which it was held or began."


class Kind(models.TextChoices):
    """What was done; our own list."""

    SESSION = "session", "Training session"
    CAMPAIGN = "campaign", "Campaign"
    GUIDELINE = "guideline", "Guideline"
    LETTER = "letter", "Letter"
    OTHER = "other", "Something else"


COLUMNS: Mapping[str, str] = {
    Kind.SESSION: "sessions",
    Kind.CAMPAIGN: "campaigns",
    Kind.GUIDELINE: "guidelines",
    Kind.LETTER: "letters",
    Kind.OTHER: "others",
}


class TrainingQuerySet(models.QuerySet["Training"]):
    def visible_to(self, user: User) -> TrainingQuerySet:
        """What stands, for everybody who sees training; the team sees what was struck out, too."""
        if user.can(Permission.LEARNING_MANAGE):
            return self
        return self.standing() if user.can(Permission.TRAINING_READ) else self.none()

    def standing(self) -> TrainingQuerySet:
        return self.filter(struck_out="")

    def within(self, period: Period) -> TrainingQuerySet:
        return self.filter(held_on__range=(period.first_month, period.last_day))


class Training(Record):
    """One session, campaign, guideline or letter against a theme.

    people         how many professionals it reached; None where nobody recorded it
    organisations  keys of the organisations they came from
    areas          GSS codes of the areas it was for
    struck_out     why it was recorded by mistake; "" where it stands
    """

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="training")
    held_on = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    what = models.CharField(max_length=200)
    people = models.PositiveIntegerField(null=True)
    organisations = models.JSONField(default=list)
    areas = models.JSONField(default=list)
    struck_out = models.CharField(max_length=300, blank=True)

    objects = TrainingQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", Sensitivity.NONE, Seen.SIGNED_IN)
        for name, meaning in [
            ("theme", "Against which theme"),
            ("held_on", "When it was held or began"),
            ("kind", "What kind it was"),
            ("what", "What it was"),
            ("people", "How many people it reached, if recorded"),
            ("organisations", "From which organisations they came"),
            ("areas", "For which areas"),
            ("struck_out", "Why it was recorded by mistake"),
        ]
    }

    class Meta:
        verbose_name_plural = "training"
        ordering: ClassVar = ["-held_on", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["held_on"], condition=Q(struck_out=""), name="training_by_day")
        ]

    audit_case = None

    def __str__(self) -> str:
        return self.what

    @property
    def kind_label(self) -> str:
        return Kind(self.kind).label


@dataclass(frozen=True)
class Held(Counts):
    """What was held, in one row of the year's table.

    people        professionals reached, of those events for which it is recorded
    not_recorded  events for which it is not
    in_sessions, sessions_not_recorded  the same of the training sessions alone
    """

    events: int = 0
    sessions: int = 0
    campaigns: int = 0
    guidelines: int = 0
    letters: int = 0
    others: int = 0
    people: int = 0
    not_recorded: int = 0
    in_sessions: int = 0
    sessions_not_recorded: int = 0

    @property
    def reached(self) -> int | None:
        """The people; None where there was something and nobody recorded how many for any."""
        return self.people if self.people or not self.not_recorded else None

    def checked(self) -> Held:
        """The same; raises DoesNotAddUp where the kinds do not make up the events."""
        kinds = self.sessions + self.campaigns + self.guidelines + self.letters + self.others
        if kinds != self.events or self.not_recorded > self.events:
            raise DoesNotAddUp(f"The kinds do not make up what was held: {self}")
        if self.in_sessions > self.people or self.sessions_not_recorded > self.sessions:
            raise DoesNotAddUp(f"More in the sessions than in all: {self}")
        return self


@dataclass(frozen=True)
class Year:
    """What was held in a period: rows by theme and by area, each with the total last."""

    period: Period
    by_theme: list[tuple[str, Held]]
    by_area: list[tuple[str, Held]]

    @property
    def total(self) -> Held:
        return self.by_theme[-1][1]

    @property
    def sentence(self) -> str:
        """The sessions of the period as an annual report says it."""
        return sentence(self.total)


def year(period: Period) -> Year:
    """The table of a period. Raises DoesNotAddUp where themes and areas make different totals."""
    names = dict(Area.objects.values_list("code", "name"))
    rows = list(Training.objects.standing().within(period).select_related("theme"))
    by_theme = _rows(rows, lambda row: row.theme.title)
    by_area = _rows(rows, lambda row: _area(row, names))
    last = [*names.values(), SEVERAL_AREAS, NO_AREA, TOTAL]
    by_area.sort(key=lambda row: last.index(row[0]))
    if by_theme[-1][1] != by_area[-1][1]:
        raise DoesNotAddUp(f"Themes and areas differ in {period}.")
    return Year(period, by_theme, by_area)


def sentence(held: Held) -> str:
    """Such as "four sessions, 130 professionals"; what is not recorded is said, too."""
    sessions = held.sessions
    said = IN_WORDS[sessions] if sessions < len(IN_WORDS) else number(sessions)
    words = f"{said} session{'' if sessions == 1 else 's'}"
    missing = held.sessions_not_recorded
    if not sessions:
        return words
    if missing == sessions:
        return f"{words}, how many professionals is not recorded"
    people = f"{words}, {number(held.in_sessions)} professional{_s(held.in_sessions)}"
    if not missing:
        return people
    return f"{people} and those of {count(missing, 'session')} for which it is not recorded"


def _s(amount: int) -> str:
    return "" if amount == 1 else "s"


def _rows(rows: Iterable[Training], of: Callable[[Training], str]) -> list[tuple[str, Held]]:
    found: dict[str, Held] = defaultdict(Held)
    for row in rows:
        found[of(row)] += _one(row)
    total = sum(found.values(), Held())
    return [(name, held.checked()) for name, held in [*sorted(found.items()), (TOTAL, total)]]


def _one(row: Training) -> Held:
    session = row.kind == Kind.SESSION
    missing = row.people is None
    return Held(
        events=1,
        people=row.people or 0,
        not_recorded=int(missing),
        in_sessions=(row.people or 0) * session,
        sessions_not_recorded=int(missing and session),
        **{COLUMNS[row.kind]: 1},
    )


def _area(row: Training, names: Mapping[str, str]) -> str:
    if not row.areas:
        return NO_AREA
    return names[row.areas[0]] if len(row.areas) == 1 else SEVERAL_AREAS


def save(
    training: Training | None,
    *,
    theme: Theme,
    held_on: date,
    kind: str,
    what: str,
    people: int | None,
    organisations: Iterable[Organisation],
    areas: Iterable[Area],
    version: int,
    by: User | Job,
) -> Training:
    """Record something that was held, or put it right. Raises Stale, Refused."""
    refuse_unless(by, Permission.LEARNING_MANAGE, otherwise=NOT_YOURS)
    said: dict[str, Any] = {
        "theme": theme,
        "held_on": held_on,
        "kind": kind,
        "what": what.strip(),
        "people": people,
        "organisations": sorted(each.pk for each in organisations),
        "areas": sorted(each.code for each in areas),
    }
    refuse_if(_why_not(**said))
    with act():
        row = themes.locked(theme)
        if training is None:
            refuse_if(themes.why_not_change(row))
            return create(Training(**said), by=by)
        kept = Training.objects.select_for_update().get(pk=training.pk)
        if kept.version != version:
            raise Stale(kept)
        refuse_if(why_not_change(kept))
        return edit(kept, by=by, version=version, **said)


def why_not_change(training: Training) -> str:
    """Why what was recorded stays as it is."""
    return "This was struck out, so it stays as it is." if training.struck_out else ""


def strike_out(training: Training, *, why: str, version: int, by: User | Job) -> Training:
    """Say that it was recorded by mistake: it is kept, and counted no more."""
    refuse_unless(by, Permission.LEARNING_MANAGE, otherwise=NOT_YOURS)
    if not why.strip():
        raise Refused("Say why it was recorded by mistake.")
    with act():
        action = "training.struck_out"
        return edit(training, by=by, version=version, action=action, struck_out=why.strip())


def _why_not(held_on: date, kind: str, what: str, people: int | None, **_: Any) -> str:
    if not what:
        return "Say what it was."
    if kind not in Kind.values:
        return "Choose what kind it was."
    if held_on > localdate():
        return "It was held or began today or in the past."
    if people is not None and not 0 < people <= MOST_PEOPLE:
        return "Enter how many people it reached, or say that it is not recorded."
    return ""
