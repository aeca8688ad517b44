"""A return that takes no answer any more while somebody writes one: nothing typed is lost."""

import pytest
from django.urls import reverse

from notifications.assurance import public_views, returns
from notifications.assurance.models import Return
from tests.notifications.assurance.answering import ANSWER, NONE, THESE, started
from tests.notifications.assurance.browsing import carried
from tests.notifications.assurance.makers import asked_return
from tests.pages import date_parts, sign_in, text_of

pytestmark = pytest.mark.usefixtures("in_november")
TYPED = THESE | {
    "name": "Doctor Late",
    "deaths": "2",
    "death-1-initials": "ZZ",
    **date_parts("death-1-date_of_death", 31, 2, 26),
}


def settled(asked: Return, coordinator) -> Return:
    row = Return.objects.get(pk=asked.pk)
    return returns.settle(row, by=coordinator, version=row.version)


@pytest.fixture
def late(coordinator):
    """A browser with the page of a return that is settled meanwhile, and what the page carries."""
    asked = asked_return()
    browser = started(asked)
    browser.post(ANSWER, NONE)
    page = carried(browser.get(ANSWER))
    settled(asked, coordinator)
    return browser, page


def says_what_was_typed(page) -> str:
    words = text_of(page)
    assert page.status_code == 409
    assert "What you typed here has not reached us." in words
    assert "Doctor Late" in words
    assert f"ring us and quote {Return.objects.get().reference} : 01632 960000" in words
    assert Return.objects.get().none_died is True
    return words


def test_what_was_typed_while_it_was_settled_can_be_read_with_whom_to_ring(late):
    browser, page = late

    words = says_what_was_typed(browser.post(ANSWER, TYPED | page))

    assert "This return is complete. If something in it was wrong, please ring us." in words
    assert "Child 1 Date of death 10 10 2026 NHS number 999 000 0123" in words
    assert "Child 2 Date of death 31 2 26 Initials, if there is no NHS number ZZ" in words
    assert "Nurse Invented" not in words


def test_asking_for_boxes_for_another_child_loses_nothing_either(late):
    browser, page = late

    says_what_was_typed(browser.post(ANSWER, TYPED | page | {"more": "yes"}))


def test_settled_in_the_very_moment_of_sending_it_is_the_same(coordinator, monkeypatch):
    asked = asked_return()
    browser = started(asked)
    browser.post(ANSWER, NONE)
    page = carried(browser.get(ANSWER))
    real = returns.answer

    def too_late(*args, **kwargs):
        settled(asked, coordinator)
        return real(*args, **kwargs)

    monkeypatch.setattr(public_views.returns, "answer", too_late)

    says_what_was_typed(browser.post(ANSWER, THESE | {"name": "Doctor Late"} | page))


def test_what_was_typed_after_the_time_of_the_link_can_be_read_too(db, monkeypatch):
    asked = asked_return()
    browser = started(asked)
    page = carried(browser.get(ANSWER))
    monkeypatch.setattr(returns.timezone, "now", lambda: asked.expires_at)

    words = text_of(browser.post(ANSWER, TYPED | page))

    assert "The time of this link is over." in words and "Doctor Late" in words
    assert Return.objects.get().state == "asked"


def test_a_page_that_names_no_return_is_told_no_more_than_that_it_is_complete(late):
    browser, _ = late

    page = browser.post(ANSWER, TYPED | {"return": "", "version": "1"})

    assert "This return is complete." in text_of(page)
    assert "has not reached us" not in text_of(page)


def test_what_is_keyed_in_while_somebody_else_settles_it_stays_in_its_boxes(client, coordinator):
    asked = asked_return()
    started(asked).post(ANSWER, NONE)
    desk, place = sign_in(client, coordinator), reverse("notifications:key_return", args=[asked])
    page = carried(desk.get(place))
    settled(asked, coordinator)

    answer = desk.post(place, THESE | {"name": "Doctor Late"} | page)

    assert answer.status_code == 409
    assert "This return is settled. Open it again first." in text_of(answer)
    assert 'value="Doctor Late"' in answer.content.decode()
    assert Return.objects.get().none_died is True
