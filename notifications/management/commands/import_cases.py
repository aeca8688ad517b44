"""``manage.py import_cases FILE``: earlier cases out of a sheet, all or nothing."""

from __future__ import annotations

import resource
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cdop.core.audit import Job
from cdop.core.refusals import Refused
from cdop.core.users import User
from notifications import legacy_actions, legacy_archives, legacy_checks, legacy_counts
from notifications.legacy_archives import Bundle
from notifications.legacy_checks import IMPORT, LEAVE_OUT, Checked
from notifications.legacy_sheets import NotASheet

BY = Job("import_cases")
EVERY = 50
KILOBYTES_IN_A_MEGABYTE = 1024


class Command(BaseCommand):
    help = (
        "Brings earlier cases in from a workbook (.xlsx, .xls, .ods) or a text file of values "
        "(.csv): every row of it, or none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--documents", type=Path, metavar="FOLDER", help="the files that the rows name"
        )
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--by", metavar="EMAIL", help="the person who brings them in")
        parser.add_argument(
            "--import", dest="keep", metavar="LINES", default="",
            help="of the lines that --dry-run says look like another child, those that are brought "
            "in all the same: their numbers as it says them, with commas between, such as 12,57",
        )  # fmt: skip
        parser.add_argument(
            "--leave-out", metavar="LINES", default="",
            help="of the same lines, those that are left out, such as 60. Each of them has to "
            "stand in one of the two lists, and no other line may. The headings are line 1",
        )  # fmt: skip

    def handle(self, *args: Any, file: Path, dry_run: bool, by: str | None, **said: Any) -> None:
        begun = monotonic()
        lines = _said(_lines(said["keep"]), _lines(said["leave_out"]))
        content, bundle = _content(file), _bundle(said["documents"])
        if dry_run:
            self._check(content, bundle, lines, _person(by))
        else:
            self._bring_in(content, bundle, lines, _person(by))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KILOBYTES_IN_A_MEGABYTE
        self.stdout.write(f"{monotonic() - begun:.1f} seconds, at most {memory} megabytes.")

    def _check(self, content: bytes, bundle: Bundle, lines: dict[int, str], by: User | Job) -> None:
        try:
            checked = legacy_checks.check(content, timezone.now(), by=by, bundle=bundle)
        except (NotASheet, Refused) as problem:
            raise CommandError(str(problem)) from problem
        self._report(checked)
        if why := _why_not(checked, lines):
            raise CommandError(why)
        self.stdout.write("Nothing is in the way. Nothing was written.")

    def _bring_in(
        self, content: bytes, bundle: Bundle, lines: dict[int, str], by: User | Job
    ) -> None:
        try:
            if why := legacy_actions.why_not_read(content, by):
                raise CommandError(f"Nothing was brought in. {why}")
            checked = legacy_checks.check(content, timezone.now(), by=by, bundle=bundle)
            if why := _why_not(checked, lines):
                self._report(checked)
                raise CommandError(f"Nothing was brought in. {why}")
            choices = checked.said_now(lines)
            batch = legacy_actions.bring_in_at_once(
                content, checked, choices, by=by, bundle=bundle, progress=self._progress
            )
        except (NotASheet, Refused) as problem:
            raise CommandError(f"Nothing was brought in. {problem}") from problem
        self._counts(legacy_counts.read(batch.counts))
        self.stdout.write(f"{batch.outcome}: import {batch}.")

    def _report(self, checked: Checked) -> None:
        """What was read, what is wrong, what looks alike; no name and no number of a child."""
        for remark in [*checked.remarks, *(f"Not read: {each}" for each in checked.passed)]:
            self.stdout.write(remark)
        for problem in checked.problems:
            where = f"Line {problem.line}" if problem.line else "No line"
            self.stdout.write(f"{where}, {problem.column or 'row'}: {problem.reason}")
        for each in checked.alike:
            self.stdout.write(f"Line {each.line} looks like {each.other}: {_and(each.reasons)}")
        self._counts(legacy_checks.counts(checked))

    def _counts(self, counts: dict[legacy_counts.Place, int]) -> None:
        for row in legacy_counts.side_by_side(counts, {}):
            self.stdout.write(f"  {row.year}  {row.area:28} {row.stage:24} {row.here:>6}")

    def _progress(self, done: int, of: int) -> None:
        if done % EVERY == 0 or done == of:
            self.stdout.write(f"{done} of {of}", self.style.NOTICE)
            self.stdout.flush()


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"The file {file} cannot be read.") from error


def _bundle(folder: Path | None) -> Bundle:
    try:
        return legacy_archives.in_folder(folder) if folder else legacy_archives.NONE
    except legacy_archives.NotAnArchive as problem:
        raise CommandError(str(problem)) from problem


def _person(email: str | None) -> User | Job:
    if email is None:
        return BY
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody here has the e-mail address {email}.")
    return person


def _lines(typed: str) -> list[int]:
    numbers = [line.strip() for line in typed.split(",") if line.strip()]
    if not all(number.isdecimal() for number in numbers):
        raise CommandError("Write lines as numbers with commas between, such as 12,57.")
    return [int(number) for number in numbers]


def _said(keep: list[int], leave_out: list[int]) -> dict[int, str]:
    """By line what is said of it. Raises CommandError where more than one thing is."""
    for line, times in Counter(keep + leave_out).items():
        if line in keep and line in leave_out:
            raise CommandError(
                f"Line {line} stands in --import and in --leave-out. Say one of the two."
            )
        if times > 1:
            raise CommandError(
                f"Line {line} stands twice in one list. If another line is meant, correct it."
            )
    return dict.fromkeys(keep, IMPORT) | dict.fromkeys(leave_out, LEAVE_OUT)


def _why_not(checked: Checked, said: dict[int, str]) -> str:
    """Why nothing is brought in, or what is missing in the two lists; "" means that all is well."""
    if wrong := _why_not_said(checked, said):
        return wrong
    choices = checked.said_now(said)
    why = legacy_actions.why_not_bring_in(checked, choices)
    lines = checked.undecided(choices)
    if checked.problems or not lines:
        return why
    return f"{why} Name these under --import or --leave-out: {', '.join(map(str, lines))}."


def _why_not_said(checked: Checked, said: Iterable[int]) -> str:
    """Why a line can have nothing said of it; "" where all can. A mistyped one names another row.

    A line with a mistake is not compared before it is mended, so nothing is said of it here.
    """
    wrong = {problem.line for problem in checked.problems}
    there = {case.line for case in checked.cases} | wrong
    for line in said:
        if line not in there:
            return f"There is no case on line {line}. The headings are line 1."
        if line not in checked.like and line not in wrong:
            return (
                f"Line {line} looks like no other child, so it is neither for --import nor for "
                "--leave-out. To leave it out, take it out of the sheet."
            )
    return ""


def _and(reasons: tuple[str, ...]) -> str:
    return ", ".join(reasons)
