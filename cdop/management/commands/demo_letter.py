"""``manage.py demo_letter EMAIL``: the last letter to an address that a demonstration holds."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdop.core import sending
from cdop.core.refusals import Refused


class Command(BaseCommand):
    help = (
        "Prints the last letter to an address, with the link in it, so that a demonstration, which "
        "sends nothing, can be tried to the end. It works in a demonstration only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="EMAIL")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        try:
            letter = sending.last_held(address)
        except Refused as refusal:
            raise CommandError(refusal.reason) from refusal
        if letter is None:
            raise CommandError("No letter to this address is held.")
        self.stdout.write(f"{letter.subject}\n\n{letter.body}")
