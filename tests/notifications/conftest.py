"""A notification that waits, a trust, and the desk at which notifications are dealt with."""

import pytest

from tests.notifications.triage import organisation, received
from tests.pages import sign_in


@pytest.fixture
def notification(db):
    return received()


@pytest.fixture
def trust(db):
    return organisation("Invented Trust")


@pytest.fixture
def desk(client, coordinator):
    """The browser of the coordinator."""
    return sign_in(client, coordinator)
