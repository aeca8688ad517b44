"""A key, and a letter that was sealed under it."""

import pytest

from cdop.core import documents, sealing
from tests.cdop.core.files import LETTER


@pytest.fixture
def key(db):
    return sealing.new_key()


@pytest.fixture
def letter(key, coordinator):
    return documents.keep(LETTER, key=key, by=coordinator, source="letter")
