"""All that a sheet of earlier cases is asked before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from cdop.cases.models import Case
from cdop.core.audit import Job
from notifications import (
    legacy_alike,
    legacy_archives,
    legacy_counts,
    legacy_documents,
    legacy_rows,
    legacy_sheets,
    legacy_totals,
)
from notifications.legacy_alike import Alike
from notifications.legacy_archives import Bundle
from notifications.legacy_cases import EarlierCase
from notifications.legacy_counts import Place
from notifications.legacy_problems import Problem, reading_order

if TYPE_CHECKING:
    from cdop.core.users import User

IMPORT, LEAVE_OUT = "import", "leave_out"
Choices = Mapping[str, Mapping[str, Any]]
"""By line: {"choice": what was said, "like": what the line was like when it was said}."""
FILES = "Files"
NO_NAMES = ("Line", "Column", "Reason")


@dataclass(frozen=True)
class Checked:
    """What a sheet holds, and what stands in the way of bringing it in.

    passed   headings that no column is known for
    remarks  what the person should know of how the file was read
    files    how many files came with it
    newest   key of the newest case that the rows were compared with; 0 where there was none
    """

    rows: int
    cases: list[EarlierCase]
    problems: list[Problem]
    alike: list[Alike]
    passed: list[str]
    remarks: list[str]
    old_totals: dict[Place, int]
    files: int
    newest: int

    @property
    def report(self) -> list[list[Any]]:
        """What is wrong, without anything that stood in a cell."""
        return [[each.line, each.column, each.reason] for each in self.problems]

    @property
    def kept(self) -> dict[str, Any]:
        """What the page shows of it, as JSON: it names cells, so it is kept sealed."""
        opened = [case for case in self.cases if case.is_open]
        return {
            "problems": [
                [each.line, each.column, each.reason, each.value] for each in self.problems
            ],
            "alike": [each.kept for each in self.alike],
            "passed": self.passed,
            "remarks": self.remarks,
            "files": self.files,
            "open": len(opened),
            "unconfirmed": sum(not case.confirmed for case in opened),
        }

    @property
    def like(self) -> dict[int, list[str]]:
        """By line that looks like another child: what it is like."""
        return like_of((each.line, each.other) for each in self.alike)

    def said_now(self, said: Mapping[int, str]) -> Choices:
        """What is said of lines, by line, as a choice about what each is like now."""
        like = self.like
        return {str(line): choice(what, like.get(line, ())) for line, what in said.items()}

    def undecided(self, choices: Choices) -> list[int]:
        """The lines of which nobody has said what to do, being like what they are like now."""
        return undecided(self.like, choices)

    def chosen(self, choices: Choices) -> list[EarlierCase]:
        """The cases to bring in: all but those that somebody leaves out."""
        like = self.like
        return [
            case
            for case in self.cases
            if said_of(case.line, like.get(case.line, ()), choices) != LEAVE_OUT
        ]


def like_of(found: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    """By line what it is like, from pairs of the two."""
    like: dict[int, list[str]] = defaultdict(list)
    for line, other in found:
        like[line].append(other)
    return dict(like)


def choice(what: str, like: Iterable[str]) -> dict[str, Any]:
    """What somebody says of a line that is like these, as it is kept."""
    return {"choice": what, "like": sorted(like)}


def said_of(line: int, like: Iterable[str], choices: Choices) -> str:
    """What was said of a line; "" where nothing was, or when it was like others than these."""
    said = choices.get(str(line))
    return said["choice"] if said and said["like"] == sorted(like) else ""


def asked_about(like: Mapping[int, list[str]], choices: Choices) -> dict[int, list[str]]:
    """By line what it is like, of all lines of which something has to be said, in their order.

    One that was left out is among them even if it is like no other any more: then nothing else
    speaks against bringing it in.
    """
    left: dict[int, list[str]] = {
        int(line): [] for line, said in choices.items() if said["choice"] == LEAVE_OUT
    }
    return dict(sorted({**left, **like}.items()))


def undecided(like: Mapping[int, list[str]], choices: Choices) -> list[int]:
    """The lines of which nobody has said what to do, being like what they are like now."""
    asked = asked_about(like, choices)
    return [line for line, others in asked.items() if not said_of(line, others, choices)]


def check(
    content: bytes, now: datetime, *, by: User | Job, bundle: Bundle = legacy_archives.NONE
) -> Checked:
    """Read a sheet, everything in it, and the files that came with it. Raises NotASheet.

    by  for whom the cases that are here are opened, to be compared with the rows
    """
    newest = newest_case()
    sheet = legacy_sheets.read(content)
    read = legacy_rows.read(sheet, now)
    old_totals, wrong_totals = legacy_totals.read(sheet.totals)
    heading = sheet.columns["files"][0] if "files" in sheet.columns else FILES
    wrong_files = legacy_documents.check(read.files, bundle, heading, by=by)
    in_order = reading_order(sheet)
    return Checked(
        rows=len(sheet.lines),
        cases=read.cases,
        problems=sorted(read.problems + wrong_files, key=in_order) + wrong_totals,
        alike=legacy_alike.find(read.cases, by=by),
        passed=sheet.passed,
        remarks=sheet.remarks,
        old_totals=old_totals,
        files=len(bundle.paths),
        newest=newest,
    )


def newest_case() -> int:
    """Key of the newest case; 0 where there is none."""
    return Case.objects.aggregate(newest=Max("pk"))["newest"] or 0


def counts(checked: Checked) -> dict[Place, int]:
    """The cases of the sheet by year, area and stage."""
    return dict(legacy_counts.count(checked.cases))
