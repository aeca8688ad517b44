"""To hand a notification over to another device is final, also after it was sent."""

import pytest
from django.utils import timezone

from cdop.core.messages import Message
from notifications.models import Notification
from notifications.returning import ReturnLink
from tests.client import Client
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
from tests.notifications.test_public_returning import (
    ANA,
    LATER,
    RETURN,
    START,
    TASKS,
    asked_for,
    letters,
    opened,
    path_in,
)
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


# The other links

NURSE = "nurse@example.org"


def asked_again(browser: Client) -> str:
    """Press the button for a new link; the words of the page after it."""
    browser.post(RETURN, {"another": "yes"})
    return text_of(browser.get(RETURN))


def test_a_link_that_is_used_ends_every_other_one(ward):
    earlier, own, hers = (asked_for(ward, to) for to in (ANA, ANA, NURSE))
    nurse, _ = opened(hers)
    assert nurse.post(RETURN).url == TASKS

    for path in (earlier, own):
        browser, page = opened(path)
        assert "This link opens it no more The notification was opened by a link on" in page
        assert browser.post(RETURN).url == RETURN
        assert browser.get(TASKS).url == START
    assert nurse.get(TASKS).status_code == 200


def test_who_gave_the_link_away_gets_no_other_after_somebody_typed(ward):
    path = asked_for(ward)
    nurse, _ = opened(path)
    nurse.post(RETURN)
    fill(nurse, "family", {"mother_name": "Mother Invented"})
    before = Message.objects.count()

    begun_by, page = opened(path)

    assert "Somebody has gone on with it since." in page
    assert "Send me a new link" not in page
    assert "Somebody has gone on with it since." in asked_again(begun_by)
    assert Message.objects.count() == before
    assert begun_by.get(TASKS).url == START


def test_no_link_goes_to_an_address_that_is_not_the_last_one(ward):
    own, hers = asked_for(ward), asked_for(ward, NURSE)
    nurse, _ = opened(hers)
    nurse.post(RETURN)

    begun_by, page = opened(own)

    assert "A link has gone to another address since." in page
    assert "A link has gone to another address since." in asked_again(begun_by)
    assert Message.objects.count() == 2


def test_no_link_goes_to_an_earlier_address_after_its_time_either(ward):
    own = asked_for(ward)
    asked_for(ward, NURSE)
    ReturnLink.objects.update(expires_at=timezone.now())

    begun_by, page = opened(own)

    assert "A link has gone to another address since." in page
    assert "A link has gone to another address since." in asked_again(begun_by)
    assert Message.objects.count() == 2


def test_whoever_goes_on_can_have_links_of_their_own(ward):
    nurse = handed_over(ward)
    fill(nurse, "family", {"mother_name": "Mother Invented"})

    at_home, _ = opened(asked_for(nurse, NURSE))

    assert at_home.post(RETURN).url == TASKS
    assert "Mother Invented" in typed_on(at_home.get(address("family")))


def test_the_address_of_whoever_began_it_is_not_offered_to_the_next_person(ward):
    ward.post(LATER, {"email": ANA})
    assert f'value="{ANA}"' in typed_on(ward.get(LATER))

    nurse = handed_over(ward)

    assert ANA not in typed_on(nurse.get(LATER))


def test_the_same_address_can_ask_again_while_nobody_typed(ward):
    first, second = asked_for(ward), asked_for(ward)
    opened(second)[0].post(RETURN)

    browser, page = opened(first)

    assert "We can send a new link to the same address." in page
    browser.post(RETURN, {"another": "yes"})
    third, _ = opened(path_in(letters()[-1]))
    assert third.post(RETURN).url == TASKS
