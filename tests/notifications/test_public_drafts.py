"""What was typed and not sent: it stays with one browser, for a day, or until it is deleted."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from cdop.core import drafts
from cdop.core.drafts import Draft
from cdop.core.sealing import DataKey
from notifications.holding import REPORT
from tests.client import Client
from tests.notifications.filling import (
    CHECK,
    CHILD,
    DISCARD,
    SENT,
    START,
    TASKS,
    address,
    begin,
    fill,
    text_of,
    typed_on,
    version_on,
)

pytestmark = pytest.mark.django_db


def test_a_draft_survives_a_lapsed_session_and_a_restart(client):
    """The browser keeps nothing but the cookie, and the server nothing but the database."""
    begin(client)
    fill(client, "child", CHILD)
    again = Client()
    again.cookies[REPORT.cookie.name] = client.cookies[REPORT.cookie.name].value

    assert 'value="Invented-Child"' in typed_on(again.get(address("child")))


def test_the_cookie_is_hidden_from_scripts_and_its_token_from_every_address(client):
    answer = begin(client)

    cookie = client.cookies[REPORT.cookie.name]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", START)
    assert cookie["max-age"] == 24 * 60 * 60
    token = cookie.value.split(":")[1]
    assert token not in answer.url
    assert token not in client.get(TASKS).content.decode()


@pytest.mark.parametrize("forged", ["", "x", f"{uuid.UUID(int=7)}:token", "a:b:c:d", "\u00e9"])
def test_a_forged_cookie_opens_nothing(client, forged):
    begin(client)
    client.cookies[REPORT.cookie.name] = forged

    assert client.get(TASKS).url == START
    assert client.get(SENT).url == START


def test_another_browser_sees_nothing_of_it(client):
    begin(client)
    fill(client, "child", CHILD)
    other = Client()

    assert other.get(TASKS).url == START
    assert other.get(CHECK).url == START
    assert other.get(SENT).url == START
    assert other.get(address("child")).url == address("when")
    assert "was begun on this device" not in text_of(other.get(START))


def test_the_first_page_offers_to_go_on_and_says_no_name(client):
    begin(client)
    fill(client, "child", CHILD)

    page = text_of(client.get(START))

    assert "A notification was begun on this device and last saved on" in page
    assert "Invented-Child" not in page


def test_a_draft_expires_and_its_key_with_it(client):
    begin(client)
    fill(client, "child", CHILD)
    Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert client.get(TASKS).url == START
    assert drafts.remove_expired() == 1
    assert [bool(key.wrapped) for key in DataKey.objects.all()] == [False]


def test_what_is_typed_after_the_draft_is_gone_begins_another(client):
    begin(client)
    version = version_on(client.get(address("child")))
    Draft.objects.all().delete()

    answer = client.post(address("child"), CHILD | {"version": version}, follow=True)

    assert answer.redirect_chain == [(address("when"), 302)]
    assert "What you typed on the last page is kept." in text_of(answer)
    begin(client)
    assert 'value="Invented-Child"' in typed_on(client.get(address("child")))


def test_deleting_destroys_what_was_typed(client):
    begin(client)
    assert "has not been sent. Once deleted it cannot be brought back." in text_of(
        client.get(DISCARD)
    )

    client.post(DISCARD)

    assert not Draft.objects.exists()
    assert [bool(key.wrapped) for key in DataKey.objects.all()] == [False]
    assert client.get(TASKS).url == START
