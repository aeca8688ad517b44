"""What every test may ask for: a database of either kind, and the cast of people."""

import os
from pathlib import Path
from secrets import token_hex

import pytest

from cdop.core import documents
from tests.cast import person
from tests.client import Client
from tests.databases import committed_database, fresh_database, in_use

__all__ = ["committed_database"]

DATABASE_FIXTURES = {"db", "committed_database", "site"}


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Each worker has a copy of the database that was migrated once for the whole run.

    On SQLite it is a file, as in use; in memory it would lock differently.
    """
    with django_db_blocker.unblock(), fresh_database() as url, in_use(url):
        yield


def pytest_collection_modifyitems(items):
    """Mark what touches a database, so that the second run can choose it."""
    for item in items:
        touches = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if touches and not item.get_closest_marker("pages"):
            item.add_marker(pytest.mark.database)


def pytest_make_parametrize_id(val, argname):
    """Files are named by what they are for: their bytes may hold the time, and two workers that
    call one test by two names stop the whole run."""
    return argname if isinstance(val, bytes) else None


def pytest_report_header():
    return f"database: {os.environ['TEST_DATABASE']}"


@pytest.fixture(autouse=True)
def anchors(settings) -> Path:
    """The file of this test's anchors: they are of its own audit chain, and of no other's.

    Not in ``tmp_path``, whose folder takes longer to make the more tests there are.
    """
    folder = Path(os.environ["STATE_DIR"]) / "anchors" / token_hex(8)
    settings.AUDIT_ANCHORS = folder / "anchors.jsonl"
    return settings.AUDIT_ANCHORS


@pytest.fixture
def store(tmp_path, settings) -> Path:
    """The folder of sealed files, for this test alone."""
    settings.STORAGES = settings.STORAGES | {
        documents.STORE: {
            "BACKEND": "cdop.core.document_store.SyncedFolder",
            "OPTIONS": {"location": str(tmp_path / "documents")},
        }
    }
    return tmp_path / "documents"


@pytest.fixture
def client() -> Client:
    """A browser whose ``force_login`` is a whole sign-in, the second lock included."""
    return Client()


@pytest.fixture
def coordinator(db):
    return person("coordinator")


@pytest.fixture
def nurse(db):
    return person("cdop_nurse")


@pytest.fixture
def chair(db):
    return person("chair")


@pytest.fixture
def member(db):
    return person("member")


@pytest.fixture
def other_member(db):
    return person("member", "Member Two")


@pytest.fixture
def doctor(db):
    return person("designated_doctor")


@pytest.fixture
def reader(db):
    """Receives the statistics of Halton."""
    return person("area_reader", area="E06000006")


@pytest.fixture
def governance_lead(db):
    return person("governance_lead")


@pytest.fixture
def stranger(db):
    """Has an account and no role at all."""
    return person(None, "Stranger")
