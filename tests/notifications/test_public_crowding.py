"""A flood is slowed down, a hospital behind one address is not; nothing that was typed is lost."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from cdop.core import strangers
from cdop.core.drafts import Draft
from cdop.core.sealing import DataKey
from notifications import crowding
from notifications.models import Notification
from tests.client import Client
from tests.notifications.filling import (
    ANOTHER,
    CHILD,
    SENT,
    YESTERDAY,
    address,
    begin,
    fill_all,
    press_send,
    send,
    text_of,
    typed_on,
    version_on,
)

pytestmark = pytest.mark.django_db
RING = "Do not wait: ring 01632 960000"


@pytest.fixture
def few(settings) -> None:
    """Two an hour from one address, and five at most."""
    settings.REPORTS_AN_HOUR, settings.REPORTS_AT_MOST = 2, 5


def typed_for_three_minutes(browser: Client) -> None:
    """Fill in everything, and take three minutes over it."""
    fill_all(browser)
    DataKey.objects.update(made_at=timezone.now() - timedelta(minutes=3))


def test_what_was_typed_as_slowly_as_people_type_is_always_taken(few):
    for number in range(1, 5):
        browser = Client()
        typed_for_three_minutes(browser)

        assert press_send(browser).url == SENT
        assert Notification.objects.count() == number


def test_what_came_in_haste_while_much_came_waits_two_minutes(few):
    for _ in range(2):
        send(Client())
    browser = Client()
    fill_all(browser)

    answer = press_send(browser)

    assert answer.status_code == 429
    assert "so nothing was sent yet. What you typed is kept." in text_of(answer)
    assert Notification.objects.count() == 2
    DataKey.objects.update(made_at=timezone.now() - crowding.IN_HASTE)
    assert press_send(browser).url == SENT


def test_from_another_address_everything_is_as_ever(few):
    for _ in range(3):
        browser = Client()
        fill_all(browser)
        press_send(browser)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    fill_all(elsewhere)

    assert press_send(elsewhere).url == SENT


def test_a_flood_is_told_whom_to_ring_and_loses_nothing(few):
    for _ in range(5):
        begin(Client())
    browser = Client()

    answer = begin(browser)

    assert answer.status_code == 429
    assert RING in text_of(answer)
    assert f'value="{YESTERDAY.year}"' in typed_on(answer)
    assert Draft.objects.count() == 5


def test_a_draft_is_kept_when_a_flood_keeps_it_from_being_sent(few, settings):
    browser = Client()
    typed_for_three_minutes(browser)
    settings.REPORTS_AT_MOST = 0

    answer = press_send(browser)

    assert (answer.status_code, Notification.objects.count()) == (429, 0)
    assert RING in text_of(answer)
    assert 'value="Invented-Child"' in typed_on(browser.get(address("child")))
    settings.REPORTS_AT_MOST = 50
    assert press_send(browser).url == SENT


def test_a_twin_cannot_be_begun_in_a_flood(few, settings):
    browser = Client()
    send(browser)
    settings.REPORTS_AT_MOST = 0

    answer = browser.post(ANOTHER, {"who": "twin"})

    assert answer.status_code == 429
    assert RING in text_of(answer)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {f"box-{number}": "x" for number in range(300)},
            "A page of this form has no more than 200 boxes. You sent 30",
        ),
        (
            {"circumstances": "x" * 300_000},
            "A page of this form takes no more than 200,000 letters altogether. You sent 300,0",
        ),
        ({"circumstances": "é" * 150_000}, "A page of this form takes no more than 200,000"),
    ],
)
def test_more_than_a_page_takes_is_refused_with_a_sentence(client, typed, sentence):
    begin(client)
    kept = Draft.objects.get().answers

    answer = client.post(address("happened"), typed | {"version": "0"})

    assert answer.status_code == 413
    assert sentence in text_of(answer)
    assert Draft.objects.get().answers == kept


@pytest.mark.parametrize(
    "typed",
    [{f"box-{number}": "x" for number in range(1500)}, {"circumstances": "x" * 3_000_000}],
)
def test_far_more_than_that_is_refused_with_a_sentence_too(typed):
    browser = Client(raise_request_exception=False)
    begin(browser)

    answer = browser.post(address("happened"), typed)

    assert answer.status_code in (400, 413)
    assert "Nothing was saved." in text_of(answer)


def test_the_longest_answers_that_the_form_takes_fit_into_its_pages(client):
    family = {
        "mother_name": "x" * 200,
        "mother_address": "\N{GRINNING FACE}" * 8000,
        "follow_up_details": "x" * 500,
    }
    people = {
        f"{name}-{row}-{part}": "é" * 200
        for name in ("carers", "siblings")
        for row in range(6)
        for part in ("name", "relationship", "details")
    }

    sent = send(client, family=family | people)

    assert len(sent.answers["mother_address"]) == 8000


@pytest.mark.parametrize(
    ("trusted", "forwarded", "direct", "address"),
    [
        (0, "198.51.100.9", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.9", "192.0.2.1", "198.51.100.9"),
        (1, "6.6.6.6, 198.51.100.9", "192.0.2.1", "198.51.100.9"),
        (2, "6.6.6.6, 198.51.100.9, 10.0.0.1", "192.0.2.1", "198.51.100.9"),
        (2, "198.51.100.9", "192.0.2.1", "192.0.2.1"),
        (1, "", "192.0.2.1", "192.0.2.1"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
        (0, "", "", ""),
    ],
)
def test_the_address_is_the_one_that_our_outermost_proxy_saw(
    settings, trusted, forwarded, direct, address
):
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", REMOTE_ADDR=direct, HTTP_X_FORWARDED_FOR=forwarded)

    assert strangers.address_of(request) == address


def test_a_page_can_be_saved_however_much_came(few, client):
    begin(client)
    for _ in range(6):
        begin(Client())
    version = version_on(client.get(address("child")))

    assert client.post(address("child"), CHILD | {"version": version}).status_code == 302
