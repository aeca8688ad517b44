"""``python -m tests.drills``: what a system must stand, at full size, on both databases.

Each drill prints what it counted. Ends with an error where one does not hold.
"""

import argparse
import logging
import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import django
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
DATABASES = ("sqlite", "postgresql")
# Name → module with ``run(**size) -> outcome`` (``holds``, and words by ``str``), and its size.
DRILLS = {
    "killed": ("tests.drills.killed", {"notifications": 500, "clients": 20, "kills": 3}),
    "chased": ("tests.drills.chased", {"requests": 300, "kills": 8}),
    "api_calls": ("tests.drills.api_calls", {"calls": 2000}),
    "released": ("tests.drills.released", {"releases": 500}),
    "scanned": ("tests.drills.scanned", {"narratives": 1000, "seed": 11}),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("drills", nargs="*", metavar="drill", help=", ".join(DRILLS))
    parser.add_argument("--here", action="store_true", help="on the database of TEST_DATABASE only")
    options = parser.parse_args()
    names = options.drills or list(DRILLS)
    if unknown := set(names) - DRILLS.keys():
        parser.error(f"no such drill: {', '.join(sorted(unknown))}")
    if options.here:
        return _here(names)
    return max(_elsewhere(names, database) for database in DATABASES)


def _elsewhere(names: list[str], database: str) -> int:
    """Run the drills in a process of their own, since settings are read once."""
    command = (sys.executable, "-m", "tests.drills", "--here", *names)
    environment = os.environ | {"TEST_DATABASE": database, "TEST_SERVER": "lasting"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _here(names: list[str]) -> int:
    # Not at the top: it chooses the database, which is for this process alone to do.
    import_module("tests.environment")
    os.environ["DJANGO_SETTINGS_MODULE"] = "cdop.settings"
    django.setup()
    logging.disable(logging.WARNING)  # thousands of refusals are what the drills ask for
    return max(_drill(name) for name in names)


def _drill(name: str) -> int:
    """Run one drill and say how it went; 0 where it holds."""
    module, size = DRILLS[name]
    started = time.monotonic()
    outcome = import_module(module).run(**size)
    took = f"{time.monotonic() - started:.0f} s"
    result = "holds" if outcome.holds else "DOES NOT HOLD"
    print(f"{name} on {connection.vendor}: {result} ({took}). {outcome}", flush=True)
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main())
