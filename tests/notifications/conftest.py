"""A notification that waits, and the desk at which it is dealt with."""

import pytest

from tests.notifications.triage import received
from tests.pages import sign_in


@pytest.fixture
def notification(db):
    return received()


@pytest.fixture
def desk(client, coordinator):
    """The browser of the coordinator."""
    return sign_in(client, coordinator)
