"""The kill drill at a size that every run of the tests can bear."""

import pytest

from tests.drills import killed

pytestmark = pytest.mark.usefixtures("free_database_access")


@pytest.fixture
def free_database_access(django_db_blocker):
    """Let the drill look into the database that it made itself."""
    with django_db_blocker.unblock():
        yield


def test_no_notification_is_lost_or_doubled_when_the_server_is_killed():
    outcome = killed.run(notifications=12, clients=4, kills=3)

    assert outcome.holds, str(outcome)
    assert (outcome.acknowledged, outcome.kills) == (12, 3)
