"""The public form in two windows: what was typed in either is shown, and nothing is lost."""

import pytest

from cdop.core.drafts import Draft
from notifications.models import Notification
from tests.notifications.filling import (
    CHECK,
    CHILD,
    NOTIFIER,
    address,
    begin,
    fill,
    fill_all,
    press_send,
    text_of,
    typed_on,
    version_on,
)

pytestmark = pytest.mark.django_db


def test_two_windows_on_one_page_are_shown_side_by_side(client):
    begin(client)
    opened = version_on(client.get(address("child")))
    fill(client, "child", {"family_name": "First-Window", "given_names": "Aaaa"})

    mine = {"family_name": "Second-Window", "given_names": "Aaaa", "version": opened}
    stale = client.post(address("child"), mine)

    page = text_of(stale)
    assert stale.status_code == 409
    assert "This page was saved in another window after you opened it." in page
    assert (
        "What you typed here Family name Second-Window "
        "What was saved there Family name First-Window" in page
    )
    assert 'value="Second-Window"' in typed_on(stale)
    client.post(address("child"), mine | {"version": version_on(stale)})
    assert 'value="Second-Window"' in typed_on(client.get(address("child")))


def test_two_windows_on_two_pages_do_not_disturb_each_other(client):
    begin(client)
    opened = version_on(client.get(address("child")))
    fill(client, "notifier", NOTIFIER)

    answer = client.post(address("child"), CHILD | {"version": opened})

    assert answer.status_code == 302
    assert 'value="Notifier Invented"' in typed_on(client.get(address("notifier")))


def test_the_same_words_in_two_windows_are_no_conflict(client):
    begin(client)
    opened = version_on(client.get(address("child")))
    fill(client, "child", CHILD)

    assert client.post(address("child"), CHILD | {"version": opened}).status_code == 302


def test_answers_changed_in_another_window_are_shown_before_they_are_sent(client):
    fill_all(client)
    shown = version_on(client.get(CHECK))
    fill(client, "child", CHILD | {"family_name": "Changed-Child"})

    answer = client.post(CHECK, {"version": shown})

    assert answer.status_code == 409
    assert "so nothing was sent yet" in text_of(answer)
    assert "Family name Changed-Child" in text_of(answer)
    assert not Notification.objects.exists()
    client.post(CHECK, {"version": version_on(answer)})
    assert Notification.objects.get().answers["family_name"] == "Changed-Child"


def test_what_was_typed_in_a_window_that_came_too_late_is_shown(client):
    fill_all(client)
    version = version_on(client.get(address("happened")))
    press_send(client)

    answer = client.post(
        address("happened"), {"circumstances": "Typed too late", "version": version}
    )

    assert answer.status_code == 409
    page = text_of(answer)
    assert f"Its reference is {Notification.objects.get().reference} ." in page
    assert "was not part of it: What happened? Typed too late" in page
    assert not Draft.objects.exists()
