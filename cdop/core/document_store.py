"""The folder of sealed files: what it says it has written is on the disk."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class SyncedFolder(FileSystemStorage):
    """A folder that only its owner may open, in which a file that was saved survives a failure."""

    def __init__(self, **options: Any) -> None:
        private = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        super().__init__(**private | options)

    def _save(self, name: str, content: Any) -> str:
        saved = super()._save(name, content)  # type: ignore[misc]
        path = Path(self.path(saved))
        for each in (path, path.parent):
            _sync(each)
        return saved

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files in it; none where nothing was ever saved."""
        return super().listdir(path) if Path(self.path(path)).exists() else ([], [])


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
