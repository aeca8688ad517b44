"""What the pages of imports show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from cdop.cases.models import Case
from notifications import legacy_checks, legacy_counts, legacy_files
from notifications.legacy_checks import LEAVE_OUT
from notifications.legacy_counts import Beside
from notifications.legacy_documents import OF_NO_LINE
from notifications.legacy_models import LegacyCase, LegacyFile, LegacyImport
from notifications.legacy_problems import Problem

if TYPE_CHECKING:
    from cdop.core.users import User

MOST_SHOWN = 200
MOST_ALIKE = 50
MOST_LIKE = 4
CHANGED = "This has changed since somebody said what to do with the line."
LIKE_NONE = "Like no other any more."


@dataclass(frozen=True)
class Waiting:
    """An import that waits: what was found, and what is still to be said.

    alike      by line the sentences on what it is like
    like       by the same lines what they are like: other lines, references of cases
    undecided  the lines of which nobody has said what to do
    files      how many files came with it
    open       how many open cases there are, and of how many of them the death is not confirmed
    """

    file: LegacyFile
    problems: list[Problem]
    alike: dict[int, list[str]]
    like: dict[int, list[str]]
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
        return sum(self.said_of(line) == LEAVE_OUT for line in self.alike)

    def said_of(self, line: int) -> str:
        """What was said of a line, being like what it is like now; "" where nothing was."""
        return legacy_checks.said_of(line, self.like[line], self.file.choices)


def imports(user: User) -> QuerySet[LegacyImport]:
    """The imports that the person sees, the latest first."""
    return LegacyImport.objects.visible_to(user).select_related("read_by", "decided_by")


def waiting(batch: LegacyImport) -> Waiting | None:
    """What was found in the file of an import; None where the file is gone."""
    file = legacy_files.of(batch)
    if file is None:
        return None
    found = file.findings
    found_like = legacy_checks.like_of((line, other) for line, other, _ in found["alike"])
    like = legacy_checks.asked_about(found_like, file.choices)
    undecided = legacy_checks.undecided(found_like, file.choices)
    changed = [line for line in undecided if str(line) in file.choices]
    return Waiting(
        file=file,
        problems=[Problem(*problem) for problem in found["problems"]],
        alike=_alike(found["alike"], like, changed),
        like=like,
        undecided=undecided,
        passed=found["passed"],
        remarks=found["remarks"],
        files=found["files"],
        open=found["open"],
        unconfirmed=found["unconfirmed"],
    )


def _alike(
    kept: Iterable[list[Any]], like: Iterable[int], changed: Collection[int]
) -> dict[int, list[str]]:
    """By line a sentence for each that it is like; first that it was like others before."""
    sentences: dict[int, list[str]] = defaultdict(list)
    for line, other, reasons in kept:
        like_it = other if other.startswith("line ") else f"case {other}"
        sentences[line].append(f"Like {like_it}: {', '.join(reasons)}.")
    before = {line: [CHANGED] if line in changed else [] for line in like}
    return {line: before[line] + (_some(sentences[line]) or [LIKE_NONE]) for line in like}


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
