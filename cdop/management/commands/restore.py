"""Bring a backup back into an empty system: the whole of it, checked, or nothing."""

from pathlib import Path

from cdop.core import restoring
from cdop.core.backup import Fingerprints
from cdop.core.backup_command import BackupCommand


class Command(BackupCommand):
    help = __doc__
    action, done = "backup.restored", "Restored and checked"

    def work(self, file: Path, passphrase: str) -> Fingerprints:
        return restoring.restore(file, passphrase)
