"""Write the schema of the interface for trusts' systems."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from notifications import api_schema


class Command(BaseCommand):
    help = "Writes docs/api/openapi.json from the code of the interface."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where the file is not current"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        file, text = api_schema.SCHEMA, api_schema.text()
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            raise CommandError(
                "docs/api/openapi.json is not current. Run `manage.py describe_api`."
            )
