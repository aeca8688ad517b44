"""A letter in a browser: keyed in by the coordinator, the letter attached, on to triage."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.cdop.core.files import pdf
from tests.journeys.conftest import Journey
from tests.journeys.pages import choose, follow, pick, press, write, write_date

pytestmark = pytest.mark.pages

CALLER = "Nurse Invented-Caller"
LETTER = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": pdf()}
PROGRAM = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + b"\0" * 99}


def test_keying_in_a_letter(journey: Journey):
    coordinator = journey.person("Cora Coordinator")

    when_the_coordinator_says_how_it_came(journey, coordinator)
    when_the_letter_is_attached(journey, coordinator)
    when_the_coordinator_leaves_and_comes_back(journey, coordinator)
    when_the_questions_are_answered(journey, coordinator)
    reference = when_it_is_kept(journey, coordinator)
    then_triage_has_it_with_the_letter(journey, coordinator, reference)


def when_the_coordinator_says_how_it_came(journey: Journey, page: Page) -> None:
    follow(page, "Notifications")
    follow(page, "Key in a notification")
    press(page, "Continue")
    journey.look(page, "first page with mistakes")
    choose(page, "How did it reach us?", "By letter")
    write(page, "Who told us?", CALLER)
    page.get_by_label("For which organisation?").select_option(index=1)
    press(page, "Continue")
    expect(page.get_by_text(f"By letter, from {CALLER}.")).to_be_visible()
    journey.look(page, "list of what is asked")


def when_the_letter_is_attached(journey: Journey, page: Page) -> None:
    follow(page, "Files that came with it")
    attach(page, PROGRAM)
    expect(page.get_by_role("alert")).to_contain_text("This is a program, not a document.")
    journey.look(page, "a file that is refused")
    attach(page, LETTER)
    expect(page.get_by_role("link", name="letter.pdf")).to_be_visible()
    journey.look(page, "the letter attached")


def attach(page: Page, file: dict) -> None:
    page.locator("input[type=file]").set_input_files(file)
    press(page, "Attach")


def when_the_coordinator_leaves_and_comes_back(journey: Journey, page: Page) -> None:
    follow(page, "Home")
    journey.look(page, "home with an unfinished notification")
    page.get_by_role("link", name="Notification that you began to key in").click()


def when_the_questions_are_answered(journey: Journey, page: Page) -> None:
    follow(page, "Date of death")
    write_date(page, "Date of death", localdate() - timedelta(days=1))
    press(page, "Continue")
    follow(page, "About you")
    expect(page.get_by_label("Your name")).to_have_value(CALLER)
    write(page, "Your telephone number", "01632 960001")
    journey.look(page, "about whoever told us")
    press(page, "Continue")
    write(page, "Family name", "Invented-Letter")
    press(page, "Continue")
    pick(page, "Where did the child die?", "The child's home")
    press(page, "Continue")


def when_it_is_kept(journey: Journey, page: Page) -> str:
    """The reference of the notification."""
    press(page, "Check the answers and keep")
    journey.look(page, "everything once more")
    press(page, "Confirm and keep")
    journey.look(page, "kept")
    return page.get_by_text(re.compile("^N-")).inner_text()


def then_triage_has_it_with_the_letter(journey: Journey, page: Page, reference: str) -> None:
    press(page, "Go on to triage")
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)
    expect(page.get_by_text("By letter", exact=True)).to_be_visible()
    journey.look(page, "the notification at triage")
    with page.expect_download() as saved:
        follow(page, "letter.pdf")
    assert saved.value.suggested_filename == "letter.pdf"
    assert saved.value.path().read_bytes() == LETTER["buffer"]
