"""Fixtures of the tests of reviews."""

from tests.databases import committed_database

__all__ = ["committed_database"]
