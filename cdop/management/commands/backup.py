"""Write the whole system, documents too, into one encrypted file."""

import getpass
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cdop.core import backup
from cdop.core.audit import Job, record
from cdop.core.backup import BackupFailed


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--passphrase-file",
            type=Path,
            help="a file whose first line is the passphrase; else BACKUP_PASSPHRASE, else asked",
        )

    def handle(self, *args: Any, file: Path, passphrase_file: Path | None, **options: Any) -> None:
        try:
            found = backup.write(file, passphrase(passphrase_file))
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        record("backup.written", "the whole system", by=Job("backup"))
        rows = sum(number for number, _ in found.tables.values())
        self.stdout.write(
            f"Written: {rows:,} rows of {len(found.tables)} tables, "
            f"{len(found.documents):,} documents."
        )
        if found.missing:
            self.stderr.write(
                f"{len(found.missing)} documents have a row but no file: {', '.join(found.missing)}"
            )


def passphrase(file: Path | None) -> str:
    """The passphrase: out of a file, the environment, or asked of who sits there."""
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
