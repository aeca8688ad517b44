"""Twins, brothers and sisters: a notification each, with what they share copied."""

import re
from datetime import timedelta

import pytest

from cdop.core.drafts import Draft
from notifications.models import Notification
from tests.client import Client
from tests.notifications.filling import (
    ANOTHER,
    CHILD,
    NOTIFIER,
    SENT,
    SHORTEST,
    START,
    TASKS,
    YESTERDAY,
    address,
    boxes,
    fill,
    press_send,
    send,
    text_of,
    typed_on,
)

pytestmark = pytest.mark.django_db
BORN = YESTERDAY - timedelta(days=40)
FIRST = {
    "notifier": NOTIFIER | {"notifier_email": "ana@example.org", "notifier_role": "midwife"},
    "child": CHILD
    | boxes("date_of_birth", BORN)
    | {"under_one": "yes", "sex": "female", "nhs_number": "9990000123", "postcode": "CW1 2AB"}
    | {"address": "1 Invented Street"},
    "death": SHORTEST["death"] | {"time_of_death": "12:00"},
    "family": {
        "mother_name": "Bbbb Invented-Child",
        "carers-0-name": "Bbbb Invented-Child",
        "carers-0-relationship": "mother",
    },
    "agencies": {
        "agencies_known": ["midwifery", "police"],
        "known_professionals-0-name": "Cccc Invented",
        "known_professionals-0-told": "yes",
    },
}


def finish(browser: Client, name: str) -> Notification:
    """Fill in what is a twin's own, and send."""
    shared = boxes("date_of_birth", BORN)
    fill(browser, "child", shared | {"given_names": name, "family_name": "Invented-Child"})
    fill(browser, "death", SHORTEST["death"])
    press_send(browser)
    return Notification.objects.latest("pk")


@pytest.mark.parametrize(("who", "born"), [("twin", str(BORN.year)), ("sibling", "")])
def test_what_is_shared_stands_in_the_boxes_of_the_second(client, who, born):
    send(client, **FIRST)

    answer = client.post(ANOTHER, {"who": who})

    assert answer.url == address("when")
    assert f'value="{YESTERDAY.year}"' in typed_on(client.get(address("when")))
    child = typed_on(client.get(address("child")))
    assert "1 Invented Street" in child
    assert 'value="CW1 2AB"' in child
    assert re.search(r'name="date_of_birth-year".*? value="(.*?)"', child)[1] == born
    for own in ("Aaaa", "Invented-Child", "9990000123"):
        assert own not in child
    assert 'value="ana@example.org"' in typed_on(client.get(address("notifier")))
    assert 'value="Bbbb Invented-Child"' in typed_on(client.get(address("family")))
    assert 'value="Cccc Invented"' in typed_on(client.get(address("agencies")))


def test_the_second_cannot_be_sent_before_its_own_pages_were_seen(client):
    send(client, **FIRST)
    client.post(ANOTHER, {"who": "twin"})

    page = text_of(client.get(TASKS))

    assert "About the child Incomplete About the death Not yet started" in page
    assert "Check your answers and send Cannot start yet" in page


def test_both_and_a_third_carry_the_same_mark(client):
    first = send(client, **FIRST)
    assert first.together is None
    others = []
    for name in ("Dddd", "Eeee"):
        client.post(ANOTHER, {"who": "twin"})
        others.append(finish(client, name))

    first.refresh_from_db()
    assert first.together is not None
    assert [each.together for each in others] == [first.together] * 2
    assert [each.answers["given_names"] for each in others] == ["Dddd", "Eeee"]
    assert others[1].answers["known_professionals"] == first.answers["known_professionals"]
    assert others[0].answers["date_of_birth"] == BORN.isoformat()


def test_begun_twice_the_mark_stays(client):
    first = send(client, **FIRST)
    client.post(ANOTHER, {"who": "twin"})
    first.refresh_from_db()
    mark, version = first.together, first.version
    client.post(ANOTHER, {"who": "twin"})
    first.refresh_from_db()

    assert (first.together, first.version) == (mark, version)


def test_one_that_nobody_goes_on_with_leaves_the_first_as_it_was_sent(client):
    first = send(client, **FIRST)
    sent = first.answers
    client.post(ANOTHER, {"who": "twin"})

    first.refresh_from_db()
    assert (first.answers, first.state) == (sent, "received")
    assert Draft.objects.count() == 1


def test_only_the_browser_that_sent_the_first_can_begin_another(client):
    send(client, **FIRST)
    stranger = Client()

    assert stranger.post(ANOTHER, {"who": "twin"}).url == START
    assert stranger.get(ANOTHER).url == START
    assert client.get(ANOTHER).url == SENT
    assert not Draft.objects.exists()


def test_a_child_of_another_family_carries_no_mark(client):
    send(client, **FIRST)

    assert send(client).together is None
