"""Fresh databases for tests that commit: live servers, workers, kills, writers side by side.

The append-only triggers rightly refuse the flush with which such tests usually clean up. So
each gets a copy of its own of one migrated template: a copied file on SQLite, ``CREATE
DATABASE … TEMPLATE`` on PostgreSQL. The template is made once per test process, by the
command that a real installation runs, and goes with the process.
"""

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
    url = _copy_of(filled_template() if filled else template())
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


@cache
def template() -> str:
    """The address of the migrated database from which every fresh one is copied."""
    name = f"cdop_template_{os.getpid()}"
    url = _file_url(name) if _is_file() else _created(name)
    atexit.register(_remove, url)
    done = _python("-c", MIGRATE, url=url)
    assert done.returncode == 0, done.stderr
    return url


@cache
def filled_template() -> str:
    """The address of the database with the demonstration, loaded once per test process."""
    url = _copy_of(template())
    atexit.register(_remove, url)
    done = manage("demo", url=url)
    assert done.returncode == 0, done.stderr
    return url


def _is_file() -> bool:
    return SERVER.startswith("sqlite")


def _name(url: str) -> str:
    """What the database is called in Django's settings: a path, or a name on the server."""
    path = urlsplit(url).path
    return path if _is_file() else path.removeprefix("/")


def _file_url(name: str) -> str:
    return f"sqlite:///{settings.STATE_DIR}/{name}.sqlite3"


def _state(url: str) -> Path:
    """The folder for what an installation with this database writes outside it."""
    return settings.STATE_DIR / f"of-{Path(_name(url)).stem}"


def _copy_of(original: str) -> str:
    """The address of a new copy, of a file or of a database on the server."""
    name = f"cdop_copy_{os.getpid()}_{next(_copies)}"
    if not _is_file():
        return _created(name, like=_name(original))
    shutil.copyfile(_name(original), _name(_file_url(name)))
    return _file_url(name)


def _created(name: str, like: str = "template0") -> str:
    _on_server("CREATE DATABASE {} TEMPLATE {}", name, like)
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


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
