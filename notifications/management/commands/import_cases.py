"""``manage.py import_cases FILE``: earlier cases out of a sheet, all or nothing."""

from __future__ import annotations

import resource
from argparse import ArgumentParser
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
            help="lines that look like another child and are brought in, such as 12,57",
        )  # fmt: skip
        parser.add_argument(
            "--leave-out", metavar="LINES", default="",
            help="lines that look like another child and are left out",
        )  # fmt: skip

    def handle(self, *args: Any, file: Path, dry_run: bool, by: str | None, **said: Any) -> None:
        begun = monotonic()
        lines = _lines(said["keep"], IMPORT) | _lines(said["leave_out"], LEAVE_OUT)
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
        if why := legacy_actions.why_not_bring_in(checked, checked.said_now(lines)):
            raise CommandError(why)
        self.stdout.write("Nothing is in the way. Nothing was written.")

    def _bring_in(
        self, content: bytes, bundle: Bundle, lines: dict[int, str], by: User | Job
    ) -> None:
        try:
            if why := legacy_actions.why_not_read(content, by):
                raise CommandError(f"Nothing was brought in. {why}")
            checked = legacy_checks.check(content, timezone.now(), by=by, bundle=bundle)
            choices = checked.said_now(lines)
            if legacy_actions.why_not_bring_in(checked, choices):
                self._report(checked)
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


def _lines(lines: str, choice: str) -> dict[int, str]:
    numbers = [line.strip() for line in lines.split(",") if line.strip()]
    if not all(number.isdecimal() for number in numbers):
        raise CommandError("Write lines as numbers with commas between, such as 12,57.")
    return dict.fromkeys(map(int, numbers), choice)


def _and(reasons: tuple[str, ...]) -> str:
    return ", ".join(reasons)
