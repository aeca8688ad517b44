"""Write the whole system, documents too, into one encrypted file."""

from pathlib import Path

from cdop.core import backup
from cdop.core.backup import Fingerprints
from cdop.core.backup_command import BackupCommand


class Command(BackupCommand):
    help = __doc__
    action, done = "backup.written", "Written"

    def work(self, file: Path, passphrase: str) -> Fingerprints:
        return backup.write(file, passphrase)
