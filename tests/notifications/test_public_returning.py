"""Coming back to an unfinished notification by a link that works once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from cdop.core import drafts, sending
from cdop.core.drafts import Draft
from cdop.core.messages import PURPOSE, WITHHELD, Message
from cdop.core.sealing import unseal
from notifications import holding, returning
from notifications.models import Notification
from notifications.returning import ReturnLink
from tests.client import Client
from tests.notifications.filling import (
    CHILD,
    LATER,
    NOTIFIER,
    RETURN,
    SHORTEST,
    START,
    TASKS,
    address,
    begin,
    fill,
    press_send,
    text_of,
    typed_on,
    version_on,
)

pytestmark = pytest.mark.django_db
ANA = "ana@example.org"
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def begun(client) -> Client:
    """A browser in which a notification was begun."""
    begin(client)
    fill(client, "child", CHILD)
    return client


def asked_for(browser: Client, to: str = ANA) -> str:
    """Ask for a link; its path, as it stands in the letter."""
    browser.post(LATER, {"email": to})
    return path_in(letters()[-1])


def letters() -> list[str]:
    """The letters that go out, in the order in which they were queued."""
    mail.outbox.clear()
    with override_settings(DEMONSTRATION=False, EMAIL_BACKEND=LOCMEM):
        Message.objects.update(state="waiting", ended_at=None)
        sending.send_due()
    return [letter.body for letter in reversed(mail.outbox)][::-1]


def path_in(letter: str) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/report/link/[\w-]+/)", letter)[1]


def opened(path: str) -> tuple[Client, str]:
    """Another browser that opened the link, and the words of the page on which it came out."""
    browser = Client()
    return browser, text_of(browser.get(path, follow=True))


def test_save_and_come_back_later_leads_to_the_page_that_says_how(begun):
    answer = fill(begun, "notifier", NOTIFIER | {"notifier_email": ANA}, later=True)

    assert answer.url == LATER
    page = begun.get(LATER)
    assert f'value="{ANA}"' in typed_on(page)
    assert "Open this service on this device" in text_of(page)


def test_without_a_draft_there_is_nothing_to_come_back_to(client):
    assert client.get(LATER).url == START
    assert client.post(LATER, {"email": ANA}).url == START
    assert not Message.objects.exists()


@pytest.mark.parametrize("typed", [ANA, "", "nobody", "a@b\r\nBcc: c@d.org", "\0", "é@example.org"])
def test_whatever_is_typed_the_answer_is_the_same(begun, typed):
    answer = begun.post(LATER, {"email": typed})
    known = returning.last_address(Draft.objects.get())

    assert answer.url == f"{LATER}?asked=yes"
    page = text_of(begun.get(answer.url))
    assert "If you gave an email address, a letter with a link is held here." in page
    assert known == (ANA if typed == ANA else "")
    assert Message.objects.count() == (1 if typed == ANA else 0)


def test_the_link_opens_a_page_with_a_button_and_without_an_answer(begun):
    browser, page = opened(asked_for(begun))

    assert "Go on with your notification It was last saved on" in page
    assert "Open it on this device" in page
    assert "Invented-Child" not in page
    assert browser.get(TASKS).url == START


def test_a_program_that_opens_every_link_uses_none_of_them(begun):
    path = asked_for(begun)
    for _ in range(3):
        opened(path)
        Client().head(path)

    browser, _ = opened(path)

    assert browser.post(RETURN).url == TASKS


def test_the_button_hands_the_draft_to_this_browser_and_takes_it_from_the_other(begun):
    browser, _ = opened(asked_for(begun))
    stale = version_on(begun.get(address("child")))

    assert browser.post(RETURN).url == TASKS

    assert 'value="Invented-Child"' in typed_on(browser.get(address("child")))
    assert begun.get(TASKS).url == START
    assert "was opened on another device" in text_of(begun.get(START))
    late = begun.post(address("child"), {"family_name": "Typed-Late", "version": stale})
    assert late.status_code == 409
    assert "What you typed here just now was not saved. Please type it there: Family name " in (
        text_of(late)
    )
    assert "Typed-Late" in text_of(late)
    assert Draft.objects.count() == 1
    assert 'value="Invented-Child"' in typed_on(browser.get(address("child")))


def test_the_other_browser_can_begin_anew(begun):
    browser, _ = opened(asked_for(begun))
    browser.post(RETURN)

    begin(begun)

    assert Draft.objects.count() == 2
    assert begun.get(TASKS).status_code == 200


def test_a_link_works_once_and_the_page_offers_another(begun):
    path = asked_for(begun)
    first, _ = opened(path)
    first.post(RETURN)

    second, page = opened(path)

    assert "This link opens it no more The notification was opened by a link on" in page
    assert second.post(RETURN).url == RETURN
    assert second.get(TASKS).url == START
    answer = second.post(RETURN, {"another": "yes"})
    assert answer.url == f"{RETURN}?asked=yes"
    assert "No letter has gone out. A letter with a new link is held here." in (
        text_of(second.get(answer.url))
    )
    third, page = opened(path_in(letters()[-1]))
    assert third.post(RETURN).url == TASKS


def test_of_two_who_press_at_once_one_gets_the_draft(begun):
    path = asked_for(begun)
    browsers = [opened(path)[0] for _ in range(2)]

    answers = [browser.post(RETURN).url for browser in browsers]

    assert answers == [TASKS, RETURN]


def test_a_link_whose_time_is_over_says_so_and_offers_another(begun):
    path = asked_for(begun)
    ReturnLink.objects.update(expires_at=timezone.now())

    browser, page = opened(path)

    assert "The time of this link is over" in page
    assert browser.post(RETURN).url == RETURN
    assert browser.get(TASKS).url == START


def test_the_link_of_what_was_sent_says_that_nothing_is_left_to_do(begun):
    path = asked_for(begun)
    fill(begun, "notifier", NOTIFIER)
    fill(begun, "death", SHORTEST["death"])
    press_send(begun)

    browser, page = opened(path)

    assert Notification.objects.count() == 1
    assert "This link opens nothing any more What it led to was sent or deleted" in page
    assert "<form" not in browser.get(RETURN).content.decode()


@pytest.mark.parametrize("path", ["/report/link/made-up/", RETURN])
def test_a_link_that_was_never_sent_opens_nothing(begun, path):
    browser, page = opened(path)

    assert "This link opens nothing any more" in page
    assert browser.post(RETURN).url == RETURN
    assert browser.get(TASKS).url == START


def test_opened_on_the_device_on_which_it_was_begun_it_just_goes_on(begun):
    page = text_of(begun.get(asked_for(begun), follow=True))

    assert "This notification is open on this device You can go on where you stopped." in page


def test_another_notification_on_the_device_is_not_put_aside_without_a_word(begun):
    other = Client()
    begin(other)

    page = text_of(other.get(asked_for(begun), follow=True))

    assert "Another notification was begun on this device and not sent." in page


def test_what_opens_the_draft_stands_in_the_letter_alone(begun, caplog):
    caplog.set_level("DEBUG")
    path = asked_for(begun)
    token = path.split("/")[-2]

    answer = Client().get(path)

    assert answer.url == RETURN
    assert answer["Referrer-Policy"] == "no-referrer"
    message, link = Message.objects.get(), ReturnLink.objects.get()
    kept = f"{vars(message)} {vars(link)}"
    assert token not in kept
    assert ANA not in kept
    assert WITHHELD in message.body
    assert token not in caplog.text
    assert token.encode() in unseal(message.data_key, PURPOSE, message.sealed)


def test_the_letter_says_nothing_about_a_child_or_a_death(begun):
    begun.post(LATER, {"email": ANA})
    letter = letters()[-1]

    assert "Invented" not in letter
    assert not re.search(r"child|death|died", letter.lower().split("\n\nthis message was sent")[0])
    assert Message.objects.get().subject == "Your link to go on"


def test_the_cookie_of_a_link_goes_to_its_own_page_alone(begun):
    browser = Client()
    browser.get(asked_for(begun))

    cookie = browser.cookies[holding.LINK.name]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", RETURN)
    assert cookie["max-age"] == 60 * 60


def test_nobody_fills_the_post_of_another(begun):
    answers = {begun.post(LATER, {"email": ANA}).url for _ in range(8)}

    assert answers == {f"{LATER}?asked=yes"}
    assert Message.objects.count() == 5


def test_a_link_is_removed_when_its_draft_must_be_gone(begun):
    begun.post(LATER, {"email": ANA})
    assert returning.remove_old() == 0
    over = timezone.now() - drafts.LIFETIME - timedelta(seconds=1)
    ReturnLink.objects.update(expires_at=over)

    assert returning.remove_old() == 1
