"""A page of the documentation that the code writes, and the command that writes or checks it."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class WritesPage(BaseCommand, ABC):
    """Writes one page, or with ``--check`` fails where it is not what the code says.

    page  its path in the project
    """

    page: str

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where the page is not current"
        )

    @abstractmethod
    def text(self) -> str:
        """What the page says."""

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        file, text = Path(settings.BASE_DIR) / self.page, self.text()
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            name = type(self).__module__.rpartition(".")[2]
            raise CommandError(f"{self.page} is not current. Run `manage.py {name}`.")
