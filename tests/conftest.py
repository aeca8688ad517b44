"""What every test may ask for: a database of either kind, and the cast of people."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from tests.cast import person
from tests.databases import committed_database

__all__ = ["committed_database"]

DATABASE_FIXTURES = {"db", "committed_database", "site"}


def pytest_configure(config):
    """The SQLite test database is a file, as in use; in memory it would lock differently.

    On PostgreSQL its name is that of this run, so that two runs do not meet on one server.
    """
    default = connections["default"].settings_dict
    state = Path(settings.STATE_DIR)
    on_file = "sqlite3" in default["ENGINE"]
    default["TEST"]["NAME"] = str(state / "test.sqlite3") if on_file else f"test_{state.name}"


def pytest_collection_modifyitems(items):
    """Mark what touches a database, so that the second run can choose it."""
    for item in items:
        if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)


def pytest_report_header():
    return f"database: {os.environ['TEST_DATABASE']}"


@pytest.fixture(autouse=True)
def anchors(settings, tmp_path) -> Path:
    """The file of this test's anchors: they are of its own audit chain, and of no other's."""
    settings.AUDIT_ANCHORS = tmp_path / "anchors" / "anchors.jsonl"
    return settings.AUDIT_ANCHORS


@pytest.fixture
def coordinator(db):
    return person("coordinator")


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
