"""The frame of every page: what it says about itself, what it loads, and how it looks in a browser.

The pages are those of ``gallery``: no test here touches a database.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect, sync_playwright

from tests.browser import ARGUMENTS, accessibility_faults, found
from tests.client import Client

GALLERY = "tests.cdop.core.gallery"
ASSETS = Path(settings.BASE_DIR) / "static" / "nhsuk"
PAGES = [
    "/",
    "/fields/",
    "/heading/",
    "/privacy/",
    "/accessibility/",
    "/sections/cdr-2018/death/",
    "/sections/lscb-2015/family/",
    "/library/login/",
    "/library/logout/",
    "/library/authenticate/",
    "/library/activate/",
    "/library/codes/",
    "/library/reset/",
    "/library/closed/",
    "/broken/csrf/",
    "/broken/413/",
]
WIDTHS = [360, 768, 1280]


@pytest.fixture(scope="module")
def browser():
    """One Chromium for all tests here, which it may be because none of them uses a database."""
    path = found()
    assert path, "There is no Chromium here: run `python -m tests.browser` to get one."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visitor():
    with override_settings(ROOT_URLCONF=GALLERY):
        yield Client(raise_request_exception=False)


@pytest.fixture
def gallery():
    """The address of a server that shows the gallery."""
    with override_settings(ROOT_URLCONF=GALLERY, ALLOWED_HOSTS=["127.0.0.1"]):
        server = LiveServerThread("127.0.0.1", StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        assert server.error is None
        yield f"http://127.0.0.1:{server.port}"
        server.terminate()


def shown(response):
    return " ".join(response.content.decode().split())


def test_the_macros_and_the_assets_are_of_one_version():
    macros = (Path(settings.BASE_DIR) / "requirements.in").read_text()
    vendored = (ASSETS / "VERSION").read_text().strip()

    # nhsuk-frontend-jinja 0.10.2 draws the markup of nhsuk-frontend 10.6.1. Who raises one of
    # them raises the other, and this line.
    assert re.findall(r"^nhsuk-frontend-jinja==(\S+)", macros, re.MULTILINE) == ["0.10.2"]
    assert vendored == "10.6.1"
    css = (ASSETS / "nhsuk-frontend.min.css").read_text()
    assert f'--nhsuk-frontend-version:"{vendored}"' in css
    assert f'version="{vendored}"' in (ASSETS / "nhsuk-frontend.min.js").read_text()


@pytest.mark.parametrize("name", ["nhsuk-frontend.min.css", "nhsuk-frontend.min.js"])
def test_the_assets_ask_for_nothing_that_is_not_here(name):
    text = (ASSETS / name).read_text()

    assert re.findall(r"https?://(?!www\.w3\.org)[^\s\"')]+", text) == []
    assert "sourceMappingURL" not in text
    named = set(re.findall(r"url\(([^)]+)\)", text))
    assert {image for image in named if not (ASSETS / image).is_file()} == set()


@pytest.mark.parametrize("address", PAGES)
def test_no_page_carries_script_or_style_in_itself(visitor, address):
    html = shown(visitor.get(address))

    assert re.findall(r"<script(?![^>]*(?:\ssrc=|json\b))", html) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", html) == []
    loaded = re.findall(r'(?:src|href|data-nhsuk)="(/static/[^"]+)"', html)
    of_passkeys = {"/library/login/", "/library/authenticate/"}
    assert len(loaded) == (9 if address in of_passkeys else 6)
    assert [each for each in loaded if not find(each.removeprefix("/static/"))] == []


def test_the_policy_lets_in_nothing_from_elsewhere_and_nothing_inline(visitor):
    policy = visitor.get("/fields/")["Content-Security-Policy"]

    assert set(policy.split("; ")) == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    }


@pytest.mark.parametrize("address", [*PAGES, "/broken/missing/", "/broken/denied/", "/nowhere/"])
def test_every_page_of_a_demonstration_says_that_no_child_is_real(visitor, address):
    with override_settings(DEMONSTRATION=True):
        assert "Synthetic: no real child." in shown(visitor.get(address))
    with override_settings(DEMONSTRATION=False):
        assert "Synthetic" not in shown(visitor.get(address))


def test_help_stands_at_the_foot_of_every_page_and_can_be_set(visitor):
    with override_settings(CONTACT="01632 960001"):
        said = "Child Death Overview Panel, 01632 960001"
        assert all(said in shown(visitor.get(p)) for p in PAGES)


def test_the_head_of_the_page_shows_who_is_signed_in_and_where_they_are(visitor):
    html = shown(visitor.get("/"))

    account = html[html.index('aria-label="Account"') : html.index('aria-label="Menu"')]
    assert re.findall(r'account-item">(\w[^<]+)<', account) == ["Colleague Invented", "Coordinator"]
    assert '<form class="nhsuk-header__account-form" action="/account/logout/"' in account
    assert "csrfmiddlewaretoken" in account
    menu = html[html.index('aria-label="Menu"') :]
    assert re.findall(r'aria-current="true">\s*<strong[^>]*>([^<]+)<', menu) == ["Home"]


def test_a_stranger_sees_neither_menu_nor_account(visitor):
    html = shown(visitor.get("/fields/"))

    assert 'aria-label="Menu"' not in html
    assert "Sign out" not in html


def test_no_page_bears_the_logo_of_the_nhs(visitor):
    assert [page for page in PAGES if "nhsuk-header__logo" in shown(visitor.get(page))] == []


def test_a_page_with_a_mistake_says_so_in_its_title_and_above_its_heading(visitor):
    html = shown(visitor.post("/fields/", {"name": ""}))

    assert "<title>Error: Every field – Child death reviews</title>" in html
    assert html.index("There is a problem") < html.index("<h1>")
    fresh = shown(visitor.get("/fields/"))
    assert "<title>Every field – Child death reviews</title>" in fresh
    assert "There is a problem" not in fresh


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/broken/refused/", 409, "The meeting is closed, so nothing can be added to it."),
        ("/broken/refused/", 409, "Nothing was changed. Go back in your browser"),
        ("/broken/forbidden/", 403, "Your role does not do this."),
        ("/broken/forbidden/", 403, "Nothing was changed. If you think that you should be able"),
        ("/broken/denied/", 403, "Your account, or the role you wear now, does not reach it."),
        ("/broken/missing/", 404, "There is no page at this address, or none that your role"),
        ("/broken/bad/", 400, "Nothing was saved."),
        ("/broken/413/", 200, "larger than this service takes at once. Nothing was saved."),
        ("/broken/csrf/", 200, "Nothing was sent.</p>"),
    ],
)
def test_what_went_wrong_is_said_with_what_to_do(visitor, address, status, sentence):
    response = visitor.get(address)

    assert response.status_code == status
    html = shown(response)
    assert sentence in html
    assert "Go to the home page" in html


def test_the_last_resort_needs_nothing_at_all():
    html = (Path(settings.BASE_DIR) / "templates" / "errors" / "500.html").read_text()

    assert re.findall(r"{[{%#]", html) == []
    assert re.findall(r"<(?:link|script|img|style)", html) == []
    assert "telephone the coordinator" in html


@pytest.mark.parametrize("address", PAGES)
def test_each_page_has_one_heading_and_a_title(visitor, address):
    html = shown(visitor.get(address))

    assert html.count("<h1") == 1
    assert re.search(r"<title>(?:Error: )?\S.+ – Child death reviews</title>", html)


def test_every_page_keeps_its_rules_and_its_width_on_every_screen(gallery, page):
    for address in PAGES:
        page.goto(gallery + address)
        assert accessibility_faults(page) == []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(50)
            beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert beyond <= 0, f"{address} is {beyond} pixels too wide for {width}"


def test_the_scripts_of_the_page_run(gallery, page):
    page.set_viewport_size({"width": 360, "height": 900})
    page.goto(gallery + "/")

    page.get_by_role("button", name="More").click()

    assert page.get_by_role("link", name="Who did what").is_visible()


def test_a_mistake_takes_the_reader_to_its_box(gallery, page):
    page.goto(gallery + "/fields/")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("June")
    page.get_by_label("Year").fill("2014")

    page.get_by_role("button", name="Continue").click()

    assert accessibility_faults(page) == []
    assert page.evaluate("document.activeElement.className") == "nhsuk-error-summary"
    page.get_by_role("link", name="There is no 31 June").click()
    assert page.evaluate("document.activeElement.id") == "id_born-day"
    assert page.get_by_label("Month").input_value() == "June"


def test_a_box_inside_an_answer_opens_with_it(gallery, page):
    page.goto(gallery + "/fields/")
    inside = page.get_by_label("What was decided")
    told = page.get_by_role("group", name="Has the coroner been told?")
    assert not inside.is_visible()

    told.get_by_label("Yes").check()
    assert inside.is_visible()

    told.get_by_label("Not known").check()
    assert not inside.is_visible()


def test_one_touch_opens_one_more_person(gallery, page):
    page.goto(gallery + "/fields/")
    second, third = (page.locator(f"#id_family-{row}-name") for row in (1, 2))
    assert not second.is_visible()

    page.get_by_text("Person 2", exact=True).click()

    assert (second.is_visible(), third.is_visible()) == (True, False)


def test_without_scripts_everything_can_still_be_reached(gallery, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(gallery + "/")

    assert page.get_by_role("link", name="Who did what").is_visible()
    page.goto(gallery + "/fields/")
    page.get_by_label("Family name").fill("Invented")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="Enter date of birth")).to_be_visible()
    assert page.get_by_label("Family name").input_value() == "Invented"
