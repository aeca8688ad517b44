"""Fresh databases for tests that commit: live servers, workers, kills, writers side by side.

The append-only triggers rightly refuse the flush with which such tests usually clean up. So
each gets a copy of its own of one migrated template: a copied file on SQLite, ``CREATE
DATABASE … TEMPLATE`` on PostgreSQL. The template is made once per run, by the command that a
real installation runs, by the first worker that needs it, and goes with the run.
"""

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings
from psycopg import sql

SERVER = os.environ["DATABASE_URL"]
RUN = Path(os.environ["STATE_DIR"]).name.replace("-", "_")
MIGRATE = """
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
"""
_copies = count(1)


@contextmanager
def fresh_database(*, filled: bool = False) -> Iterator[str]:
    """The address of a new, migrated database, as ``DATABASE_URL`` takes it.

    filled  whether the demonstration is in it; else it is empty
    It is removed when the block is left, whoever is still connected.
    """
    original = filled_template() if filled else template()
    url = _copied(original, f"{RUN}_copy_{os.getpid()}_{next(_copies)}")
    try:
        yield url
    finally:
        _remove(url)


@contextmanager
def in_use(url: str) -> Iterator[None]:
    """Let this process, and every thread that it starts, work on the database at ``url``."""
    default = connections.settings["default"]
    was = default["NAME"]
    connections.close_all()
    default["NAME"] = _name(url)
    try:
        with override_settings(AUDIT_ANCHORS=_state(url) / "audit-anchors.jsonl"):
            yield
    finally:
        connections.close_all()
        default["NAME"] = was


@pytest.fixture
def committed_database(request: pytest.FixtureRequest, django_db_blocker) -> Iterator[str]:
    """A fresh database that the test's own process works on and commits to; its address."""
    if "db" in request.fixturenames:
        pytest.fail("A test that commits makes its own people: it cannot also use ``db``.")
    with fresh_database() as url, django_db_blocker.unblock(), in_use(url):
        yield url


def environment(url: str, **changes: str) -> dict[str, str]:
    """The environment of another process that works on the database at ``url``.

    Anchors belong to one database: in the folder of the whole run they would condemn the chains
    of all the others.
    """
    return os.environ | {"DATABASE_URL": url, "STATE_DIR": str(_state(url))} | changes


def manage(*arguments: str, url: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py`` in a process of its own on the database at ``url``."""
    return _python("manage.py", *arguments, url=url, **changes)


def _python(*arguments: str, url: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment(url, **changes),
        capture_output=True,
        text=True,
        check=False,
    )


def template() -> str:
    """The address of the migrated database from which every fresh one is copied."""
    return _made_once("migrated", _migrate)


def filled_template() -> str:
    """The address of the database with the demonstration."""
    return _made_once("filled", _fill)


def _migrate(name: str) -> None:
    url = _address(name) if _is_file() else _created(name)
    done = _python("-c", MIGRATE, url=url)
    assert done.returncode == 0, done.stderr


def _fill(name: str) -> None:
    done = manage("demo", url=_copied(template(), name))
    assert done.returncode == 0, done.stderr


@cache
def _made_once(what: str, make: Callable[[str], None]) -> str:
    """The address of a database that the first worker makes, while the others wait for it."""
    name = f"{RUN}_{what}"
    path = settings.STATE_DIR / f"{what}.made"
    with path.open("a") as made:
        flock(made, LOCK_EX)
        if not path.stat().st_size:
            make(name)
            made.write(name)
    return _address(name)


def _remove_templates() -> None:
    for made in settings.STATE_DIR.glob("*.made"):
        _remove(_address(made.read_text()))


if os.environ["CDOP_TESTS"] == str(os.getpid()):
    # The process that began the run; its workers have ended when it ends.
    atexit.register(_remove_templates)


def _is_file() -> bool:
    return SERVER.startswith("sqlite")


def _name(url: str) -> str:
    """What the database is called in Django's settings: a path, or a name on the server."""
    path = urlsplit(url).path
    return path if _is_file() else path.removeprefix("/")


def _address(name: str) -> str:
    if _is_file():
        return f"sqlite:///{settings.STATE_DIR}/{name}.sqlite3"
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


def _state(url: str) -> Path:
    """The folder for what an installation with this database writes outside it."""
    return settings.STATE_DIR / f"of-{Path(_name(url)).stem}"


def _copied(original: str, name: str) -> str:
    """The address of a new copy, of a file or of a database on the server."""
    if not _is_file():
        return _created(name, like=_name(original))
    shutil.copyfile(_name(original), _name(_address(name)))
    return _address(name)


def _created(name: str, like: str = "template0") -> str:
    _on_server("CREATE DATABASE {} TEMPLATE {}", name, like)
    return _address(name)


def _remove(url: str) -> None:
    shutil.rmtree(_state(url), ignore_errors=True)
    if not _is_file():
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", _name(url))
        return
    for ending in ("", "-wal", "-shm"):
        Path(f"{_name(url)}{ending}").unlink(missing_ok=True)


def _on_server(statement: str, *names: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
