"""All that a sheet of earlier cases is asked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cdop.core.audit import Job
from notifications import (
    legacy_alike,
    legacy_archives,
    legacy_counts,
    legacy_documents,
    legacy_rows,
    legacy_sheets,
)
from notifications.legacy_alike import Alike
from notifications.legacy_archives import Bundle
from notifications.legacy_counts import Place
from notifications.legacy_rows import EarlierCase, Problem

if TYPE_CHECKING:
    from cdop.core.users import User

IMPORT, LEAVE_OUT = "import", "leave_out"
FILES = "Files"
NO_NAMES = ("Line", "Column", "Reason")


@dataclass(frozen=True)
class Checked:
    """What a sheet holds, and what stands in the way of bringing it in.

    passed   headings that no column is known for
    remarks  what the person should know of how the file was read
    files    how many files came with it
    """

    rows: int
    cases: list[EarlierCase]
    problems: list[Problem]
    alike: list[Alike]
    passed: list[str]
    remarks: list[str]
    old_totals: dict[Place, int]
    files: int

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

    def undecided(self, choices: Mapping[str, str]) -> list[int]:
        """The lines that look like another child and of which nobody has said what to do."""
        lines = dict.fromkeys(each.line for each in self.alike)
        return [line for line in lines if choices.get(str(line)) not in (IMPORT, LEAVE_OUT)]

    def chosen(self, choices: Mapping[str, str]) -> list[EarlierCase]:
        """The cases to bring in: all but those that somebody leaves out."""
        return [case for case in self.cases if choices.get(str(case.line)) != LEAVE_OUT]


def check(
    content: bytes, now: datetime, *, by: User | Job, bundle: Bundle = legacy_archives.NONE
) -> Checked:
    """Read a sheet, everything in it, and the files that came with it. Raises NotASheet.

    by  for whom the cases that are here are opened, to be compared with the rows
    """
    sheet = legacy_sheets.read(content)
    read = legacy_rows.read(sheet, now)
    old_totals, wrong_totals = legacy_rows.totals(sheet.totals)
    heading = sheet.columns["files"][0] if "files" in sheet.columns else FILES
    wrong_files = legacy_documents.check(read.files, bundle, heading, by=by)
    in_order = legacy_rows.reading_order(sheet)
    return Checked(
        rows=len(sheet.lines),
        cases=read.cases,
        problems=sorted(read.problems + wrong_files, key=in_order) + wrong_totals,
        alike=legacy_alike.find(read.cases, by=by),
        passed=sheet.passed,
        remarks=sheet.remarks,
        old_totals=old_totals,
        files=len(bundle.paths),
    )


def counts(checked: Checked) -> dict[Place, int]:
    """The cases of the sheet by year, area and stage."""
    return dict(legacy_counts.count(checked.cases))
