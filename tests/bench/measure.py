"""Measures on the database that ``TEST_DATABASE`` names, and prints the figures as JSON."""

import argparse
import json
import sys
from datetime import date
from time import perf_counter

from django.conf import settings
from django.db import connection

from analytics import synthesis
from cdop.core.audit import Job
from cdop.core.periods import Period
from tests.bench import duplicates, intake, pages, tables
from tests.databases import fresh_database, in_use

SEED = 2015
FIRST, LAST = date(2006, 4, 1), date(2026, 3, 31)
PERIODS = ("2025-26", "2021-22--2025-26")


def main() -> None:
    """Every size in turn, each on a database of its own that goes with the run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", required=True)
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    settings.ROOT_URLCONF = "tests.bench.urls"
    found = {str(size): _of_size(size) for size in sizes}
    print(json.dumps({"version": _version(), "sizes": found}))


def _of_size(size: int) -> dict:
    with fresh_database() as url, in_use(url):
        coordinator, seconds = _populate(size)
        print(f"{connection.vendor}: {size:,} cases made in {seconds:.0f} s", file=sys.stderr)
        return {
            "population_seconds": seconds,
            "tables": {period: tables.measure(Period.parse(period)) for period in PERIODS},
            "pages": pages.measure(coordinator),
            "intake": intake.measure(),
            "duplicates": duplicates.measure(),
        }


def _populate(size: int):
    by, started = Job("bench"), perf_counter()
    people = synthesis.invent(since=FIRST, by=by)
    synthesis.populate(cases=size, seed=SEED, first=FIRST, last=LAST, people=people, by=by)
    seconds = perf_counter() - started
    if connection.vendor == "postgresql":
        # What autovacuum would have done by the next day.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return people.coordinator, seconds


def _version() -> str:
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute("SELECT sqlite_version()" if sqlite else "SHOW server_version")
        return f"{connection.display_name} {cursor.fetchone()[0]}"
