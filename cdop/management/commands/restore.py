"""Bring a backup back into an empty system: the whole of it, checked, or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cdop.core import restoring
from cdop.core.audit import Job, record
from cdop.core.backup import BackupFailed
from cdop.management.commands.backup import passphrase


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
            found = restoring.restore(file, passphrase(passphrase_file))
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        record("backup.restored", "the whole system", by=Job("restore"))
        rows = sum(number for number, _ in found.tables.values())
        self.stdout.write(
            f"Restored and checked: {rows:,} rows of {len(found.tables)} tables, "
            f"{len(found.documents):,} documents."
        )
        if found.missing:
            self.stderr.write(
                f"{len(found.missing)} documents have a row but no file: {', '.join(found.missing)}"
            )
