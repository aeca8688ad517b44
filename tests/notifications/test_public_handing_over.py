"""Handing a notification over to another device is final, while it is typed and after it is sent."""

import pytest
from django.test import Client

from notifications.models import Notification
from tests.notifications.filling import (
    CHILD,
    DEATH,
    NOTIFIER,
    address,
    begin,
    fill,
    press_send,
    send,
    typed_on,
    version_on,
)
from tests.notifications.test_public_returning import RETURN, START, TASKS, asked_for, opened
from tests.pages import text_of

pytestmark = pytest.mark.django_db
SENT, ANOTHER, CHECK = "/report/sent/", "/report/another/", "/report/check/"


@pytest.fixture
def ward(client) -> Client:
    """The computer of a ward, on which a notification was begun."""
    begin(client)
    fill(client, "child", CHILD)
    return client


def handed_over(ward: Client) -> Client:
    """The telephone on which the notification goes on."""
    telephone, _ = opened(asked_for(ward))
    assert telephone.post(RETURN).url == TASKS
    return telephone


def sent_from(telephone: Client) -> Notification:
    """Finished and sent on the telephone, with more about the family than stood there before."""
    fill(telephone, "notifier", NOTIFIER)
    fill(telephone, "death", DEATH)
    fill(telephone, "family", {"mother_name": "Mother Invented"})
    assert press_send(telephone).url == SENT
    return Notification.objects.get()


# What was sent


def test_only_the_browser_that_sent_it_sees_what_was_sent(ward):
    telephone = handed_over(ward)
    sent = sent_from(telephone)

    assert sent.reference in text_of(telephone.get(SENT))
    assert ward.get(SENT).url == START
    assert ward.get(CHECK).url == START
    page = text_of(ward.get(START))
    assert "was opened on another device. It goes on there." in page
    assert sent.reference not in page


@pytest.mark.parametrize("who", ["twin", "sibling"])
def test_nothing_of_it_is_copied_on_the_device_on_which_it_was_begun(ward, who):
    telephone = handed_over(ward)
    sent_from(telephone)

    assert ward.post(ANOTHER, {"who": who}).url == START
    begin(ward)
    pages = "".join(typed_on(ward.get(address(code))) for code in ("child", "family", "notifier"))

    for typed in ("Mother Invented", NOTIFIER["notifier_name"], "Invented-Child"):
        assert typed not in pages
    assert telephone.post(ANOTHER, {"who": who}).url == address("when")
    begin(telephone)
    assert "Mother Invented" in typed_on(telephone.get(address("family")))


def test_what_is_typed_too_late_is_shown_and_not_kept(ward):
    stale = version_on(ward.get(address("child")))
    sent = sent_from(handed_over(ward))

    late = ward.post(address("child"), {"family_name": "Typed-Late", "version": stale})

    assert late.status_code == 409
    assert "What you typed here just now was not saved." in text_of(late)
    assert "Typed-Late" in text_of(late)
    assert sent.reference not in text_of(late)


def test_who_sends_where_it_was_begun_sees_it_as_before(client):
    sent = send(client)

    assert sent.reference in text_of(client.get(SENT))
    assert sent.draft_token != ""


def test_a_browser_that_holds_nothing_sees_nothing_that_was_sent_without_a_draft(client):
    send(client)
    Notification.objects.update(draft=None, draft_token="")

    assert Client().get(SENT).url == START
    assert client.get(SENT).url == START
