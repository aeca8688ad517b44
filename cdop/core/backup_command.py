"""What ``backup`` and ``restore`` have in common on the command line."""

import getpass
import os
import sys
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cdop.core.audit import Job, record
from cdop.core.backup import BackupFailed, Fingerprints


class BackupCommand(BaseCommand):
    """Asks for file and passphrase, does the work, records it and says what came of it."""

    action: ClassVar[str]
    done: ClassVar[str]

    def work(self, file: Path, passphrase: str) -> Fingerprints:
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--passphrase-file",
            type=Path,
            help="a file whose first line is the passphrase; else BACKUP_PASSPHRASE, else asked",
        )

    def handle(self, *args: Any, file: Path, passphrase_file: Path | None, **options: Any) -> None:
        try:
            found = self.work(file, _passphrase(passphrase_file))
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        record(self.action, "the whole system", by=Job("backup"))
        rows = sum(number for number, _ in found.tables.values())
        self.stdout.write(
            f"{self.done}: {rows:,} rows of {len(found.tables)} tables, "
            f"{len(found.documents):,} documents."
        )
        if found.missing:
            missing = ", ".join(found.missing)
            self.stderr.write(f"{len(found.missing)} documents have a row but no file: {missing}")


def _passphrase(file: Path | None) -> str:
    """Out of a file, the environment, or asked of who sits there."""
    if file:
        try:
            return file.read_text().partition("\n")[0]
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    if said := os.environ.get("BACKUP_PASSPHRASE", ""):
        return said
    if not sys.stdin.isatty():
        raise CommandError("Set BACKUP_PASSPHRASE, or name a file with --passphrase-file.")
    return getpass.getpass("Passphrase of the backup: ")
