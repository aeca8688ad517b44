"""The link of a monthly return: it opens one question, says nothing, and ends."""

import pytest
from django.urls import reverse

from cdop.core.audit import AuditEntry
from notifications.assurance import returns
from notifications.assurance.models import Return
from tests.client import Client
from tests.notifications.assurance.answering import ANSWER, NONE, SENT, at, link, started
from tests.notifications.assurance.makers import asked_return, link_of, notified
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("in_november")


def test_opening_the_link_changes_nothing_and_shows_a_button(db):
    asked = asked_return()
    before = AuditEntry.objects.count()

    page = Client().get(link(asked))

    assert "Invented Hospital Monthly return, October 2026" in text_of(page)
    assert "Start now" in text_of(page)
    assert page["Cache-Control"] == "no-store, private"
    assert AuditEntry.objects.count() == before
    assert Return.objects.get().version == 1
    assert "Please open the link again" in text_of(Client().get(ANSWER))


def test_the_token_stands_in_no_address_after_the_button(db):
    asked = asked_return()
    browser = started(asked)

    page = browser.get(ANSWER).content.decode()

    assert link_of(asked) not in page
    assert browser.cookies["return"]["httponly"]
    assert browser.cookies["return"]["path"] == "/report/returns/"


@pytest.mark.parametrize("token", ["0" * 64, "x", "9" * 100])
def test_a_link_that_never_was_is_no_page(db, token):
    asked_return()

    for browser in (Client(),):
        assert browser.get(reverse("report:return_link", args=[token])).status_code == 404
        assert browser.post(reverse("report:return_link", args=[token])).status_code == 404


def test_a_cookie_of_ones_own_making_opens_nothing(db):
    asked, browser = asked_return(), Client()
    browser.cookies["return"] = link_of(asked)

    assert "Please open the link again" in text_of(browser.get(ANSWER))
    assert "Please open the link again" in text_of(browser.post(ANSWER, NONE))
    assert "Please open the link again" in text_of(browser.get(SENT))
    assert Return.objects.get().state == "asked"


def test_the_question_names_the_wards_for_adults(db):
    page = text_of(started(asked_return()).get(ANSWER))

    assert "of these wards for adults: Ward 7 Acute Medical Unit" in page
    assert "In October 2026, did any child under 18 die in Invented Hospital?" in page


def test_the_page_says_what_to_write_of_each_child_and_what_not(db):
    page = text_of(started(asked_return()).get(ANSWER))

    assert (
        "For each child we need the date of death, the NHS number or else the initials, and the "
        "date of birth or else the age."
    ) in page
    assert "Please write no name, no address and nothing about the illness" in page


def test_nothing_that_we_know_is_on_the_page(db):
    asked = asked_return()
    sent = notified(
        organisation=asked.asked_of.organisation,
        date_of_death="2026-10-10",
        at=at(12, 10),
    )

    page = started(asked).get(ANSWER).content.decode()

    for word in ("Listed-Child", "9990000123", "10 October", sent.reference):
        assert word not in page


def test_it_is_over_after_sixty_days(db, monkeypatch):
    asked = asked_return()
    browser = started(asked)
    monkeypatch.setattr(returns.timezone, "now", lambda: asked.expires_at)

    for page in (Client().get(link(asked)), browser.get(ANSWER), browser.post(ANSWER, NONE)):
        assert "The time of this link is over." in text_of(page)
    assert Client().post(link(asked)).status_code == 200
    assert Return.objects.get().state == "asked"
