"""Wrap every data key anew with the first master key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdop.core.audit import Job, record
from cdop.core.sealing import CannotUnseal, rewrap

ROTATION = Job("rotate_master_key")


class Command(BaseCommand):
    help = "Wraps every data key anew with the first of MASTER_KEYS. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = rewrap()
        except CannotUnseal as error:
            raise CommandError(
                f"{error} Put the former first key behind the new one, then run this again."
            ) from error
        if count:
            record("keys.rewrapped", "data keys", by=ROTATION, after={"count": count})
        self.stdout.write(
            f"{count:,} data {'key was' if count == 1 else 'keys were'} wrapped anew. Only the "
            "first of MASTER_KEYS is needed now; older backups still need the key of their day."
        )
