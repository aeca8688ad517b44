"""Signing in and out and the password: it works, it is recorded, and nothing else is offered."""

import re

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import NoReverseMatch, reverse

from cdop.core import sending
from cdop.core.audit import AuditEntry
from cdop.core.messages import WITHHELD, Message
from cdop.core.steps import edit
from cdop.core.users import User
from tests.cast import TESTS, person
from tests.client import Client
from tests.pages import text_of

OLD, NEW = "a plain and long one", "another plain and long one"


@pytest.fixture(autouse=True)
def letters(settings):
    """What is sent is kept in ``mail.outbox``."""
    settings.DEMONSTRATION, settings.SITE_ADDRESS = False, "http://testserver"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def somebody(db) -> User:
    """An area reader: nothing but the password is asked of them."""
    return person("area_reader", area="E06000006", password=OLD)


def sign_in(client: Client, user: User, password: str = OLD, **more):
    return client.post(
        reverse("account_login"), {"login": user.email, "password": password}, **more
    )


def change(client: Client, *, old: str = OLD, new: str = NEW, **more):
    typed = {"oldpassword": old, "password1": new, "password2": new}
    return client.post(reverse("account_change_password"), typed, **more)


def link_asked_for(client: Client, address: str) -> str:
    client.post(reverse("account_reset_password"), {"email": address})
    sending.send_due()
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("hat")).status_code == 200


def recorded(*actions: str) -> list[tuple]:
    """What the audit chain says of these actions."""
    entries = AuditEntry.objects.filter(action__in=actions).order_by("number")
    return [(e.action, e.actor, e.job, e.subject, e.detail) for e in entries]


def last_history(user: User) -> tuple:
    kept = user.history.latest()
    return (kept.history_type, kept.history_user, kept.history_change_reason, kept.version)


# A new password


def test_a_changed_password_is_the_new_one_and_recorded_without_a_word_of_it(client, somebody):
    sign_in(client, somebody)

    page = change(client, follow=True)

    assert (page.status_code, page.wsgi_request.user) == (200, somebody)
    assert "Your password is changed." in text_of(page)
    assert User.objects.get(pk=somebody.pk).check_password(NEW)
    assert last_history(somebody) == ("~", somebody, "user.password_changed", 2)
    told = '{"fields": ["password"]}'
    about = f"user:{somebody.pk}"
    assert recorded("user.password_changed") == [
        ("user.password_changed", somebody, "", about, told)
    ]


def test_a_changed_password_ends_the_sessions_elsewhere_and_not_this_one(client, somebody):
    elsewhere = Client()
    sign_in(client, somebody)
    sign_in(elsewhere, somebody)
    assert is_signed_in(elsewhere)

    change(client)

    assert (is_signed_in(client), is_signed_in(elsewhere)) == (True, False)


def test_the_old_password_must_be_right(client, somebody):
    sign_in(client, somebody)

    assert change(client, old="not the old one").status_code == 200

    assert recorded("user.password_changed") == []
    assert User.objects.get(pk=somebody.pk).check_password(OLD)


def test_a_password_can_be_set_with_the_link_and_once_only(client, somebody):
    elsewhere = Client()
    sign_in(elsewhere, somebody)
    link = link_asked_for(client, somebody.email)
    form = client.get(link, follow=True)
    assert form.status_code == 200

    done = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)

    assert done.status_code == 200
    assert text_of(done).count("Your password is changed") == 2  # in the title and the heading
    assert not is_signed_in(client) and not is_signed_in(elsewhere)
    assert last_history(somebody) == ("~", somebody, "user.password_changed", 2)
    assert [entry[1] for entry in recorded("user.password_changed")] == [somebody]
    assert "This link no longer works" in text_of(Client().get(link, follow=True))
    assert sign_in(client, somebody, NEW).status_code == 302


def test_somebody_invited_sets_the_first_password_with_a_link(client, db):
    invited = person("area_reader", area="E06000006")
    form = client.get(link_asked_for(client, invited.email), follow=True)

    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    sign_in(client, invited, NEW)
    assert is_signed_in(client)


def test_somebody_without_a_password_is_sent_to_the_link(client, coordinator):
    client.force_login(coordinator)

    page = client.get(reverse("account_change_password"), follow=True)

    assert page.redirect_chain[-1] == (reverse("account_reset_password"), 302)


def test_a_hash_of_an_older_kind_is_renewed_at_sign_in(client, somebody):
    edit(somebody, by=TESTS, password=make_password(OLD, hasher="pbkdf2_sha256"))

    page = sign_in(client, somebody, follow=True)

    assert page.status_code == 200 and is_signed_in(client)
    assert User.objects.get(pk=somebody.pk).password.startswith("argon2$")
    assert last_history(somebody)[::2] == ("~", "")
    assert recorded("user.signed_in", "user.password_changed") == [
        ("user.signed_in", somebody, "", f"user:{somebody.pk}", "")
    ]


# The letter with the link


def test_the_letter_says_nothing_of_what_this_system_is_for(client, somebody):
    link = link_asked_for(client, somebody.email)
    letter = mail.outbox[-1]

    assert (letter.subject, letter.to, letter.content_subtype) == (
        "Your account",
        [somebody.email],
        "plain",
    )
    assert f"http://testserver{link}" in letter.body.splitlines()
    said = letter.body.replace(link, "").lower()
    assert [
        word for word in ("death", "child", "panel", "cdop", "example", "click") if word in said
    ] == []


def test_the_link_stands_in_the_letter_alone_and_no_page_waits_for_a_mail_server(client, somebody):
    client.post(reverse("account_reset_password"), {"email": somebody.email})

    message = Message.objects.get()
    assert (mail.outbox, message.state) == ([], "waiting")
    sending.send_due()
    [link] = re.findall(r"http://testserver/\S+", mail.outbox[-1].body)
    assert WITHHELD in message.body and link not in message.body


def test_an_address_without_an_account_gets_the_same_page_and_no_letter(client, somebody):
    known = client.post(reverse("account_reset_password"), {"email": somebody.email}, follow=True)
    unknown = client.post(
        reverse("account_reset_password"), {"email": "x@example.org"}, follow=True
    )

    assert text_of(known) == text_of(unknown)
    assert sending.send_due() == 1
    assert [letter.to for letter in mail.outbox] == [[somebody.email]]


# In and out


def test_signing_in_and_out_is_recorded(client, somebody):
    sign_in(client, somebody)
    client.post(reverse("account_logout"))
    client.post(reverse("account_logout"))

    about = f"user:{somebody.pk}"
    assert recorded("user.signed_in", "user.signed_out") == [
        ("user.signed_in", somebody, "", about, ""),
        ("user.signed_out", somebody, "", about, ""),
    ]


@pytest.mark.parametrize("capitals", [str.lower, str.upper])
def test_a_failed_sign_in_is_recorded_on_the_account_that_was_tried(client, somebody, capitals):
    typed = {"login": capitals(somebody.email), "password": "not it"}

    assert client.post(reverse("account_login"), typed).status_code == 200

    about = f"user:{somebody.pk}"
    assert recorded("user.sign_in_failed") == [("user.sign_in_failed", None, "sign-in", about, "")]


def test_an_address_that_belongs_to_nobody_is_not_kept(client, db):
    client.post(reverse("account_login"), {"login": "private@example.org", "password": "not it"})

    [entry] = recorded("user.sign_in_failed")
    assert entry == ("user.sign_in_failed", None, "sign-in", "no account", "")


def test_a_closed_account_is_told_so_by_the_right_password_alone(client, somebody):
    edit(somebody, by=TESTS, is_active=False)

    wrong = sign_in(client, somebody, "not it", follow=True)
    right = sign_in(client, somebody, follow=True)

    assert "This account is closed" not in text_of(wrong)
    assert "This account is closed" in text_of(right)
    assert not is_signed_in(client)
    assert len(recorded("user.sign_in_failed")) == 2
    assert recorded("user.signed_in") == []


def test_no_page_speaks_of_success(client, somebody):
    pages = [
        sign_in(client, somebody, follow=True),
        change(client, follow=True),
        client.post(reverse("account_logout"), follow=True),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert not any("uccess" in text_of(page) for page in pages)
    assert "You are signed out." in text_of(pages[-1])


def test_no_sentence_left_for_the_next_page_is_in_a_cookie(client, somebody):
    sign_in(client, somebody)

    changed = change(client)

    assert [str(said) for said in get_messages(changed.wsgi_request)] != []
    assert set(client.cookies) <= {"sessionid", "csrftoken"}


# What is not offered


@pytest.mark.parametrize("name", ["account_email", "account_signup", "account_confirm_email"])
def test_no_page_takes_another_address_or_a_new_account(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "place", ["email/", "signup/", "confirm-email/", "login/code/", "", "3rdparty/"]
)
def test_the_other_pages_of_the_library_are_not_there(client, somebody, place):
    sign_in(client, somebody)

    for send in (client.get, client.post):
        assert send(f"/account/{place}", {"email": "x@example.org"}).status_code == 404
