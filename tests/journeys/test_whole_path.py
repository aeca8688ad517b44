"""The whole path in a browser: from the notification of a death to the report of an area."""

import re
from datetime import timedelta

import pypdfium2
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from cdop import editions
from cdop.core.identifiers import synthetic_nhs_number
from cdop.core.periods import Period
from tests.journeys.conftest import Journey
from tests.journeys.pages import choose, follow, from_menu, pick, press, row_of, write, write_date
from tests.journeys.panel import (
    SEATS,
    accept_statement,
    analyse,
    find,
    settle_and_release,
    write_summary,
)

HALTON = "Halton"
ROOM = "Invented Room of the Journey"
SYNTHETIC = "Synthetic: no real child"


def test_the_whole_path(journey: Journey):
    coordinator, chair = journey.person("Cora Coordinator"), journey.person("Chas Chair")
    members = [journey.person("Mia Member"), journey.person("Max Member")]
    before = deaths_reviewed(coordinator)

    notification = when_a_notifier_reports_a_death(journey)
    case = when_the_coordinator_accepts_it(journey, coordinator, notification)
    then_the_checklist_stands_there_with_due_times(journey, coordinator)

    when_a_meeting_is_planned(journey, coordinator)
    serial = when_the_case_goes_on_its_agenda(journey, coordinator, case)
    for member in members:
        when_a_member_reviews_it(journey, member, serial)
    when_the_chair_opens_the_meeting(journey, chair)
    when_the_chair_records_the_finding(journey, chair, serial)
    assert deaths_reviewed(coordinator) == before
    when_the_chair_signs_off(journey, chair)
    assert deaths_reviewed(coordinator) == with_one_more(before)
    journey.look(coordinator, "exact counts with one more")

    when_the_coordinator_drafts_a_release(journey, coordinator)
    when_the_chair_approves_it(journey, chair)
    when_the_coordinator_publishes_it(journey, coordinator)
    report = when_the_reader_downloads_the_report(journey, journey.person("Rhea Reader"))
    then_the_report_is_about_the_area_and_no_real_child(report)


def deaths_reviewed(page: Page) -> dict[str, int]:
    """Deaths reviewed this year by area, as the coordinator reads them in the exact counts."""
    follow(page, "Statistics")
    write(page, "Which months?", this_year())
    choose(page, "Which deaths?", "Deaths reviewed")
    choose(page, "What do you need the exact counts for?", "Check that the records are complete")
    press(page, "Show exact counts")
    expect(page.get_by_text("OFFICIAL-SENSITIVE")).to_be_visible()
    rows = page.get_by_role("table", name="Deaths reviewed, by area").locator("tbody tr").all()
    return {row.locator("th").inner_text(): int(row.locator("td").inner_text()) for row in rows}


def with_one_more(before: dict[str, int]) -> dict[str, int]:
    """The counts after one more death of the area was reviewed, and nothing else happened."""
    return before | {area: before[area] + 1 for area in (HALTON, "Pan-Cheshire")}


def this_year() -> str:
    return str(Period.of(localdate()))


def when_a_notifier_reports_a_death(journey: Journey) -> str:
    """Reports the invented death of yesterday; the reference of the notification."""
    page = journey.somebody()
    journey.look(page, "start page")
    follow(page, "Tell us that a child has died")
    choose(page, "Are you telling us as a professional?", "Yes, through my work")
    press(page, "Continue")
    write_date(page, "Date of death", localdate() - timedelta(days=1))
    journey.look(page, "when the child died")
    press(page, "Continue")
    journey.look(page, "list of tasks")
    tell_about_oneself(journey, page)
    tell_about_the_child(journey, page)
    tell_about_the_death(journey, page)
    journey.look(page, "check your answers")
    press(page, "Send")
    journey.look(page, "notification sent")
    return page.get_by_text(re.compile("^N-")).inner_text()


def tell_about_oneself(journey: Journey, page: Page) -> None:
    follow(page, "About you")
    write(page, "Your name", "Notifier Invented")
    write(page, "Your telephone number", "01632 960001")
    journey.look(page, "about the notifier")
    press(page, "Continue")


def tell_about_the_child(journey: Journey, page: Page) -> None:
    write(page, "Given names", "Aaaa")
    write(page, "Family name", "Invented-Journey")
    write_date(page, "Date of birth", localdate() - timedelta(days=100))
    choose(page, "Was the child under 1 year old?", "Yes")
    choose(page, "Sex", "Female")
    write(page, "NHS number", synthetic_nhs_number(4321))
    write(page, "Postcode", "ZZ99 3WZ")
    journey.look(page, "about the child")
    press(page, "Continue")


def tell_about_the_death(journey: Journey, page: Page) -> None:
    write(page, "Time of death", "12:00")
    pick(page, "Where did the child die?", "The child's home")
    choose(page, "Was the death expected?", "Unexpected")
    journey.look(page, "about the death")
    press(page, "Continue")


def when_the_coordinator_accepts_it(journey: Journey, page: Page, notification: str) -> str:
    """The reference of the case that is opened."""
    follow(page, "Home")
    journey.look(page, "home of the coordinator")
    follow(page, "Notifications")
    journey.look(page, "notifications")
    follow(page, notification)
    journey.look(page, "the notification")
    press(page, "Accept into a new case")
    choose(page, "Where did the child normally live?", HALTON)
    choose(page, "Does the panel review this death?", "Yes")
    journey.look(page, "accept")
    press(page, "Open the case")
    journey.look(page, "the case")
    return page.get_by_role("heading", level=1).inner_text().split()[-1]


def then_the_checklist_stands_there_with_due_times(journey: Journey, page: Page) -> None:
    """Every task that counts from the death or from its notification says by when."""
    follow(page, "Checklist")
    journey.look(page, "checklist")
    rows = page.get_by_role("main").get_by_role("listitem").all_inner_texts()
    for task in editions.in_force(localdate()).checklist:
        if task.required and task.due and task.due.clock in {"death", "notification"}:
            (row,) = [row for row in rows if row.startswith(task.label)]
            assert re.search(r"Due: \d{1,2} \w+ \d{4}", row), row


def when_a_meeting_is_planned(journey: Journey, page: Page) -> None:
    """Planned for today, so that it can be opened today."""
    follow(page, "Panel meetings")
    journey.look(page, "meetings")
    press(page, "Plan a meeting")
    write_date(page, "Day of the meeting", localdate())
    write(page, "Place", ROOM)
    journey.look(page, "plan a meeting")
    press(page, "Save")
    follow(page, "Invite members")
    for name, seat in SEATS.items():
        pick(page, "Person", name)
        choose(page, "Sits for", seat)
        press(page, "Invite")
    journey.look(page, "members invited")
    follow(page, "Back to the meeting")


def when_the_case_goes_on_its_agenda(journey: Journey, page: Page, case: str) -> str:
    """Makes the case ready, puts it on the agenda, releases its papers; its serial."""
    meeting = page.url
    follow(page, "Cases")
    journey.look(page, "cases")
    follow(page, case)
    press(page, "Ready for panel")
    journey.look(page, "ready for panel")
    page.goto(meeting)
    follow(page, "Put cases on the agenda")
    journey.look(page, "candidates for the agenda")
    row_of(page, case).get_by_role("button").click()
    follow(page, "Back to the meeting")
    serial = row_of(page, case).locator("strong").inner_text()
    journey.look(page, "meeting with its agenda")
    row_of(page, case).get_by_role("link", name="Prepare the papers").click()
    press(page, "Draft the papers")
    write_summary(page, "Aaaa was found in the morning.")
    expect(page.locator("#summary .cdop-place")).to_contain_text("Aaaa")
    journey.look(page, "summary that names the child")
    write_summary(page, "The child was found in the morning.")
    settle_and_release(journey, page)
    return serial


def when_a_member_reviews_it(journey: Journey, page: Page, serial: str) -> None:
    follow(page, "Home")
    journey.look(page, "home of a member")
    accept_statement(journey, page, localdate())
    follow(page, "Home")
    page.get_by_role("link", name=f"Write your review on {serial}").click()
    page.get_by_text(f"Papers of {serial}").click()
    expect(page.get_by_text("The child was found in the morning.")).to_be_visible()
    analyse(page, localdate())
    journey.look(page, "a review")
    press(page, "Send the review")
    journey.look(page, "a review sent")


def when_the_chair_opens_the_meeting(journey: Journey, page: Page) -> None:
    follow(page, "Home")
    journey.look(page, "home of the chair")
    accept_statement(journey, page, localdate())
    journey.look(page, "meeting for the chair")
    press(page, "Record who is here and open the meeting")
    for name, seat in SEATS.items():
        choose(page, "Who is here?", f"{name}, {seat}")
    journey.look(page, "who is here")
    press(page, "Open the meeting")
    journey.look(page, "meeting open")


def when_the_chair_records_the_finding(journey: Journey, page: Page, serial: str) -> None:
    row_of(page, serial).get_by_role("link", name="2 reviews sent").click()
    journey.look(page, "reviews side by side")
    follow(page, "Back to the meeting")
    row_of(page, serial).get_by_role("link", name="Record the finding").click()
    find(page, localdate())
    journey.look(page, "the finding")
    press(page, "Record the finding")
    journey.look(page, "finding recorded")


def when_the_chair_signs_off(journey: Journey, page: Page) -> None:
    """What the national database would ask is explained first."""
    expect(page.get_by_role("button", name="Sign off the finding")).to_have_count(0)
    page.get_by_role("link", name=re.compile("Explain.*ethnic group")).click()
    write(page, "Why does it stay as it is?", "The family was not asked. Synthetic.")
    journey.look(page, "explain what stays open")
    press(page, "Keep this explanation")
    press(page, "Sign off the finding")
    expect(page.get_by_text("It stays as it is; a change is a new version.")).to_be_visible()
    journey.look(page, "finding signed off")


def when_the_coordinator_drafts_a_release(journey: Journey, page: Page) -> None:
    from_menu(page, "Releases")
    journey.look(page, "releases")
    press(page, "Draft a release")
    write(page, "Which months?", this_year())
    journey.look(page, "draft a release")
    press(page, "Draft the release")
    journey.look(page, "release drafted")


def when_the_chair_approves_it(journey: Journey, page: Page) -> None:
    follow(page, "Releases")
    page.get_by_role("link", name=this_year()).click()
    journey.look(page, "release to approve")
    press(page, "Approve the release")
    journey.look(page, "release approved")


def when_the_coordinator_publishes_it(journey: Journey, page: Page) -> None:
    page.reload()
    press(page, "Publish the release")
    journey.look(page, "release published")


def when_the_reader_downloads_the_report(journey: Journey, page: Page) -> bytes:
    """The report of the reader's area, as the browser saves it."""
    journey.look(page, "home of a reader")
    follow(page, "Releases")
    page.get_by_role("link", name=this_year()).click()
    journey.look(page, "release of the reader")
    with page.expect_download() as download:
        page.get_by_role("link", name=f"{HALTON}: report (PDF)").click()
    return download.value.path().read_bytes()


def then_the_report_is_about_the_area_and_no_real_child(report: bytes) -> None:
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(report)]
    assert HALTON in pages[0]
    assert this_year() in pages[0]
    assert [number for number, words in enumerate(pages, 1) if SYNTHETIC not in words] == []
