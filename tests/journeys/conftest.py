"""What every journey has: a running system, people at machines of their own, pictures."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect

from analytics.demonstration.people import PASSWORD, PEOPLE
from cdop.core.roles import ROLES
from tests.browser import accessibility_faults, photograph
from tests.site import Site

SCREENSHOTS = Path(settings.BASE_DIR) / "build" / "screenshots"


class Journey:
    """People who use one running system, each in a browser of their own."""

    def __init__(self, site: Site, new_page: Callable[[], Page], name: str) -> None:
        self.site, self._new_page, self._folder = site, new_page, SCREENSHOTS / name
        self._steps = count(1)
        self._codes: set[str] = set()
        self.faults: list[str] = []
        shutil.rmtree(self._folder, ignore_errors=True)

    def somebody(self) -> Page:
        """A visitor without an account, at the start page."""
        page = self._new_page()
        page.goto(self.site.address)
        return page

    def person(self, name: str) -> Page:
        """Somebody of the demonstration, signed in, at their home page."""
        page, who = self.somebody(), next(p for p in PEOPLE if p.name == name)
        page.get_by_role("link", name="Sign in").click()
        page.get_by_label("Email").fill(who.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        if ROLES[who.role].second_lock:
            self._open_second_lock(page, who.email)
        expect(page.get_by_role("heading", level=1)).to_have_text("What there is to do")
        return page

    def _open_second_lock(self, page: Page, email: str) -> None:
        """Type the code of the moment; one that was used before would be refused."""
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text("Open the second lock")
        self.look(page, "second lock")
        while heading.text_content() == "Open the second lock":
            code = self.site.manage("demo_code", email).strip()
            while code in self._codes:
                page.wait_for_timeout(1000)
                code = self.site.manage("demo_code", email).strip()
            self._codes.add(code)
            page.get_by_label("Code").fill(code)
            page.get_by_role("button", name="Sign in", exact=True).click()

    def look(self, page: Page, what: str) -> None:
        """Note what keeps anybody from using the page as it stands; with ``PICTURES=yes`` in the
        environment keep a picture of it too.

        On one database: a page looks the same on the other.
        """
        if connection.vendor != "sqlite":
            return
        if os.environ.get("PICTURES"):
            photograph(page, self._folder / f"{next(self._steps):02}-{what.replace(' ', '-')}.png")
        self.faults += accessibility_faults(page)


@pytest.fixture
def journey(
    site: Site, new_page: Callable[[], Page], request: pytest.FixtureRequest
) -> Iterator[Journey]:
    """A journey that fails at its end if a page on the way broke an accessibility rule."""
    name = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
    travelled = Journey(site, new_page, name)
    yield travelled
    assert not travelled.faults, "\n".join(travelled.faults)
