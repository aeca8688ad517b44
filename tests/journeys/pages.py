"""What people do on pages, found by the words that they read there.

After a link or a button the page that it leads to is there whole, so that what a test reads at
once is not half of it.
"""

from datetime import date

from playwright.sync_api import Locator, Page


def follow(page: Page | Locator, link: str) -> None:
    page.get_by_role("link", name=link, exact=True).click()
    _wait_for_all_of(page)


def from_menu(page: Page, link: str) -> None:
    """Follow a link of the menu that has no room in its row."""
    page.get_by_role("button", name="Browse More").click()
    follow(page, link)


def press(page: Page | Locator, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    _wait_for_all_of(page)


def _wait_for_all_of(page: Page | Locator) -> None:
    (page if isinstance(page, Page) else page.page).wait_for_load_state()


def write(page: Page | Locator, box: str, words: str) -> None:
    page.get_by_label(box, exact=True).fill(words)


def pick(page: Page | Locator, box: str, option: str) -> None:
    """Pick one option out of a list that folds open."""
    page.get_by_label(box, exact=True).select_option(option)


def choose(page: Page | Locator, question: str, *answers: str) -> None:
    """Select answers below a question: radio buttons or boxes to tick."""
    group = page.get_by_role("group", name=question)
    for answer in answers:
        group.get_by_label(answer, exact=True).check()


def write_date(page: Page | Locator, question: str, day: date) -> None:
    boxes = page.get_by_role("group", name=question)
    for box, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(box).fill(str(number))


def row_of(page: Page, words: str) -> Locator:
    """The row of a table in which the words stand."""
    return page.get_by_role("row").filter(has_text=words)
