"""What the pages of imports show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from cdop.cases.models import Case
from notifications import legacy_counts, legacy_files
from notifications.legacy_checks import LEAVE_OUT
from notifications.legacy_counts import Beside
from notifications.legacy_documents import OF_NO_LINE
from notifications.legacy_models import LegacyCase, LegacyFile, LegacyImport
from notifications.legacy_rows import Problem

if TYPE_CHECKING:
    from cdop.core.users import User

MOST_SHOWN = 200
MOST_ALIKE = 50
MOST_LIKE = 4


@dataclass(frozen=True)
class Waiting:
    """An import that waits: what was found, and what is still to be said.

    alike      by line the sentences on what it is like
    undecided  the lines of which nobody has said what to do
    files      how many files came with it
    open       how many open cases there are, and of how many of them the death is not confirmed
    """

    file: LegacyFile
    problems: list[Problem]
    alike: dict[int, list[str]]
    undecided: list[int]
    passed: list[str]
    remarks: list[str]
    files: int
    open: int
    unconfirmed: int

    @property
    def wrong_lines(self) -> int:
        return len({problem.line for problem in self.problems} - {OF_NO_LINE})

    @property
    def left_out(self) -> int:
        return sum(choice == LEAVE_OUT for choice in self.file.choices.values())


def imports(user: User) -> QuerySet[LegacyImport]:
    """The imports that the person sees, the latest first."""
    return LegacyImport.objects.visible_to(user).select_related("read_by", "decided_by")


def waiting(batch: LegacyImport) -> Waiting | None:
    """What was found in the file of an import; None where the file is gone."""
    file = legacy_files.of(batch)
    if file is None:
        return None
    found = file.findings
    alike = _alike(found["alike"])
    return Waiting(
        file=file,
        problems=[Problem(*problem) for problem in found["problems"]],
        alike=alike,
        undecided=[line for line in alike if str(line) not in file.choices],
        passed=found["passed"],
        remarks=found["remarks"],
        files=found["files"],
        open=found["open"],
        unconfirmed=found["unconfirmed"],
    )


def _alike(kept: Iterable[list[Any]]) -> dict[int, list[str]]:
    """By line a sentence for each that it is like."""
    sentences: dict[int, list[str]] = defaultdict(list)
    for line, other, reasons in kept:
        like = other if other.startswith("line ") else f"case {other}"
        sentences[line].append(f"Like {like}: {', '.join(reasons)}.")
    return {line: _some(said) for line, said in sentences.items()}


def _some(said: list[str]) -> list[str]:
    """The first sentences; of more than that only how many there are."""
    more = len(said) - MOST_LIKE
    return said if more <= 0 else [*said[:MOST_LIKE], f"And like {more} more."]


def beside(batch: LegacyImport) -> list[Beside]:
    """Both systems' counts of an import, place by place."""
    return legacy_counts.side_by_side(
        legacy_counts.read(batch.counts), legacy_counts.read(batch.old_totals)
    )


def years(batch: LegacyImport) -> list[str]:
    """The years that either system has cases of."""
    both = [*batch.counts, *batch.old_totals]
    return sorted({str(year) for year, *_ in both})


def behind(case: Case) -> LegacyCase | None:
    """By which import a case came, if by one."""
    shown = ("line", "returns", "batch__reference", "batch__decided_at")
    return LegacyCase.objects.filter(case=case).select_related("batch").only(*shown).first()
