"""What people of the panel do in a browser: release papers, accept the statement, analyse."""

from datetime import date

from playwright.sync_api import Page

from cdop import editions
from tests.journeys.conftest import Journey
from tests.journeys.pages import choose, follow, pick, press, write

# Who is invited, and the seats without which the panel does not decide.
SEATS = {
    "Chas Chair": "Independent chair",
    "Vic Vice": "Public health",
    "Mia Member": "Child health (designated doctor for child deaths or another paediatrician)",
    "Max Member": "Children's social care",
    "Mo Member": "Police",
}


def release_papers(journey: Journey, page: Page) -> None:
    """Drafted by rule, with a summary, every place kept that may name somebody, and released."""
    press(page, "Draft the papers")
    write_summary(page, "The child was found in the morning.")
    settle_and_release(journey, page)


def settle_and_release(journey: Journey, page: Page) -> None:
    journey.look(page, "a draft of papers")
    while (place := page.locator("a.cdop-place:not(.cdop-place--kept)").first).is_visible():
        place.click()
        page.get_by_label("Keep it as it is").check()
        write(page, "Why can it stay?", "A word of the record, not a name.")
        journey.look(page, "a place in the papers")
        press(page, "Save and go on")
        follow(page, "Back to the draft") if "/place/" in page.url else None
    press(page, "Check and release")
    journey.look(page, "papers before their release")
    press(page, "Release to the members")


def write_summary(page: Page, text: str) -> None:
    page.locator("#summary").get_by_role("link", name="Edit").click()
    write(page, "Text", text)
    press(page, "Save and search")


def accept_statement(journey: Journey, page: Page, held_on: date) -> None:
    """Before the papers open, whoever is invited accepts the statement, and says that they come."""
    of = f"Panel meeting of {held_on:%-d %B %Y}"
    page.get_by_role("link", name=f"{of}: accept the confidentiality statement").click()
    press(page, "Read the statement")
    journey.look(page, "confidentiality statement")
    press(page, "I accept this statement for this meeting")
    press(page, "I will come")


def analyse(page: Page, held_on: date) -> None:
    """Fills in the analysis: one factor, of the first kind of the first domain, modifiable."""
    edition = editions.in_force(held_on)
    first, *others = edition.domains
    grades = {grade.code: f"{grade.code}: {grade.label}" for grade in edition.grades}
    write(page, "Cause of death as it is understood now", "Synthetic cause of death")
    choose(page, "Was the death expected?", "Unexpected")
    choose(page, f"{first.label}: how much does it explain?", grades["2"])
    for domain in others:
        choose(page, f"{domain.label}: how much does it explain?", grades["1"])
    factor = page.get_by_role("group", name="Factor 1", exact=True)
    pick(factor, "Which factor", first.factors[0].label)
    pick(factor, "How much it contributed", grades["2"])
    choose(factor, "Is it modifiable?", "Yes")
    choose(page, "In any domain, did the panel find", "Modifiable factors were identified")
    choose(page, "Which categories of death fit?", "10. Sudden unexpected, unexplained death")


def find(page: Page, held_on: date) -> None:
    """Fills in the finding: the analysis, and that everybody agreed."""
    analyse(page, held_on)
    choose(page, "How was the finding reached?", "Everybody agreed")
