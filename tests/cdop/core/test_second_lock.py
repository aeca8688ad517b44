"""The second lock: who must have one gets nowhere without; its secrets are sealed; it is kept."""

import time
from base64 import b64encode
from os import urandom

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core.management import CommandError, call_command
from django.urls import reverse

from cdop.core import sealing
from cdop.core.audit import AuditEntry
from cdop.core.messages import Message
from cdop.core.roles import ROLES, Role
from cdop.core.sealing import CannotUnseal, DataKey
from cdop.core.second_lock import SecondLock
from tests.cast import give, person
from tests.client import Client
from tests.pages import text_of

PASSWORD = "a plain and long one"
WITHOUT = {Role.AREA_READER, Role.BOARD_MANAGER}


def code(secret: str, *, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def other_code(secret: str) -> str:
    """A code that is none of those of now."""
    right = {code(secret, later=step) for step in (-2, -1, 0, 1, 2)}
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in right)


def with_app(role: str = "coordinator", **more) -> tuple:
    """A person with an authenticator app, and its secret."""
    user, secret = person(role, password=PASSWORD, **more), generate_totp_secret()
    TOTP.activate(user, secret)
    return user, secret


def password_given(client, user):
    typed = {"login": user.email, "password": PASSWORD}
    return client.post(reverse("account_login"), typed)


def code_given(client, typed: str):
    return client.post(reverse("mfa_authenticate"), {"code": typed})


def is_in(client) -> bool:
    return client.get(reverse("hat")).status_code == 200


def recorded(user) -> list[str]:
    entries = AuditEntry.objects.filter(subject=f"user:{user.pk}", action__contains="lock")
    return list(entries.order_by("number").values_list("action", flat=True))


def test_all_roles_that_reach_records_demand_a_second_lock():
    assert {role for role, rule in ROLES.items() if not rule.second_lock} == WITHOUT


@pytest.mark.parametrize("role", sorted(set(Role) - WITHOUT))
def test_with_the_password_alone_every_personal_page_leads_to_the_lock(db, role):
    client = Client()
    client.with_password_only(person(role))

    for name in ("home", "hat", "cases:list", "analytics:releases"):
        page = client.get(reverse(name))
        assert (page.status_code, page.headers["Location"]) == (302, reverse("mfa_index"))
    assert client.post(reverse("hat"), {"hat": "1"}).status_code == 302
    assert client.get("/report/").status_code == 200


def test_the_page_of_the_lock_says_why_it_is_needed_and_then_leads_on(db):
    client = Client()
    user = person("coordinator")
    client.with_password_only(user)
    assert "Before you go on, set up a second lock" in text_of(client.get(reverse("mfa_index")))

    client.force_login(user)
    page = text_of(client.get(reverse("mfa_index")))
    assert "Go on to your work" in page
    assert "Before you go on" not in page


@pytest.mark.parametrize("role", sorted(WITHOUT))
def test_a_reader_of_statistics_needs_none(db, role):
    client = Client()
    client.with_password_only(person(role, area="E06000006"))

    assert client.get(reverse("home")).status_code == 200


def test_a_reader_who_is_a_member_too_needs_one_whatever_hat_is_on(db):
    reader = person("area_reader", area="E06000006")
    give(reader, "member")
    client = Client()
    client.with_password_only(reader)

    assert client.get(reverse("home")).headers["Location"] == reverse("mfa_index")


def test_a_role_given_meanwhile_asks_for_the_lock_at_the_next_page(db):
    reader = person("area_reader", area="E06000006")
    client = Client()
    client.with_password_only(reader)
    assert is_in(client)

    give(reader, "coordinator")

    assert not is_in(client)


def test_who_sets_up_an_app_is_in_and_has_recovery_codes(db):
    user = person("coordinator", password=PASSWORD)
    client = Client()
    password_given(client, user)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session[SECRET_SESSION_KEY]

    page = client.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)

    assert is_in(client)
    assert "recovery codes" in text_of(page).lower()
    assert recorded(user) == ["user.second_lock_set_up"]
    assert Message.objects.filter(template="second_lock_changed").count() == 1
    kept = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in kept
    assert SecondLock().decrypt(kept) == secret


def test_a_wrong_code_sets_up_nothing(db):
    user = person("coordinator", password=PASSWORD)
    client = Client()
    password_given(client, user)
    client.get(reverse("mfa_activate_totp"))
    wrong = other_code(client.session[SECRET_SESSION_KEY])

    page = client.post(reverse("mfa_activate_totp"), {"code": wrong})

    assert "This code is not right" in text_of(page)
    assert not Authenticator.objects.exists()
    assert not is_in(client)


def test_the_password_and_the_code_let_in_and_the_same_code_does_not_again(db):
    user, secret = with_app()
    first, second = Client(), Client()

    assert password_given(first, user).headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(first)
    now = code(secret)
    code_given(first, now)
    assert is_in(first)

    password_given(second, user)
    assert "This code is not right, or it was used before" in text_of(code_given(second, now))
    assert not is_in(second)


def test_a_wrong_code_does_not_let_in(db):
    user, secret = with_app()
    client = Client()
    password_given(client, user)

    assert "This code is not right" in text_of(code_given(client, other_code(secret)))
    assert not is_in(client)


def test_a_recovery_code_lets_in_once(db):
    user, _ = with_app()
    one = RecoveryCodes.activate(user).get_unused_codes()[0]
    first, second = Client(), Client()
    password_given(first, user)
    code_given(first, one)
    password_given(second, user)
    code_given(second, one)

    assert (is_in(first), is_in(second)) == (True, False)


def test_guessing_codes_is_stopped_for_the_account_from_every_browser(db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip,3/10m/key"}
    user, secret = with_app()
    for _ in range(3):
        client = Client()
        password_given(client, user)
        code_given(client, other_code(secret))
    client = Client()
    password_given(client, user)

    code_given(client, code(secret))

    assert not is_in(client)


def test_the_only_lock_of_somebody_who_needs_one_stays(db):
    user, _ = with_app()
    client = Client()
    client.force_login(user)

    page = client.post(reverse("mfa_deactivate_totp"), follow=True)

    assert Authenticator.objects.filter(user=user, type="totp").exists()
    assert "this is the only one" in text_of(page)
    assert recorded(user) == []


def test_a_reader_may_remove_it_again(db):
    user, _ = with_app("area_reader", area="E06000006")
    client = Client()
    client.force_login(user)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=user).exists()
    assert recorded(user) == ["user.second_lock_removed"]


def test_with_a_wrong_master_key_nobody_gets_in(db, settings):
    user, secret = with_app()
    settings.MASTER_KEYS = [b64encode(urandom(32)).decode()]
    client = Client(raise_request_exception=False)
    password_given(client, user)

    assert code_given(client, code(secret)).status_code == 500
    assert not is_in(client)


def test_a_new_master_key_opens_after_the_keys_were_wrapped_anew(db, settings):
    user, secret = with_app()
    former = settings.MASTER_KEYS
    settings.MASTER_KEYS = [b64encode(urandom(32)).decode(), *former]
    assert sealing.rewrap() >= 1
    settings.MASTER_KEYS = settings.MASTER_KEYS[:1]
    kept = Authenticator.objects.get(user=user, type="totp").data["secret"]

    assert SecondLock().decrypt(kept) == secret
    settings.MASTER_KEYS = former
    with pytest.raises(CannotUnseal):
        SecondLock().decrypt(kept)


def test_a_secret_whose_key_was_destroyed_is_gone(db):
    user, _ = with_app()
    kept = Authenticator.objects.get(user=user, type="totp").data["secret"]
    sealing.destroy(DataKey.objects.get(pk=kept.partition(":")[0]))

    with pytest.raises(CannotUnseal):
        SecondLock().decrypt(kept)


def test_the_demonstration_prints_the_code_of_now(db, settings, capsys):
    settings.DEMONSTRATION = True
    user, secret = with_app()

    around = {code(secret), code(secret, later=1)}
    call_command("demo_code", user.email.upper())

    assert capsys.readouterr().out.strip() in around


def test_outside_the_demonstration_no_code_is_printed(db, settings, capsys):
    settings.DEMONSTRATION = False
    user, _ = with_app()

    with pytest.raises(CommandError, match="demonstration mode only"):
        call_command("demo_code", user.email)
    assert capsys.readouterr().out == ""


def test_for_somebody_without_an_app_no_code_is_printed(db, settings):
    settings.DEMONSTRATION = True

    with pytest.raises(CommandError, match=r"Nobody with nobody@example.org"):
        call_command("demo_code", "nobody@example.org")
