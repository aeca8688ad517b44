"""The desk at which notifications are dealt with."""

import pytest

from tests.pages import sign_in


@pytest.fixture
def desk(client, coordinator):
    """The browser of the coordinator."""
    return sign_in(client, coordinator)
