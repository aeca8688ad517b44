"""Recommendations of the demonstration: one at each place where one can stand, all invented."""

import pytest

from analytics.demonstration.filling import YEAR
from cdop.core.users import User
from cdop.learning import year
from cdop.learning.letter_models import LearningLetter
from cdop.learning.models import ActionPoint, Recommendation
from cdop.learning.states import RecommendationState
from tests.databases import fresh_database, in_use

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("site 1")]


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """The address of a database with the demonstration, which the test works on."""
    with django_db_blocker.unblock(), fresh_database(filled=True) as url, in_use(url):
        yield url


def test_one_stands_at_each_place_and_every_owner_is_invented(filled):
    assert set(Recommendation.objects.values_list("state", flat=True)) == set(
        RecommendationState.values
    )
    assert set(LearningLetter.objects.values_list("state", flat=True)) == {"written", "sent"}
    points = ActionPoint.objects.select_related("owner", "recommendation__data_key")
    assert len(points) > 4
    for point in points:
        assert str(point.owner).startswith("Invented ") and "Invented" in point.contact["name"]


def test_the_year_has_what_was_made_carried_done_in_time_and_late(filled):
    coordinator = User.objects.get(email="cora.coordinator@example.org")

    table, *_ = year.tables(YEAR, coordinator)
    total = dict(zip(table.head, table.rows[-1], strict=True))

    assert total["Made"] == 3 and total["From earlier years"] == 1
    assert (total["Done in time"], total["Done late"], total["Declined"]) == (1, 1, 0)
