"""Somebody leaves their desk: the page asks, and covers itself when nobody answers."""

from playwright.sync_api import Page, expect


def test_a_page_asks_first_and_an_answer_keeps_the_session(journey):
    page: Page = journey.somebody()
    page.clock.install()
    page.goto(f"{journey.site.address}/account/login/")
    page = _reader(journey, page)
    page.clock.fast_forward("30:05")
    expect(page.get_by_role("heading", name="Are you still there?")).to_be_visible()
    journey.look(page, "still there")
    page.get_by_role("button", name="I am still here").click()
    expect(page.get_by_role("heading", name="Are you still there?")).to_have_count(0)

    page.clock.fast_forward("35:05")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    journey.look(page, "signed out")


def _reader(journey, page: Page) -> Page:
    """Signed in as somebody of whom nothing but the password is asked."""
    page.get_by_label("Email").fill("rita.reader@example.org")
    page.get_by_label("Password", exact=True).fill("synthetic-children-only")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What there is to do")
    return page
