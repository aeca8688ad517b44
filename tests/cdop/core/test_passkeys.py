"""A passkey in a real browser: added, and used instead of the password and a code."""

from playwright.sync_api import Browser, Page, expect

from analytics.demonstration.people import PASSWORD
from tests.site import Site

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(browser: Browser) -> Page:
    """A page in a browser with a fingerprint reader that always says yes."""
    page = browser.new_context(locale="en-GB").new_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def signed_in_by_code(page: Page, site: Site, address: str, email: str) -> None:
    page.goto(f"{address}/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(site.manage("demo_code", email).strip())
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_added_and_then_is_all_that_is_needed(site: Site, browser: Browser):
    # A passkey belongs to a name, and an address in figures is none.
    address = site.address.replace("127.0.0.1", "localhost")
    page = with_authenticator(browser)
    signed_in_by_code(page, site, address, "chas.chair@example.org")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("What there is to do")

    page.goto(f"{address}/account/2fa/passkeys/add/")
    page.get_by_label("Name").fill("Work laptop")
    expect(page.get_by_label("Use it instead of the password too")).to_be_checked()
    page.get_by_role("button", name="Add the passkey").click()
    expect(heading).not_to_have_text("Add a passkey")
    page.goto(f"{address}/account/2fa/passkeys/")
    expect(page.get_by_text("Work laptop").first).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{address}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(heading).to_have_text("What there is to do")
    page.goto(f"{address}/account/2fa/passkeys/")
    expect(page.get_by_text("Last used on")).to_be_visible()
