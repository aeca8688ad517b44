"""The coordinator's pages: what they say, what they change, what they ask of the database."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cdop.agency_reports import asking, chasing
from cdop.agency_reports.models import PointOfContact, Request
from cdop.agency_reports.states import RequestState
from cdop.cases import actions
from cdop.cases.models import Contact
from cdop.core.audit import AuditEntry
from cdop.core.dates import london_date
from cdop.core.messages import Message
from tests.cdop.agency_reports.makers import (
    asked,
    fresh,
    link_of,
    opens,
    organisation,
    recent_case,
    returned,
)
from tests.makers import opened_case
from tests.pages import date_parts, sign_in, text_of

R = RequestState
LONG_AGO = timedelta(days=40)


@pytest.fixture
def team(client, coordinator):
    return sign_in(client, coordinator)


def at(name: str, *args) -> str:
    return reverse(f"agency_reports:{name}", args=args)


def boxes(contact: Contact, where, **changes) -> dict[str, object]:
    """What a browser posts for one agency that the notification named."""
    said = {
        "ask": "on",
        "organisation": str(where.pk),
        "name": "Report desk",
        "email": "desk@example.org",
        "papers": ["form_b"],
    } | changes
    return {f"agency-{contact.pk}-{name}": value for name, value in said.items() if value}


def in_two_weeks() -> dict[str, str]:
    day = london_date(timezone.now()) + timedelta(days=14)
    return date_parts("until", day.day, day.month, day.year)


def test_every_agency_of_the_notification_is_shown_with_the_forms_that_open_for_it(team):
    case = opened_case({"agencies_known": ["hospital", "police"], "known_events": ["drowning"]})

    page = team.get(at("ask", case.reference))

    words = text_of(page)
    assert "Hospital" in words and "Police" in words
    titles = "Form B, agency report, Sudden unexpected death in infancy or childhood, Drowning"
    assert words.count(f"Forms: {titles}") == 2
    assert "regulation 6" in words and "still to be checked" in words
    assert not Request.objects.exists()


def test_whom_only_a_notification_named_that_was_taken_off_is_not_offered(team, coordinator):
    case = opened_case({"agencies_known": ["hospital"]})
    later = {"source": "N-LATER", "notified_at": timezone.now(), "by": coordinator}
    actions.add_report(case, answers={"agencies_known": ["police"]}, **later)
    assert "Police" in text_of(team.get(at("ask", case.reference)))

    actions.take_report_off(case, "N-LATER", by=coordinator)

    words = text_of(team.get(at("ask", case.reference)))
    assert "Hospital" in words and "Police" not in words


def test_reading_who_knew_the_child_is_recorded(team):
    case = opened_case({"agencies_known": ["hospital"]})

    team.get(at("ask", case.reference))

    read = AuditEntry.objects.get(action="contacts.read")
    assert (read.case_number, read.purpose) == (case.pk, "ask agencies")


def test_all_of_them_are_asked_by_one_press(team):
    case = opened_case({"agencies_known": ["hospital", "police"]})
    contacts = list(Contact.objects.filter(case=case))
    posted = boxes(contacts[0], organisation()) | boxes(contacts[1], organisation())

    page = team.post(at("ask", case.reference), posted, follow=True)

    assert "2 agencies are asked" in text_of(page)
    assert "mail to this address may not be safe" in text_of(page)
    assert {row.contact for row in Request.objects.all()} == set(contacts)


def test_an_agency_that_is_not_ticked_is_not_asked_and_needs_nothing(team):
    case = opened_case({"agencies_known": ["hospital", "police"]})
    first, second = Contact.objects.filter(case=case)
    posted = boxes(first, organisation()) | boxes(second, organisation(), ask="", email="x")

    team.post(at("ask", case.reference), posted)

    assert [row.contact for row in Request.objects.all()] == [first]


def test_one_mistake_asks_nobody_and_keeps_what_was_typed(team):
    case = opened_case({"agencies_known": ["hospital", "police"]})
    first, second = Contact.objects.filter(case=case)
    posted = boxes(first, organisation()) | boxes(second, organisation(), email="", name="Desk two")

    page = team.post(at("ask", case.reference), posted)

    assert "Enter the email address" in text_of(page)
    assert b'value="Desk two"' in page.content
    assert not Request.objects.exists() and not Message.objects.exists()


def test_the_address_that_is_kept_for_the_organisation_is_taken(team, coordinator):
    where, case = organisation(), opened_case({"agencies_known": ["police"]})
    asking.remember(where, {"name": "Kept", "email": "kept@example.org"}, by=coordinator)
    [contact] = Contact.objects.filter(case=case)

    team.post(at("ask", case.reference), boxes(contact, where, email="", name=""))

    people = Request.objects.select_related("case__data_key").get().people
    assert (people["name"], people["email"]) == ("Kept", "kept@example.org")


def test_an_agency_that_nobody_named_is_asked_from_a_page_of_its_own(team):
    case, where = opened_case(), organisation()
    posted = {
        "kind": "education",
        "organisation": str(where.pk),
        "name": "Office",
        "email": "office@school.example.org",
        "papers": ["form_b"],
    }

    page = team.post(at("another", case.reference), posted)

    assert page.url == at("case", case.reference)
    assert Request.objects.get().agency == "education"


def test_the_page_of_a_case_says_who_owes_what(team, coordinator):
    case = opened_case()
    made = asked(coordinator, case, now=timezone.now() - LONG_AGO)
    returned(coordinator, case=case)

    page = text_of(team.get(reverse("cases:case", args=[case.reference])))

    assert "1 overdue" in page and "1 of 2 returned" in page
    assert str(made.organisation) in page


def test_an_overdue_request_says_so_in_words(team, coordinator):
    made = asked(coordinator, now=timezone.now() - LONG_AGO)

    for page in (at("overview"), at("case", made.case.reference), at("request", made.reference)):
        assert "Overdue: asked" in text_of(team.get(page))


@pytest.mark.parametrize(
    ("name", "boxes_", "state"),
    [
        ("extend", lambda: in_two_weeks() | {"why": "A colleague is ill"}, R.ASKED),
        (
            "set_aside",
            lambda: {"to": "not_applicable", "why": "Never knew the child"},
            R.NOT_APPLICABLE,
        ),
        ("change_contact", lambda: {"name": "New", "email": "new@example.org"}, R.ASKED),
    ],
)
def test_what_the_coordinator_says_is_done(team, coordinator, name, boxes_, state):
    made = asked(coordinator)

    page = team.post(at(name, made.reference), boxes_() | {"version": str(made.version)})

    assert page.url == at("request", made.reference)
    assert fresh(made).state == state


@pytest.mark.parametrize("name", ["extend", "set_aside", "change_contact", "came"])
def test_a_page_without_an_answer_says_what_is_missing_and_does_nothing(team, coordinator, name):
    made = asked(coordinator)

    page = team.post(at(name, made.reference), {"version": str(made.version)})

    assert page.status_code == 200 and "There is a problem" in text_of(page)
    assert fresh(made).version == made.version


def test_a_stale_page_keeps_what_was_typed(team, coordinator):
    made = asked(coordinator)
    posted = in_two_weeks() | {"why": "A colleague is ill", "version": str(made.version)}
    chasing.chase_now(made, by=coordinator, version=made.version)

    page = team.post(at("extend", made.reference), posted)

    assert page.status_code == 409 and "Somebody else changed this" in text_of(page)
    assert b'value="A colleague is ill"' in page.content
    again = posted | {"version": str(fresh(made).version)}
    assert f'value="{fresh(made).version}"' in page.content.decode()
    assert team.post(at("extend", made.reference), again).status_code == 302


def test_a_report_that_came_by_post_is_taken_in(team, coordinator, store):
    made, today = asked(coordinator), london_date(timezone.now())
    posted = date_parts("came_on", today.day, today.month, today.year)
    posted |= {"came_by": "post", "whole": "yes", "version": str(made.version)}
    file = SimpleUploadedFile("report.txt", b"invented words", "text/plain")

    team.post(at("came", made.reference), posted | {"file": file})

    assert fresh(made).state == R.RETURNED
    page = team.get(at("request", made.reference))
    assert "report.txt" in text_of(page) and "By post" in text_of(page)


def test_a_file_is_read_with_its_reading_recorded(team, coordinator, store):
    test_a_report_that_came_by_post_is_taken_in(team, coordinator, store)
    made = Request.objects.get()
    page = team.get(at("request", made.reference)).content.decode()
    href = page.split(f'href="/agency-reports/{made.reference}/files/')[1].split('"')[0]

    page = team.get(f"/agency-reports/{made.reference}/files/{href}")

    assert page.content == b"invented words"
    assert AuditEntry.objects.filter(action="document.read", purpose="agency report").exists()


def test_chasing_and_accepting_take_only_what_is_posted(team, coordinator):
    made = returned(coordinator, {"development": ["x"]}, rest="", case=recent_case())

    assert team.get(at("accept", made.reference)).status_code == 405
    assert team.post(at("accept", made.reference)).status_code == 400
    team.post(at("accept", made.reference), {"version": str(made.version)})

    assert fresh(made).accepted_at is not None


def test_whom_to_ask_and_the_board_member_are_kept(team):
    where = organisation()
    posted = {
        "name": "Desk",
        "email": "desk@example.org",
        "board_name": "Member",
        "board_email": "member@example.org",
    }

    team.post(at("contact", where.pk), posted)

    assert PointOfContact.objects.get().people == posted


def test_a_contact_page_of_no_organisation_is_not_there(team):
    assert team.get(at("contact", 999_999)).status_code == 404


def counted(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_pages_ask_as_much_of_the_database_for_many_requests_as_for_few(team, coordinator):
    case = opened_case()
    made = returned(coordinator, {"disability": ["yes"]}, case=case)
    asked(coordinator, case)
    pages = [
        at("overview"),
        at("case", case.reference),
        at("record", case.reference),
        reverse("cases:case", args=[case.reference]),
        reverse("home"),
    ]
    few = [counted(team, page) for page in pages]

    for _ in range(3):
        returned(coordinator, {"disability": ["no"]}, case=case)
        asked(coordinator, case)
        asked(coordinator)

    assert [counted(team, page) for page in pages] == few
    assert made.reference


def test_the_pages_of_a_respondent_ask_as_much_whatever_is_typed(client, coordinator):
    link = link_of(asked(coordinator))
    opens(client, link)
    reference = link.request.reference
    pages = [
        reverse("agency:tasks", args=[reference]),
        reverse("agency:page", args=[reference, "form_b.child"]),
    ]
    client.post(pages[1], {"version": "0", "growth": "9 kg"})
    few = [counted(client, page) for page in pages]

    client.post(pages[1], {"version": "1", "growth": "9 kg", "rest": "yes"})

    assert [counted(client, page) for page in pages] == few


def test_one_form_more_is_asked_for_from_the_page_of_the_request(team, coordinator):
    made = asked(coordinator)
    where = at("more_forms", made.reference)
    assert "It answers now: Form B" in text_of(team.get(where))
    empty = text_of(team.post(where, {"version": made.version}))
    assert "Choose at least one form" in empty

    said = {"papers": ["poisoning"], "version": made.version}
    assert team.post(where, said).url == at("request", made.reference)

    assert fresh(made).forms == ["form_b", "sudi", "poisoning"]
    late = team.post(where, {"papers": ["drowning"], "version": made.version})
    assert late.status_code == 409 and fresh(made).forms == ["form_b", "sudi", "poisoning"]
