"""Run all that is due."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from cdop.core.reminders import run_due


class Command(BaseCommand):
    help = "Runs all that is due. Safe to run twice and side by side."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until told to stop")
        parser.add_argument(
            "--every", type=float, default=60, metavar="SECONDS", help="pause between two rounds"
        )

    def handle(self, *args: Any, loop: bool, every: float, **options: Any) -> None:
        if every <= 0:
            raise CommandError("--every takes a number of seconds above 0.")
        if loop:
            self._go_on(every)
        elif failed := self._round():
            raise CommandError(f"Not done: {', '.join(failed)}. The log says why.")

    def _go_on(self, every: float) -> None:
        """Round after round; a signal ends the pause at once, and never cuts a round short."""
        told_to_stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: told_to_stop.set())
        self.stdout.write(f"Every {every:g} seconds, until told to stop.")
        while not told_to_stop.is_set():
            close_old_connections()
            self._round()
            told_to_stop.wait(every)
        self.stdout.write("Stopped.")

    def _round(self) -> list[str]:
        """Run what is due, say what was done, and return the names of the jobs that failed."""
        outcomes = run_due()
        for outcome in outcomes:
            if outcome.words:
                out = self.stderr if outcome.failed else self.stdout
                out.write(f"{outcome.job}: {outcome.words}")
        return [outcome.job for outcome in outcomes if outcome.failed]
