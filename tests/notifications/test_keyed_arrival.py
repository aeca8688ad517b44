"""What is keyed in cannot have arrived before the death was confirmed, and the page says so."""

from datetime import datetime, time

import pytest

from cdop.core.dates import at_london, in_london
from notifications.models import Notification
from tests.client import Client
from tests.notifications import keying
from tests.notifications.filling import YESTERDAY, version_on
from tests.pages import sign_in, text_of

pytestmark = pytest.mark.django_db
WARD = {"place_of_death": "paediatric_ward"}


@pytest.fixture
def desk(client, coordinator) -> Client:
    return sign_in(client, coordinator)


def yesterday(hour: int, minute: int) -> datetime:
    return at_london(YESTERDAY, time(hour, minute))


def keyed_in(desk: Client, rang: datetime, **death: str):
    """Everything keyed in the day after; the draft."""
    draft = keying.begin(desk, rang)
    keying.fill_all(desk, draft, death=WARD | death)
    return draft


@pytest.mark.parametrize("died", [{}, {"time_of_death": "14:10"}])
def test_a_call_before_the_death_was_confirmed_is_told_before_it_is_kept(desk, died):
    draft = keyed_in(desk, yesterday(14, 30), time_death_confirmed="15:00", **died)

    check = desk.get(keying.place("check", draft))
    page = text_of(desk.get(keying.place("arrival", draft)))

    assert check.url == keying.place("tasks", draft)
    assert "By the other pages the death was confirmed on" in page
    assert "3:00pm, which is later. Correct whichever of the two is wrong." in page
    assert not Notification.objects.exists()


def test_of_a_death_and_its_confirmation_the_death_is_named_first(desk):
    times = {"time_of_death": "14:50", "time_death_confirmed": "15:00"}
    draft = keyed_in(desk, yesterday(14, 30), **times)

    page = text_of(desk.get(keying.place("arrival", draft)))

    assert "By the other pages the child died on" in page
    assert "was confirmed on" not in page


@pytest.mark.parametrize("corrected", ["arrival", "death"])
def test_whichever_of_the_two_is_put_right_it_can_then_be_kept(desk, corrected):
    draft = keyed_in(desk, yesterday(14, 30), time_death_confirmed="15:00")

    if corrected == "arrival":
        at = keying.place("arrival", draft)
        said = keying.arrival(yesterday(15, 30)) | {"version": version_on(desk.get(at))}
        desk.post(at, said)
    else:
        keying.fill(desk, draft, "death", WARD | {"time_death_confirmed": "14:20"})

    assert keying.press_keep(desk, draft).url == keying.place("kept", draft)


def test_a_call_in_the_minute_of_the_confirmation_can_be_kept(desk):
    draft = keyed_in(desk, yesterday(15, 0), time_death_confirmed="15:00")

    assert keying.press_keep(desk, draft).url == keying.place("kept", draft)
    assert in_london(Notification.objects.get().received_at).time() == time(15, 0)
