"""What a meeting leaves to be done: recommendations to take up, findings to sign off, letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from cdop.core.roles import Permission
from cdop.learning.actions import why_not_take_up
from cdop.learning.letter_models import LearningLetter
from cdop.learning.models import Recommendation
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.states import MeetingState
from cdop.reviews.analysis_models import Recommended
from cdop.reviews.models import Finding
from cdop.reviews.states import FindingState

if TYPE_CHECKING:
    from cdop.core.users import User


@dataclass(frozen=True)
class Line:
    """One recommendation of a finding.

    taken_up  what was made of it
    why_not   why it cannot be taken up yet
    """

    line: Recommended
    finding: Finding
    taken_up: Recommendation | None
    why_not: str


@dataclass(frozen=True)
class Found:
    """One case of the meeting, with its latest finding there and what that recommends."""

    item: AgendaItem
    finding: Finding | None
    lines: list[Line]


def of(meeting: Meeting, user: User) -> list[Found]:
    """Every case of a meeting that the person sees, in the order of the agenda.

    Three statements, however long the agenda is.
    """
    seen = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
    items = list(seen.select_related("case").order_by("position"))
    findings = _findings(items)
    lines = _lines(findings.values())
    return [Found(item, findings.get(item.pk), lines.get(item.pk, [])) for item in items]


def letters(meeting: Meeting) -> QuerySet[LearningLetter]:
    """The letters about what a meeting recommended that nobody has approved yet."""
    rows = LearningLetter.objects.to_approve().filter(recommendation__meeting=meeting)
    return rows.select_related("recommendation", "organisation", "written_by")


def to_take_up(user: User) -> dict[Meeting, int]:
    """Closed meetings with signed findings, and how many of their lines nobody took up.

    A version that was replaced recommends nothing any more.
    """
    if not user.can(Permission.RECOMMENDATIONS_MANAGE):
        return {}
    signed = Finding.objects.filter(
        state=FindingState.SIGNED_OFF,
        item__meeting__state=MeetingState.CLOSED,
        analysis__recommendations__isnull=False,
    )
    found = list(signed.select_related("item__meeting").distinct().order_by("item__meeting", "pk"))
    counts: dict[Meeting, int] = {}
    for lines in _lines(_latest(found).values()).values():
        for line in lines:
            if not line.taken_up:
                meeting = line.finding.item.meeting
                counts[meeting] = counts.get(meeting, 0) + 1
    return counts


def line_of(meeting: Meeting, key: int, user: User) -> Line | None:
    """One line of the findings of a meeting, by its key."""
    found = (line for each in of(meeting, user) for line in each.lines)
    return next((line for line in found if line.line.pk == key), None)


def _findings(items: Iterable[AgendaItem]) -> dict[int, Finding]:
    rows = Finding.objects.filter(item__in=list(items)).select_related("item__meeting")
    return _latest(rows.order_by("number"))


def _latest(rows: Iterable[Finding]) -> dict[int, Finding]:
    return {row.item_id: row for row in sorted(rows, key=lambda row: row.number)}


def _lines(findings: Iterable[Finding]) -> dict[int, list[Line]]:
    """By the key of the item, what its finding recommends.

    What an earlier version recommended in the same words, and was taken up, is taken up.
    """
    by_analysis = {row.analysis_id: row for row in findings}
    cases = {row.case_id for row in by_analysis.values()}
    made = Recommendation.objects.filter(finding__case__in=cases, line__isnull=False)
    known: dict[tuple[int, str], Recommendation] = {}
    for row in made.select_related("finding", "line"):
        known[_said(row.finding, row.line)] = row
    found: dict[int, list[Line]] = {}
    for line in Recommended.objects.filter(analysis__in=by_analysis).order_by("position"):
        finding = by_analysis[line.analysis_id]
        taken = known.get(_said(finding, line))
        why = "" if taken else why_not_take_up(line, finding)
        found.setdefault(finding.item_id, []).append(Line(line, finding, taken, why))
    return found


def _said(finding: Finding | None, line: Recommended | None) -> tuple[int, str]:
    assert finding is not None and line is not None  # a line is always one of a finding
    return finding.case_id, " ".join(line.words.casefold().split())
