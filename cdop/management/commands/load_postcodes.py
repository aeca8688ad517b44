"""``manage.py load_postcodes FILE``: the ONS Postcode Directory, in the place of the one before."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cdop.core import directory, directory_file
from cdop.core.audit import Job

BY = Job("load_postcodes")


class Command(BaseCommand):
    help = (
        "Loads a file of the ONS Postcode Directory (CSV) in the place of the one before. All of "
        "it or nothing: every bad row is named, and then nothing is loaded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="such as ONSPD_AUG_2024_UK.csv")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            found = directory_file.read(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not written in UTF-8.") from error
        if found.mistakes:
            self.stderr.write("\n".join(found.mistakes))
            raise CommandError(f"{len(found.mistakes):,} wrong. Nothing was loaded.")
        if not found.places:
            raise CommandError("There is no postcode of an authority in it. Nothing was loaded.")
        directory.load(found.places, by=BY)
        count, left_out = len(found.places), found.left_out
        self.stdout.write(f"{count:,} postcodes are loaded, {left_out:,} without authority not.")
