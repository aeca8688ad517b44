"""Links and codes: one person, for a while, and nothing is told to anybody else."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cdop.agency_reports import answering, asking, doors, invitations
from cdop.agency_reports.invitations import CODE_LASTS, LINK_LASTS, code_of, token_of
from cdop.agency_reports.models import Invitation
from cdop.agency_reports.states import RequestState, Role
from cdop.core import sealing
from cdop.core.audit import AuditEntry
from cdop.core.messages import PURPOSE, Message
from cdop.core.steps import edit
from tests.cast import TESTS
from tests.cdop.agency_reports.makers import CONTACT, asked, fresh, link_of, opens
from tests.client import Client
from tests.makers import ANSWERS
from tests.pages import text_of

TELLING = [value for name, value in ANSWERS.items() if name not in ("sex", "expectedness")]
PAGES = ("tasks", "files", "hand_over", "nothing", "check", "approve", "sent")


@pytest.fixture
def made(coordinator):
    return asked(coordinator)


@pytest.fixture
def link(made):
    return link_of(made)


def at_link(link) -> str:
    return reverse("agency:link", args=[token_of(link.link)])


def at(name: str, link) -> str:
    return reverse(f"agency:{name}", args=[link.request.reference])


def secret_of(message) -> str:
    return sealing.unseal(message.data_key, PURPOSE, message.sealed).decode()


def silent(page) -> bool:
    return not any(word in text_of(page) for word in [*TELLING, CONTACT])


def test_opening_the_link_changes_nothing_and_tells_nothing(client, link):
    before = (AuditEntry.objects.count(), Message.objects.count())

    pages = [client.get(at_link(link)) for _ in range(3)]

    assert (AuditEntry.objects.count(), Message.objects.count()) == before
    assert all(map(silent, pages))
    assert set(client.cookies) <= {"csrftoken"}


def test_the_button_sends_a_code_to_the_address_of_the_link_and_nowhere_else(client, link):
    client.post(at_link(link), {"email": "stranger@example.org"})

    [letter] = Message.objects.filter(template="report_code")
    link.refresh_from_db()
    assert secret_of(letter).split("\n") == [CONTACT, code_of(link)]
    assert code_of(link) not in letter.body


def test_before_the_code_no_page_opens(client, link):
    client.post(at_link(link))

    for name in PAGES:
        page = client.get(at(name, link))
        assert silent(page) and "not open here" in text_of(page), name


def test_the_code_opens_the_page_with_the_one_child_and_the_reading_is_recorded(client, link):
    page = opens(client, link).get(at("tasks", link))

    assert "Aaaa Invented-Child" in text_of(page) and "1 February 2014" in text_of(page)
    hidden = ("Bbbb", "ZZ99", "Notifier")
    assert not any(word in text_of(page) for word in hidden)
    read = AuditEntry.objects.filter(action="identity.read").last()
    assert (read.job, link.request.reference in read.purpose) == ("an agency without account", True)


def test_a_code_opens_once(client, link):
    opens(client, link)
    link.refresh_from_db()

    assert not invitations.use_code(link, code_of(link))


def test_a_code_ends_with_its_time(link):
    now = timezone.now()
    invitations.send_code(link, now)
    link.refresh_from_db()

    assert not invitations.use_code(link, code_of(link), now + CODE_LASTS)
    assert invitations.use_code(link, code_of(link), now + CODE_LASTS - timedelta(seconds=1))


def test_a_new_code_ends_the_one_before(link):
    invitations.send_code(link)
    link.refresh_from_db()
    first = code_of(link)
    invitations.send_code(link)
    link.refresh_from_db()

    assert first != code_of(link)
    assert not invitations.use_code(link, first)
    states = Message.objects.filter(template="report_code").order_by("queued_at")
    assert [letter.state for letter in states] == ["stopped", "waiting"]


@pytest.mark.parametrize("typed", ["", "000000", "abc", "12345", "1234567", "١٢٣٤٥٦"])
def test_a_wrong_code_opens_nothing(client, link, typed):
    client.post(at_link(link))

    page = client.post(at("code", link), {"code": typed})

    assert page.status_code == 200 and silent(page)
    assert "not open here" in text_of(client.get(at("tasks", link)))


def test_a_code_is_taken_with_spaces(client, link):
    client.post(at_link(link))
    link.refresh_from_db()
    code = code_of(link)

    page = client.post(at("code", link), {"code": f" {code[:3]} {code[3:]} "})

    assert page.status_code == 302


def test_nobody_can_try_one_code_after_the_other(client, link):
    client.post(at_link(link))
    link.refresh_from_db()
    wrong = "000000" if code_of(link) != "000000" else "111111"
    for _ in range(doors.MOST_TRIES_OF_ONE):
        client.post(at("code", link), {"code": wrong})

    page = client.post(at("code", link), {"code": code_of(link)})

    assert page.status_code == 200 and "opens nothing" in text_of(page)


def test_nobodys_post_is_filled_with_codes(client, link):
    for _ in range(doors.MOST_CODES_TO_ONE + 3):
        client.post(at_link(link))

    assert Message.objects.filter(template="report_code").count() == doors.MOST_CODES_TO_ONE


def test_the_cookie_of_one_report_opens_no_other(client, coordinator, link):
    other = link_of(asked(coordinator))
    opens(client, link)

    assert "not open here" in text_of(client.get(at("tasks", other)))
    opens(client, other)
    assert "About whom" in text_of(client.get(at("tasks", other)))
    assert "About whom" in text_of(client.get(at("tasks", link)))


def test_one_browser_is_no_other(client, link):
    opens(client, link)

    assert "not open here" in text_of(Client().get(at("tasks", link)))


def test_a_link_whose_time_is_over_offers_another_to_the_same_address(client, link):
    edit(link, by=TESTS, expires_at=timezone.now())

    page = client.get(at_link(link))
    assert "The time of this link is over" in text_of(page) and silent(page)
    client.post(at_link(link))

    [left] = invitations.live(fresh(link.request))
    assert left.pk != link.pk and left.person["email"] == CONTACT
    assert Message.objects.filter(template="report_asked").count() == 2


def test_a_link_that_was_ended_says_what_to_do_and_sends_nothing(client, coordinator, link):
    made = fresh(link.request)
    asking.set_aside(made, RequestState.CLOSED, why="Over", by=coordinator, version=made.version)

    page = client.get(at_link(link))
    client.post(at_link(link))

    assert "opens nothing any more" in text_of(page) and "ring us" in text_of(page)
    assert silent(page) and made.reference not in text_of(page)
    assert not Message.objects.filter(template="report_code").exists()


def test_an_open_page_closes_with_the_link(client, coordinator, link):
    opens(client, link)
    made = fresh(link.request)
    asking.set_aside(made, RequestState.CLOSED, why="Over", by=coordinator, version=made.version)

    for name in PAGES:
        assert silent(client.get(at(name, link))), name


def test_a_link_that_never_was_is_not_there(client, db):
    assert client.get(reverse("agency:link", args=["x" * 64])).status_code == 404


def test_the_link_of_a_respondent_ends_when_they_hand_over(client, link):
    made = answering.assign(link, name="One", email="one@example.org")
    one = link_of(fresh(made), Role.RESPONDENT)
    made = answering.assign(one, name="Two", email="two@example.org")

    assert answering.why_closed(invitations.by_token(token_of(one.link)))
    two = link_of(fresh(made), Role.RESPONDENT)
    assert two.person["email"] == "two@example.org"
    assert not answering.why_closed(link_of(fresh(made), Role.CONTACT))


def test_a_contact_who_reads_it_first_goes_on_doing_so_when_they_hand_over(client, coordinator):
    link = link_of(asked(coordinator, approves=True))
    page = opens(client, link).get(at("hand_over", link)).content.decode()
    other = link_of(asked(coordinator, case=link.request.case))
    unasked = opens(client, other).get(at("hand_over", other)).content.decode()

    box = re.compile(r'<input[^>]*name="approves"[^>]*>')
    assert "checked" in box.search(page)[0]
    assert "checked" not in box.search(unasked)[0]


def test_nothing_in_the_database_opens_a_link_or_is_a_code(link):
    invitations.send_code(link)

    rows = " ".join(str(value) for row in Invitation.objects.values() for value in row.values())
    bodies = " ".join(message.body for message in Message.objects.all())

    for secret in (token_of(link.link), code_of(Invitation.objects.get())):
        assert secret not in rows and secret not in bodies


def test_a_link_lasts_longer_than_the_last_step_of_chasing():
    assert timedelta(days=40) < LINK_LASTS
