"""The drill of chasing at a size that every run of the tests can bear."""

import pytest

from tests.drills import chased

pytestmark = pytest.mark.usefixtures("free_database_access")


@pytest.fixture
def free_database_access(django_db_blocker):
    """Let the drill look into the database that it made itself."""
    with django_db_blocker.unblock():
        yield


def test_no_reminder_is_lost_or_doubled_when_the_worker_is_killed():
    outcome = chased.run(requests=8, kills=4)

    assert outcome.holds, str(outcome)
    assert (outcome.letters, outcome.kills) == (16, 4)
