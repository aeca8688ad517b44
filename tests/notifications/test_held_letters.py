"""What somebody who waits for a letter is told, by whether this installation sends any."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from cdop.core.audit import AuditEntry
from cdop.core.messages import Message
from notifications.returning import ReturnLink
from tests.client import Client
from tests.notifications.filling import CHILD, LATER, RETURN, TASKS, begin, fill, text_of

pytestmark = pytest.mark.django_db
ANA = "ana@example.org"
RESET = reverse("account_reset_password")
DEMONSTRATION = "This is a demonstration, which sends nothing: it holds every letter."
NO_SERVER = "No email can be sent from here at present. A letter is kept until it can."


@pytest.fixture
def begun(client) -> Client:
    """A browser in which a notification was begun."""
    begin(client)
    fill(client, "child", CHILD)
    return client


def use(settings, installation: str) -> None:
    settings.DEMONSTRATION = installation == "a demonstration"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "mail.example.org" if installation == "with a server" else ""


def link_asked_for(browser: Client) -> str:
    return text_of(browser.post(LATER, {"email": ANA}, follow=True))


def another_link_asked_for(browser: Client) -> str:
    """By somebody whose link is used up."""
    browser.post(LATER, {"email": ANA})
    other = Client()
    other.get(path_in(held_letter()))
    ReturnLink.objects.update(expires_at=timezone.now())
    return text_of(other.post(RETURN, {"another": "yes"}, follow=True))


def password_asked_for(browser: Client) -> str:
    return text_of(browser.post(RESET, {"email": ANA}, follow=True))


def held_letter(address: str = ANA) -> str:
    """As whoever runs a demonstration prints it."""
    out = io.StringIO()
    call_command("demo_letter", address, stdout=out)
    return out.getvalue()


def path_in(letter: str) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/report/link/[\w-]+/)", letter)[1]


ASKED = {
    link_asked_for: "If you gave an email address, a letter with a link",
    another_link_asked_for: "link",
    password_asked_for: "If the address belongs to an account, a",
}


@pytest.mark.parametrize("ask", ASKED, ids=["to go on", "another one", "for a new password"])
def test_a_demonstration_says_that_it_holds_the_letter_and_who_sees_that(begun, ask):
    words = ask(begun)

    assert "No letter has gone out" in words and "on its way" not in words
    assert ASKED[ask] in words
    assert f"{DEMONSTRATION} Its coordinator sees under Notifications, “Messages that wait" in words
    assert "/report/link/" not in words


@pytest.mark.parametrize(
    "ask", [link_asked_for, password_asked_for], ids=["to go on", "for a new password"]
)
def test_without_a_mail_server_nobody_is_told_that_a_letter_is_on_its_way(begun, settings, ask):
    use(settings, "without a server")

    words = ask(begun)

    assert "No letter has gone out" in words and "on its way" not in words
    assert f"{NO_SERVER} If you cannot wait, ring us: 01632 960000" in words
    assert "demonstration" not in words


@pytest.mark.parametrize(
    "ask", [link_asked_for, password_asked_for], ids=["to go on", "for a new password"]
)
def test_where_letters_go_it_is_on_its_way(begun, settings, ask):
    use(settings, "with a server")

    words = ask(begun)

    assert "is on its way to it." in words
    assert "held" not in words and "No letter has gone out" not in words


def test_whoever_comes_to_a_return_without_its_link_is_told_where_the_link_is(client):
    assert DEMONSTRATION in text_of(client.get(reverse("report:without_link")))


# The letter of a demonstration


def test_whoever_runs_a_demonstration_can_print_the_letter_and_go_on_by_its_link(begun):
    begun.post(LATER, {"email": ANA})

    letter = held_letter("ANA@example.org")

    assert letter.startswith("Your link to go on\n\nYou asked for a link")
    other = Client()
    other.get(path_in(letter))
    assert other.post(RETURN).url == TASKS
    read = AuditEntry.objects.filter(action="message.read").get()
    assert (read.job, read.purpose) == ("sending of messages", "demonstration")
    assert ANA not in read.detail + read.subject


def test_the_last_letter_to_the_address_is_printed_and_nobody_elses(begun):
    for address in (ANA, ANA, "bo@example.org"):
        begun.post(LATER, {"email": address})
    last = Message.objects.order_by("queued_at")[1]

    other = Client()
    other.get(path_in(held_letter()))
    assert other.post(RETURN).url == TASKS
    assert AuditEntry.objects.get(action="message.read").subject == f"message:{last.pk}"


def test_an_address_without_a_letter_is_told_so(begun):
    begun.post(LATER, {"email": ANA})

    with pytest.raises(CommandError, match="No letter to this address is held."):
        call_command("demo_letter", "bo@example.org")


def test_outside_a_demonstration_no_letter_is_printed(begun, settings):
    begun.post(LATER, {"email": ANA})
    use(settings, "without a server")

    with pytest.raises(CommandError, match="Only a demonstration shows a letter that it holds."):
        call_command("demo_letter", ANA)

    assert not AuditEntry.objects.filter(action="message.read").exists()
