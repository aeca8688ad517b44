"""A coordinator's morning at the desk, on a machine and on a phone."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.pages import choose, press, row_of, write

pytestmark = pytest.mark.pages

COORDINATOR = "Cora Coordinator"
PHONE = {"width": 360, "height": 800}
HINT = "There is more to the side"


def test_a_wide_table_says_so_on_a_phone_and_scrolls_by_the_keyboard(journey: Journey):
    page = journey.person(COORDINATOR)
    page.get_by_role("link", name="Notifications", exact=True).click()
    table = page.get_by_role("region", name="Waiting for triage")
    expect(table).to_be_visible()
    assert HINT not in page.inner_text("main")

    page.set_viewport_size(PHONE)

    expect(page.get_by_text(HINT)).to_be_visible()
    journey.look(page, "a wide table on a phone")
    table.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".cdop-wide").first).not_to_have_js_property("scrollLeft", 0)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.get_by_text(HINT)).to_have_count(0)


def test_a_second_source_confirms_a_death(journey: Journey):
    page = journey.person(COORDINATOR)
    _open_notice(page)
    follow_button(page, "Attach to a case")
    page.locator("input[name=case]").first.check()
    press(page, "Attach")
    expect(page.get_by_text("This death is not confirmed")).to_be_visible()
    journey.look(page, "not confirmed")

    page.get_by_role("link", name="Confirm the death").first.click()
    choose(page, "How was the death confirmed?", "A second notification, from somebody else")
    page.locator("input[name=source]").check()
    press(page, "Confirm the death")

    expect(page.get_by_text("The death is confirmed.")).to_be_visible()
    expect(page.get_by_text("This death is not confirmed")).to_have_count(0)


def test_a_case_is_kept_for_a_death_that_the_panel_does_not_review(journey: Journey):
    page = journey.person(COORDINATOR)
    page.get_by_role("link", name="Notifications", exact=True).click()
    row_of(page, "Police").get_by_role("link").first.click()
    follow_button(page, "Accept into a new case")
    choose(page, "Where did the child normally live?", "Wales")
    no = "No, but keep a case, for example for a joint response"
    choose(page, "Does the panel review this death?", no)
    press(page, "Open the case")
    expect(page.get_by_role("link", name="Choose why the panel does not review")).to_be_visible()
    journey.look(page, "why not")

    choose(page, "Why not?", "It belongs to another panel")
    write(page, "If that is not what the rules propose, why?", "Lived in Wales")
    press(page, "Open the case")

    expect(page.get_by_text("Decide anew whether this panel reviews it")).to_be_visible()


def test_a_list_is_settled_line_by_line(journey: Journey, tmp_path: Path):
    page = journey.person(COORDINATOR)
    page.goto(f"{journey.site.address}/notifications/assurance/lists/new/")
    _take_in(page, tmp_path)

    _settle(page, "Invented A", "The death was on or after the 18th birthday")
    expect(page.get_by_role("link", name="By the dates of the line the child died")).to_be_visible()
    journey.look(page, "contradicted by the dates")
    choose_why(page, "Something else")
    press(page, "Settle")
    said = "Say more about it: which panel, which line, or what it is."
    expect(page.get_by_role("link", name=said)).to_be_visible()
    page.locator("[name=note]").fill("Invented for this journey")
    press(page, "Settle")
    expect(page.get_by_text("Line 1 is settled.")).to_be_visible()
    _settle(page, "Invented B", "The death was on or after the 18th birthday")

    expect(page.get_by_text("Line 2 is settled.")).to_be_visible()
    expect(row_of(page, "Not matched: not notified, as far as is known")).to_contain_text("0")
    absent = page.get_by_role(
        "region", name="Cases and waiting notifications that stand on no line"
    )
    journey.look(page, "all lines settled")
    absent.get_by_role("link").first.click()
    choose(
        page, "Why is this death not on the list?", "The child died outside what the list covers"
    )
    press(page, "Settle")
    expect(page.get_by_text("is settled.")).to_be_visible()


def test_the_figures_of_promptness_can_be_taken_along(journey: Journey, tmp_path: Path):
    page = journey.person(COORDINATOR)
    page.goto(f"{journey.site.address}/notifications/assurance/promptness/?period=2014-15")
    expect(page.get_by_text("so the usual is shown")).to_be_visible()

    with page.expect_download() as taken:
        page.get_by_role("link", name="Download these tables as CSV").click()

    taken.value.save_as(tmp_path / "promptness.csv")
    rows = list(csv.DictReader((tmp_path / "promptness.csv").open(encoding="utf-8")))
    assert {row["months"] for row in rows} == {"2014-15"}
    total = [row for row in rows if row["table"] == rows[0]["table"]][-1]
    assert total["deaths"] == "48"
    journey.look(page, "promptness")


def follow_button(page: Page, name: str) -> None:
    """Go to a page by a link that looks like a button."""
    page.get_by_role("button", name=name).click()


def choose_why(page: Page, reason: str) -> None:
    choose(page, "Why does this death need no notification here?", reason)


def _open_notice(page: Page) -> None:
    page.get_by_role("link", name="Notifications", exact=True).click()
    row_of(page, "A coroner's notice").get_by_role("link").first.click()


def _take_in(page: Page, folder: Path) -> None:
    """Two deaths of October 2026: a child of 6, and somebody on their 18th birthday."""
    sheet = folder / "list.csv"
    sheet.write_text(
        "Date of death,Date of birth,First name,Surname\n"
        "2014-10-01,2008-03-04,Invented A,Listed-One\n"
        "2014-10-04,1996-10-04,Invented B,Listed-Two\n",
        encoding="utf-8",
    )
    choose(page, "Whose list is it?", "A registrar's list of registered deaths")
    for name, day in (("first_day", "1"), ("last_day", "31")):
        for part, typed in (("day", day), ("month", "10"), ("year", "2014")):
            page.fill(f"[name={name}-{part}]", typed)
    page.set_input_files("[type=file]", sheet)
    press(page, "Read the file")
    press(page, "Take in 2 deaths")


def _settle(page: Page, child: str, reason: str) -> None:
    row_of(page, child).get_by_role("link").click()
    follow_button(page, "Settle otherwise")
    choose_why(page, reason)
    press(page, "Settle")
