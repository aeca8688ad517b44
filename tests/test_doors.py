"""Who gets which page: every address of the system, asked for by everybody in the cast."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.urls import URLPattern, get_resolver
from django.utils.http import int_to_base36

from analytics.states import ReleaseState
from cdop.cases import actions as cases
from cdop.core.doors import doors, who_sees_what
from cdop.core.roles import ROLES, Permission, Role
from cdop.core.steps import edit
from cdop.rapid_response import actions as rapid_response
from tests.analytics.conftest import counted, plain_files, release_at
from tests.cast import TESTS
from tests.client import Client
from tests.door_table import COLUMNS, expected
from tests.makers import opened_case
from tests.notifications.assurance.makers import asked_return, link_of
from tests.places import (
    a_letter,
    a_meeting_of_agencies,
    a_recommendation,
    a_system,
    a_theme_with_all,
    an_import,
    assurance_of,
    beside_the_case,
    evidence_of,
    files_of,
    letter,
    meeting_about,
    notification,
    places_of_notifications,
    places_of_reports,
)

__all__ = ["counted", "plain_files", "release_at"]

PARTS = 3
"""Into how many tests the longest ones are cut, so that no worker waits for one of them."""
# One role for each set of permissions, and which others have exactly the same.
ROLES_ALIKE = {
    "coordinator": {"deputy_coordinator"},
    "cdop_nurse": set(),
    "designated_doctor": {"responder"},
    "member": set(),
    "chair": {"vice_chair"},
    "area_reader": {"board_manager"},
    "governance_lead": set(),
}
# The roles of the columns of the table; somebody signed out and a stranger have none.
ROLE_OF = {
    "coordinator": "coordinator",
    "doctor": "designated_doctor",
    "member": "member",
    "chair": "chair",
    "reader": "area_reader",
    "governance_lead": "governance_lead",
    "nurse": "cdop_nurse",
}
WITHOUT_A_PAGE: set[Permission] = set()


@pytest.fixture
def places(release_at, coordinator, doctor, member, chair) -> dict[str, dict[str, str]]:
    """What stands in the addresses of each stage: one of everything, at a stage where it is used.

    The doctor was given the case; member and chair are at its meeting; there is a finding on it.
    """
    case = opened_case()
    rapid_response.start(case, by=TESTS)
    access = cases.give_access(case, doctor, by=TESTS, ends_on=None)
    asked = asked_return()
    reports = places_of_reports(coordinator)
    theme_places = a_theme_with_all(coordinator)
    return {
        "guidance": {"code": "lscb-2015"},
        "report": {"code": "notifier", "token": link_of(asked)},
        "report/agency": reports,
        "agency-reports": reports,
        "api": {"reference": notification().reference, "rest": "nothing"},
        "notifications": places_of_notifications(coordinator)
        | an_import()
        | assurance_of(asked)
        | {"client": a_system()},
        "organisations": {"organisation": str(asked.asked_of.organisation_id)},
        "people": {"person": str(doctor.pk), "holding": str(doctor.holdings.first().pk)},
        "messages": {"pk": str(letter().pk)},
        "cases": {"reference": case.reference, "task": case.checklist.first().task}
        | beside_the_case(case, coordinator)
        | {"access": str(access.pk), "person": str(doctor.pk)}
        | evidence_of(case, coordinator)
        | a_letter(coordinator)
        | a_meeting_of_agencies(case, coordinator),
        "meetings": meeting_about(case, member, chair),
        "themes": theme_places,
        "briefings": {"address": theme_places["address"]},
        "learning": a_recommendation(coordinator, chair, member),
        "account": {"uidb36": int_to_base36(doctor.pk), "key": "set-password", "pk": "1"},
        "statistics": files_of(release_at(ReleaseState.PUBLISHED)),
    }


def test_everybody_gets_the_pages_of_their_role_and_no_other(places, request):
    """What the table says; what the doors say; and no name where nobody may read who it was."""
    seen, named, password = {}, [], make_password("a plain and long one")
    for who in COLUMNS:
        client = Client()
        if who != "signed_out":
            person = request.getfixturevalue(who)
            client.force_login(edit(person, by=TESTS, password=password))
        for name, route in all_pages():
            page = client.get(address(route, places))
            seen.setdefault(name, []).append(page.status_code)
            personal = who != "signed_out" or route.startswith(("account/", "report/", "api/"))
            assert page.get("Cache-Control") == ("no-store, private" if personal else None), route
            if not may_know(who, route) and NAMING.search(said_on(page)):
                named.append((who, name))

    assert seen == expected()
    assert let_in_by_none(seen) == []
    assert named == []


NAMING = re.compile(r"(?<![\w-])(?:Aaaa|Bbbb|Invented-Child)(?![\w-])")
"""What names the child and the mother of every case of these tests; no part of a random token."""


def may_know(who: str, route: str) -> bool:
    """Whether somebody may read who a child was.

    A notifier and a respondent read it behind their links; the interface has an invented example.
    """
    if route.startswith(("report/", "api/")):
        return True
    return ROLE_OF.get(who) is not None and ROLES[Role(ROLE_OF[who])].identified


def said_on(page) -> str:
    """The words of a page, or of the PDF that it is."""
    content = page.getvalue() if page.streaming else page.content
    if not content.startswith(b"%PDF-1"):
        return content.decode(errors="replace")
    sheets = pypdfium2.PdfDocument(content)
    return " ".join(sheet.get_textpage().get_text_range() for sheet in sheets)


def let_in_by_none(seen: dict[str, list[int]]) -> list[tuple[str, str]]:
    """The pages that somebody was given although the permissions of their role open no door."""
    return [
        (each.name, who)
        for each in doors()
        for who, status in zip(COLUMNS, seen[each.name], strict=True)
        if status in (200, 405)
        and not isinstance(each.door, str)
        and not each.opens_for(ROLES[Role(ROLE_OF[who])].permissions if who in ROLE_OF else ())
    ]


def test_the_page_of_who_sees_what_is_what_the_doors_say():
    page = Path(settings.BASE_DIR) / "docs" / "who-sees-what.md"

    assert page.read_text() == who_sees_what(), "Run `manage.py describe_doors`."


# What nobody types, but somebody may send.
HOSTILE = ("%00", "9" * 30, "-1", "x" * 500, "%F0%9F%91%B6", "%2E%2E%2F", "a%00b", "%C2%B2")
POSTED = ("\0", "9" * 30, "-1")
NAMES = {"page": "", "list": "", "case": "", "version": "", "hat": "", "from": "", "period": ""}


@pytest.mark.stricter
@pytest.mark.parametrize("part", range(PARTS))
def test_no_address_breaks_the_system(places, people, part):
    for client, name, route in opened_by_somebody(people, places, part):
        for at in hostile_addresses(route, places):
            assert client.get(at).status_code < 500, (name, at)


@pytest.mark.stricter
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_that_is_asked_or_posted_breaks_a_page(places, people, part):
    """Every box of every page, and those that pages read without a form, filled with nonsense."""
    for client, name, route in opened_by_somebody(people, places, part):
        at = address(route, places)
        words = b"".join(client.get(at)).decode(errors="replace")
        names = NAMES | dict.fromkeys(re.findall(r' name="([^"]+)"', words), "")
        for value in POSTED:
            assert client.get(at, dict.fromkeys(NAMES, value)).status_code < 500, (name, value)
            assert client.post(at, dict.fromkeys(names, value)).status_code < 500, (name, value)


@pytest.fixture
def people(coordinator, chair, member):
    return [coordinator, chair, member]


def opened_by_somebody(people, places, part) -> Iterator[tuple[Client, str, str]]:
    """Every page of one part of all, with the first of these people for whom it is there; with the
    last where it is there for none.

    Signed in anew for each page, for one of them signs out.
    """
    for name, route in islice(all_pages(), part, None, PARTS):
        client = Client(raise_request_exception=False)
        for person in people:
            client.force_login(person)
            if client.get(address(route, places)).status_code != HTTPStatus.NOT_FOUND:
                break
        yield client, name, route


def hostile_addresses(route: str, places: dict[str, dict[str, str]]) -> Iterator[str]:
    """The address with each hostile value in each of its gaps in turn."""
    gaps = places.get(stage := stage_of(route), {})
    for gap in re.findall(r"<\w+:(\w+)>", route):
        for value in HOSTILE:
            yield address(route, places | {stage: gaps | {gap: value}})


def test_every_role_stands_in_the_table_or_is_like_one_that_does():
    found = {
        role: {
            str(other)
            for other in Role
            if other != role and permissions(other) == permissions(Role(role))
        }
        for role in ROLES_ALIKE
    }

    assert found == ROLES_ALIKE
    assert set(ROLES_ALIKE).union(*ROLES_ALIKE.values()) == set(Role)


def all_pages() -> Iterator[tuple[str, str]]:
    """Name and route of every page, those of libraries too, in the order of the addresses."""
    return _walk(get_resolver("cdop.urls"), "", "")


def _walk(resolver, namespace: str, before: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if not isinstance(entry, URLPattern):
            inside = f"{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inside, route)
        else:
            yield namespace + entry.name, route


def address(route: str, places: dict[str, dict[str, str]]) -> str:
    """The route with what the stage has in each of its gaps."""
    gaps = places.get(stage_of(route), {})
    return "/" + re.sub(r"<\w+:(\w+)>", lambda gap: gaps[gap[1]], route)


def stage_of(route: str) -> str:
    """The part of an address that says what stands in its gaps."""
    return "report/agency" if route.startswith("report/agency/") else route.split("/")[0]


def permissions(role: Role) -> set[Permission]:
    return set(ROLES[role].permissions) - WITHOUT_A_PAGE
