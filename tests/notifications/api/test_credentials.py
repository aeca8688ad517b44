"""How a system signs in: RFC 6749 for the token, and secrets that nobody can read afterwards."""

import base64
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from notifications import api_credentials, api_token
from notifications.api_models import System, SystemSecret, SystemToken
from tests.cast import TESTS
from tests.client import Client
from tests.notifications.api.calling import ANSWERS, QUESTIONS, TOKEN

FORM = "application/x-www-form-urlencoded"
GRANT = "grant_type=client_credentials"


def ask(body=GRANT, *, basic: tuple[str, str] | None = None, media_type=FORM, **headers):
    if basic:
        pair = base64.b64encode(":".join(basic).encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    client = Client(raise_request_exception=False)
    return client.generic("POST", TOKEN, body, media_type, headers=headers)


@pytest.fixture
def pair(caller) -> tuple[str, str]:
    return caller.system.reference, caller.secret


def test_a_secret_is_exchanged_for_a_token_by_basic_and_in_the_form(pair, caller):
    client, secret = pair
    in_form = f"{GRANT}&client_id={client}&client_secret={secret}"

    for answer in (ask(basic=pair), ask(in_form), ask(basic=(client.lower(), secret))):
        given = answer.json()
        caller.token = given.pop("access_token")

        assert answer.status_code == 200
        assert given == {"token_type": "Bearer", "expires_in": 600}
        assert answer.headers["Cache-Control"].startswith("no-store")
        assert answer.headers["Pragma"] == "no-cache"
        assert caller.get(QUESTIONS).status_code == 200


@pytest.mark.parametrize(
    ("body", "basic", "error"),
    [
        ("", True, "invalid_request"),
        ("grant_type=password", True, "unsupported_grant_type"),
        (f"{GRANT}&{GRANT}", True, "invalid_request"),
        (f"{GRANT}&client_secret=x", True, "invalid_request"),
        (f"{GRANT}&scope=all", True, "invalid_scope"),
        (b"grant_type=\xff", True, "invalid_request"),
        ("&".join(f"a{n}=1" for n in range(50)), True, "invalid_request"),
        (GRANT, False, "invalid_client"),
        (f"{GRANT}&client_id=%00&client_secret=%00", False, "invalid_client"),
    ],
)
def test_each_mistake_has_the_code_of_the_rfc(pair, body, basic, error):
    answer = ask(body, basic=pair if basic else None)

    unknown = error == "invalid_client"
    assert answer.status_code == (401 if unknown else 400)
    assert answer.json()["error"] == error
    assert ("WWW-Authenticate" in answer.headers) == unknown
    assert answer.headers["Cache-Control"].startswith("no-store")


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic x",
        "Basic \xff",
        "Basic //8=",
        "Basic " + "A" * 9000,
        "Basic Og==",
        "Digest x",
    ],
)
def test_nonsense_signs_nobody_in(caller, header):
    assert ask(Authorization=header).json()["error"] == "invalid_client"


def test_another_media_type_is_no_request(pair):
    for media_type in ("application/json", "multipart/form-data", "", "a/b; charset=x"):
        assert ask(basic=pair, media_type=media_type).json()["error"] == "invalid_request"


def test_a_wrong_secret_and_an_unknown_id_are_answered_alike_and_recorded(pair):
    wrong, unknown = ask(basic=(pair[0], "x")), ask(basic=("S-0000-0000", pair[1]))

    assert wrong.content == unknown.content
    entries = AuditEntry.objects.filter(action="system.not_signed_in")
    assert [each.subject for each in entries] == [f"system {pair[0]}", "system of no known form"]


def test_what_is_stored_opens_nothing(pair, caller):
    ask(basic=pair)
    with connection.cursor() as cursor:
        stored = ""
        for model in (System, SystemSecret, SystemToken, AuditEntry):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            stored += str(cursor.fetchall())

    assert caller.secret not in stored and caller.token not in stored
    assert len(stored) > 100


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic x", "bearer \xff", "Bearer \t"]
)
def test_without_a_good_token_every_address_says_how_to_sign_in(caller, header):
    for method, path in (("GET", QUESTIONS), ("POST", "/api/v1/notifications")):
        answer = caller.call(method, path, Authorization=header)

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "not_signed_in"


def test_a_token_ends_after_ten_minutes_and_is_then_removed(caller, pair):
    SystemToken.objects.update(expires_at=timezone.now())

    assert caller.get(QUESTIONS).status_code == 401
    ask(basic=pair)
    assert SystemToken.objects.count() == 1


def test_a_new_secret_works_beside_the_former_until_that_ends(caller, pair):
    old = caller.secret
    row, new = api_credentials.renew(caller.system, version=1, overlap=timedelta(days=7), by=TESTS)

    assert {ask(basic=(pair[0], each)).status_code for each in (old, new)} == {200}
    assert caller.get(QUESTIONS).status_code == 200
    SystemSecret.objects.exclude(ends_at=None).update(ends_at=timezone.now())
    assert [ask(basic=(pair[0], each)).status_code for each in (old, new)] == [401, 200]
    assert caller.get(QUESTIONS).status_code == 401  # the token was given for the former
    with pytest.raises(Stale):
        api_credentials.renew(caller.system, version=1, overlap=timedelta(), by=TESTS)
    assert row.version == 2


def test_a_second_renewal_never_makes_a_former_secret_last_longer(caller):
    row, _ = api_credentials.renew(caller.system, version=1, overlap=timedelta(days=1), by=TESTS)
    api_credentials.renew(row, version=2, overlap=timedelta(days=30), by=TESTS)

    left = [each.ends_at and (each.ends_at - timezone.now()).days for each in secrets_of(caller)]
    assert left == [None, 29, 0]


def test_one_secret_can_be_ended_at_once(caller, pair):
    api_credentials.end_secret(secrets_of(caller)[0], by=TESTS)

    assert ask(basic=pair).status_code == 401
    assert caller.get(QUESTIONS).status_code == 401
    assert AuditEntry.objects.filter(action="system.secret_ended").count() == 1


def test_a_system_that_is_ended_can_do_nothing_more(caller, pair):
    row = api_credentials.end(caller.system, version=1, by=TESTS)

    assert ask(basic=pair).status_code == 401
    assert caller.send(ANSWERS).status_code == 401
    for act in (
        lambda: api_credentials.end(row, version=row.version, by=TESTS),
        lambda: api_credentials.renew(row, version=row.version, overlap=timedelta(), by=TESTS),
    ):
        with pytest.raises(Refused, match="has been ended"):
            act()


def test_too_many_tries_are_told_to_wait_and_lock_out_nobody_else(pair, monkeypatch):
    monkeypatch.setattr(api_token, "MOST_TRIES", 2)
    tries = [ask(basic=(pair[0], "x")) for _ in range(3)]

    assert [each.status_code for each in tries] == [401, 401, 429]
    assert tries[-1].headers["Retry-After"] == "60"
    assert ask(basic=("S-0000-0000", "x")).status_code == 401
    elsewhere = Client(REMOTE_ADDR="192.0.2.7").post(
        TOKEN, f"{GRANT}&client_id={pair[0]}&client_secret={pair[1]}", content_type=FORM
    )
    assert elsewhere.status_code == 200


def test_whoever_makes_a_client_up_at_every_try_is_told_to_wait_as_well(pair, monkeypatch):
    monkeypatch.setattr(api_token, "MOST_OF_ADDRESS", 3)
    before = AuditEntry.objects.count()
    tries = [ask(basic=(f"S-{number:04}-0000", "x")).status_code for number in range(6)]

    assert tries == [401, 401, 401, 429, 429, 429]
    assert AuditEntry.objects.count() == before + 3, "what is not tried is not recorded"


def test_behind_a_proxy_tries_are_counted_by_who_made_them(pair, monkeypatch, settings):
    monkeypatch.setattr(api_token, "MOST_TRIES", 1)
    settings.TRUSTED_PROXIES = 1
    wrong = f"{GRANT}&client_id={pair[0]}&client_secret=x"

    answers = [
        Client(HTTP_X_FORWARDED_FOR=address).post(TOKEN, wrong, content_type=FORM).status_code
        for address in ("192.0.2.7", "192.0.2.7", "192.0.2.8")
    ]

    assert answers == [401, 429, 401]


def secrets_of(caller) -> list[SystemSecret]:
    return list(SystemSecret.objects.filter(system=caller.system))
