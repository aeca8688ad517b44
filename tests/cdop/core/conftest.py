"""Fixtures of the tests of core."""

from tests.databases import committed_database

__all__ = ["committed_database"]
