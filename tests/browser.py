"""A real Chromium for the journeys: the one of this machine, or one that is got for it.

``python -m tests.browser`` prints its path; where none can be had it says why and fails.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

# Milliseconds to wait for a page: these machines are small, and tests run side by side.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

MEANT = {"conflicts": "409 (Conflict)", "offline": "net::ERR_INTERNET_DISCONNECTED"}
"""What a browser says of it, by the marker of the test that brings it about."""

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    # Names lead nowhere, so that even the browser itself can reach nothing but this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


class NoBrowser(Exception):
    """There is no Chromium here; the message says what was tried."""


def obtained() -> str:
    """The path of a Chromium that starts; fetched when this machine has none.

    Raises NoBrowser.
    """
    reasons = []
    for fetch in (_debian_package, _playwright_download):
        if path := found():
            return path
        reasons.append(fetch())
    if path := found():
        return path
    raise NoBrowser("; ".join(reason for reason in reasons if reason))


def found() -> str:
    """The path of a Chromium on this machine that starts, or an empty text."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((path for path in _candidates() if path and _starts(path)), "")


def _candidates() -> Iterator[str | None]:
    yield from map(shutil.which, NAMES)
    yield _own_of_playwright()


def _starts(path: str) -> bool:
    """Whether the file is a browser; some systems put a mere hint under its name."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _own_of_playwright() -> str:
    """Where Playwright keeps the browser that it downloads, downloaded or not."""
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _debian_package() -> str:
    """Install Debian's package where that is possible; why it failed, or an empty text."""
    if not shutil.which("apt-get"):
        return "there is no apt-get"
    if os.geteuid() != 0:
        return "apt-get needs root"
    return _failure("apt-get", "update") or _failure(
        "apt-get", "install", "--yes", "--no-install-recommends", "chromium"
    )


def _playwright_download() -> str:
    return _failure(sys.executable, "-m", "playwright", "install", "chromium")


def _failure(*command: str) -> str:
    """Run a command; the first error it named if it failed, or an empty text."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
    except subprocess.TimeoutExpired:
        return f"{' '.join(command)} took too long"
    if done.returncode == 0:
        return ""
    said = (done.stderr or done.stdout).strip().splitlines() or ["nothing was said"]
    errors = [line for line in said if line.startswith(("E:", "Error"))]
    return f"{' '.join(command)} failed ({(errors or said[-1:])[0]})"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, so that a machine without one can leave it out."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A Chromium for one test.

    Not for the whole session: while Playwright runs, its event loop is that of the thread, and
    Django refuses to work on a database in such a thread.
    """
    path = found()
    if not path:
        pytest.fail("There is no Chromium here: run `python -m tests.browser` to get one.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[[], Page]]:
    """Makes pages, each in a context of its own, as if each sat at a machine of its own.

    The test fails if any of them asked for anything beyond this machine or complained; what a
    marker of ``MEANT`` says that it brings about is no complaint.
    """
    faults: list[str] = []
    yield lambda: _watched_page(browser, faults)
    meant = [words for mark, words in MEANT.items() if request.node.get_closest_marker(mark)]
    assert [fault for fault in faults if not any(words in fault for words in meant)] == []


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    return new_page()


def _watched_page(browser: Browser, faults: list[str]) -> Page:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="Europe/London"
    )
    context.set_default_timeout(PATIENCE)
    _watch(context, faults)
    return context.new_page()


def _watch(context: BrowserContext, faults: list[str]) -> None:
    """Write down every request that would leave the machine and every complaint of a page."""

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname != "127.0.0.1":
            faults.append(f"asked for {request.url}")

    context.on("request", on_request)
    context.on("weberror", lambda error: faults.append(f"script failed: {error.error}"))
    context.on(
        "console",
        lambda message: (
            faults.append(f"console: {message.text}") if message.type == "error" else None
        ),
    )


def accessibility_faults(page: Page) -> list[str]:
    """Each accessibility rule that the page breaks as it stands, with the first markup at fault."""
    where = urlsplit(page.url).path
    return [
        f"{where}: {rule['help']} ({rule['id']}, {len(rule['nodes'])} times, "
        f"first at {rule['nodes'][0]['html'][:200]})"
        for rule in Axe().run(page).response["violations"]
    ]


def photograph(page: Page, path: Path) -> None:
    """Keep a picture of the whole page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)


if __name__ == "__main__":
    try:
        print(obtained())
    except NoBrowser as none:
        sys.exit(f"No Chromium could be had: {none}.")
