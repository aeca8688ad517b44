"""Every check and every test, one after another: ``make test``.

All steps run, also after one has failed; what failed is named at the end, each test with the
end of what it said, since a build server may show no more than that. The last line says what
the result does not cover. With ``CI=true`` nothing may be left out: a database or a
browser that is missing is a failure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

from tests.browser import NoBrowser, obtained

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = (sys.executable, "manage.py")
RESULTS = ROOT / "build" / "tests"
# One worker more than processors: the one with the journeys mostly waits for a browser.
WORKERS = str((os.cpu_count() or 1) + 1)
PYTEST = (
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "-n",
    WORKERS,
    "--dist",
    "loadgroup",
    "--durations=10",
)

LINES_OF_A_FAILURE = 20

# What a production system sets; nothing of a demonstration may soften the checks.
PRODUCTION = {
    "SECRET_KEY": "check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "MASTER_KEYS": "Y2hlY2stb25seS1jaGVjay1vbmx5LWNoZWNrLW9ubHk=",
    "TOKEN_KEY": "Y2hlY2stb25seS1jaGVjay1vbmx5LWNoZWNrLW9ubHk=",
    "AUDIT_KEY": "Y2hlY2stb25seS1jaGVjay1vbmx5LWNoZWNrLW9ubHk=",
    "DEMONSTRATION": "false",
    "HTTPS": "true",
    "HASHED_STATIC": "true",
    "ALLOWED_HOSTS": "cdop.example.org",
    "CONTACT": "01632 960000",
    "SITE_ADDRESS": "https://cdop.example.org",
}

CHECKS = {
    "Lint": (BIN / "ruff", "check", "."),
    "Format": (BIN / "ruff", "format", "--check", "."),
    "Types": (BIN / "mypy", "cdop", "notifications", "analytics"),
    "Security": (
        BIN / "bandit",
        "-q",
        "-r",
        "-c",
        "pyproject.toml",
        "cdop",
        "notifications",
        "analytics",
    ),
    "Import contracts": (BIN / "lint-imports", "--no-logo"),
    "Templates": (BIN / "djlint", "--lint", "--quiet", "templates"),
    "Settings of a production system": (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
    "Migrations": (*MANAGE, "makemigrations", "--check", "--dry-run"),
}


def main() -> int:
    """Run everything; 0 if all of it passed."""
    started = time.monotonic()
    chromium, lacking = _browser()
    failed = _failed_checks()
    failed += _failed_tests(chromium)
    if lacking and os.environ.get("CI") == "true":
        failed.append("Browser")
    for said in _said_by_failures():
        print(said)
    print(f"\n{_summary(failed, time.monotonic() - started)}")
    if lacking:
        print(f"The journeys in a browser did NOT run. {lacking}")
    return 1 if failed else 0


def _browser() -> tuple[str, str]:
    """The path of a Chromium and an empty text; or an empty text and the reason."""
    try:
        return obtained(), ""
    except NoBrowser as reason:
        return "", f"No Chromium could be had: {reason}."


def _failed_checks() -> list[str]:
    """The names of the checks that failed, on the settings of a production system."""
    with tempfile.TemporaryDirectory() as state:
        nowhere = {"STATE_DIR": state, "DATABASE_URL": f"sqlite:///{state}/empty.sqlite3"}
        return [
            name
            for name, command in CHECKS.items()
            if not _passes(name, command, PRODUCTION | nowhere)
        ]


def _failed_tests(chromium: str) -> list[str]:
    """The names of the runs that failed: all tests on SQLite, those of databases on both.

    Some that are about databases need only one of them, as the markers in pyproject.toml say.
    """
    sqlite = {"CHROMIUM": chromium, "TEST_DATABASE": "sqlite"}
    postgresql = {"CHROMIUM": chromium, "TEST_DATABASE": "postgresql"}
    shown = "" if chromium else " and not browser"
    chosen = {"sqlite": f"not stricter{shown}", "postgresql": f"database{shown}"}
    shutil.rmtree(RESULTS, ignore_errors=True)
    runs = [
        ("Tests on SQLite", (*PYTEST, _results("sqlite"), "-m", chosen["sqlite"]), sqlite),
        (
            "Tests on PostgreSQL",
            (*PYTEST, _results("postgresql"), "-m", chosen["postgresql"]),
            postgresql,
        ),
    ]
    return [name for name, command, environment in runs if not _passes(name, command, environment)]


def _results(database: str) -> str:
    return f"--junitxml={RESULTS / database}.xml"


def _said_by_failures() -> Iterator[str]:
    """Of each test that failed, on either database: its name and the end of what it said."""
    for results in sorted(RESULTS.glob("*.xml")):
        for case in ElementTree.parse(results).iter("testcase"):
            for result in (*case.iter("failure"), *case.iter("error")):
                name = f"{case.get('classname')}::{case.get('name')}"
                end = (result.text or "").rstrip().splitlines()[-LINES_OF_A_FAILURE:]
                yield "\n".join([f"\n{result.tag.upper()} on {results.stem}: {name}", *end])


def _passes(name: str, command: tuple[str | Path, ...], environment: Mapping[str, str]) -> bool:
    """Run one step and say how it went."""
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False)
    result = "passed" if done.returncode == 0 else "FAILED"
    print(f"-- {name}: {result} ({time.monotonic() - started:.0f} s)", flush=True)
    return done.returncode == 0


def _summary(failed: list[str], seconds: float) -> str:
    took = f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    if failed:
        return f"FAILED after {took}: {', '.join(failed)}."
    return f"Every check and every test passed, in {took}."


if __name__ == "__main__":
    sys.exit(main())
