"""A monthly return in a browser: asked for, answered by its link, settled while somebody types."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.letters import link_in_the_last_letter
from tests.journeys.pages import choose, follow, press, row_of, write

pytestmark = pytest.mark.pages

HOSPITAL = "Invented Infirmary"
TELEPHONE = {"width": 360, "height": 740}
LAST_MONTH = localdate().replace(day=1) - timedelta(days=1)


@pytest.mark.conflicts
def test_a_return_is_answered_by_its_link_and_settled(journey: Journey):
    coordinator = journey.person("Cora Coordinator")

    address = when_the_coordinator_asks_again(journey, coordinator)
    telephone, desk = when_the_link_is_opened_twice(journey, address)
    when_a_year_of_two_numbers_is_put_right(journey, telephone)
    when_a_child_is_reported(journey, telephone)
    when_somebody_else_says_that_none_died(journey, desk)
    when_the_coordinator_settles_it(journey, coordinator, desk)
    then_what_was_typed_meanwhile_can_be_read_out(journey, telephone)


def when_the_coordinator_asks_again(journey: Journey, page: Page) -> str:
    """To which address the letter with the link goes."""
    page.goto(f"{journey.site.address}/notifications/assurance/returns/")
    follow(page, HOSPITAL)
    address = page.get_by_label("To which email address is it written?").input_value()
    page.go_back()
    # That of last month stands first.
    row_of(page, HOSPITAL).get_by_role("link", name="Outstanding").first.click()
    press(page, "Write again, with a new link")
    messages = page.get_by_role("table", name="Messages, the latest first")
    expect(messages.get_by_role("row").nth(1)).to_contain_text("Held")
    journey.look(page, "asked again")
    return address


def when_the_link_is_opened_twice(journey: Journey, address: str) -> tuple[Page, Page]:
    """On the telephone of one person and at the desk of another, both with the page to answer."""
    link = link_in_the_last_letter(journey.site, address)
    pages = journey.somebody(), journey.somebody()
    pages[0].set_viewport_size(TELEPHONE)
    for page in pages:
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_contain_text(HOSPITAL)
    journey.look(pages[0], "what the link opens")
    for page in pages:
        press(page, "Start now")
    journey.look(pages[0], "the question")
    return pages


def child(page: Page, number: int, day: date, year: str) -> None:
    """The date of death of one child, with the year as somebody types it."""
    group = page.get_by_role("group", name="Date of death").nth(number - 1)
    for box, typed in (("Day", str(day.day)), ("Month", str(day.month)), ("Year", year)):
        group.get_by_label(box).fill(typed)


def when_a_year_of_two_numbers_is_put_right(journey: Journey, page: Page) -> None:
    choose(page, "did any child under 18 die", "Yes")
    child(page, 1, LAST_MONTH, f"{LAST_MONTH:%y}")
    write(page, "Initials, if there is no NHS number", "ZZ")
    write(page, "Age, if the date of birth is not known", "16 years")
    write(page, "Your name", "Matron Invented")
    write(page, "Your role", "Matron")
    press(page, "Send")
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("must have a year of four numbers, like 2026")
    journey.look(page, "a year of two numbers")
    expect(page.get_by_label("Initials, if there is no NHS number")).to_have_value("ZZ")
    problem.get_by_role("link").first.click()
    page.keyboard.type(f"{LAST_MONTH:%Y}")


def when_a_child_is_reported(journey: Journey, page: Page) -> None:
    child(page, 1, LAST_MONTH, f"{LAST_MONTH:%Y}")
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, the return has arrived")
    journey.look(page, "the return has arrived")
    follow(page, "correct it")
    expect(page.get_by_label("Initials, if there is no NHS number")).to_have_value("ZZ")
    press(page, "Add another child")
    child(page, 2, LAST_MONTH, f"{LAST_MONTH:%Y}")
    page.get_by_label("Initials, if there is no NHS number").nth(1).fill("YY")
    journey.look(page, "boxes for another child")


def when_somebody_else_says_that_none_died(journey: Journey, page: Page) -> None:
    """At the desk, over what was said on the telephone, once both were shown."""
    choose(page, "did any child under 18 die", "No, none")
    write(page, "Your name", "Manager Invented")
    write(page, "Your role", "Manager")
    press(page, "Send")
    expect(page.get_by_text("What was sent meanwhile")).to_be_visible()
    journey.look(page, "somebody answered meanwhile")
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, the return has arrived")


def when_the_coordinator_settles_it(journey: Journey, page: Page, desk: Page) -> None:
    page.reload()
    expect(page.get_by_text("They say that no child died there.")).to_be_visible()
    journey.look(page, "answered")
    press(page, "Settle this return")
    desk.goto(f"{journey.site.address}/report/returns/answer/")
    expect(desk.get_by_text("This return is complete.")).to_be_visible()


def then_what_was_typed_meanwhile_can_be_read_out(journey: Journey, page: Page) -> None:
    press(page, "Send")
    expect(page.get_by_text("What you typed here has not reached us.")).to_be_visible()
    expect(page.get_by_text("YY", exact=True)).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="01632 960000")).to_be_visible()
    journey.look(page, "settled meanwhile")
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
