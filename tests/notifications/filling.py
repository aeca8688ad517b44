"""Filling in the public form as a browser does: box by box, page by page."""

import re
from datetime import date, timedelta
from html import unescape

from django.urls import reverse
from django.utils.timezone import localdate

from notifications.models import Notification
from tests.client import Client

YESTERDAY = localdate() - timedelta(days=1)
NOTIFIER = {"notifier_name": "Notifier Invented", "notifier_phone": "01632 960001"}
CHILD = {"given_names": "Aaaa", "family_name": "Invented-Child"}
DEATH = {"place_of_death": "paediatric_ward"}
START, TASKS, CHECK = "/report/", "/report/tasks/", "/report/check/"
LATER, RETURN, ANOTHER = "/report/later/", "/report/link/", "/report/another/"
SENT, DISCARD, FAMILY = "/report/sent/", "/report/discard/", "/report/family/"
SHORTEST = {"notifier": NOTIFIER, "child": CHILD, "death": DEATH}


def boxes(name: str, day: date) -> dict[str, str]:
    """The three boxes of a date."""
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": str(day.month),
        f"{name}-year": str(day.year),
    }


def address(code: str) -> str:
    return reverse("report:questions", args=[code])


def version_on(page) -> str:
    """The version that a page carries in its form."""
    return re.search(r'name="version" value="(\d+)"', page.content.decode()).group(1)


def fill(browser: Client, code: str, typed: dict, *, later: bool = False, **kwargs):
    """Open a page, type into its boxes and press Continue; the answer to that."""
    version = version_on(browser.get(address(code)))
    pressed = {"later": "yes"} if later else {}
    return browser.post(address(code), {**typed, "version": version, **pressed}, **kwargs)


def begin(browser: Client, died_on: date = YESTERDAY, **kwargs):
    """Give the date of death."""
    return fill(browser, "when", boxes("date_of_death", died_on), **kwargs)


def fill_all(browser: Client, died_on: date = YESTERDAY, **pages: dict) -> None:
    """The shortest notification that can be sent, with more or other answers where told."""
    begin(browser, died_on)
    for code in dict.fromkeys([*SHORTEST, *pages]):
        fill(browser, code, SHORTEST.get(code, {}) | pages.get(code, {}))


def press_send(browser: Client, **kwargs):
    """Press Send on the page that shows the answers."""
    version = version_on(browser.get(reverse("report:check")))
    return browser.post(reverse("report:check"), {"version": version}, **kwargs)


def send(browser: Client, died_on: date = YESTERDAY, **pages: dict) -> Notification:
    """Fill in and send; what arrived."""
    fill_all(browser, died_on, **pages)
    press_send(browser)
    return Notification.objects.latest("pk")


def text_of(page) -> str:
    """The words of a page, without markup, spaces made single."""
    html = page.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def typed_on(page) -> str:
    """The markup of a page with its entities resolved: what stands in its boxes."""
    return unescape(page.content.decode())
