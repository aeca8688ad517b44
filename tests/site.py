"""A running system for a test: its own database, its own state, its own web server."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from tests import databases

# The pages as in use, styled, with hashed names.
STYLED = {"HASHED_STATIC": "true"}
CONFLICT = "WARNING django.request Conflict: "
LANES = 2
PATIENCE_SECONDS = 300
"""How long a server may take to start or to stop: a small machine stands still for a while."""


@dataclass(frozen=True)
class Site:
    """Where the system answers, and where it keeps its data."""

    address: str
    database: str
    state: Path

    def manage(self, *arguments: str) -> str:
        """What a management command says on this system's data; it must not fail."""
        done = databases.manage(*arguments, url=self.database, STATE_DIR=str(self.state), **STYLED)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Share these tests among ``LANES`` workers, and begin with them.

    They take longest; begun last, they would leave the others with nothing to do. On every worker
    at once they would leave their browsers too little of the machine.
    """
    items.sort(key=_runs_a_site, reverse=True)
    for number, item in enumerate(filter(_runs_a_site, items)):
        item.add_marker(pytest.mark.xdist_group(f"site {number % LANES + 1}"))


def _runs_a_site(item: pytest.Item) -> bool:
    return "site" in getattr(item, "fixturenames", ())


@pytest.fixture
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A system that serves pages on this machine, with the demonstration in its own database.

    The test fails if the server complained of anything; where it is marked ``conflicts``, of
    anything else.
    """
    _collect_static()
    log = tmp_path / "server.log"
    with databases.fresh_database(filled=True) as url:
        with _served(url, state=tmp_path, log=log) as address:
            yield Site(address, url, tmp_path)
        meant = CONFLICT if request.node.get_closest_marker("conflicts") else None
        complaints = log.read_text().splitlines()
        assert [line for line in complaints if meant is None or meant not in line] == [], (
            "the server complained"
        )


@contextmanager
def _served(url: str, *, state: Path, log: Path) -> Iterator[str]:
    """Run a web server on a free port and stop it at the end; its address.

    The socket listens before the server starts, so there is no port to guess and nothing to
    wait for: what is asked early is answered once the server is up.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening, log.open("w") as complaints:
        port = listening.getsockname()[1]
        server = subprocess.Popen(
            _server_command(listening.fileno()),
            cwd=settings.BASE_DIR,
            env=databases.environment(url, STATE_DIR=str(state), **STYLED),
            pass_fds=[listening.fileno()],
            stdout=complaints,
            stderr=complaints,
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_SECONDS)


def _server_command(descriptor: int) -> list[str]:
    return [
        sys.executable,
        *("-m", "gunicorn", "cdop.wsgi", "--bind", f"fd://{descriptor}"),
        *("--workers", "1", "--threads", "4", "--log-level", "warning", "--no-control-socket"),
        *("--timeout", str(PATIENCE_SECONDS)),
    ]


@cache
def _collect_static() -> None:
    done = databases.manage(
        "collectstatic", "--noinput", "--verbosity", "0", url=databases.SERVER, **STYLED
    )
    assert done.returncode == 0, done.stderr
