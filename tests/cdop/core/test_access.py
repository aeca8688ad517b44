"""The door of every page: who comes in, who learns nothing, and how a refusal is told."""

import re
from http import HTTPStatus

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, path, reverse
from django.utils.html import escape

from cdop.core.access import for_everybody, for_signed_in, page
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from cdop.core.roles import Permission
from cdop.urls import handler404
from cdop.urls import urlpatterns as site
from tests.pages import text_of

OWN = ("cdop", "notifications", "analytics")
FILLINGS = {
    "NumberConverter": "1",
    "ReferenceConverter": "x",
    "NameConverter": "x",
    "AccountConverter": "1",
    "KeyConverter": "x",
    "PathConverter": "x",
    "UUIDConverter": "00000000-0000-4000-8000-000000000000",
}


@page(Permission.CASES_MANAGE, Permission.AUDIT_READ)
def for_two_kinds(request):
    return HttpResponse("inside")


@page()
def for_nobody(request):
    return HttpResponse("inside")


@for_signed_in
def for_all_signed_in(request):
    return HttpResponse("inside")


@for_everybody
def for_all(request):
    return HttpResponse("inside")


@for_signed_in
def refused(request):
    raise Refused("The case is closed. <b>", HTTPStatus(int(request.GET["status"])))


@for_signed_in
def stale(request):
    raise Stale(current=None)


@for_signed_in
def broken(request):
    raise ZeroDivisionError


urlpatterns = [
    path("try/two/", for_two_kinds),
    path("try/nobody/", for_nobody),
    path("try/signed-in/", for_all_signed_in),
    path("try/everybody/", for_all),
    path("try/refused/", refused),
    path("try/stale/", stale),
    path("try/broken/", broken),
    *site,
]
assert handler404 == "cdop.core.errors.not_found"
handler403 = "cdop.core.errors.forbidden"
handler500 = "cdop.core.errors.server_error"

pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize(
    "address, anonymous, nobody, coordinating, governing, reading",
    [
        ("/try/two/", 302, 404, 200, 200, 404),
        ("/try/nobody/", 302, 404, 404, 404, 404),
        ("/try/signed-in/", 302, 200, 200, 200, 200),
        ("/try/everybody/", 200, 200, 200, 200, 200),
    ],
)
def test_the_door_opens_to_those_named_and_is_not_there_for_others(
    client,
    stranger,
    coordinator,
    governance_lead,
    reader,
    address,
    anonymous,
    nobody,
    coordinating,
    governing,
    reading,
):
    assert client.get(address).status_code == anonymous
    seen = {}
    for user in (stranger, coordinator, governance_lead, reader):
        client.force_login(user)
        seen[user.name] = client.get(address).status_code

    assert list(seen.values()) == [nobody, coordinating, governing, reading]


def test_somebody_signed_out_is_led_to_sign_in_and_back_to_the_page(client, db):
    response = client.get("/try/two/?month=5")

    assert response.headers["Location"] == (
        f"{reverse('account_login')}?next=/try/two/%3Fmonth%3D5"
    )


def test_a_page_that_is_not_for_you_looks_like_one_that_does_not_exist(client, stranger):
    client.force_login(stranger)

    closed, absent = client.get("/try/two/"), client.get("/no/such/page/")

    assert (closed.status_code, text_of(closed)) == (absent.status_code, text_of(absent))


@pytest.mark.parametrize("status", [403, 409])
def test_a_refusal_is_a_page_with_its_reason_and_its_status(client, coordinator, status):
    client.force_login(coordinator)

    response = client.get(f"/try/refused/?status={status}")

    assert response.status_code == status
    assert escape("The case is closed. <b>") in response.content.decode()


def test_a_stale_save_is_a_conflict_that_says_what_to_do(client, coordinator):
    client.force_login(coordinator)

    response = client.get("/try/stale/")

    assert response.status_code == 409
    assert "Somebody else changed this while you had it open." in text_of(response)


def test_what_is_no_refusal_is_not_told_as_one(client, coordinator):
    client.raise_request_exception = False
    client.force_login(coordinator)

    response = client.get("/try/broken/")

    assert response.status_code == 500
    assert "ZeroDivisionError" not in response.content.decode()


def test_a_refusal_records_nothing(client, coordinator):
    client.force_login(coordinator)
    before = AuditEntry.objects.count()

    client.get("/try/refused/?status=409")

    assert AuditEntry.objects.count() == before


# Every page of the system


def own_pages() -> list[tuple[str, URLPattern]]:
    """Every address of the system's own pages, its placeholders filled, with its pattern."""
    return list(_walk(get_resolver("cdop.urls"), ""))


def _walk(resolver, before):
    for entry in resolver.url_patterns:
        filled = before + _filled(entry.pattern)
        if not isinstance(entry, URLPattern):
            yield from _walk(entry, filled)
        elif entry.callback.__module__.startswith(OWN):
            yield f"/{filled}", entry


def _filled(pattern) -> str:
    route = str(pattern)
    for name, converter in pattern.converters.items():
        route = re.sub(rf"<(\w+:)?{name}>", FILLINGS[type(converter).__name__], route)
    return route


def test_every_page_has_a_door():
    pages = own_pages()

    assert len(pages) >= 3
    assert [at for at, entry in pages if not hasattr(entry.callback, "door")] == []


def test_no_page_but_the_public_ones_answers_somebody_signed_out(client, db):
    for address, entry in own_pages():
        if entry.callback.door in ("everybody", "systems"):
            continue
        for send in (client.get, client.post):
            response = send(address)
            assert response.status_code == 302, (address, response.status_code)
            assert response.headers["Location"].startswith(reverse("account_login"))


def test_no_address_for_systems_gives_anything_without_a_token_but_what_it_is(client, db):
    systems = [at for at, entry in own_pages() if entry.callback.door == "systems"]

    seen = {at: {client.get(at).status_code, client.post(at).status_code} for at in systems}
    assert len(seen) >= 8
    assert {at for at, statuses in seen.items() if 200 in statuses} == {
        "/api/v1/openapi.json",
        "/api/v1/guide",
    }


def test_no_page_with_a_door_is_there_for_somebody_without_a_role(client, stranger):
    client.force_login(stranger)
    before = AuditEntry.objects.count()

    for address, entry in own_pages():
        if isinstance(entry.callback.door, tuple):
            seen = {client.get(address).status_code, client.post(address).status_code}
            assert 404 in seen and seen <= {404, 405}, (address, seen)

    assert AuditEntry.objects.count() == before


def test_nothing_is_public_but_reporting_briefings_and_pages_without_records():
    public = {at for at, entry in own_pages() if entry.callback.door == "everybody"}

    assert {at for at in public if not at.startswith(("/report/", "/briefings/"))} <= {
        "/",
        "/privacy/",
        "/accessibility/",
    }
