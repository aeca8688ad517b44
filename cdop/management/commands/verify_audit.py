"""Check the audit chain."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdop.core.append_only import guarded_tables, tables_to_guard
from cdop.core.audit import verify


class Command(BaseCommand):
    help = "Checks the audit chain and its triggers; names the first broken entry."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify()
        self.stdout.write(f"{verdict.entries:,} audit entries hold.")
        faults = [verdict.broken] if verdict.broken else []
        if open_tables := tables_to_guard() - guarded_tables():
            faults.append(f"No trigger guards {', '.join(sorted(open_tables))}.")
        if faults:
            raise CommandError(" ".join(faults))
