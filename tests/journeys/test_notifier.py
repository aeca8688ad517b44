"""A notifier in a browser: by the keyboard alone, on a telephone, and back by a link."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.letters import link_in_the_last_letter
from tests.journeys.pages import choose, follow, pick, press, write, write_date

pytestmark = pytest.mark.pages

TELEPHONE = {"width": 360, "height": 740}
MOST_PAGES, MOST_PRESSES = 8, 60
NOTIFIER = "notifier@example.org"


class Keyboard:
    """Somebody without a mouse. Counts the pages they see, and the keys beside the facts typed."""

    def __init__(self, page: Page) -> None:
        self.page, self.pages, self.presses = page, 0, 0
        page.on("load", self._see)

    def _see(self, page: Page) -> None:
        self.pages += 1

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.presses += len(keys)

    def skip_to_content(self) -> None:
        """By the link that is the first on every page.

        Not needed again after a page that was sent: the browser keeps the part of the address that
        the link has added, and begins with the content by itself.
        """
        self.press("Tab")
        if self._is_at(self.page.get_by_role("link", name="Skip to main content")):
            self.press("Enter")

    def reach(self, thing: Locator) -> None:
        """With the key for the next thing, as often as it takes."""
        for _ in range(40):
            if self._is_at(thing):
                return
            self.press("Tab")
        raise AssertionError(f"The keyboard does not reach {thing}")

    def _is_at(self, thing: Locator) -> bool:
        return bool(thing.evaluate("each => each === document.activeElement"))

    def fact(self, box: Locator, words: str) -> None:
        """Something that only the notifier knows: typing it is not counted, going there is."""
        self.reach(box)
        self.page.keyboard.type(words)

    def leave(self) -> None:
        """The key that sends a page, and the page after it."""
        with self.page.expect_event("load"):
            self.press("Enter")


def test_the_shortest_notification_by_the_keyboard_alone(journey: Journey, capsys):
    page = journey.somebody()
    keyboard = Keyboard(page)
    page.goto(f"{journey.site.address}/report/")

    when_somebody_says_that_they_come_through_their_work(keyboard)
    when_they_give_the_date_of_death(keyboard)
    when_they_choose_the_first_task(keyboard)
    when_they_say_who_they_are(keyboard)
    when_they_name_the_child(keyboard)
    when_they_say_where_the_child_died(keyboard)
    when_they_send_it(keyboard)

    expect(page.get_by_role("heading", level=1)).to_have_text("We have your notification")
    journey.look(page, "sent by keyboard")
    with capsys.disabled():
        print(
            f"\nThe shortest notification: {keyboard.pages} pages (at most {MOST_PAGES}), "
            f"{keyboard.presses} key presses beside the facts (at most {MOST_PRESSES})."
        )
    assert keyboard.pages <= MOST_PAGES
    assert keyboard.presses <= MOST_PRESSES


def when_somebody_says_that_they_come_through_their_work(keyboard: Keyboard) -> None:
    keyboard.skip_to_content()
    keyboard.reach(keyboard.page.get_by_label("Yes, through my work"))
    keyboard.press("Space")
    keyboard.leave()


def when_they_give_the_date_of_death(keyboard: Keyboard) -> None:
    day = localdate() - timedelta(days=1)
    keyboard.skip_to_content()
    for box, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        keyboard.fact(keyboard.page.get_by_label(box), str(number))
    keyboard.leave()


def when_they_choose_the_first_task(keyboard: Keyboard) -> None:
    keyboard.skip_to_content()
    keyboard.reach(keyboard.page.get_by_role("link", name="About you"))
    keyboard.leave()


def when_they_say_who_they_are(keyboard: Keyboard) -> None:
    keyboard.skip_to_content()
    keyboard.fact(keyboard.page.get_by_label("Your name"), "Notifier Invented")
    keyboard.fact(keyboard.page.get_by_label("Your telephone number"), "01632 960001")
    keyboard.leave()


def when_they_name_the_child(keyboard: Keyboard) -> None:
    keyboard.skip_to_content()
    keyboard.fact(keyboard.page.get_by_label("Family name"), "Invented-Keyboard")
    keyboard.leave()


def when_they_say_where_the_child_died(keyboard: Keyboard) -> None:
    """Typing into a list chooses; all of it is counted."""
    page = keyboard.page
    place = page.get_by_label("Where did the child die?")
    keyboard.skip_to_content()
    keyboard.reach(place)
    keyboard.press("T", "h", "e")
    expect(place).to_have_value("home")
    keyboard.reach(page.get_by_label("Name or address of that place"))
    keyboard.leave()


def when_they_send_it(keyboard: Keyboard) -> None:
    keyboard.skip_to_content()
    keyboard.reach(keyboard.page.get_by_role("link", name="Everything is right"))
    keyboard.press("Enter")
    keyboard.reach(keyboard.page.get_by_role("button", name="Send", exact=True))
    keyboard.leave()


@pytest.fixture
def telephone(journey: Journey) -> Iterator[Page]:
    """A page as wide as a small telephone, which nothing on it made wider in the end."""
    page = journey.somebody()
    page.set_viewport_size(TELEPHONE)
    yield page
    assert too_wide(page) == ""


def too_wide(page: Page) -> str:
    """Where the page would have to be moved sideways; "" means nowhere."""
    page.wait_for_load_state()  # a page that has only begun to come has no width yet
    width = page.evaluate("document.documentElement.scrollWidth")
    return "" if width <= TELEPHONE["width"] else f"{page.url}: {width}"


def look(journey: Journey, page: Page, what: str) -> None:
    assert too_wide(page) == ""
    journey.look(page, what)


def test_every_page_on_a_telephone_and_back_by_a_link(journey: Journey, telephone: Page):
    when_the_pages_before_the_form_are_read(journey, telephone)
    when_every_page_of_questions_is_opened(journey, telephone)
    other = when_the_link_is_opened_elsewhere(journey, telephone)
    then_the_first_device_has_it_no_more(journey, telephone)
    when_it_is_sent_and_a_twin_is_told_of(journey, other)


def when_the_pages_before_the_form_are_read(journey: Journey, page: Page) -> None:
    page.goto(f"{journey.site.address}/report/family/")
    look(journey, page, "for a family")
    page.goto(f"{journey.site.address}/report/")
    press(page, "Continue")
    look(journey, page, "asked again")
    choose(page, "Are you telling us as a professional?", "Yes, through my work")
    press(page, "Continue")
    write_date(page, "Date of death", localdate() - timedelta(days=1))
    press(page, "Continue")
    look(journey, page, "list of tasks")


def when_every_page_of_questions_is_opened(journey: Journey, page: Page) -> None:
    """Each with nothing in it, and those that need something with what is missing."""
    tasks = page.url
    names = page.locator(".nhsuk-task-list__link").all_inner_texts()
    assert len(names) == 10
    for name in names:
        page.goto(tasks)
        follow(page, name)
        look(journey, page, name)
    for name in ("About you", "About the child", "About the death"):
        page.goto(tasks)
        follow(page, name)
        press(page, "Continue")
        look(journey, page, f"{name} with what is missing")
        page.reload()
        page.go_back()
    page.goto(f"{journey.site.address}/report/questions/death/")
    expect(page.get_by_label("Yes", exact=True)).to_be_hidden()
    pick(page, "Where did the child die?", "Intensive care unit")
    choose(page, "Was the child cared for on a ward for adults?", "Yes")
    look(journey, page, "ward for adults")
    press(page, "Continue")


def when_the_link_is_opened_elsewhere(journey: Journey, page: Page) -> Page:
    """Another device, on which it goes on."""
    page.goto(f"{journey.site.address}/report/questions/notifier/")
    write(page, "Your name", "Notifier Invented")
    write(page, "Your work email address", NOTIFIER)
    press(page, "Save and come back later")
    look(journey, page, "come back later")
    press(page, "Send me a link")
    expect(page.get_by_text("No letter has gone out.")).to_be_visible()
    look(journey, page, "link is held")
    other = journey.somebody()
    other.set_viewport_size(TELEPHONE)
    other.goto(link_in_the_last_letter(journey.site, NOTIFIER))
    expect(other.get_by_text("It was last saved on")).to_be_visible()
    look(journey, other, "opened from the letter")
    press(other, "Open it on this device")
    expect(other.get_by_role("heading", level=1)).to_have_text("Tell us that a child has died")
    return other


def then_the_first_device_has_it_no_more(journey: Journey, page: Page) -> None:
    page.goto(f"{journey.site.address}/report/")
    expect(page.get_by_text("was opened on another device")).to_be_visible()
    look(journey, page, "goes on elsewhere")


def when_it_is_sent_and_a_twin_is_told_of(journey: Journey, page: Page) -> None:
    page.goto(f"{journey.site.address}/report/questions/child/")
    write(page, "Family name", "Invented-Telephone")
    press(page, "Continue")
    look(journey, page, "check your answers")
    press(page, "Send")
    look(journey, page, "sent")
    press(page, "Tell us about a twin")
    look(journey, page, "date of death of a twin")
    press(page, "Continue")
    look(journey, page, "tasks for a twin")
