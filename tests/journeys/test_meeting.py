"""A whole meeting with four cases in a browser, under each guidance: chair and member at once."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.pages import follow, press, row_of, write, write_date
from tests.journeys.panel import accept_statement, analyse, find, release_papers

ROOM = "Invented Room of the Meeting"
HEADINGS = [
    "Old reference",
    "Stage",
    "Given names",
    "Family name",
    "Date of birth",
    "NHS number",
    "Sex",
    "Area",
    "Date of death",
    "Place of death",
    "Place of event",
    "Expected",
    "Death confirmed",
    "Panel reviews it",
    "Date of notification",
]
NAMES = ("Aaaa", "Bbbb", "Cccc", "Dddd")


@pytest.mark.pages
@pytest.mark.offline
@pytest.mark.parametrize("guidance", ["lscb-2015", "cdr-2018"])
def test_a_meeting_with_four_cases(journey: Journey, guidance: str, tmp_path: Path):
    held_on = {"lscb-2015": date(2019, 3, 20), "cdr-2018": localdate()}[guidance]
    coordinator = journey.person("Cora Coordinator")
    chair, member = journey.person("Chas Chair"), journey.person("Mia Member")

    cases = when_four_cases_are_brought_in(journey, coordinator, tmp_path, held_on)
    serials = when_the_meeting_is_prepared(journey, coordinator, cases, held_on)
    when_a_member_reviews_the_first(journey, member, serials[0], held_on)
    when_the_chair_opens_it(journey, chair, held_on)
    when_the_chair_begins_the_screen(journey, chair, serials)
    when_the_first_is_found_by_the_keyboard(journey, chair, held_on, serials[1])
    when_the_connection_drops_in_the_second(journey, chair, held_on, serials[2])
    when_the_third_is_deferred(journey, chair, serials[2])
    when_the_fourth_is_found(journey, chair, held_on)
    then_the_member_reads_what_was_found(journey, member, serials)
    when_the_meeting_is_closed(journey, chair)
    then_the_minutes_say_what_was_typed(journey, coordinator, serials)
    then_the_coordinator_sees_what_is_left(journey, coordinator)


def when_four_cases_are_brought_in(
    journey: Journey, page: Page, folder: Path, held_on: date
) -> list[str]:
    """By a sheet: ready cases of deaths some months before the meeting; their references."""
    before = ready(page)
    sheet, died_on = folder / "cases.csv", held_on - timedelta(days=150)
    with sheet.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADINGS)
        rows.writerows(_row(number, name, died_on) for number, name in enumerate(NAMES, 1))
    journey.site.manage("import_cases", str(sheet), "--by", "cora.coordinator@example.org")
    return sorted(ready(page) - before)


def ready(page: Page) -> set[str]:
    """The references of the cases that are ready for panel."""
    follow(page, "Cases")
    follow(page, "Worklists")
    follow(page, "Ready for panel")
    return set(page.locator("a.cdop-reference").all_inner_texts())


def _row(number: int, name: str, died_on: date) -> list[str]:
    days = [died_on - timedelta(days=400 * number), died_on, died_on + timedelta(days=1)]
    born, died, told = (f"{day:%d/%m/%Y}" for day in days)
    place = "The child's home"
    return [
        *(f"J/{number}", "ready for panel", name, f"Invented-Meeting-{name}"),
        *(born, "", "female", "Halton", died, place, place, "unexpected", "yes", "yes", told),
    ]


def when_the_meeting_is_prepared(
    journey: Journey, page: Page, cases: list[str], held_on: date
) -> list[str]:
    """Planned, everybody invited, the cases on the agenda with papers; their serials in order."""
    follow(page, "Panel meetings")
    press(page, "Plan a meeting")
    write_date(page, "Day of the meeting", held_on)
    write(page, "Place", ROOM)
    write(page, "When does it begin?", "9:30")
    press(page, "Save")
    follow(page, "Invite members")
    press(page, "Invite all who can be")
    follow(page, "Back to the meeting")
    follow(page, "Put cases on the agenda")
    journey.look(page, "four cases for the agenda")
    for case in cases:
        row_of(page, case).get_by_role("button").click()
    follow(page, "Back to the meeting")
    serials = [row_of(page, case).locator("strong").inner_text() for case in cases]
    for serial in serials:
        row_of(page, serial).get_by_role("link", name="Prepare the papers").click()
        release_papers(journey, page)
    journey.look(page, "meeting with four papers released")
    return serials


def when_a_member_reviews_the_first(
    journey: Journey, page: Page, serial: str, held_on: date
) -> None:
    follow(page, "Home")
    accept_statement(journey, page, held_on)
    row_of(page, serial).get_by_role("link", name="Your review: not started").click()
    analyse(page, held_on)
    press(page, "Send the review")


def when_the_chair_opens_it(journey: Journey, page: Page, held_on: date) -> None:
    follow(page, "Home")
    accept_statement(journey, page, held_on)
    press(page, "Record who is here and open the meeting")
    for box in page.get_by_role("group", name="Who is here?").get_by_role("checkbox").all():
        box.check()
    press(page, "Open the meeting")


def when_the_chair_begins_the_screen(journey: Journey, page: Page, serials: list[str]) -> None:
    follow(page, "The meeting screen: case after case")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"case 1 of 4 Case {serials[0]}")
    expect(page.get_by_text("Reviews, side by side (1)")).to_be_visible()
    journey.look(page, "the meeting screen")


def when_the_first_is_found_by_the_keyboard(
    journey: Journey, page: Page, held_on: date, following: str
) -> None:
    """What is typed is kept by itself; one key records it and goes on."""
    find(page, held_on)
    expect(page.get_by_role("status")).to_contain_text("Kept at")
    journey.look(page, "kept by itself")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(following)


def when_the_connection_drops_in_the_second(
    journey: Journey, page: Page, held_on: date, following: str
) -> None:
    """The page says that nothing is kept, stays where it is, and goes on when it can."""
    serial = page.url
    page.context.set_offline(True)
    find(page, held_on)
    expect(page.get_by_role("status")).to_contain_text("Not kept: no connection.")
    journey.look(page, "not kept without a connection")
    page.keyboard.press("Alt+PageDown")
    expect(page.get_by_role("status")).to_contain_text("Not kept: no connection.")
    assert page.url == serial
    page.context.set_offline(False)
    expect(page.get_by_role("status")).to_contain_text("Kept at")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(following)


def when_the_third_is_deferred(journey: Journey, page: Page, serial: str) -> None:
    follow(page, "Defer this case")
    write(page, "Why is the case deferred?", "A report has not come.")
    press(page, "Defer the case")
    journey.look(page, "a case deferred")
    follow(page, "The meeting screen: case after case")
    expect(page.get_by_role("navigation", name="Cases of this meeting")).to_contain_text(
        f"{serial} Deferred"
    )


def when_the_fourth_is_found(journey: Journey, page: Page, held_on: date) -> None:
    find(page, held_on)
    press(page, "Record the finding and go on")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Close the meeting")
    journey.look(page, "closing the meeting")


def then_the_member_reads_what_was_found(journey: Journey, page: Page, serials: list[str]) -> None:
    """On another machine, while the meeting is open: the findings, and nothing of who it was."""
    follow(page, "Back to the meeting")
    found = [row_of(page, serial).inner_text() for serial in serials]
    assert ["Finding" in row for row in found] == [True, True, False, True]
    assert "Deferred" in found[2]
    row_of(page, serials[0]).get_by_role("link", name="Finding").click()
    expect(page.get_by_text("Synthetic cause of death")).to_be_visible()
    assert not [name for name in NAMES if name in page.content()]


def when_the_meeting_is_closed(journey: Journey, page: Page) -> None:
    press(page, "Close the meeting")
    journey.look(page, "meeting closed")


def then_the_minutes_say_what_was_typed(journey: Journey, page: Page, serials: list[str]) -> None:
    page.reload()
    follow(page, "Minutes")
    journey.look(page, "draft of the minutes")
    said = page.get_by_role("main").inner_text()
    assert [serial for serial in serials if f"Case {serial}" not in said] == []
    assert "A report has not come." in said
    assert said.count("The finding was recorded") == 3


def then_the_coordinator_sees_what_is_left(journey: Journey, page: Page) -> None:
    follow(page, "Back to the meeting")
    follow(page, "What this meeting leaves to be done")
    expect(page.get_by_text("To be signed off")).to_have_count(3)
    journey.look(page, "what the meeting leaves")
    with page.expect_download() as saved:
        follow(page, "Lines for the national collection (CSV)")
    assert len(saved.value.path().read_text().splitlines()) == 4
