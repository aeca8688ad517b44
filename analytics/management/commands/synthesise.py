"""``manage.py synthesise``: an invented population for benchmarks and training."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from analytics import synthesis
from cdop.core.ages import birthday
from cdop.core.audit import Job, act

REFUSED = (
    "Invented deaths are written in a demonstration or training system only. This one is neither: "
    "DEMONSTRATION is not set, so it may hold real children."
)


class Command(BaseCommand):
    help = "Writes a synthetic population of deaths, for benchmarks and training."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, required=True, help="how many deaths")
        parser.add_argument(
            "--seed", type=int, required=True, help="the same seed gives the same deaths"
        )
        parser.add_argument("--years", type=int, default=20, help="over how many years (20)")
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            help="the last day on which anything has happened, as 2026-03-31 (today)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(REFUSED)
        cases, seed, years = options["cases"], options["seed"], options["years"]
        if cases < 1 or seed < 0 or not 1 <= years <= 100:
            raise CommandError("Give at least one case, a seed of 0 or more, and 1 to 100 years.")
        last = options["until"] or localdate()
        first = birthday(last, -years) + timedelta(days=1)
        by = Job("synthesise")
        with act():
            people = synthesis.invent(since=first, by=by)
            synthesis.populate(cases=cases, seed=seed, first=first, last=last, people=people, by=by)
        self.stdout.write(f"{cases:,} invented deaths from {first} to {last} are written.")
