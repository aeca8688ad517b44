"""A report in a browser: asked for by the coordinator, answered by a link, laid beside others.

The demonstration sends nothing, so it shows the link and the code that a letter would carry.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.pages import choose, follow, press, write

pytestmark = pytest.mark.pages

AGENCY = "Invented Ambulance Service"
SEEN = "Seen by our crew at home"


def test_a_report_from_an_agency(journey: Journey):
    coordinator = journey.person("Cora Coordinator")

    reference = when_the_coordinator_asks_one_more_agency(journey, coordinator)
    agency = when_somebody_there_opens_the_link(journey, coordinator, reference)
    when_they_look_round(journey, agency)
    when_they_answer(journey, agency)
    when_they_send_it_in_part(journey, agency)
    then_the_coordinator_reads_it_beside_the_others(journey, coordinator, reference)


def when_the_coordinator_asks_one_more_agency(journey: Journey, page: Page) -> str:
    follow(page, "Agency reports")
    journey.look(page, "who owes what")
    page.get_by_role("row").filter(has_text="Police").get_by_role("link").nth(1).click()
    journey.look(page, "requests of one case")
    follow(page, "Ask an agency that nobody named")
    press(page, "Ask this agency")
    journey.look(page, "asking with mistakes")
    page.get_by_label("What kind of agency is it?").select_option(label="Ambulance service")
    page.get_by_label("Organisation", exact=True).select_option(label=AGENCY)
    write(page, "Name or team of its single point of contact", "Report Desk Invented")
    write(page, "Their email address", "desk@example.org")
    press(page, "Ask this agency")
    expect(page.get_by_text("1 agency is asked")).to_be_visible()
    link = page.get_by_role("row").filter(has_text=AGENCY).get_by_role("link")
    reference = link.inner_text()
    link.click()
    journey.look(page, "one request")
    return reference


def when_somebody_there_opens_the_link(journey: Journey, page: Page, reference: str) -> Page:
    href = page.get_by_role("link", name="open the link of the single point of contact")
    agency = journey.somebody()
    agency.goto(journey.site.address + str(href.get_attribute("href")))
    journey.look(agency, "what the link opens")
    press(agency, "Send me the code")
    journey.look(agency, "the code")
    shown = re.search(r"the code stands here: (\d{6})", agency.inner_text("main"))
    assert shown, reference
    write(agency, "Your code", shown[1])
    press(agency, "Continue")
    expect(agency.get_by_text(f"Report {reference}")).to_be_visible()
    journey.look(agency, "the list")
    return agency


def when_they_look_round(journey: Journey, page: Page) -> None:
    for link in ("Give it to a colleague", "Say that your agency holds nothing", "Attach files"):
        follow(page, link)
        journey.look(page, link.lower())
        follow(page, "Back to the list")


def when_they_answer(journey: Journey, page: Page) -> None:
    follow(page, "What happened")
    choose(page, "Was resuscitation attempted?", "Yes")
    write(page, "What happened", SEEN)
    journey.look(page, "a page of questions")
    press(page, "Answer the rest of this page with “Not known”")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The child")
    write(page, "Birth weight in grams", "heavy")
    press(page, "Save and continue")
    expect(page.get_by_role("alert")).to_contain_text("Enter a whole number in figures")
    journey.look(page, "a page with a mistake")
    write(page, "Birth weight in grams", "")
    press(page, "Save and go back to the list")


def when_they_send_it_in_part(journey: Journey, page: Page) -> None:
    press(page, "Check your answers and send")
    journey.look(page, "all answers")
    press(page, "Send in part")
    expect(page.get_by_role("heading", level=1)).to_contain_text("the report has reached us")
    journey.look(page, "it has arrived")


def then_the_coordinator_reads_it_beside_the_others(
    journey: Journey, page: Page, reference: str
) -> None:
    page.reload()
    press(page, "Accept it in part")
    expect(page.get_by_text("Returned in part, accepted")).to_be_visible()
    journey.look(page, "a report in part")
    follow(page, "What the agencies say, question by question")
    expect(page.get_by_text(SEEN)).to_be_visible()
    journey.look(page, "the composite record")
    page.get_by_role("link", name="Settle").first.click()
    journey.look(page, "settling")
    write(page, "What holds?", "No disability")
    write(page, "Why?", "By the letter of the clinic")
    press(page, "Settle")
    expect(page.get_by_text("By the letter of the clinic")).to_be_visible()
    journey.look(page, "settled")
