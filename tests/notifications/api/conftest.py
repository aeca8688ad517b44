"""Systems of two invented trusts."""

import pytest

from tests.notifications.api.calling import Caller, an_organisation


@pytest.fixture
def caller(db):
    return Caller(an_organisation())


@pytest.fixture
def other(db):
    return Caller(an_organisation("Another Invented Trust"))
