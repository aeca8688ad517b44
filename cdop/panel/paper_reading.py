"""Released papers as they are read: what is new to whom, and who has opened what.

Every opening is in the audit chain; one row per person and version keeps the first and the last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet
from django.utils import timezone

from cdop.core.audit import act, record
from cdop.core.refusals import Refused, refuse_if
from cdop.core.roles import Permission
from cdop.core.steps import create, edit
from cdop.panel import paper_rules
from cdop.panel.models import AgendaItem, Attendance, Meeting
from cdop.panel.paper_models import Paper, PaperDraft, PaperSection, Reading
from cdop.panel.paper_states import DraftState
from cdop.panel.paper_text import Block, blocks

if TYPE_CHECKING:
    from cdop.core.users import User


@dataclass(frozen=True)
class Part:
    """One part of the papers as it is shown."""

    heading: str
    blocks: list[Block]


@dataclass(frozen=True)
class Version:
    """One released version: the papers, or what was added.

    is_new  whether this person had opened the papers before, and not this version
    """

    paper: Paper
    parts: list[Part]
    is_new: bool

    @property
    def title(self) -> str:
        return "Papers" if self.paper.number == 1 else f"Added: supplement {self.paper.number - 1}"


@dataclass(frozen=True)
class Opened:
    """The papers of a case as one person opened them at a moment.

    why_not  why there is nothing to read, in a sentence
    """

    item: AgendaItem
    reader: User
    at: datetime
    versions: list[Version]
    why_not: str = ""


def opened(item: AgendaItem, *, by: User, purpose: str) -> Opened:
    """Open the papers of a case for a person: recorded in the chain and beside each version.

    Raises Refused (403) where the person may not read them now.
    """
    refuse_if(paper_rules.why_not_read_papers(item, by), HTTPStatus.FORBIDDEN)
    now = timezone.now()
    with act():
        # The item is what two windows of one reader meet at.
        AgendaItem.objects.select_for_update().get(pk=item.pk)
        papers = list(_released(item))
        before = {row.paper_id: row for row in Reading.objects.filter(paper__in=papers, user=by)}
        numbers = [paper.number for paper in papers]
        record("pack.read", item, by=by, purpose=purpose, after={"papers": numbers})
        for paper in papers:
            _note(before.get(paper.pk), paper, by, now)
    versions = [
        Version(paper, parts_of(paper.sections), bool(before) and paper.pk not in before)
        for paper in papers
    ]
    why_not = "" if versions else paper_rules.NOT_RELEASED
    return Opened(item, by, now, versions, why_not)


def looked_in(item: AgendaItem, *, by: User, purpose: str) -> Opened:
    """The same for a page that has more than the papers: where they are closed, it says why."""
    try:
        return opened(item, by=by, purpose=purpose)
    except Refused as refused:
        return Opened(item, by, timezone.now(), [], refused.reason)


def parts_of(sections: Iterable[PaperSection]) -> list[Part]:
    """The parts of papers, each cut into paragraphs."""
    return [Part(each.heading, blocks(each.text)) for each in sections]


def _released(item: AgendaItem) -> QuerySet[Paper]:
    papers = Paper.objects.filter(item=item).select_related("item__case__data_key")
    return papers.order_by("number")


def _note(before: Reading | None, paper: Paper, by: User, now: datetime) -> None:
    if before is None:
        create(Reading(paper=paper, user=by, first_at=now, last_at=now), by=by)
    else:
        before.paper = paper
        edit(before, by=by, in_passing=True, last_at=now, times=before.times + 1)


# Who has read what, for those who arrange the meeting


@dataclass(frozen=True)
class Reader:
    """One person who is invited, and how much of the papers of a case they opened.

    last_at  when they last opened any of it
    """

    user: User
    opened: int
    of: int
    last_at: datetime | None

    @property
    def has_read(self) -> bool:
        """Whether they opened every version."""
        return self.of > 0 and self.opened == self.of


def readers(meeting: Meeting) -> dict[int, list[Reader]]:
    """By agenda item, who is invited and how much of its papers each has opened.

    Four statements, however long the agenda is.
    """
    invited = [
        row.user for row in Attendance.objects.filter(meeting=meeting).select_related("user")
    ]
    released = Paper.objects.filter(item__meeting=meeting)
    versions: dict[int, int] = {}
    for item_id in released.values_list("item", flat=True).order_by():
        versions[item_id] = versions.get(item_id, 0) + 1
    rows = Reading.objects.filter(paper__item__meeting=meeting).annotate(about=F("paper__item"))
    found: dict[tuple[int, int], list[Reading]] = {}
    for row in rows:
        found.setdefault((row.about, row.user_id), []).append(row)
    return {
        item_id: [
            _reader(user, found.get((item_id, user.pk), []), versions.get(item_id, 0))
            for user in invited
        ]
        for item_id in meeting.agenda.values_list("pk", flat=True)
    }


def _reader(user: User, rows: list[Reading], of: int) -> Reader:
    return Reader(user, len(rows), of, max((row.last_at for row in rows), default=None))


def standing(meeting: Meeting, user: User) -> dict[int, str]:
    """By agenda item, where its papers stand, in words."""
    released: dict[int, int] = {}
    for item_id in Paper.objects.filter(item__meeting=meeting).values_list("item", flat=True):
        released[item_id] = released.get(item_id, 0) + 1
    begun = set(
        PaperDraft.objects.filter(item__meeting=meeting, state=DraftState.OPEN).values_list(
            "item", flat=True
        )
        if user.can(Permission.MEETINGS_ARRANGE)
        else ()
    )
    items = meeting.agenda.values_list("pk", flat=True)
    return {pk: _stands(released.get(pk, 0), pk in begun) for pk in items}


def _stands(released: int, begun: bool) -> str:
    if not released:
        return "Being prepared" if begun else "Not released yet"
    words = "Released" if released == 1 else f"Released, with {_supplements(released - 1)}"
    return f"{words}; a supplement is being prepared" if begun else words


def _supplements(number: int) -> str:
    return "1 supplement" if number == 1 else f"{number} supplements"
