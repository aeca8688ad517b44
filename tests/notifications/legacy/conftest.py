"""The store of documents, for the tests that bring files in."""

import pytest


@pytest.fixture
def store(tmp_path, settings):
    """The store of documents, in a folder of this test."""
    settings.STORAGES = settings.STORAGES | {
        "documents": {
            "BACKEND": "cdop.core.document_store.SyncedFolder",
            "OPTIONS": {"location": tmp_path / "documents"},
        }
    }
    return tmp_path / "documents"
