"""``python -m tests.bench``: builds the populations, measures, prints one table, writes the files.

``docs/performance.md`` is written by a whole run only, on both databases and all sizes.
Ends with 0 also where an aim is missed, for a benchmark is no test; but it says so. Ends with an
error where the system and the SQL statements count differently.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import django

from tests.bench import report

ROOT = Path(__file__).resolve().parents[2]
SIZES = "1000,20000"
DATABASES = ("sqlite", "postgresql")


def main() -> None:
    options = _options()
    databases = DATABASES if options.database == "both" else (options.database,)
    found = {database: _measured(database, options.sizes) for database in databases}
    machine = _machine(found)
    figures, grow = report.rows(found), report.growing(found)
    _write(options.out / "bench.json", json.dumps({"machine": machine, **found}, indent=1) + "\n")
    if (options.sizes, databases) == (SIZES, DATABASES):
        _write(ROOT / "docs" / "performance.md", report.page(figures, machine, grow))
    print(report.table(figures))
    for line in [*report.missed(figures), *grow]:
        print(f"AIM MISSED: {line}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of cases, with commas")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench")
    return parser.parse_args()


def _measured(database: str, sizes: str) -> dict[str, Any]:
    """The figures of one database, from a process of its own: settings are read once."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.start", "--sizes", sizes],
        cwd=ROOT,
        env=os.environ | {"TEST_DATABASE": database, "TEST_SERVER": "lasting"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"The measurement on {database} failed; see above.")
    return json.loads(done.stdout.splitlines()[-1])


def _machine(found: dict[str, Any]) -> dict[str, str]:
    """What the figures depend on; nothing that names the machine."""
    busy = " ".join(f"{load:.1f}" for load in os.getloadavg())
    return {
        "Day": f"{date.today():%-d %B %Y}",  # noqa: DTZ011 - the day on this machine
        "Processors": f"{os.cpu_count()} ({platform.machine()})",
        "Load at the end, over 1, 5 and 15 minutes": busy,
        "Python": platform.python_version(),
        "Django": django.get_version(),
        "Databases": ", ".join(figures["version"] for figures in found.values()),
    }


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    main()
