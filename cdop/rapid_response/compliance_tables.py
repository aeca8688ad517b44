"""The tables about the first weeks, as the page, the file and a letter show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cdop.cases.models import CaseFacts
from cdop.rapid_response import compliance, response_counts
from cdop.rapid_response.compliance import Done, Visits
from cdop.rapid_response.response_counts import Answers, Decisions, Met


@dataclass(frozen=True)
class Table:
    """One table: rows as long as ``head``, words first and numbers after them.

    words    how many columns of words each row begins with
    shares   whether its cells are shares in words ("3 of 5"), which the file leaves out
    total    whether the last row is the total
    """

    name: str
    caption: str
    head: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    words: int = 1
    notes: tuple[str, ...] = ()
    shares: bool = False
    total: bool = False

    @property
    def numeric(self) -> range:
        return range(self.words, len(self.head))


def share(part: int, of: int) -> str:
    """A share as both of its numbers; where it is over nothing, that."""
    return f"{part} of {of}" if of else "none of them"


VISITS = (
    "Area",
    "Deaths",
    "Indicated",
    "Jointly",
    "Police only",
    "Health only",
    "Nobody",
    "Not indicated",
    "Not recorded",
    "Within 24 hours",
)
VISITS_NOTES = (
    "Deaths: those whose checklist asks for a visit; where no response was started, it does not. "
    "They are the sum of indicated, not indicated and not recorded.",
    "Indicated: jointly, by one of the two, or by nobody although a visit was indicated.",
    "Within 24 hours: of the visits that were made, those by 24 hours after the death.",
)


def visits(rows: list[tuple[str, Visits]]) -> Table:
    """How the homes or places were visited, by area."""
    numbers = [
        (
            area,
            each.asked,
            each.indicated,
            each.jointly,
            each.police,
            each.health,
            each.none,
            each.not_indicated,
            each.not_recorded,
            each.within_a_day,
        )
        for area, each in rows
    ]
    caption = "The visit to the home or the place"
    return Table("Visits", caption, VISITS, numbers, notes=VISITS_NOTES, total=True)


def visit_shares(rows: list[tuple[str, Visits]]) -> Table:
    """Who went, as shares of the deaths for which a visit was indicated."""
    said = [
        (
            area,
            share(each.jointly, each.indicated),
            share(each.with_police, each.indicated),
            share(each.with_health, each.indicated),
            share(each.within_a_day, each.made),
        )
        for area, each in rows
    ]
    head = ("Area", "Jointly", "Police were there", "Health was there", "Made within 24 hours")
    notes = (
        "Over the deaths for which it is recorded that a visit was indicated. Those for which none "
        "was, and those of which nothing is recorded, are in none of these shares.",
        "Made within 24 hours: over the visits that were made.",
    )
    caption = "Who went, where a visit was indicated"
    return Table("Shares", caption, head, said, notes=notes, shares=True, total=True)


def decisions(rows: list[tuple[str, Decisions]]) -> Table:
    """Whether a response was started, by area."""
    head = (
        "Area",
        "Deaths",
        "Started",
        "Not needed",
        "Not recorded",
        "A criterion applies",
        "Of these, started",
    )
    numbers = [
        (
            area,
            each.of,
            each.started,
            each.not_needed,
            each.not_recorded,
            each.met,
            each.met_started,
        )
        for area, each in rows
    ]
    notes = (
        "Deaths: those that are not known to have been expected, and those of which a decision is "
        "recorded all the same. They are the sum of the three columns that follow.",
    )
    caption = "Whether a response was started"
    return Table("Response", caption, head, numbers, notes=notes, total=True)


def first_hours(rows: list[Answers]) -> Table:
    """What was done in the first hours."""
    head = ("Question", "Deaths", "Yes", "No", "Does not apply", "Not known", "Not recorded")
    numbers = [
        (
            each.label,
            each.of,
            each.yes,
            each.no,
            each.not_applicable,
            each.not_known,
            each.not_recorded,
        )
        for each in rows
    ]
    notes = (
        "Deaths: as in the table above. A share is over yes and no: "
        + "; ".join(f"{each.label.lower()}: {share(each.yes, each.known)}" for each in rows)
        + ".",
    )
    return Table("First hours", "What was done in the first hours", head, numbers, notes=notes)


def meetings(rows: list[Met]) -> Table:
    """The meetings of agencies that were held."""
    numbers = [(each.label, each.held, each.deaths) for each in rows]
    head = ("Meeting", "Held", "About so many deaths")
    return Table("Meetings", "Meetings of the agencies", head, numbers)


TASKS = (
    "Due",
    "In time",
    "Late",
    "Not done",
    "Overdue",
    "Due before we were told",
    "Does not apply",
    "To come",
    "Median hours",
)
TASKS_NOTES = (
    "Due: it applies, and its time has come or it is settled. This is the sum of the five columns "
    "that follow.",
    "Due before we were told: still open, and its time had passed when the death was notified or "
    "the case brought in. Nobody here is behind with it.",
    "A task is judged by when it was done, not by when that was recorded. One without a time is in "
    "time when it is done.",
    "Median hours: from the death, over the deaths after which it was done.",
)


def agencies(rows: list[Done]) -> Table:
    """What became of each agency's tasks, all of them together."""
    numbers = [(each.label, *_numbers(each)) for each in rows]
    notes = (*TASKS_NOTES, "A death counts once for each task of the agency.")
    return Table("Agencies", "The tasks by agency", ("Lead", *TASKS), numbers, notes=notes)


def tasks(rows: list[Done]) -> Table:
    """What became of each task."""
    numbers = [(each.label, each.lead, *_numbers(each)) for each in rows]
    head = ("Task", "Lead", *TASKS)
    return Table("Tasks", "The tasks one by one", head, numbers, words=2, notes=TASKS_NOTES)


def _numbers(each: Done) -> tuple[Any, ...]:
    return (
        each.due,
        each.in_time,
        each.late,
        each.not_done,
        each.overdue,
        each.due_before,
        each.not_applicable,
        each.to_come,
        "" if each.median_hours is None else round(each.median_hours, 1),
    )


def everything(
    counted: QuerySet[CaseFacts], now: datetime, *, leads: Collection[str] = (), task: str = ""
) -> list[Table]:
    """All tables that say anything about these deaths, in the order of the page."""
    visited = compliance.visits(counted)
    found = compliance.tasks(counted, now, leads=leads, task=task)
    tables = [
        visits(visited),
        visit_shares(visited),
        decisions(response_counts.decisions(counted)),
        first_hours(response_counts.first_hours(counted)),
        meetings(response_counts.meetings(counted)),
        agencies(found.by_agency),
        tasks(found.each),
    ]
    return [table for table in tables if _says_anything(table)]


def _says_anything(table: Table) -> bool:
    """Whether any row counts a death; a total over nothing does not."""
    return any(
        cell not in (0, "", share(0, 0)) for row in table.rows for cell in row[table.words :]
    )


def lines(tables: Iterable[Table]) -> Iterator[tuple[Any, ...]]:
    """A line for each number: table, row, lead, column, number."""
    for table in tables:
        for row in table.rows if not table.shares else ():
            lead = row[1] if table.words > 1 else ""
            for column, number in zip(table.head[table.words :], row[table.words :], strict=True):
                yield table.name, row[0], lead, column, number
