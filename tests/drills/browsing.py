"""A person without account who fills in the public form, by plain requests, however often it fails.

It reads the forms of the pages as a browser does, and answers each question that it has an answer
for. Where a request fails, it does what a person does: it opens the page again and goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from time import sleep
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

WAIT = 0.2  # seconds until a person presses the button again
PATIENCE = 300
LONGEST_ANSWER = 60  # seconds after which a browser gives up on a page


@dataclass
class Page:
    """What a browser shows: its address, its words, and the boxes of its form."""

    address: str
    text: str
    boxes: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Boxes(HTMLParser):
    """The boxes of the forms of a page, with what stands in those that are hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("name") or ""
        if tag in ("input", "select", "textarea") and name:
            self.names.add(name)
            if said.get("type") == "hidden":
                self.hidden[name] = said.get("value") or ""


class Unanswered(Exception):
    """The page did not come within the patience of a person."""


class Browser:
    """One browser, with its cookies."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.failed = 0

    def open(self, path: str) -> Page:
        """The page at ``path``, asked for until it comes."""
        return self._until_answered(Request(urljoin(self.address, path)))

    def send(self, page: Page, answers: dict[str, str]) -> Page | None:
        """What comes of sending the form of a page; None where no answer came."""
        boxes = page.boxes | {name: answers[name] for name in page.names & answers.keys()}
        request = Request(page.address, urlencode(boxes).encode(), {"Referer": page.address})
        return self._answer(request)

    def _until_answered(self, request: Request) -> Page:
        for _ in range(PATIENCE):
            if page := self._answer(request):
                return page
            sleep(WAIT)
        raise Unanswered(request.full_url)

    def _answer(self, request: Request) -> Page | None:
        try:
            with self._opener.open(request, timeout=LONGEST_ANSWER) as response:
                return _read(response.url, response.read().decode())
        except HTTPError as refused:
            if refused.code < 500:
                return _read(refused.url or request.full_url, refused.read().decode())
            self.failed += 1
        except (OSError, HTTPException):
            self.failed += 1
        return None


def _read(address: str, text: str) -> Page:
    boxes = _Boxes()
    boxes.feed(text)
    return Page(address, text, boxes.hidden, boxes.names)
